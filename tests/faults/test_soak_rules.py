"""Whatever is delivered in whatever order, silver and quarantine hold what a few lines of Python say they must."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from pyspark.sql import SparkSession

from faults.harness import FAST, WHOLE_CAMPAIGN
from faults.lakehouses import run_here
from faults.registry import fault
from movie_lakehouse.query.reader import LakehouseReader

pytestmark = pytest.mark.slow  # every delivery is a run of ingest and clean, of two seconds
N_EXAMPLES, N_STEPS = (6, 15) if WHOLE_CAMPAIGN else (1, 8)
N_MOVIES, N_USERS = 4, 3
SECONDS = 1_500_000_000
GARBAGE = {
    "x,1,4.0,1500000000": "not_a_number",
    "0,1,4.0,1500000000": "id_not_positive",
    "1,3000000000,4.0,1500000000": "id_out_of_range",
    ",1,4.0,1500000000": "missing_value",
    "1,1,9.0,1500000000": "rating_out_of_range",
    "1,1,3.7,1500000000": "rating_off_grid",
    "1,1,4.0,": "timestamp_missing",
    "1,1,4.0,-5": "timestamp_negative",
    "1,1,4.0,99999999999": "timestamp_in_future",
    "1,999,4.0,1500000000": "orphan",
    "1,1": "does_not_parse",
    '"1,1,4.0,1500000000': "does_not_parse",
}
"""Lines that are no ratings, and the reason that quarantine gives."""
RATINGS = st.lists(
    st.tuples(
        st.integers(1, N_USERS), st.integers(1, N_MOVIES), st.integers(1, 10).map(lambda n: n / 2), st.integers(0, 3)
    ),
    min_size=1,
    max_size=4,
)


class Rated(NamedTuple):
    """A good row of bronze, in the order in which a later one counts."""

    time: int
    batch: int
    stars: float
    file: str


@dataclass(frozen=True)
class Came:
    """A good row as it came."""

    pair: tuple[int, int]
    rated: Rated


class Deliveries(RuleBasedStateMachine):
    """Files are put into a source, and the job takes them when it comes to it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="deliveries-"))
        self.waiting: list[Path] = []
        self.lines: dict[str, list[str]] = {}
        self.columns = "userId,movieId,rating,timestamp"
        self.came: list[Came] = []
        self.garbage: Counter[str] = Counter()
        self.batch = 0

    def teardown(self) -> None:
        """Take what still waits, and clear up."""
        if self.waiting:
            self.run_the_job()
        shutil.rmtree(self.folder)

    @initialize(rows=RATINGS)
    def begin(self, rows: list[tuple[int, int, float, int]]) -> None:
        movies = "".join(f"{movie},Film {movie} (1999),Drama\n" for movie in range(1, N_MOVIES + 1))
        (self.folder / "source" / "ratings").mkdir(parents=True)
        for name, text in {
            "movies.csv": f"movieId,title,genres\n{movies}",
            "links.csv": "movieId,imdbId,tmdbId\n",
            "tags.csv": "userId,movieId,tag,timestamp\n",
        }.items():
            (self.folder / "source" / name).write_text(text, encoding="utf-8")
        self.rate(rows)

    @rule(rows=RATINGS)
    def rate(self, rows: list[tuple[int, int, float, int]]) -> None:
        """New ratings, some of pairs that have one, at the same time, earlier or later."""
        self._deliver([f"{user},{movie},{stars},{SECONDS + time}" for user, movie, stars, time in rows])

    @rule(lines=st.lists(st.sampled_from(sorted(GARBAGE)), min_size=1, max_size=3))
    def send_garbage(self, lines: list[str]) -> None:
        self._deliver(["1,1,4.0,1500000000", *lines])

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def send_a_file_again(self, data: st.DataObject) -> None:
        self._deliver(self.lines[data.draw(st.sampled_from(sorted(self.lines)))])

    @rule()
    def add_a_column(self) -> None:
        self.columns = "userId,movieId,rating,timestamp,device"

    @precondition(lambda self: self.waiting)
    @rule()
    def run_the_job(self) -> None:
        self.batch += 1
        for file in self.waiting:
            self._take(file)
        self.waiting = []
        root = self.folder / "lakehouse"
        assert run_here(root, FAST | {"source": str(self.folder / "source")}, "ingest", "clean").error is None
        reader = LakehouseReader(root)
        silver = reader.sql("SELECT user_id, movie_id, rating, epoch(rated_at)::BIGINT FROM silver.ratings")
        quarantine = reader.sql("SELECT reasons FROM silver.quarantine WHERE source_table = 'ratings'")
        assert sorted(silver) == self.expected_ratings()
        assert Counter(", ".join(reasons) for (reasons,) in quarantine) == self.expected_reasons()

    def _deliver(self, lines: list[str]) -> None:
        file = self.folder / "source" / "ratings" / f"{len(self.lines):03}.csv"
        extra = ",tv" if self.columns.endswith("device") else ""
        shown = [f"{line}{extra}" for line in lines]
        file.write_text("\n".join([self.columns, *shown, ""]), encoding="utf-8")
        self.lines[file.name] = lines
        self.waiting.append(file)

    def _take(self, file: Path) -> None:
        for line in self.lines[file.name]:
            if line in GARBAGE:
                self.garbage[GARBAGE[line]] += 1
                continue
            user, movie, stars, time = line.split(",")
            self.came.append(Came((int(user), int(movie)), Rated(int(time), self.batch, float(stars), file.name)))

    def _winners(self) -> dict[tuple[int, int], Rated]:
        return {
            pair: max(came.rated for came in self.came if came.pair == pair) for pair in {c.pair for c in self.came}
        }

    def expected_ratings(self) -> list[tuple[int, int, float, int]]:
        return sorted((*pair, rated.stars, rated.time) for pair, rated in self._winners().items())

    def expected_reasons(self) -> Counter[str]:
        """Garbage has its own; of the good rows of a pair all but the one that counts have why they do not."""
        reasons = self.garbage.copy()
        for pair, winner in self._winners().items():
            losers = [came.rated for came in self.came if came.pair == pair]
            losers.remove(winner)
            reasons.update(why_it_loses(loser, winner) for loser in losers)
        return reasons


def why_it_loses(row: Rated, winner: Rated) -> str:
    """As silver/reasons.py has it in words."""
    if row.time != winner.time:
        return "superseded_by_update"
    if row.batch == winner.batch:
        return "duplicate_key"
    return "superseded_by_update" if row.stars != winner.stars else "redelivered"


@fault(
    "any order of ratings, corrections, files once more, a column more and garbage, against a model in Python",
    "silver holds the latest good row of each pair, quarantine all others with their reasons",
)
def test_silver_and_quarantine_are_what_was_delivered(spark: SparkSession) -> None:
    rules = settings(
        max_examples=N_EXAMPLES,
        stateful_step_count=N_STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Deliveries, settings=rules)
