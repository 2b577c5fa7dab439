"""What figures were measured on, without the names of machines, people or folders."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.processes import PROJECT

PACKAGES = ("pyspark", "delta-spark", "numpy", "scipy", "pyarrow", "duckdb", "deltalake")


def machine() -> dict[str, Any]:
    """The machine and what is installed on it, as it is for all measurements of a day."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "java": _java(),
        "packages": {package: version(package) for package in PACKAGES},
    }


def moment() -> dict[str, Any]:
    """What differs from one measurement to the next: the time, the load before it, the program's commit."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_before": round(os.getloadavg()[0], 2),
        "commit": _said(["git", "rev-parse", "--short", "HEAD"]),
    }


def _processor() -> str:
    """The processor's own name, where Linux tells it."""
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def _java() -> str:
    """The version of the Java that Spark is given."""
    from movie_lakehouse.lakehouse.java import java_environment

    java = f"{java_environment()['JAVA_HOME']}/bin/java"
    found = re.search(r'version "([^"]+)"', _said([java, "-version"]))
    return found[1] if found else ""


def _said(command: list[str]) -> str:
    """What a command says, nothing where it cannot be run."""
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout + done.stderr).strip() if done.returncode == 0 else ""
