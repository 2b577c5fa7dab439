"""Whether biases that change with time predict better: tried on validation rows of a folder of MovieLens' CSVs.

A fifth of the ratings is put away and not looked at, as `lakehouse evaluate` splits them; the rest is split again in
the same way. Each effect is fitted to what plain biases leave, shrunk as suits the validation rows best, which flatters
it. It is then taken off the ratings, the published kind of model is fitted to what is left, and it is put back.

    python docs/model_time_effects.py ml-latest-small
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from movie_lakehouse.model.bayes.factorisation import Ratings, fit
from movie_lakehouse.model.bayes.features import content_features
from movie_lakehouse.model.bayes.on_spark import BayesSettings
from movie_lakehouse.model.biases import MOVIE_REGULARISATION, USER_REGULARISATION
from movie_lakehouse.scale import HIGHEST, LOWEST

DAY = 86_400
SHRUNK_BY = (5.0, 20.0, 80.0, 320.0, 1280.0)
Added = tuple[np.ndarray, np.ndarray]
Effect = Callable[[pd.DataFrame, pd.DataFrame, np.ndarray, float], Added]
"""Of training rows, rows to predict, what biases leave of the former, and a shrinkage: what is added to either."""


def main(folder: Path) -> None:
    """Print the errors on validation rows, a line an effect."""
    ratings, movies = pd.read_csv(folder / "ratings.csv"), pd.read_csv(folder / "movies.csv")
    print("split,effect,shrunk_by,biases,published,gain,standard_error")
    for split in (random_fifth, last_fifth):
        seen = ratings[~split(ratings, seed=42)].reset_index(drop=True)
        is_validation = split(seen, seed=43)
        train, rows = (part.reset_index(drop=True) for part in (seen[~is_validation], seen[is_validation]))
        without = tried(no_effect, train, rows, movies)[2]
        for name, effect in EFFECTS.items():
            shrunk_by, of_biases, predicted = tried(effect, train, rows, movies)
            gain = [f"{number:.4f}" for number in gained(predicted, without, rows)]
            errors = f"{of_biases:.4f},{rmse(predicted, rows):.4f},{','.join(gain)}"
            print(f"{split.__name__},{name},{shrunk_by:g},{errors}", flush=True)


def random_fifth(ratings: pd.DataFrame, seed: int) -> pd.Series:
    """A fifth at random."""
    return pd.Series(np.random.default_rng(seed).random(len(ratings)) < 0.2)


def last_fifth(ratings: pd.DataFrame, seed: int) -> pd.Series:
    """The last fifth of each user's ratings, ties by the higher movie number."""
    latest_first = ratings.sort_values(["timestamp", "movieId"], ascending=False).groupby("userId").cumcount()
    n = ratings.groupby("userId")["movieId"].transform("size")
    return latest_first.sort_index() < np.floor(n * 0.2)


def tried(
    effect: Effect, train: pd.DataFrame, rows: pd.DataFrame, movies: pd.DataFrame
) -> tuple[float, float, np.ndarray]:
    """The best shrinkage for biases with the effect, their RMSE, and what the published kind predicts with it."""
    of_biases = biased(train, rows)
    left = train["rating"].to_numpy() - of_biases[0]
    added = {shrunk_by: effect(train, rows, left, shrunk_by) for shrunk_by in SHRUNK_BY}
    errors = {shrunk_by: rmse(of_biases[1] + both[1], rows) for shrunk_by, both in added.items()}
    best = min(errors, key=lambda shrunk_by: errors[shrunk_by])
    model = factorised(train.assign(rating=train["rating"] - added[best][0]), rows, movies)
    return best, errors[best], model + added[best][1]


def gained(predicted: np.ndarray, without: np.ndarray, rows: pd.DataFrame) -> tuple[float, float]:
    """By how much the RMSE falls, and the standard error of that, over users (delta method)."""
    off = [(np.clip(each, LOWEST, HIGHEST) - rows["rating"].to_numpy()) ** 2 for each in (without, predicted)]
    difference = pd.Series(off[0] - off[1])
    by_user = (difference - difference.mean()).groupby(rows["userId"].to_numpy()).sum()
    root = 2 * np.sqrt(off[0].mean())
    return rmse(without, rows) - rmse(predicted, rows), float(np.sqrt((by_user**2).sum()) / len(rows) / root)


def rmse(predicted: np.ndarray, rows: pd.DataFrame) -> float:
    """Of predictions within the scale."""
    return float(np.sqrt(np.mean((np.clip(predicted, LOWEST, HIGHEST) - rows["rating"].to_numpy()) ** 2)))


def shrunk(cells: np.ndarray, values: np.ndarray, shrunk_by: float) -> pd.Series:
    """Sum of each cell's values over their number plus ``shrunk_by``."""
    sums = pd.Series(values).groupby(cells).agg(["sum", "count"])
    return sums["sum"] / (sums["count"] + shrunk_by)


def looked_up(means: pd.Series, cells: np.ndarray) -> np.ndarray:
    """The cells' means, 0 where there is none."""
    return means.reindex(cells).fillna(0.0).to_numpy()


