"""The Delta JARs: fetched once by Spark's own resolver, then read from a folder of this environment.

A resolver at every start asks the network even when its cache is warm; a class path does not. ``python -m
movie_lakehouse.lakehouse.jars`` (what ``make install`` calls) fetches them; a session that finds none does so itself.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.java import java_environment

COORDINATES = "io.delta:delta-spark_4.2_2.13:4.4.0"
_MARKER = "complete.txt"


def jars_folder() -> Path:
    """Where the JARs of this Python environment are kept."""
    return Path(sys.prefix) / "share" / "movie_lakehouse" / "jars"


def delta_jars() -> list[Path]:
    """Give the Delta JARs for the class path, fetching them when this environment has none yet.

    Raises:
        SetupError: they are missing and cannot be fetched.
    """
    folder = jars_folder()
    marker = folder / _MARKER
    if not marker.is_file() or marker.read_text(encoding="utf-8") != COORDINATES:
        _fetch(folder)
    return sorted(folder.glob("*.jar"))


def _fetch(folder: Path) -> None:
    """Resolve the coordinates into ``folder``, replacing what an earlier or interrupted fetch left there."""
    print(f"Fetching the Delta JARs ({COORDINATES}), once", file=sys.stderr)
    with tempfile.TemporaryDirectory() as cache:
        _resolve(Path(cache))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for jar in (Path(cache) / "jars").glob("*.jar"):
            name = jar.name.split("_", 1)[1]
            if not _comes_with_spark(name):
                shutil.copy(jar, folder / name)
    (folder / _MARKER).write_text(COORDINATES, encoding="utf-8")


def _resolve(cache: Path) -> None:
    """Let spark-submit's resolver download the coordinates and all that they need into ``cache/jars``."""
    submit = spark_home() / "bin" / "spark-submit"
    script = cache / "nothing.py"
    script.write_text("", encoding="utf-8")
    command = [str(submit), "--packages", COORDINATES, "--conf", f"spark.jars.ivy={cache}", str(script)]
    environment = os.environ | java_environment() | {"PYSPARK_PYTHON": sys.executable, "SPARK_HOME": str(spark_home())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(
            f"The Delta JARs ({COORDINATES}) could not be fetched; connect to the network once and run "
            f"`{Path(sys.executable).name} -m movie_lakehouse.lakehouse.jars` again. The resolver said: "
            f"{_last_line(done.stderr)}"
        )


def _last_line(text: str) -> str:
    """The last line of what a program said that has a word in it."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "nothing")


def spark_home() -> Path:
    """The folder of the pyspark package, which is a whole Spark."""
    import pyspark

    return Path(pyspark.__file__).parent


def _comes_with_spark(jar_name: str) -> bool:
    """Whether Spark ships this artifact in some version: a second one on the class path would fight with it."""
    artifact = re.sub(r"-\d.*$", "", jar_name)
    return any(spark_home().joinpath("jars").glob(f"{artifact}-[0-9]*.jar"))


def main() -> None:
    """Fetch the JARs if they are not there and say where they are."""
    try:
        count = len(delta_jars())
    except SetupError as error:
        sys.exit(str(error))
    print(f"{count} Delta JARs in {jars_folder()}", file=sys.stderr)


if __name__ == "__main__":
    main()
