"""Why a movie is recommended: what each movie that the user liked adds to its score, exactly."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.model.ranking.ease import likings
from movie_lakehouse.query.rows import Reader, Row, Rows

RANKING = "ranking"


@dataclass(frozen=True)
class Reason:
    """A movie that the user has rated, the user's stars for it, and what it adds to the score of another."""

    movie_id: int
    title: str
    rating: float
    adds: float


def with_reasons(reader: Reader, user_id: int, recommended: Rows, n_reasons: int = 3) -> Rows:
    """A user's list with the column ``because``: the reasons that add most to each movie, most first, as mappings.

    Popular movies that fill up a list, and lists ordered by predicted rating, have no reasons.

    Raises:
        TableError: a table is not there yet.
    """
    rows = [dict(zip(recommended.columns, row, strict=True)) for row in recommended]
    ranked = [row["movie_id"] for row in rows if row["source"] == RANKING]
    reasons = reasons_for(reader, user_id, ranked) if ranked else {}
    best = [[asdict(reason) for reason in reasons.get(row["movie_id"], [])[:n_reasons]] for row in rows]
    told = [(*row.values(), because) for row, because in zip(rows, best, strict=True)]
    return Rows((*recommended.columns, "because"), told)


def reasons_for(reader: Reader, user_id: int, movie_ids: Sequence[int]) -> dict[int, list[Reason]]:
    """All that adds to the score of each movie for the user, most first, by the movie's number.

    Over all reasons for a movie ``adds`` sums to its score less the share of the predicted rating (x_j E_ji of Steck,
    2019); what adds nothing is left out, and what takes from the score comes last. A movie outside the ranking model's
    catalogue has no reasons.

    Raises:
        TableError: a table is not there yet.
    """
    query = "SELECT movie_id, position FROM gold.ranking_weights WHERE array_contains(?, movie_id) ORDER BY position"
    catalogue = list(reader.sql(query, [list(movie_ids)]))
    weights_of = "".join(", try_element_at(w.weights, ?)" for _ in catalogue)
    rated = list(
        reader.sql(
            f"SELECT r.movie_id, m.title, r.rating{weights_of} FROM silver.ratings r "
            "JOIN gold.ranking_weights w ON w.movie_id = r.movie_id JOIN silver.movies m ON m.movie_id = r.movie_id "
            "WHERE r.user_id = ? ORDER BY r.movie_id",
            [*(position + 1 for _, position in catalogue), user_id],
        )
    )
    liked = likings(np.array([rating for _, _, rating, *_ in rated])).astype(np.float64)
    added = liked[:, None] * np.array([weights for _, _, _, *weights in rated]).reshape(len(rated), len(catalogue))
    return {movie_id: _ordered(rated, added[:, at]) for at, (movie_id, _) in enumerate(catalogue)}


def _ordered(rated: Sequence[Row], added: NDArray[np.float64]) -> list[Reason]:
    """The movies rated with what they add, most first, without those that add nothing."""
    order = (at for at in np.argsort(-added, kind="stable") if added[at])
    return [Reason(rated[at][0], rated[at][1], rated[at][2], float(added[at])) for at in order]
