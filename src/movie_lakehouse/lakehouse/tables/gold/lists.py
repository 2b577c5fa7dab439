"""Gold: the lists that people look up."""

from movie_lakehouse.lakehouse.contract import Column, Table
from movie_lakehouse.lakehouse.tables.gold.columns import RANK, TITLE
from movie_lakehouse.lakehouse.tables.silver import MOVIE_ID, USER_ID

USER_RECOMMENDATIONS = Table(
    "gold.user_recommendations",
    "A movie recommended to a user who has not rated it.",
    (
        USER_ID,
        RANK,
        Column("movie_id", "INT", "The movie.", nullable=False),
        TITLE,
        Column(
            "score",
            "DOUBLE",
            "What the list is ordered by within its source. ranking: what the liked movies add, plus 0.07 * predicted "
            "stars; rating: predicted stars, unclipped; popularity: the movie's weighted rating.",
            nullable=False,
        ),
        Column(
            "predicted_rating",
            "DOUBLE",
            "Predicted stars, 0.5 to 5; null where the model lacks the user or the movie.",
        ),
        Column(
            "source",
            "STRING",
            "ranking (the ranking model), rating (predicted stars), or popularity where the model cannot fill a list.",
            nullable=False,
        ),
    ),
    key=("user_id", "rank"),
    checks={"rank_from_one": "rank >= 1", "known_source": "source IN ('ranking', 'rating', 'popularity')"},
    cluster_by=("user_id",),
)
MOVIE_SIMILARITY = Table(
    "gold.movie_similarity",
    "A movie like another.",
    (
        MOVIE_ID,
        RANK,
        Column("similar_movie_id", "INT", "The neighbour.", nullable=False),
        Column(
            "similarity",
            "DOUBLE",
            "Cosine of the two movies' factors, -1 to 1, shrunk by n / (n + 25) for a neighbour of n ratings; of a "
            "movie without ratings that has tags, its mean with the cosine of the tags.",
            nullable=False,
        ),
        Column(
            "source",
            "STRING",
            "ratings, or content (genres, year and tags) for a movie that nobody rated.",
            nullable=False,
        ),
    ),
    key=("movie_id", "rank"),
    checks={
        "not_itself": "movie_id <> similar_movie_id",
        "cosine_in_range": "similarity BETWEEN -1 AND 1",
        "known_kind": "source IN ('ratings', 'content')",
        "rank_from_one": "rank >= 1",
    },
    cluster_by=("movie_id",),
)
