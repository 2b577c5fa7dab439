"""Bronze: the CSVs as they came, every column a string, with where each row came from."""

from movie_lakehouse.lakehouse.contract import Column, Table

METADATA = (
    Column("_corrupt_record", "STRING", "The whole line where it does not parse as the header says, else null."),
    Column("_source_file", "STRING", "The file's name relative to the source folder.", nullable=False),
    Column("_source_modified_at", "TIMESTAMP", "When the file was last modified (UTC).", nullable=False),
    Column("_source_size", "BIGINT", "The file's size in bytes.", nullable=False),
    Column("_batch_id", "STRING", "The append that took the file; batches sort by time.", nullable=False),
    Column("_ingested_at", "TIMESTAMP", "When the batch was taken (UTC).", nullable=False),
)


def _table(name: str, comment: str, *columns: tuple[str, str]) -> Table:
    """A bronze table: the CSV's own columns as strings, then the metadata."""
    strings = tuple(Column(column, "STRING", meaning) for column, meaning in columns)
    return Table(f"bronze.{name}", comment, strings + METADATA, open_columns=True)


MOVIES = _table(
    "movies",
    "A line of movies.csv, as it came.",
    ("movieId", "The movie's number."),
    ("title", "Title, most with the release year in brackets at the end."),
    ("genres", "Genres with | between them, or (no genres listed)."),
)
RATINGS = _table(
    "ratings",
    "A line of ratings.csv, as it came.",
    ("userId", "The user's number."),
    ("movieId", "The movie's number."),
    ("rating", "Stars, 0.5 to 5.0 by halves."),
    ("timestamp", "Seconds since 1970-01-01 UTC."),
)
LINKS = _table(
    "links",
    "A line of links.csv, as it came.",
    ("movieId", "The movie's number."),
    ("imdbId", "The movie's number at IMDb, leading zeros kept."),
    ("tmdbId", "The movie's number at The Movie Database, may be empty."),
)
TAGS = _table(
    "tags",
    "A line of tags.csv, as it came.",
    ("userId", "The user's number."),
    ("movieId", "The movie's number."),
    ("tag", "What the user wrote."),
    ("timestamp", "Seconds since 1970-01-01 UTC."),
)
TABLES = (MOVIES, RATINGS, LINKS, TAGS)
