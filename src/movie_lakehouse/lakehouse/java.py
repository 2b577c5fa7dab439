"""Finding a Java that Spark can run on, and saying so in one line where there is none."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from movie_lakehouse.errors import SetupError

OLDEST_JAVA = 17
HOW_TO_GET_JAVA = (
    "install OpenJDK 17 or 21 (Debian and Ubuntu: `apt-get install openjdk-17-jre-headless`; macOS: "
    "`brew install openjdk@17`) or set JAVA_HOME to one"
)


def java_environment() -> dict[str, str]:
    """The environment variables under which Spark's scripts take the Java that was found.

    Raises:
        SetupError: there is no Java, or it is older than 17.
    """
    java = _find_java()
    if java is None:
        raise SetupError(f"Spark needs Java and none was found: {HOW_TO_GET_JAVA}.")
    version = java_version(_version_text(java))
    if version < OLDEST_JAVA:
        raise SetupError(f"Spark needs Java {OLDEST_JAVA} or newer and {java} is Java {version}: {HOW_TO_GET_JAVA}.")
    return {"JAVA_HOME": str(java.resolve().parent.parent)}


def java_version(text: str) -> int:
    """The major version in what ``java -version`` printed, 0 where there is none.

    >>> java_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> java_version('java version "1.8.0_392"')
    8
    """
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found.group(1)) if found else 0


def _find_java() -> Path | None:
    """The java of JAVA_HOME, else the first on the PATH."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        return Path(home) / "bin" / "java"
    found = shutil.which("java")
    return Path(found) if found else None


def _version_text(java: Path) -> str:
    """What this java says of its version (it says it on standard error)."""
    done = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False)
    return done.stderr + done.stdout


def main() -> None:
    """Exit with one line where there is no usable Java."""
    try:
        java_environment()
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
