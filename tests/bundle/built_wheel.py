"""The project's wheel: building it, and what is in it."""

import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

from movie_lakehouse.job.entry_points import GROUP

PROJECT = Path(__file__).resolve().parents[2]


def copy_sources(folder: Path) -> None:
    """Copy what the wheel is built from."""
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, folder)
    compiled = shutil.ignore_patterns("__pycache__")  # which may be written meanwhile
    shutil.copytree(PROJECT / "src" / "movie_lakehouse", folder / "src" / "movie_lakehouse", ignore=compiled)


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy of the sources in an empty folder, so that nothing is left in the project."""
    copy_sources(folder)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder / "dist"),
        str(folder),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = (folder / "dist").glob("*.whl")
    return built


def entry_points_of(wheel: Path) -> set[str]:
    """The entry points for tasks that a wheel's metadata have."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        parser = ConfigParser()
        parser.read_string(archive.read(name).decode())
    return set(parser[GROUP])
