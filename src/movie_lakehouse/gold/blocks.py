"""Top-k over all pairs of two frames of factors, as products of blocks of rows in Arrow batches.

A block is one row that holds many: their ids and their vectors as bytes. Pairing blocks takes a cross join of a handful
of rows; each pair is one matrix product in a Python worker, and nothing is collected to the driver.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.errors import TableError
from movie_lakehouse.gold.topk import Exclusions, Float32s, Int32s, top_k

Vectorise = Callable[[Float32s, Float32s], Float32s]
"""Makes vectors of shape (n, d) of factors of shape (n, r) and biases of shape (n,)."""

_QUERY_BLOCK: Final = "query_ids BINARY, query_vectors BINARY, excluded_starts BINARY, excluded_ids BINARY"
_ITEM_BLOCK: Final = "item_ids BINARY, item_vectors BINARY"
_INFINITY: Final = float("inf")
_PAIRS: Final = "query_id INT, rank INT, item_id INT, score DOUBLE"


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
        partial(_pack_queries, vectorise=query_vectors), _QUERY_BLOCK
    )
    item_blocks = (
        items.repartition(n_item_blocks, "id")
        .sortWithinPartitions("id")
        .mapInArrow(partial(_pack_items, vectorise=item_vectors), _ITEM_BLOCK)
    )
    pairs = query_blocks.crossJoin(F.broadcast(item_blocks)).mapInArrow(partial(_multiply, k=k), _PAIRS)
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


def _pack_queries(batches: Iterator[pa.RecordBatch], vectorise: Vectorise) -> Iterator[pa.RecordBatch]:
    """One block row of all the queries of a partition."""
    for table in _whole(batches):
        excluded = table["excluded"].combine_chunks()
        starts = np.append(0, np.cumsum(excluded.value_lengths().to_numpy(zero_copy_only=False)))
        ids, vectors = _packed(table, vectorise)
        yield _row(
            query_ids=ids,
            query_vectors=vectors,
            excluded_starts=starts.astype(np.int64),
            excluded_ids=excluded.flatten().to_numpy(zero_copy_only=False),
        )


def _pack_items(batches: Iterator[pa.RecordBatch], vectorise: Vectorise) -> Iterator[pa.RecordBatch]:
    """One block row of all the items of a partition."""
    for table in _whole(batches):
        ids, vectors = _packed(table, vectorise)
        yield _row(item_ids=ids, item_vectors=vectors)


def _whole(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The batches as one table, or nothing where they hold no row."""
    filled = [batch for batch in batches if batch.num_rows]
    if filled:
        yield pa.Table.from_batches(filled)


def _packed(table: pa.Table, vectorise: Vectorise) -> tuple[Int32s, Float32s]:
    """The ids and vectors of a table of id, bias, factors and maybe leading numbers."""
    factors = table["factors"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    vectors = vectorise(factors, table["bias"].to_numpy())
    if "leading" in table.column_names:
        leading = np.frombuffer(b"".join(table["leading"].to_pylist()), np.float32)
        vectors = np.hstack([leading.reshape(table.num_rows, -1), vectors])
    return table["id"].to_numpy(), vectors


def _row(**arrays: NDArray[np.generic]) -> pa.RecordBatch:
    """One row that holds each array's bytes."""
    return pa.RecordBatch.from_pydict({name: pa.array([array.tobytes()]) for name, array in arrays.items()})


def _multiply(pairs: Iterator[pa.RecordBatch], k: int) -> Iterator[pa.RecordBatch]:
    """The best k items of each query of each pair of blocks."""
    for batch in pairs:
        for row in range(batch.num_rows):
            block = {name: batch.column(name)[row].as_buffer() for name in batch.schema.names}
            yield _best_of_pair(block, k)


def _best_of_pair(block: dict[str, pa.Buffer], k: int) -> pa.RecordBatch:
    """The best k items of each query of one pair of blocks, best first."""
    query_ids, item_ids, excluded_ids = (
        np.frombuffer(block[name], np.int32) for name in ("query_ids", "item_ids", "excluded_ids")
    )
    queries = np.frombuffer(block["query_vectors"], np.float32).reshape(len(query_ids), -1)
    items = np.frombuffer(block["item_vectors"], np.float32).reshape(len(item_ids), -1)
    excluded = _positions(np.frombuffer(block["excluded_starts"], np.int64), excluded_ids, item_ids)
    indices, scores = top_k(queries, items, k, excluded=excluded)
    query, place = np.nonzero(indices >= 0)
    return pa.RecordBatch.from_pydict(
        {
            "query_id": query_ids[query],
            "rank": (place + 1).astype(np.int32),
            "item_id": item_ids[indices[query, place]],
            "score": scores[query, place].astype(np.float64),
        }
    )


def _positions(starts: NDArray[np.int64], ids: Int32s, item_ids: Int32s) -> Exclusions:
    """Turn rows of ids into rows of positions among the items' ids, without those that are not among them."""
    position = pd.Index(item_ids).get_indexer(pd.Index(ids))
    is_there = position >= 0
    return np.append(0, np.cumsum(is_there))[starts], position[is_there]


def best_of_pairs(pairs: DataFrame, k: int) -> DataFrame:
    """The best k of what each query got from several blocks or kinds of items, in the form of ``top_pairs``."""
    best_first = Window.partitionBy("query_id").orderBy(F.desc("score"), "item_id")
    return pairs.withColumn("rank", F.row_number().over(best_first)).where(F.col("rank") <= k)
