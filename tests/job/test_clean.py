"""clean: what it judges of a delivery, and that silver is what judging all of bronze gives whatever came between."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from faults.harness import easy_suites
from job.test_ingest import Notices, write_source
from movie_lakehouse.errors import GateError
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.progress import PlainLines, set_listener
from movie_lakehouse.job.settings import JobSettings, parse_settings
from movie_lakehouse.job.tasks.clean import TABLES, arrivals, clean
from movie_lakehouse.job.tasks.ingest import TABLES as BRONZE
from movie_lakehouse.job.tasks.ingest import ingest
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.silver.whole import silver_tables
from support.frames import ARRIVAL

EASY = easy_suites()
RATINGS = "userId,movieId,rating,timestamp"
OF_ONE_RATING = "new rows are judged, and what they touch: 1 of ratings"
pytestmark = pytest.mark.slow  # runs of ingest and clean on one lakehouse, of some seconds each


class Daily:
    """A lakehouse of ten ratings, into which a file of ratings can come at a time."""

    def __init__(self, root: Path, source: Path) -> None:
        self.root, self.source = root, write_source(source)
        self.store = Store(open_session, place_of(str(root)))
        self.notices = Notices()

    def deliver(self, name: str, lines: Iterable[str]) -> None:
        """Put a file of ratings into the source."""
        (self.source / "ratings" / f"{name}.csv").write_text("\n".join([RATINGS, *lines, ""]), encoding="utf-8")

    def arguments(self, suites: Path = EASY) -> list[str]:
        """What tasks are called with."""
        return [f"--lakehouse={self.root}", f"--source={self.source}", f"--expectations={suites}"]

    def run(self, suites: Path = EASY) -> list[str]:
        """Take what has come and clean it, and give what clean said."""
        arguments = self.arguments(suites)
        ingest(arguments)
        self.notices.lines.clear()
        clean(arguments)
        return list(self.notices.lines)

    def assert_as_if_judged_whole(self) -> None:
        """But for the times when rows came to quarantine."""
        bronze = {name.split(".")[1]: self.store.read(name) for name in BRONZE}
        quarantine = self.store.read_or_empty("silver.quarantine").limit(0)
        with holding() as hold:
            wanted = silver_tables(bronze, quarantine, ARRIVAL, hold)
            for name in TABLES:
                found = self.store.read(name)
                assert lines_of(found) == lines_of(wanted[name.split(".")[1]].select(*found.columns)), name


def lines_of(frame: DataFrame) -> list[str]:
    return sorted(str(row) for row in frame.drop("quarantined_at").collect())


@pytest.fixture(scope="module")
def kept(spark: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daily]:
    """A lakehouse that is kept up by all tests, each by a delivery of its own."""
    daily = Daily(tmp_path_factory.mktemp("daily") / "lakehouse", tmp_path_factory.mktemp("delivered") / "source")
    daily.deliver("first", (f"{user},1,4.0,964982703" for user in range(1, 11)))
    daily.run()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("movie_lakehouse.job.tasks.clean.FEWEST_ROWS", 0)
        yield daily


@pytest.fixture
def daily(kept: Daily) -> Iterator[Daily]:
    """That lakehouse, silver being up to date, and what is said meanwhile."""
    set_listener(kept.notices)
    kept.run()
    yield kept
    set_listener(PlainLines())


def test_of_a_delivery_the_new_rows_are_judged_and_the_suites_judge_all_that_silver_will_be(daily: Daily) -> None:
    for name in ("bronze.ratings", "silver.ratings"):
        daily.store.compact(name)  # upkeep is no reason to judge all
    daily.deliver("second", ["1,1,2.0,1000000000"])

    assert OF_ONE_RATING in daily.run()
    daily.assert_as_if_judged_whole()
    verdicts = daily.store.read("ops.validation_results").where("task = 'clean'")
    newest = verdicts.groupBy("judged_at").agg(F.collect_set("suite").alias("suites")).orderBy(F.desc("judged_at"))
    assert set(newest.first()["suites"]) == set(TABLES)  # type: ignore[index]


def test_a_run_that_ended_while_it_wrote_is_mended_by_judging_all(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.deliver("third", ["1,1,3.0,1000000001", "99,9,2.0,1000000000"])
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


def test_rows_that_somebody_added_by_hand_are_judged_with_all_others(daily: Daily) -> None:
    by_hand = daily.store.read("bronze.ratings").limit(1).selectExpr("'77' AS userId", "* EXCEPT (userId)")
    daily.store.append("bronze.ratings", by_hand)
    daily.deliver("fourth", ["96,1,2.0,1000000000"])  # which alone would be judged alone

    assert not [line for line in daily.run() if "new rows" in line]
    daily.assert_as_if_judged_whole()


def test_a_delivery_that_the_gate_refuses_changes_nothing_and_is_judged_again(daily: Daily, tmp_path: Path) -> None:
    suites = shutil.copytree(EASY, tmp_path / "suites")
    n_ratings = daily.store.read("silver.ratings").count()
    expectation = {"type": "expect_table_row_count_to_be_between", "kwargs": {"max_value": n_ratings}}
    strict = {"name": "silver.ratings", "expectations": [expectation]}
    (suites / "silver" / "ratings.json").write_text(json.dumps(strict), encoding="utf-8")
    daily.run(suites)
    before = daily.store.versions(TABLES)
    daily.deliver("fifth", ["98,1,2.0,1000000000"])

    for _ in range(2):
        with pytest.raises(GateError, match=r"silver\.ratings"):
            daily.run(suites)
        assert OF_ONE_RATING in daily.notices.lines
    assert daily.store.versions(TABLES) == before


@pytest.fixture(scope="module")
def taken(spark: object, tmp_path_factory: pytest.TempPathFactory) -> Daily:
    """A lakehouse of bronze alone."""
    daily = Daily(tmp_path_factory.mktemp("taken") / "lakehouse", tmp_path_factory.mktemp("taken") / "source")
    daily.deliver("first", (f"{user},1,4.0,964982703" for user in range(1, 11)))
    ingest(daily.arguments())
    return daily


@pytest.fixture
def asked(taken: Daily, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Asks whether what has come since, with what has been delivered, is judged alone."""
    monkeypatch.setattr("movie_lakehouse.job.tasks.clean.FEWEST_ROWS", 0)
    seen = taken.store.versions(BRONZE)
    settings = parse_settings(taken.arguments(), JobSettings)

    def is_judged_alone() -> bool:
        ingest(taken.arguments())
        with holding() as hold:
            return arrivals(Context("clean", taken.store, settings, ARRIVAL, built_from=seen), hold) is not None

    return is_judged_alone


def test_a_small_delivery_is_judged_alone(taken: Daily, asked: Callable[[], bool]) -> None:
    taken.deliver("second", ["95,1,2.0,1000000000"])

    assert asked()


def test_a_delivery_that_is_much_of_all_is_judged_with_all(taken: Daily, asked: Callable[[], bool]) -> None:
    taken.deliver("third", (f"{user},1,4.0,964982703" for user in range(20, 30)))

    assert not asked()


def test_a_delivery_to_few_rows_is_judged_with_all(
    taken: Daily, asked: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("movie_lakehouse.job.tasks.clean.FEWEST_ROWS", 10_000)
    taken.deliver("fourth", ["97,1,2.0,1000000000"])

    assert not asked()
