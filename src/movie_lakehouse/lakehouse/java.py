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
        SetupError: there is no Java, it cannot be run, or it is older than 17.
    """
    java = _find_java()
    if java is None:
        raise SetupError(f"Spark needs Java and none was found: {HOW_TO_GET_JAVA}.")
    said = _what_it_says(java)
    version, home = java_version(said), java_home(said)
    if not version or home is None:
        raise SetupError(f"Spark needs Java and {java} is none, it says {said.strip()[:200]!r}: {HOW_TO_GET_JAVA}.")
    if version < OLDEST_JAVA:
        raise SetupError(f"Spark needs Java {OLDEST_JAVA} or newer and {java} is Java {version}: {HOW_TO_GET_JAVA}.")
    return {"JAVA_HOME": home}


def java_version(text: str) -> int:
    """The major version in what ``java -version`` printed, 0 where there is none.

    >>> java_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> java_version('java version "1.8.0_392"')
    8
    """
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found.group(1)) if found else 0


def java_home(text: str) -> str | None:
    r"""The folder of the Java that has printed its settings, None where it is not among them.

    >>> java_home("Property settings:\n    java.home = /usr/lib/jvm/java-17-openjdk-amd64")
    '/usr/lib/jvm/java-17-openjdk-amd64'
    """
    found = re.search(r"^ *java\.home = (.+)$", text, re.MULTILINE)
    return found.group(1) if found else None


def _find_java() -> Path | None:
    """The java of JAVA_HOME, else the first on the PATH."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        return Path(home) / "bin" / "java"
    found = shutil.which("java")
    return Path(found) if found else None


def _what_it_says(java: Path) -> str:
    """What this java says of its version and its folder (it says it on standard error).

    Where it is cannot be guessed from its path: that of asdf, jenv or mise is a script, which runs one elsewhere.

    Raises:
        SetupError: it cannot be run.
    """
    command = [str(java), "-XshowSettings:properties", "-version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SetupError(f"Spark needs Java and {java} cannot be run ({error.strerror}): {HOW_TO_GET_JAVA}.") from None
    return done.stderr + done.stdout


def main() -> None:
    """Exit with one line where there is no usable Java."""
    try:
        java_environment()
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
