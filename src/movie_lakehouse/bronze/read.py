"""CSV files as bronze rows: every column a string, and where each row came from."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.tables import bronze
from movie_lakehouse.sources import SourceFile

CORRUPT = "_corrupt_record"
LONGEST_PARSED_LINE = 65_536
"""A longer line is kept as it is and not taken apart, however many fields it has: its quotes or line ends are lost."""
_LINE = "_line"
# Spark's own name for what it knows of a file would be hidden by a column of that name.
RESERVED_COLUMNS = {column.name for column in bronze.METADATA} | {"_metadata"}


def read_batch(
    spark: SparkSession, files: Mapping[SourceFile, Sequence[str]], batch_id: str, ingested_at: datetime
) -> DataFrame:
    """Read the files of one table as a batch.

    Args:
        spark: the session.
        files: each file with the columns of its header; the headers may differ in order and in extra columns.
        batch_id: the batch's name.
        ingested_at: when the batch is taken (UTC).

    Returns:
        The files' columns as strings (null where a file lacks one), ``_corrupt_record`` (the line where it has not the
        header's fields) and the metadata of the bronze tables.
    """
    by_header: dict[tuple[str, ...], list[SourceFile]] = {}
    for file, columns in files.items():
        by_header.setdefault(tuple(columns), []).append(file)
    frames = [_read_alike(spark, alike, columns) for columns, alike in by_header.items()]
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame, allowMissingColumns=True)
    return whole.withColumns({"_batch_id": F.lit(batch_id), "_ingested_at": F.lit(ingested_at)})


def _read_alike(spark: SparkSession, files: Sequence[SourceFile], columns: Sequence[str]) -> DataFrame:
    """Read files whose headers are the same: their lines first, so that each can be kept whole where it is torn."""
    paths = [escaped_path(str(file.path.absolute())) for file in files]
    # No text file holds the separator, so that a line comes as one value; the reader leaves the headers out.
    lines = spark.read.csv(paths, schema=f"{_LINE} STRING", header=True, sep="\0", quote="")
    folder = files[0].name.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    return lines.select(
        _row(columns).alias("_row"),
        F.when(_is_torn(), F.col(_LINE)).alias("_torn"),
        F.concat(F.lit(prefix), _file_name()).alias("_source_file"),
        F.col("_metadata.file_modification_time").alias("_source_modified_at"),
        F.col("_metadata.file_size").alias("_source_size"),
    ).select(
        *(F.col(f"_row.`{column}`").alias(column) for column in columns),
        F.coalesce("_torn", f"_row.{CORRUPT}").alias(CORRUPT),
        "_source_file",
        "_source_modified_at",
        "_source_size",
    )


def _row(columns: Sequence[str]) -> Column:
    """The line's fields by name, with the line itself where their number is another; null for a torn line."""
    schema = ", ".join(f"`{column}` STRING" for column in (*columns, CORRUPT))
    options = {
        "quote": '"',
        "escape": '"',
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": CORRUPT,
        "maxColumns": str(LONGEST_PARSED_LINE + 1),
    }
    return F.when(~_is_torn(), F.from_csv(_LINE, schema, options))


def _is_torn() -> Column:
    """Whether a quotation mark of the line has no other, so that a field goes on elsewhere, or it is beyond reading.

    The parser takes what follows such a mark in the last field for its value.
    """
    n_quotes = F.octet_length(_LINE) - F.octet_length(F.replace(_LINE, F.lit('"'), F.lit("")))
    return (n_quotes % 2 == 1) | (F.octet_length(_LINE) > LONGEST_PARSED_LINE)


def _file_name() -> Column:
    """The file's name as it is on disk: Spark gives it with %20 for a blank and the like, but leaves a + as it is."""
    return F.url_decode(F.replace("_metadata.file_name", F.lit("+"), F.lit("%2B")))


def escaped_path(path: str) -> str:
    r"""The path with the characters that Spark reads as wildcards escaped.

    >>> escaped_path("/data/part[1].csv")
    '/data/part\\[1\\].csv'
    """
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", path)
