"""The project's own search of a grid, on the rows and in the folds that the notebook's CrossValidator has.

    python -m benchmarks.search FOLDER [--grid JSON]

The rows are read and split as the notebook does it, and each row's fold is the one that Spark's CrossValidator draws
for it, so that both search the same thing. Seconds from the split to the fitted winner go to standard output as JSON,
with the best setting's mean error over the folds; starting Spark is left out, as it is for the notebook's search.
"""

import argparse
import json
import time

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from benchmarks.notebook_way import CLASSIC, N_FOLDS, SEED, read, split
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.model.als import als_estimator
from movie_lakehouse.model.grid import Grid, grid_named
from movie_lakehouse.model.search import SearchOutcome, search

PARALLELISM = 2
"""As the job has it by default."""


def with_fold_of_cross_validator(train: DataFrame) -> DataFrame:
    """The notebook's rows under the project's names, with the fold that CrossValidator draws for each."""
    fold = F.floor(F.rand(SEED) * N_FOLDS).cast("int")
    drawn = train.select("*", fold.alias("fold"))
    return drawn.select(F.col("userId").alias("user_id"), F.col("movieId").alias("movie_id"), "rating", "fold")


def searched(train: DataFrame, grid: Grid) -> SearchOutcome:
    """The search as the job makes it."""
    first = grid.settings()[0]
    estimator = als_estimator(first, nonnegative=True, seed=SEED, n_ratings=train.count())
    return search(with_fold_of_cross_validator(train), grid, estimator, n_folds=N_FOLDS, parallelism=PARALLELISM)


def mean_error(outcome: SearchOutcome) -> float:
    """The winner's mean error over the folds, as CrossValidator has it."""
    errors = [cell.rmse for cell in outcome.cells if cell.setting == outcome.best and cell.rmse is not None]
    return sum(errors) / len(errors)


def main() -> None:
    """Search once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--grid", default=CLASSIC, help="values of each parameter")
    asked = parser.parse_args()
    ratings = read(open_session(), asked.folder)
    start = time.perf_counter()
    train, _ = split(ratings)
    outcome = searched(train, grid_named(asked.grid))
    seconds = round(time.perf_counter() - start, 2)
    found = {"best": list(outcome.best), "cross_validated_rmse": mean_error(outcome)}
    print(json.dumps({"seconds": seconds, **found}))


if __name__ == "__main__":
    main()
