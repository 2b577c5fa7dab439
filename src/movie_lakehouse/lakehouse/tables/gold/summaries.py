"""Gold: what the data set holds."""

from movie_lakehouse.lakehouse.contract import Column, Table
from movie_lakehouse.lakehouse.tables.gold.columns import TITLE
from movie_lakehouse.lakehouse.tables.silver import GENRE, MOVIE_ID

DATASET_SUMMARY = Table(
    "gold.dataset_summary",
    "The data set in one row.",
    (
        Column("n_users", "BIGINT", "Users with at least one rating.", nullable=False),
        Column("n_movies", "BIGINT", "Movies in the catalogue.", nullable=False),
        Column("n_ratings", "BIGINT", "Ratings.", nullable=False),
        Column("n_tags", "BIGINT", "Tags.", nullable=False),
        Column("n_unrated_movies", "BIGINT", "Movies that nobody has rated.", nullable=False),
        Column("density", "DOUBLE", "Ratings over users times rated movies, 0 to 1.", nullable=False),
        Column("first_rated_at", "TIMESTAMP", "The earliest rating (UTC)."),
        Column("last_rated_at", "TIMESTAMP", "The latest rating (UTC)."),
    ),
    checks={"density_is_share": "density BETWEEN 0 AND 1"},
)
GENRE_SUMMARY = Table(
    "gold.genre_summary",
    "A genre.",
    (
        GENRE,
        Column("n_movies", "BIGINT", "Movies of the genre.", nullable=False),
        Column("n_unrated_movies", "BIGINT", "Those that nobody has rated.", nullable=False),
        Column("n_ratings", "BIGINT", "Ratings of its movies.", nullable=False),
        Column("mean_rating", "DOUBLE", "Mean of those ratings, null without any."),
    ),
    key=("genre",),
)
MOVIES_BY_GENRE = Table(
    "gold.movies_by_genre",
    "A genre and its movies.",
    (
        GENRE,
        Column("movies", "ARRAY<STRUCT<movie_id: INT, title: STRING>>", "Its movies, by number.", nullable=False),
    ),
    key=("genre",),
)
MOVIE_POPULARITY = Table(
    "gold.movie_popularity",
    "A movie's ratings summed up.",
    (
        MOVIE_ID,
        TITLE,
        Column("n_ratings", "BIGINT", "How many users rated it.", nullable=False),
        Column("mean_rating", "DOUBLE", "Their mean, null without any."),
        Column("weighted_rating", "DOUBLE", "Mean shrunk towards the overall mean by few ratings.", nullable=False),
        Column(
            "rank", "INT", "Place by popularity: liked ratings (4 stars or more), then weighted rating.", nullable=False
        ),
    ),
    key=("movie_id",),
    cluster_by=("movie_id",),
)
