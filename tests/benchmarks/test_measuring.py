"""How things are measured: commands with their time and memory, what is chosen, what a source holds back."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import chosen
from benchmarks.large import held_back
from benchmarks.machine import machine, moment
from benchmarks.notebook_way import CLASSIC
from benchmarks.processes import CommandError, measured, script
from movie_lakehouse.model.grid import PRESETS, grid_named


def test_a_command_gives_its_answer_its_time_and_the_memory_of_its_children() -> None:
    child = "import time; held = bytearray(80 * 2**20); time.sleep(1.2)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{child}']); print('done')"
    ended = measured([sys.executable, "-c", parent])
    assert ended.answer == "done\n"
    assert ended.seconds > 1.2
    assert 80 < ended.peak_mib < 400


def test_a_command_that_fails_says_how() -> None:
    with pytest.raises(CommandError, match=r"ended with status 3 after \d+ s, at a peak of \d+ MiB"):
        measured([sys.executable, "-c", "raise SystemExit(3)"])


def test_what_is_told_of_a_command_that_fails_names_no_folder_of_its_reader(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as failed:
        measured([sys.executable, "-c", "raise SystemExit(1)", "--source", str(tmp_path)])
    assert "/" not in str(failed.value)


def test_the_kernel_is_timed_beside_the_product_in_rounds() -> None:
    found = script("topk", "--items", "300", "--queries", "40", "--rank", "4", "--k", "5", "--rounds", "2")
    assert [set(each) >= {"product", "top_k", "argpartition"} for each in found["rounds"]] == [True, True]
    assert found["whole_seconds"] > sum(found["rounds"][0].values())


def test_measurements_are_made_in_order_all_some_or_from_one_on() -> None:
    names = ["notebook", "search", "job"]
    assert chosen(names, [], None) == names
    assert chosen(names, ["job", "notebook"], None) == ["notebook", "job"]
    assert chosen(names, [], "search") == ["search", "job"]


def test_a_measurement_that_is_none_is_refused_in_one_line() -> None:
    with pytest.raises(SystemExit, match="There is no measurement serach; there are search, job"):
        chosen(["search", "job"], ["serach"], None)


def test_the_notebook_searches_the_classic_grid() -> None:
    assert grid_named(CLASSIC) == PRESETS["classic"]


def test_every_so_many_ratings_one_is_held_back_and_none_is_lost(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "ratings.csv").write_text("header\n" + "".join(f"{n}\n" for n in range(1, 8)))
    later = held_back(source, every=3)
    assert (source / "ratings" / "part-1.csv").read_text().split() == ["header", "1", "2", "4", "5", "7"]
    assert later.read_text().split() == ["header", "3", "6"]
    assert [path.name for path in source.iterdir()] == ["ratings"]


def test_the_machine_is_told_without_its_name() -> None:
    import platform

    told = json.dumps(machine() | moment())
    assert "packages" in told
    assert platform.node() not in told
