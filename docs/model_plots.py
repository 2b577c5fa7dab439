"""Draws the plots of docs/model.md from a lakehouse's tables: `make model-plots`, or this file with its folder.

The model is fitted here, to shares of four fifths of the ratings by a hash, and predicts the rest; the grid is read.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from movie_lakehouse.model.bayes.factorisation import Ratings, fit
from movie_lakehouse.model.bayes.features import content_features
from movie_lakehouse.model.bayes.on_spark import BayesSettings
from movie_lakehouse.model.biases import MOVIE_REGULARISATION, USER_REGULARISATION
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.scale import HIGHEST, LOWEST

IMAGES = Path(__file__).parent / "images"
SHARES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
BLUE, GREY, ORANGE = "#1f5fa8", "#777777", "#c7601a"


def main(root: Path) -> None:
    """Draw all four."""
    mpl.rcParams |= {
        "svg.hashsalt": "model",
        "svg.fonttype": "none",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    reader = LakehouseReader(root)
    ratings = table(
        reader,
        "SELECT user_id, movie_id, rating FROM silver.ratings ORDER BY hash(user_id, movie_id), user_id, movie_id",
    )
    train, held_out = ratings.iloc[: -(len(ratings) // 5)], ratings.iloc[-(len(ratings) // 5) :]
    movies = table(reader, "SELECT movie_id, release_year, genres FROM silver.movies ORDER BY movie_id")
    held_out = held_out.assign(prediction=learning_curve(train, held_out, movies))
    grid_curves(reader)
    calibration(held_out)
    error_by_support(held_out, train)


def table(reader: LakehouseReader, query: str) -> pd.DataFrame:
    """The answer as a frame."""
    rows = reader.sql(query)
    return pd.DataFrame(list(rows), columns=list(rows.columns))


@contextmanager
def plot(name: str, x: str, y: str) -> Iterator[Axes]:
    """Axes of a small plot on white, written to docs/images."""
    figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained", facecolor="white")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.3)
    yield axes
    figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
    print(IMAGES / f"{name}.svg")


def rmse(off: np.ndarray) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(off))))


def learning_curve(train: pd.DataFrame, held_out: pd.DataFrame, movies: pd.DataFrame) -> np.ndarray:
    """RMSE on the held-out ratings by the share of the others that is trained on, and what all of them predict."""
    curves: dict[str, list[float]] = {"published": [], "biases": []}
    for share in SHARES:
        seen = train.iloc[: round(share * len(train))]
        predicted = factorised(seen, held_out, movies)
        curves["published"].append(rmse(predicted - held_out["rating"].to_numpy()))
        curves["biases"].append(rmse(biased(seen, held_out) - held_out["rating"].to_numpy()))
    with plot("learning-curve", "share of the training ratings", "RMSE, held-out ratings (stars)") as axes:
        axes.plot(SHARES, curves["biases"], "o--", color=GREY, label="user and movie biases")
        axes.plot(SHARES, curves["published"], "o-", color=BLUE, label="Bayesian factorisation")
        axes.legend(frameon=False)
    return predicted


def factorised(train: pd.DataFrame, held_out: pd.DataFrame, movies: pd.DataFrame) -> np.ndarray:
    """What the published kind of model predicts; a user without training ratings has the expected row."""
    users = pd.Index(np.union1d(train["user_id"], held_out["user_id"]))
    places = pd.Index(movies["movie_id"])
    at = users.get_indexer(train["user_id"]), places.get_indexer(train["movie_id"])
    published, years = (
        BayesSettings(),
        movies["release_year"].astype(object).where(movies["release_year"].notna(), None),
    )
    fitted = fit(
        Ratings.of(*at, train["rating"].to_numpy(), (len(users), len(places))),
        content_features(movies["genres"].map(list).tolist(), years.tolist()),
        rank=published.rank,
        n_features=published.n_features,
        n_sweeps=published.n_sweeps,
        seed=published.seed,
    )
    of_users = fitted.users[users.get_indexer(held_out["user_id"])]
    of_movies = fitted.movies[places.get_indexer(held_out["movie_id"])]
    stars = of_users[:, 0] + of_movies[:, 0] + np.sum(of_users[:, 1:] * of_movies[:, 1:], axis=1)
    return np.clip(fitted.hyperparameters.mean + stars, LOWEST, HIGHEST)


def biased(train: pd.DataFrame, held_out: pd.DataFrame) -> np.ndarray:
    """What regularised user and movie biases predict, as in movie_lakehouse.model.biases."""
    mean = train["rating"].mean()
    off = (train["rating"] - mean).groupby(train["movie_id"]).agg(["sum", "count"])
    of_movies = off["sum"] / (off["count"] + MOVIE_REGULARISATION)
    left = (train["rating"] - mean - train["movie_id"].map(of_movies)).groupby(train["user_id"]).agg(["sum", "count"])
    of_users = left["sum"] / (left["count"] + USER_REGULARISATION)
    known = [held_out["movie_id"].map(of_movies).fillna(0.0), held_out["user_id"].map(of_users).fillna(0.0)]
    return np.clip(mean + known[0] + known[1], LOWEST, HIGHEST).to_numpy()


def grid_curves(reader: LakehouseReader) -> None:
    """Mean RMSE over the folds by regularisation, a line a number of factors, at the best number of iterations."""
    cells = table(
        reader,
        "SELECT rank, reg_param, min(rmse) AS rmse FROM (SELECT rank, max_iter, reg_param, avg(rmse) AS rmse "
        "FROM gold.cv_results WHERE run_id = (SELECT max(run_id) FROM gold.cv_results) "
        "GROUP BY rank, max_iter, reg_param) GROUP BY rank, reg_param ORDER BY rank, reg_param",
    )
    with plot("grid-curves", "regularisation of ALS", "RMSE over the folds (stars)") as axes:
        for (rank, line), style in zip(cells.groupby("rank"), ("o-", "s--", "^:", "D-.", "v-"), strict=False):
            axes.plot(line["reg_param"], line["rmse"], style, label=f"{rank} factors")
        axes.set_xscale("log")
        axes.legend(frameon=False)


def calibration(held_out: pd.DataFrame) -> None:
    """Mean actual rating by predicted stars, tenth by tenth of the held-out ratings."""
    tenths = held_out.groupby(pd.qcut(held_out["prediction"], 10), observed=True)[["prediction", "rating"]].mean()
    with plot("calibration", "predicted (stars)", "mean actual rating (stars)") as axes:
        ends = [tenths.to_numpy().min() - 0.1, tenths.to_numpy().max() + 0.1]
        axes.plot(ends, ends, color=GREY, linewidth=1, label="as predicted")
        axes.plot(tenths["prediction"], tenths["rating"], "o", color=BLUE, label="a tenth of the held-out ratings")
        axes.legend(frameon=False)


def error_by_support(held_out: pd.DataFrame, train: pd.DataFrame) -> None:
    """RMSE by how many training ratings the movie has: the model and plain biases."""
    n = held_out["movie_id"].map(train["movie_id"].value_counts()).fillna(0)
    bins, names = (
        [-1, 0, 2, 5, 10, 25, 50, 100, np.inf],
        ["0", "1-2", "3-5", "6-10", "11-25", "26-50", "51-100", "> 100"],
    )
    support = pd.cut(n, bins, labels=names)
    off = pd.DataFrame({"model": held_out["prediction"], "biases": biased(train, held_out)}).sub(
        held_out["rating"], axis=0
    )
    errors = off.pow(2).groupby(support, observed=False).mean().pow(0.5)
    shares = support.value_counts(normalize=True, sort=False)
    with plot("error-by-support", "training ratings of the movie (share of the held-out rows)", "RMSE (stars)") as axes:
        at = np.arange(len(names))
        axes.bar(at - 0.2, errors["biases"], 0.4, color=ORANGE, label="user and movie biases")
        axes.bar(at + 0.2, errors["model"], 0.4, color=BLUE, label="published model")
        axes.set_xticks(at, [f"{name}\n{share:.0%}" for name, share in zip(names, shares, strict=True)])
        axes.set_ylim(bottom=0.6)
        axes.legend(frameon=False)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "lakehouse"))
