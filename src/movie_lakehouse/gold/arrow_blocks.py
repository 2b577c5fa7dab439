"""Blocks of rows as Arrow carries them, and the product of two: what Python workers do of a top-k over pairs."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from movie_lakehouse.gold.topk import Exclusions, Float32s, Int32s, top_k

Vectorise = Callable[[Float32s, Float32s], Float32s]
"""Makes vectors of shape (n, d) of factors of shape (n, r) and biases of shape (n,)."""

QUERY_BLOCK: Final = "query_ids BINARY, query_vectors BINARY, excluded_starts BINARY, excluded_ids BINARY"
ITEM_BLOCK: Final = "item_ids BINARY, item_vectors BINARY"
PAIRS: Final = "query_id INT, rank INT, item_id INT, score DOUBLE"


def pack_queries(batches: Iterator[pa.RecordBatch], vectorise: Vectorise) -> Iterator[pa.RecordBatch]:
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


def pack_items(batches: Iterator[pa.RecordBatch], vectorise: Vectorise) -> Iterator[pa.RecordBatch]:
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


def multiply(pairs: Iterator[pa.RecordBatch], k: int) -> Iterator[pa.RecordBatch]:
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
