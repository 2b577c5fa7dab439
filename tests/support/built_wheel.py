"""The project's wheel: building it, what is in it, and an environment that has it alone."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from configparser import ConfigParser
from pathlib import Path

from movie_lakehouse.job.entry_points import GROUP
from movie_lakehouse.lakehouse.jars import jars_folder

PROJECT = Path(__file__).resolve().parents[2]


def copy_sources(folder: Path) -> None:
    """Copy what the wheel is built from."""
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, folder)
    compiled = shutil.ignore_patterns("__pycache__")  # which may be written meanwhile
    shutil.copytree(PROJECT / "src" / "movie_lakehouse", folder / "src" / "movie_lakehouse", ignore=compiled)


def build_wheel(folder: Path) -> None:
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


def wheel_in(folder: Path) -> Path:
    """The wheel that was built there."""
    (built,) = (folder / "dist").glob("*.whl")
    return built


def make_environment(home: Path, wheel: Path) -> None:
    """Make an environment with the wheel in it and none of the project's sources; ``python_in`` is its Python.

    What the wheel depends on is found where this environment has it: a path file leads there, but not to the sources,
    because path files of a folder that is reached in this way are not read.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    pip = [sys.executable, "-m", "pip", "--python", python_in(home)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (site_packages,) = home.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    jars = home / "share" / "movie_lakehouse" / "jars"
    jars.parent.mkdir(parents=True)
    jars.symlink_to(jars_folder())


def python_in(home: Path) -> Path:
    """The Python of an environment."""
    return home / "bin" / "python"


def entry_points_of(wheel: Path) -> set[str]:
    """The entry points for tasks that a wheel's metadata have."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        parser = ConfigParser()
        parser.read_string(archive.read(name).decode())
    return set(parser[GROUP])
