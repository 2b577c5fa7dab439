"""Top-k over all pairs of two frames of factors, as products of blocks of rows in Arrow batches.

A block is one row that holds many: their ids and their vectors as bytes. Pairing blocks takes a cross join of a handful
of rows; each pair is one matrix product in a Python worker, and nothing is collected to the driver.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.errors import TableError
from movie_lakehouse.gold.arrow_blocks import (
    ITEM_BLOCK,
    PAIRS,
    QUERY_BLOCK,
    Vectorise,
    multiply,
    pack_items,
    pack_queries,
)

_INFINITY: Final = float("inf")


@dataclass(frozen=True)
class BlockBytes:
    """How many bytes of factors a block should hold.

    Attributes:
        queries: small enough for a block a core, large enough that its products outweigh sending it the items.
        items: all of them in one block where a worker has the memory, for then no second pass picks the best.
    """

    queries: int = 2**21
    items: int = 2**26


DEFAULT_BLOCKS: Final = BlockBytes()


def top_pairs(
    queries: DataFrame,
    items: DataFrame,
    k: int,
    *,
    excluded: DataFrame | None,
    query_vectors: Vectorise,
    item_vectors: Vectorise,
    block_bytes: BlockBytes,
) -> DataFrame:
    """Give every query its k items of highest dot product, nothing that it excludes, ties by the lower item id.

    The frames are counted here and now, to find the number of blocks; the rest is computed when the result is.

    Args:
        queries: id int, bias float, factors array<float>, and if items have it, leading binary: float32 numbers that
            go before the vector as they are.
        items: id int, bias float, factors array<float>, and maybe leading binary; the side that is broadcast.
        k: items a query.
        excluded: id int, item_id int, the pairs that may not be given; None where a query is an item, and may not get
            itself.
        query_vectors: what becomes of the queries' factors and biases.
        item_vectors: what becomes of the items' factors and biases.
        block_bytes: the sizes of blocks.

    Returns:
        query_id int, rank int (1..k without gaps or ties), item_id int, score double.

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    n_query_blocks = _count_blocks(queries, block_bytes.queries)
    n_item_blocks = _count_blocks(items, block_bytes.items)
    query_blocks = _with_excluded(queries, excluded, n_query_blocks).mapInArrow(
        partial(pack_queries, vectorise=query_vectors), QUERY_BLOCK
    )
    item_blocks = (
        items.repartition(n_item_blocks, "id")
        .sortWithinPartitions("id")
        .mapInArrow(partial(pack_items, vectorise=item_vectors), ITEM_BLOCK)
    )
    pairs = query_blocks.crossJoin(F.broadcast(item_blocks)).mapInArrow(partial(multiply, k=k), PAIRS)
    return pairs if n_item_blocks == 1 else best_of_pairs(pairs, k)


def _count_blocks(frame: DataFrame, block_bytes: int) -> int:
    """How many blocks of about this size hold the frame's factors; refuses factors that cannot be multiplied."""
    n_factors = F.size("factors")
    leading = F.max(F.octet_length("leading")) if "leading" in frame.columns else F.lit(0)
    found = frame.agg(
        F.count_if(_is_unusable(F.col("factors"))).alias("unusable"),
        F.count(F.lit(1)).alias("rows"),
        F.min(n_factors).alias("fewest"),
        F.max(n_factors).alias("most"),
        leading.alias("leading_bytes"),
    ).first()
    assert found is not None  # an aggregate without groups always has its one row
    if found["unusable"]:
        raise TableError(
            f"{found['unusable']} of {found['rows']} rows of factors have one that is null, NaN or infinite; "
            "train the model again."
        )
    if found["fewest"] != found["most"]:
        raise TableError(
            f"Rows have from {found['fewest']} to {found['most']} factors, which no one model gives; "
            "train the model again."
        )
    row_bytes = int(found["most"] or 0) * 4 + int(found["leading_bytes"] or 0)
    return max(1, -(-int(found["rows"]) * row_bytes // block_bytes))


def _is_unusable(factors: Column) -> Column:
    """Whether the array or one of its elements is null, NaN or infinite.

    array_contains is null where the array or an element is; unlike a lambda it is compiled.
    """
    nan, up, down = (F.array_contains(factors, F.lit(x).cast("float")) for x in (float("nan"), _INFINITY, -_INFINITY))
    return F.coalesce(nan | up | down, F.lit(True))


def _with_excluded(queries: DataFrame, excluded: DataFrame | None, n_blocks: int) -> DataFrame:
    """Add the array of the item ids that each query excludes, in so many partitions."""
    blocks = queries.repartition(n_blocks, "id")
    if excluded is None:
        return blocks.withColumn("excluded", F.array("id"))
    # Grouped before it is moved, in half the time of moving it pair by pair; moved so that the join keeps the blocks.
    by_query = excluded.groupBy("id").agg(F.collect_list("item_id").alias("excluded")).repartition(n_blocks, "id")
    nothing = F.array().cast("array<int>")
    return blocks.join(by_query, on="id", how="left").withColumn("excluded", F.coalesce("excluded", nothing))


def best_of_pairs(pairs: DataFrame, k: int) -> DataFrame:
    """The best k of what each query got from several blocks or kinds of items, in the form of ``top_pairs``."""
    best_first = Window.partitionBy("query_id").orderBy(F.desc("score"), "item_id")
    return pairs.withColumn("rank", F.row_number().over(best_first)).where(F.col("rank") <= k)
