"""Judging bronze rows: every row gets its typed values, its reasons (none: it is good) and its raw record as JSON.

One frame carries all rows of a source table, so that the good and the quarantined add up to what came in.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.silver.reasons import (
    DOES_NOT_PARSE,
    DUPLICATE_KEY,
    MEANINGS,
    ORPHAN,
    REDELIVERED,
    SUPERSEDED_BY_UPDATE,
)

# Carried through judging beside the typed columns.
PROVENANCE = ("reasons", "record", "_source_file", "_batch_id")
_METADATA = ("_source_file", "_source_modified_at", "_source_size", "_batch_id", "_ingested_at")


def judged(bronze: DataFrame, values: Mapping[str, Column], faults: Sequence[tuple[str, Column]]) -> DataFrame:
    """Type every row and list what is wrong with it.

    Args:
        bronze: a bronze table.
        values: the typed columns by name.
        faults: reason codes, each with the condition under which a row has it; never null.

    Returns:
        The values, then reasons (array of codes, empty for a good row), record (the raw row as JSON), _source_file and
        _batch_id; as many rows as ``bronze``.
    """
    raw = [column for column in bronze.columns if column not in _METADATA]
    return bronze.select(
        *(value.alias(name) for name, value in values.items()),
        _reasons(faults).alias("reasons"),
        F.to_json(F.struct(*(f"`{column}`" for column in raw))).alias("record"),
        "_source_file",
        "_batch_id",
    )


def _reasons(faults: Sequence[tuple[str, Column]]) -> Column:
    """The codes that apply, each once, in the order of their meanings; a torn row has but the one."""
    is_torn = F.col("_corrupt_record").isNotNull()
    conditions: dict[str, Column] = {}
    for code, condition in faults:
        conditions[code] = conditions[code] | condition if code in conditions else condition
    found = [F.when(~is_torn & conditions[code], F.lit(code)) for code in MEANINGS if code in conditions]
    return F.array_compact(F.array(F.when(is_torn, F.lit(DOES_NOT_PARSE)), *found))


def is_good() -> Column:
    """Whether a judged row has no reason against it."""
    return F.size("reasons") == 0


def without_orphans(rows: DataFrame, movies: DataFrame) -> DataFrame:
    """Give rows whose movie is not among ``movies`` (movie_id, each once) the reason for it.

    What a torn row names is no movie.
    """
    known = movies.select("movie_id").withColumn("_is_known", F.lit(True))
    is_torn = F.array_contains("reasons", DOES_NOT_PARSE)
    is_orphan = ~is_torn & F.col("movie_id").isNotNull() & F.col("_is_known").isNull()
    return (
        rows.join(known, "movie_id", "left")
        .withColumn("reasons", F.when(is_orphan, F.array_append("reasons", F.lit(ORPHAN))).otherwise(F.col("reasons")))
        .select(*rows.columns)
    )


def latest_by_key(rows: DataFrame, key: Sequence[str], newest_first: Sequence[str]) -> DataFrame:
    """Of the good rows of one key leave only the latest good, and give the others the reason why they do not count.

    Args:
        rows: judged rows; those with reasons take no part.
        key: the table's key.
        newest_first: value columns that order rows of one key before their batch does (a time), newest first.

    Returns:
        The same rows. At most one of a key is good: the latest by time, then batch, then by value so that the outcome
        does not depend on row order.
    """
    # Rows with reasons may lack their key: a partition of their own each keeps them from piling up in one.
    apart = F.when(~is_good(), F.xxhash64("record", "_source_file"))
    values = [column for column in rows.columns if column not in (*PROVENANCE, *key, *newest_first)]
    order = [F.col(column).desc() for column in (*newest_first, "_batch_id", *values, "_source_file", "record")]
    window = Window.partitionBy(*key, apart).orderBy(*order)
    winner = {column: F.first(column).over(window) for column in (*newest_first, "_batch_id", *values)}
    return (
        rows.withColumn("_place", F.row_number().over(window))
        .withColumn("_loses", _why_it_loses(winner, newest_first, values))
        .withColumn(
            "reasons",
            F.when(is_good() & (F.col("_place") > 1), F.array("_loses")).otherwise(F.col("reasons")),
        )
        .select(*rows.columns)
    )


def _why_it_loses(winner: Mapping[str, Column], newest_first: Sequence[str], values: Sequence[str]) -> Column:
    """The reason of a row that is not the latest: older, repeated in its batch, or delivered again."""
    is_older = _differs(winner, newest_first)
    is_same_batch = F.col("_batch_id") == winner["_batch_id"]
    return (
        F.when(is_older, SUPERSEDED_BY_UPDATE)
        .when(is_same_batch, DUPLICATE_KEY)
        .when(_differs(winner, values), SUPERSEDED_BY_UPDATE)
        .otherwise(REDELIVERED)
    )


def _differs(winner: Mapping[str, Column], columns: Sequence[str]) -> Column:
    """Whether any of the columns is not the winner's."""
    condition = F.lit(False)
    for column in columns:
        condition = condition | ~F.col(column).eqNullSafe(winner[column])
    return condition


def good_rows(rows: DataFrame) -> DataFrame:
    """The typed columns of the rows that have no reason against them."""
    return rows.where(is_good()).drop(*PROVENANCE)


def with_needed_records(rows: DataFrame) -> DataFrame:
    """The rows, their record only where quarantine asks for it: as text it is most of a good row, and nobody's."""
    return rows.withColumn("record", F.when(~is_good(), F.col("record")))


def quarantined_rows(rows: DataFrame, source_table: str) -> DataFrame:
    """The others in quarantine's form: source_table, reasons, record, _source_file, _batch_id."""
    return rows.where(~is_good()).select(F.lit(source_table).alias("source_table"), *PROVENANCE)
