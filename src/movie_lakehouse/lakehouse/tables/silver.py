"""Silver: typed, keyed and judged."""

from movie_lakehouse.lakehouse.contract import Column, Table

USER_ID = Column("user_id", "INT", "The user's number.", nullable=False)
MOVIE_ID = Column("movie_id", "INT", "The movie's number.", nullable=False)
GENRE = Column("genre", "STRING", "One genre.", nullable=False)
RATING = Column("rating", "DOUBLE", "Stars, 0.5 to 5.0 by halves.", nullable=False)
RATED_AT = Column("rated_at", "TIMESTAMP", "When the movie was rated (UTC).", nullable=False)

ON_HALF_STARS = "rating BETWEEN 0.5 AND 5.0 AND rating * 2 = floor(rating * 2)"

MOVIES = Table(
    "silver.movies",
    "A movie.",
    (
        MOVIE_ID,
        Column("title", "STRING", "Title as the source has it, year included; titles repeat.", nullable=False),
        Column("release_year", "INT", "The year at the title's end, null where there is none."),
        Column("genres", "ARRAY<STRING>", "Genres in order, empty for (no genres listed).", nullable=False),
        Column("is_unrated", "BOOLEAN", "Whether nobody has rated the movie.", nullable=False),
    ),
    key=("movie_id",),
    checks={"movie_id_positive": "movie_id > 0"},
    cluster_by=("movie_id",),
)
MOVIE_GENRES = Table(
    "silver.movie_genres",
    "A genre of a movie.",
    (MOVIE_ID, GENRE),
    key=("movie_id", "genre"),
    checks={"genre_named": "length(genre) > 0"},
)
RATINGS = Table(
    "silver.ratings",
    "A user's rating of a movie; of several for one pair the latest.",
    (USER_ID, MOVIE_ID, RATING, RATED_AT),
    key=("user_id", "movie_id"),
    checks={"rating_on_half_stars": ON_HALF_STARS, "ids_positive": "user_id > 0 AND movie_id > 0"},
    cluster_by=("user_id", "movie_id"),
)
RATING_GENRES = Table(
    "silver.rating_genres",
    "A rating, once for each genre of its movie.",
    (USER_ID, MOVIE_ID, GENRE, RATING, RATED_AT),
    key=("user_id", "movie_id", "genre"),
    checks={"rating_on_half_stars": ON_HALF_STARS},
    cluster_by=("genre",),
)
TAGS = Table(
    "silver.tags",
    "A tag that a user gave to a movie.",
    (
        USER_ID,
        MOVIE_ID,
        Column("tag", "STRING", "What the user wrote.", nullable=False),
        Column("tagged_at", "TIMESTAMP", "When the tag was given (UTC); of several the latest.", nullable=False),
    ),
    key=("user_id", "movie_id", "tag"),
    checks={"tag_not_blank": "length(trim(tag)) > 0"},
)
LINKS = Table(
    "silver.links",
    "A movie's numbers elsewhere.",
    (
        MOVIE_ID,
        Column("imdb_id", "STRING", "The movie's number at IMDb, leading zeros kept.", nullable=False),
        Column("tmdb_id", "INT", "The movie's number at The Movie Database, null where unknown."),
    ),
    key=("movie_id",),
    checks={"imdb_id_digits": "imdb_id RLIKE '^[0-9]+$'"},
)
QUARANTINE = Table(
    "silver.quarantine",
    "A bronze row that is not in silver, and why.",
    (
        Column(
            "source_table", "STRING", "The bronze table of the row: movies, ratings, links or tags.", nullable=False
        ),
        Column("reasons", "ARRAY<STRING>", "Stable codes, at least one, in a fixed order.", nullable=False),
        Column("record", "STRING", "The raw row as JSON.", nullable=False),
        Column("_source_file", "STRING", "The file that the row came in.", nullable=False),
        Column("_batch_id", "STRING", "The batch that the row came in.", nullable=False),
        Column(
            "quarantined_at", "TIMESTAMP", "When the row was first quarantined for these reasons (UTC).", nullable=False
        ),
    ),
    checks={"has_a_reason": "size(reasons) > 0"},
    cluster_by=("source_table",),
)
TABLES = (MOVIES, MOVIE_GENRES, RATINGS, RATING_GENRES, TAGS, LINKS, QUARANTINE)