def biased(train: pd.DataFrame, rows: pd.DataFrame) -> Added:
    """Mean, movie bias and user bias, as in movie_lakehouse.model.biases, for both."""
    mean = train["rating"].mean()
    movies = shrunk(train["movieId"].to_numpy(), (train["rating"] - mean).to_numpy(), MOVIE_REGULARISATION)
    known = [mean + looked_up(movies, part["movieId"].to_numpy()) for part in (train, rows)]
    users = shrunk(train["userId"].to_numpy(), train["rating"].to_numpy() - known[0], USER_REGULARISATION)
    first, second = (
        before + looked_up(users, part["userId"].to_numpy()) for before, part in zip(known, (train, rows), strict=True)
    )
    return first, second


def no_effect(train: pd.DataFrame, rows: pd.DataFrame, left: np.ndarray, shrunk_by: float) -> Added:
    """What it is measured against."""
    return np.zeros(len(train)), np.zeros(len(rows))


def by_time(key: str | None, n_bins: int) -> Effect:
    """A deviation of each user, of each movie or (None) of all in each of so many equal stretches of time."""

    def effect(train: pd.DataFrame, rows: pd.DataFrame, left: np.ndarray, shrunk_by: float) -> Added:
        edges = np.linspace(train["timestamp"].min(), train["timestamp"].max(), n_bins + 1)[1:-1]
        cells = [
            np.digitize(part["timestamp"], edges) + n_bins * (part[key].to_numpy() if key else 0)
            for part in (train, rows)
        ]
        means = shrunk(cells[0], left, shrunk_by)
        return looked_up(means, cells[0]), looked_up(means, cells[1])

    return effect


def movie_age(train: pd.DataFrame, rows: pd.DataFrame, left: np.ndarray, shrunk_by: float) -> Added:
    """A deviation by how long after its movie's first rating a rating was given, in twenty bins of as many rows."""
    first_rated = train.groupby("movieId")["timestamp"].min()
    ages = [(part["timestamp"] - part["movieId"].map(first_rated)).fillna(0.0) for part in (train, rows)]
    edges = np.unique(np.quantile(ages[0], np.linspace(0, 1, 21)[1:-1]))
    cells = [np.digitize(age, edges) for age in ages]
    means = shrunk(cells[0], left, shrunk_by)
    return looked_up(means, cells[0]), looked_up(means, cells[1])


def drift(key: str, power: float) -> Effect:
    """A slope of each user or movie over sign(t) |t|^power, t from its mean time (Koren, 2009, has power 0.4)."""

    def effect(train: pd.DataFrame, rows: pd.DataFrame, left: np.ndarray, shrunk_by: float) -> Added:
        middle = train.groupby(key)["timestamp"].mean()
        far = [((part["timestamp"] - part[key].map(middle)) / DAY).fillna(0.0).to_numpy() for part in (train, rows)]
        curved = [np.sign(days) * np.abs(days) ** power for days in far]
        unit = np.sqrt(np.mean(curved[0] ** 2))
        x, new_x = curved[0] / unit, curved[1] / unit
        sums = pd.DataFrame({"xy": x * left, "xx": x * x}).groupby(train[key].to_numpy()).sum()
        slopes = sums["xy"] / (sums["xx"] + shrunk_by)
        return looked_up(slopes, train[key].to_numpy()) * x, looked_up(slopes, rows[key].to_numpy()) * new_x

    return effect


def same_day(train: pd.DataFrame, rows: pd.DataFrame, left: np.ndarray, shrunk_by: float) -> Added:
    """A deviation of each user on each day: it needs ratings of the very day that is predicted, so it is a ceiling."""
    cells = [(part["userId"] * 100_000 + part["timestamp"] // DAY).to_numpy() for part in (train, rows)]
    means = shrunk(cells[0], left, shrunk_by)
    return looked_up(means, cells[0]), looked_up(means, cells[1])


def factorised(train: pd.DataFrame, rows: pd.DataFrame, movies: pd.DataFrame) -> np.ndarray:
    """What the published kind of model predicts, unclipped."""
    users, places, published = pd.Index(train["userId"].unique()), pd.Index(movies["movieId"]), BayesSettings()
    at = users.get_indexer(train["userId"]), places.get_indexer(train["movieId"])
    genres = movies["genres"].where(movies["genres"] != "(no genres listed)", "").str.split("|")
    years = movies["title"].str.extract(r"\((\d{4})\)\s*$")[0]
    fitted = fit(
        Ratings.of(*at, train["rating"].to_numpy(), (len(users), len(places))),
        content_features(
            [[name for name in row if name] for row in genres], [None if pd.isna(y) else int(y) for y in years]
        ),
        rank=published.rank,
        n_features=published.n_features,
        n_sweeps=published.n_sweeps,
        seed=published.seed,
    )
    of_users, of_movies = (
        fitted.users[users.get_indexer(rows["userId"])],
        fitted.movies[places.get_indexer(rows["movieId"])],
    )
    products = np.sum(of_users[:, 1:] * of_movies[:, 1:], axis=1)
    return np.asarray(fitted.hyperparameters.mean + of_users[:, 0] + of_movies[:, 0] + products)


EFFECTS: dict[str, Effect] = {
    "all by 30 stretches": by_time(None, 30),
    "movies by 5 stretches": by_time("movieId", 5),
    "movies by 30 stretches": by_time("movieId", 30),
    "movie age": movie_age,
    "movie drift": drift("movieId", 1.0),
    "users by 30 stretches": by_time("userId", 30),
    "user drift": drift("userId", 1.0),
    "user drift, power 0.4": drift("userId", 0.4),
    "user and day (a ceiling)": same_day,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
