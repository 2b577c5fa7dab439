"""The moments at which the job is killed in each of its tasks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

MADE: Final = "_delta_log/00000000000000000000.json"
HAS_FILE: Final = "*.parquet"
HAS_ROWS: Final = "_delta_log/00000000000000000001.json"


@dataclass(frozen=True)
class Moment:
    """Where tasks are met: when one of some tables has been made, has a file of rows, or has them by a commit.

    Attributes:
        tasks: those that are under way then.
        tables: theirs; tasks that run side by side have one each.
        sign: what the folder of one of the tables then holds.
    """

    tasks: tuple[str, ...]
    tables: tuple[str, ...]
    sign: str

    def is_reached(self, root: Path) -> bool:
        """Whether it has come, or is over, in a lakehouse that had no such table."""
        return any(any(root.joinpath(*table.split(".")).glob(self.sign)) for table in self.tables)


MOMENTS: Final = (
    Moment(("ingest",), ("bronze.movies",), HAS_ROWS),
    Moment(("clean",), ("silver.ratings",), HAS_FILE),
    Moment(("train",), ("gold.user_factors",), HAS_FILE),
    Moment(("recommend", "similarity"), ("gold.user_recommendations", "gold.movie_similarity"), HAS_FILE),
    Moment(("summarise",), ("gold.dataset_summary",), HAS_ROWS),
    Moment(("publish",), ("ops.publications",), MADE),  # rows come and the task ends within milliseconds
)
