"""What `make bench-large` measures: the whole job on 2.5 and 25 million generated ratings, and 1% more to silver."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import lakehouse_runs
from benchmarks.kept import Figures
from benchmarks.measurements import Measure, Sizes
from movie_lakehouse.sources import SampleSpec, generate_sample

SETTINGS = ("grid=single", "promotion=always", "parallelism=1")
"""One setting in three folds, whose winner is fitted once more; all else as the job has it, but that models are fitted
one after another, for memory, and that one of generated ratings is published whatever its worth, for the tasks after
training are to be timed as well.
"""
SEED = 42
HUNDREDTH = 100
TO_SILVER = ("ingest", "clean")


def tenth(sizes: Sizes) -> Iterator[Figures]:
    """The job on a tenth of the ratings."""
    yield from _whole_job(sizes.ratings // 10)


def large(sizes: Sizes) -> Iterator[Figures]:
    """The job on all of the ratings."""
    yield from _whole_job(sizes.ratings)


def _whole_job(n_ratings: int) -> Iterator[Figures]:
    """The job on so many ratings."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        generate_sample(SampleSpec.of_size(n_ratings, SEED), source)
        yield {"first": lakehouse_runs.job(str(source), f"{scratch}/lakehouse", SETTINGS)}


def delivery(sizes: Sizes) -> Iterator[Figures]:
    """All of the ratings taken as far as silver; then one more for each hundred of them."""
    with tempfile.TemporaryDirectory() as scratch:
        source, root = Path(scratch) / "source", f"{scratch}/lakehouse"
        generate_sample(SampleSpec.of_size(sizes.ratings + sizes.ratings // HUNDREDTH, SEED), source)
        later = held_back(source, every=HUNDREDTH + 1)
        first = lakehouse_runs.job(str(source), root, SETTINGS, only=TO_SILVER)
        yield {"first": first}
        later.rename(source / "ratings" / later.name)
        yield {"first": first, "more": lakehouse_runs.job(str(source), root, SETTINGS, only=TO_SILVER)}


def held_back(source: Path, every: int) -> Path:
    """Take every so-many-th line out of a source's ratings, into a file beside the folder that has the others now."""
    whole, kept, later = source / "ratings.csv", source / "ratings" / "part-1.csv", source.parent / "part-2.csv"
    kept.parent.mkdir()
    with whole.open("rb") as lines, kept.open("wb") as most, later.open("wb") as few:
        header = next(lines)
        most.write(header)
        few.write(header)
        for number, line in enumerate(lines, 1):
            (most if number % every else few).write(line)
    whole.unlink()
    return later


LARGE: dict[str, Measure] = {"tenth": tenth, "large": large, "delivery": delivery}
