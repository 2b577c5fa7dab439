"""The program as the shell sees it."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from support.explored_lakehouse import make_explored_lakehouse
from support.tiny_lakehouse import write_table

ENTRY = "import sys; from movie_lakehouse.cli import main; main()"
HEAVY = {"pyspark", "pandas", "great_expectations", "py4j", "pyarrow", "numpy", "sklearn", "streamlit"}


def program(*arguments: str, code: str = ENTRY, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_data_and_notices_go_to_streams_of_their_own(tiny_lakehouse: Path) -> None:
    ended = program("similar", "heat", "--format", "json", "--root", str(tiny_lakehouse))
    assert ended.returncode == 0
    assert ended.stdout.startswith("[\n{")
    assert ended.stderr == "Movies like Heat (1995) (movie 2):\n"


def test_an_error_is_one_line_on_standard_error_and_status_1(tmp_path: Path) -> None:
    ended = program("tables", "--root", str(tmp_path / "none"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("closed", "err"),
    [("2>&-", ""), ("<&-", "Error: There is no lakehouse at none;"), (">&-", "Error: There is no lakehouse at none;")],
)
def test_streams_that_the_caller_has_closed_are_no_fault(tmp_path: Path, closed: str, err: str) -> None:
    shell = ["sh", "-c", f'"$0" -c "$1" sql --root none {closed}', sys.executable, ENTRY]
    ended = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(err)


@pytest.mark.parametrize(
    "command",
    [
        ["sql", "SELECT * FROM gold.movie_similarity"],
        ["sql", "--saved", "genres"],
        ["similar", "heat"],
        ["recommend", "--user", "1"],
        ["tables"],
        ["report", "--to", os.devnull],
        ["--help"],
    ],
)
def test_reading_loads_neither_spark_nor_pandas(tiny_lakehouse: Path, command: list[str]) -> None:
    code = (
        f"import atexit, sys; atexit.register(lambda: print(*({HEAVY!r} & set(sys.modules)), file=sys.stderr)); {ENTRY}"
    )
    root = [] if "--help" in command else ["--root", str(tiny_lakehouse)]
    ended = program(*command, *root, code=code)
    assert ended.returncode == 0
    assert ended.stderr.splitlines()[-1] == ""


def test_its_end_does_not_wait_for_a_search_for_garbage() -> None:
    """Which would take a second where Great Expectations is loaded."""
    code = f"import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); {ENTRY}"
    assert program("--help", code=code).stdout.splitlines()[-1] == "True"


@pytest.mark.slow  # the program is started three times
def test_somebody_new_has_movies_within_a_second_and_no_jvm_is_started(tmp_path: Path) -> None:
    """Processor time, best of three: what else the machine does must not count, and the program waits for nobody."""
    root = make_explored_lakehouse(tmp_path / "lakehouse")
    told = f"atexit.register(lambda: print(*({{'pyspark', 'py4j'}} & set(sys.modules)), file=sys.stderr)); {ENTRY}"
    # Without a search path and JAVA_HOME nothing could start one.
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": ""}
    seconds = []
    for _ in range(3):
        before = children_seconds()
        ended = program(
            *("recommend", "--rated", "Toy Story=5", "--rated", "Heat=4", "--root", str(root), "--format", "csv"),
            code=f"import atexit, sys; {told}",
            env=environment,
        )
        seconds.append(children_seconds() - before)
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "")
        assert len(ended.stdout.splitlines()) > 1

    assert min(seconds) < 1


def test_a_log_that_cannot_be_understood_is_told_in_a_line_without_the_readers_inner_life(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.movie_genres", [{"movie_id": 1, "genre": "Drama"}])
    commit = next((tmp_path / "silver" / "movie_genres" / "_delta_log").glob("*.json"))
    commit.write_text(commit.read_text().replace('"schemaString":"', '"schemaString":"?'))
    ended = program("tables", "--root", str(tmp_path), env=os.environ | {"RUST_BACKTRACE": "1"})
    assert ended.returncode == 1
    assert re.fullmatch(r"Error: The table silver\.movie_genres cannot be read: .*column 1\.\n", ended.stderr)


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(tiny_lakehouse: Path) -> None:
    arguments = ["sql", "SELECT * FROM range(10000000)", "--format", "csv", "--root", str(tiny_lakehouse)]
    process = subprocess.Popen(
        [sys.executable, "-c", ENTRY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline() == b"range\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_titles_reach_a_stream_that_cannot_hold_them(tiny_lakehouse: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    ended = program("similar", "--movie-id", "1", "--root", str(tiny_lakehouse), env=environment)
    assert ended.returncode == 0
    assert "Cit\\xe9 des enfants perdus" in ended.stdout
