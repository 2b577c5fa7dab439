"""clean: what it judges of a delivery, and that silver is what judging all of bronze gives whatever came between."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from faults.harness import easy_suites
from job.test_ingest import Notices, write_source
from movie_lakehouse.errors import GateError
from movie_lakehouse.job.progress import PlainLines, set_listener
from movie_lakehouse.job.tasks.clean import TABLES, clean
from movie_lakehouse.job.tasks.ingest import TABLES as BRONZE
from movie_lakehouse.job.tasks.ingest import ingest
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.silver.whole import silver_tables
from support.frames import ARRIVAL

EASY = easy_suites()
SUITES = Path(__file__).parents[2] / "expectations"
RATINGS = "userId,movieId,rating,timestamp"
OF_ONE_RATING = "new rows are judged, and what they touch: 1 of ratings"
pytestmark = pytest.mark.slow  # each test is two to four runs of ingest and clean, of about a second each


class Daily:
    """A lakehouse of ten ratings, into which a file of ratings can come at a time."""

    def __init__(self, store: Store, source: Path, notices: Notices) -> None:
        self.store, self.source, self.notices = store, write_source(source), notices
        self.deliver("first", *(f"{user},1,4.0,964982703" for user in range(1, 11)))
        self.run()

    def deliver(self, name: str, *lines: str) -> None:
        (self.source / "ratings" / f"{name}.csv").write_text("\n".join([RATINGS, *lines, ""]), encoding="utf-8")

    def run(self, suites: Path = EASY) -> list[str]:
        """Take what has come and clean it, and give what clean said."""
        root = self.store.place.folder("bronze.movies").parents[1]  # type: ignore[attr-defined]
        arguments = [f"--lakehouse={root}", f"--source={self.source}", f"--expectations={suites}"]
        ingest(arguments)
        self.notices.lines.clear()
        clean(arguments)
        return list(self.notices.lines)

    def assert_as_if_judged_whole(self) -> None:
        """But for the times when rows came to quarantine."""
        bronze = {name.split(".")[1]: self.store.read(name) for name in BRONZE}
        quarantine = self.store.read_or_empty("silver.quarantine").limit(0)
        wanted = silver_tables(bronze, quarantine, ARRIVAL, lambda frame: frame)
        for name in TABLES:
            found = self.store.read(name)
            assert lines(found) == lines(wanted[name.split(".")[1]].select(*found.columns)), name


def lines(frame: DataFrame) -> list[str]:
    return sorted(str(row) for row in frame.drop("quarantined_at").collect())


@pytest.fixture
def daily(store: Store, tmp_path: Path) -> Iterator[Daily]:
    notices = Notices()
    set_listener(notices)
    yield Daily(store, tmp_path / "source", notices)
    set_listener(PlainLines())


def test_of_a_delivery_the_new_rows_are_judged_and_the_suites_judge_all_that_silver_will_be(daily: Daily) -> None:
    daily.run(SUITES)
    daily.deliver("second", "1,1,2.0,1000000000")

    assert OF_ONE_RATING in daily.run(SUITES)
    daily.assert_as_if_judged_whole()
    verdicts = daily.store.read("ops.validation_results").where("task = 'clean'")
    newest = verdicts.groupBy("judged_at").agg(F.collect_set("suite").alias("suites")).orderBy(F.desc("judged_at"))
    assert set(newest.first()["suites"]) == set(TABLES)  # type: ignore[index]


def test_after_upkeep_a_delivery_is_still_judged_by_itself(daily: Daily) -> None:
    for name in ("bronze.ratings", "silver.ratings"):
        daily.store.compact(name)
    daily.deliver("second", "1,1,2.0,1000000000")

    assert OF_ONE_RATING in daily.run()
    daily.assert_as_if_judged_whole()


def test_a_delivery_that_the_gate_refuses_changes_nothing_and_is_judged_again(daily: Daily, tmp_path: Path) -> None:
    suites = shutil.copytree(EASY, tmp_path / "suites")
    expectation = {"type": "expect_table_row_count_to_be_between", "kwargs": {"max_value": 10}}
    strict = {"name": "silver.ratings", "expectations": [expectation]}
    (suites / "silver" / "ratings.json").write_text(json.dumps(strict), encoding="utf-8")
    daily.run(suites)
    before = daily.store.versions(TABLES)
    daily.deliver("second", "99,1,2.0,1000000000")

    for _ in range(2):
        with pytest.raises(GateError, match=r"silver\.ratings"):
            daily.run(suites)
        assert OF_ONE_RATING in daily.notices.lines
    assert daily.store.versions(TABLES) == before


def test_a_run_that_ended_while_it_wrote_is_mended_by_judging_all(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.deliver("second", "1,1,2.0,1000000000", "99,9,2.0,1000000000")
    change = Store.change

    def ends_early(store: Store, name: str, gone: DataFrame | None, come: DataFrame) -> None:
        if name == "silver.ratings":
            raise KeyboardInterrupt
        change(store, name, gone, come)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "change", ends_early)
        with pytest.raises(KeyboardInterrupt):
            daily.run()

    assert not [line for line in daily.run() if "new rows" in line]
    daily.assert_as_if_judged_whole()


def test_after_bronze_was_brought_back_all_is_judged(daily: Daily) -> None:
    versions = daily.store.newest_versions(BRONZE)
    daily.deliver("second", "1,1,2.0,1000000000")
    daily.run()
    daily.store.restore("bronze.ratings", versions["bronze.ratings"])
    daily.deliver("third", "2,1,1.0,1000000000")

    assert not [line for line in daily.run() if "new rows" in line]
    daily.assert_as_if_judged_whole()


def test_rows_that_somebody_added_by_hand_are_judged_with_all_others(daily: Daily) -> None:
    by_hand = daily.store.read("bronze.ratings").limit(1).selectExpr("'77' AS userId", "* EXCEPT (userId)")
    daily.store.append("bronze.ratings", by_hand)

    assert not [line for line in daily.run() if "new rows" in line]
    daily.assert_as_if_judged_whole()


def test_a_delivery_that_is_much_of_all_is_judged_with_all(daily: Daily) -> None:
    daily.deliver("second", *(f"{user},1,4.0,964982703" for user in range(20, 30)))

    assert not [line for line in daily.run() if "new rows" in line]
    daily.assert_as_if_judged_whole()
