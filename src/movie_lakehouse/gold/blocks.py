"""Top-k over all pairs of two frames of factors, as products of blocks of rows in Arrow batches.

A block is one row that holds many: their ids and their vectors as bytes. Pairing blocks takes a cross join of a handful
of rows; each pair is one matrix product in a Python worker, and nothing is collected to the driver.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

from movie_lakehouse.errors import TableError
from movie_lakehouse.gold.arrow_blocks import (
    ITEM_BLOCK,
    PAIR_BLOCK,
    PAIRS,
    QUERY_BLOCK,
    Vectorise,
    multiply,
    pack_items,
    pack_pairs,
    pack_queries,
)

_INFINITY: Final = float("inf")


@dataclass(frozen=True)
class BlockBytes:
    """How many bytes of factors a block should hold at most.

    Attributes:
        queries: small enough for a block a core, and for the memory of a worker.
        items: all of them in one block where a worker has the memory, for then no second pass picks the best.
    """

    queries: int = 2**21
    items: int = 2**26


DEFAULT_BLOCKS: Final = BlockBytes()
_QUERIES_A_BLOCK: Final = 8192
"""At most: their product takes hundreds of times what sending them the items does, however short vectors are."""


def top_pairs(
    queries: DataFrame,
    items: DataFrame,
    k: int,
    *,
    excluded: DataFrame,
    query_vectors: Vectorise,
    item_vectors: Vectorise,
    block_bytes: BlockBytes,
    leading: DataFrame | None = None,
) -> DataFrame:
    """Give every query its k items of highest dot product, nothing that it excludes, ties by the lower item id.

    The frames are counted here and now, to find the number of blocks; the rest is computed when the result is.

    Args:
        queries: id int, bias float, factors array<float>.
        items: id int, bias float, factors array<float>, and maybe leading binary: float32 numbers that go before the
            vector as they are; the side that is broadcast.
        k: items a query.
        excluded: id int, item_id int, the pairs that may not be given.
        query_vectors: what becomes of the queries' factors and biases.
        item_vectors: what becomes of the items' factors and biases.
        block_bytes: the sizes of blocks.
        leading: id int, leading binary: the queries' own leading numbers, where the items have any. They are not
            counted, so that they need be computed but once.

    Returns:
        query_id int, rank int (1..k without gaps or ties), item_id int, score double.

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    n_query_blocks, n_item_blocks = _count_blocks(queries, items, block_bytes)
    if leading is not None:
        queries = queries.join(leading, "id", "inner")
    block = F.pmod(F.xxhash64("id"), F.lit(n_query_blocks)).cast("int").alias("block")
    by_block, excluded_by_block = (
        frame.repartition(n_query_blocks, "block").groupBy("block")
        for frame in (
            queries.select(block, "*"),
            excluded.select(block, "id", "item_id").mapInArrow(pack_pairs, PAIR_BLOCK),
        )
    )
    query_blocks = by_block.cogroup(excluded_by_block).applyInArrow(
        partial(pack_queries, vectorise=query_vectors), QUERY_BLOCK
    )
    item_blocks = (
        items.repartition(n_item_blocks, "id")
        .sortWithinPartitions("id")
        .mapInArrow(partial(pack_items, vectorise=item_vectors), ITEM_BLOCK)
    )
    pairs = query_blocks.crossJoin(F.broadcast(item_blocks)).mapInArrow(partial(multiply, k=k), PAIRS)
    return pairs if n_item_blocks == 1 else best_of_pairs(pairs, k)


def _count_blocks(queries: DataFrame, items: DataFrame, block_bytes: BlockBytes) -> tuple[int, int]:
    """How many blocks of about this size hold the sides' vectors; refuses factors that cannot be multiplied."""
    of_queries, of_items = (_sizes(frame).withColumn("side", F.lit(n)) for n, frame in enumerate((queries, items)))
    by_side = of_queries.unionByName(of_items).sort("side").collect()
    for side in by_side:
        _refuse_unusable(side)
    _refuse_unlike({side[name] for side in by_side if side["rows"] for name in ("fewest", "most")})
    leading_bytes = by_side[1]["leading_bytes"] or 0
    n_rows, n_bytes = zip(*((side["rows"], (side["most"] or 0) * 4 + leading_bytes) for side in by_side), strict=True)
    n_query_blocks = max(-(-n_rows[0] * n_bytes[0] // block_bytes.queries), -(-n_rows[0] // _QUERIES_A_BLOCK), 1)
    return n_query_blocks, max(-(-n_rows[1] * n_bytes[1] // block_bytes.items), 1)


def _sizes(frame: DataFrame) -> DataFrame:
    """One row of what tells how large a side is: rows, the fewest and most factors of one, unusable ones, bytes."""
    n_factors = F.size("factors")
    leading = F.max(F.octet_length("leading")) if "leading" in frame.columns else F.lit(0)
    return frame.agg(
        F.count_if(_is_unusable(F.array_append("factors", F.col("bias").cast("float")))).alias("unusable"),
        F.count(F.lit(1)).alias("rows"),
        F.min(n_factors).alias("fewest"),
        F.max(n_factors).alias("most"),
        leading.alias("leading_bytes"),
    )


def _refuse_unusable(side: Row) -> None:
    """Refuse factors that cannot be multiplied.

    Raises:
        TableError: a factor or bias is null or not finite.
    """
    if side["unusable"]:
        raise TableError(
            f"{side['unusable']} of {side['rows']} rows of factors have one, or a bias, that is null, NaN or infinite; "
            "train the model again."
        )


def _refuse_unlike(numbers: set[int]) -> None:
    """Refuse factors that cannot be multiplied with each other.

    Raises:
        TableError: some rows have more of them than others.
    """
    if len(numbers) > 1:
        raise TableError(
            f"Rows have from {min(numbers)} to {max(numbers)} factors, which no one model gives; train the model again."
        )


def _is_unusable(factors: Column) -> Column:
    """Whether the array or one of its elements is null, NaN or infinite.

    array_contains is null where the array or an element is; unlike a lambda it is compiled.
    """
    nan, up, down = (F.array_contains(factors, F.lit(x).cast("float")) for x in (float("nan"), _INFINITY, -_INFINITY))
    return F.coalesce(nan | up | down, F.lit(True))


def best_of_pairs(pairs: DataFrame, k: int) -> DataFrame:
    """The best k of what each query got from several blocks or kinds of items, in the form of ``top_pairs``."""
    best_first = Window.partitionBy("query_id").orderBy(F.desc("score"), "item_id")
    return pairs.withColumn("rank", F.row_number().over(best_first)).where(F.col("rank") <= k)
