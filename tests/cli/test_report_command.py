from pathlib import Path

from support.commands import Lakehouse
from support.told_lakehouse import make_told_lakehouse


def test_the_report_is_written_under_the_root_and_its_path_printed(lakehouse: Lakehouse, tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path / "lakehouse")
    ended = lakehouse("report", "--root", str(root))
    file = root / "_reports" / "run-1.html"
    assert (ended.status, ended.out) == (0, f"{file}\n")
    assert ended.err == f"Writing what the run run-1 did to {file}\n"
    assert "Run run-1: succeeded" in file.read_text(encoding="utf-8")


def test_a_run_and_a_file_may_be_named(lakehouse: Lakehouse, tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path / "lakehouse")
    ended = lakehouse("report", "--root", str(root), "--run", "run-1", "--to", str(tmp_path / "mail" / "us.html"))
    assert ended.status == 0
    assert (tmp_path / "mail" / "us.html").is_file()


def test_the_tables_are_as_they_were_after_a_report(lakehouse: Lakehouse, tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path / "lakehouse")
    before = lakehouse("tables", "--root", str(root)).out
    lakehouse("report", "--root", str(root))
    assert lakehouse("tables", "--root", str(root)).out == before


def test_a_report_before_any_run_says_what_to_do(lakehouse: Lakehouse, tmp_path: Path) -> None:
    ended = lakehouse("report", "--root", str(tmp_path))
    assert (ended.status, ended.out) == (1, "")
    assert "ops.job_runs is not there; `lakehouse run` makes it" in ended.err


def test_a_file_that_cannot_be_written_is_one_line(lakehouse: Lakehouse, tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path / "lakehouse")
    ended = lakehouse("report", "--root", str(root), "--to", str(root / "gold"))
    assert ended.status == 1
    assert "cannot be written" in ended.err.splitlines()[-1]
