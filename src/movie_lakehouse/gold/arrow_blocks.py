"""Blocks of rows as Arrow carries them, and the product of two: what Python workers do of a top-k over pairs."""

import sys
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from movie_lakehouse.gold.topk import Exclusions, Float32s, Int32s, Int64s, top_k

Vectorise = Callable[[Float32s, Float32s], Float32s]
"""Makes vectors of shape (n, d) of factors of shape (n, r) and biases of shape (n,)."""

QUERY_COLUMNS: Final = ("query_ids", "query_vectors", "excluded_starts", "excluded_ids")
QUERY_BLOCK: Final = ", ".join(f"{name} BINARY" for name in QUERY_COLUMNS)
PAIR_BLOCK: Final = "block INT, ids BINARY, item_ids BINARY"
ITEM_BLOCK: Final = "item_ids BINARY, item_vectors BINARY"
PAIRS: Final = "query_id INT, rank INT, item_id INT, score DOUBLE"
PAIRS_AT_A_TIME: Final = 2**22
"""Fifty megabytes in a worker, and as much again while they are put in order."""


def pack_pairs(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of block, id and item id as one row a block for every so many of them.

    To sort millions of numbers here takes a fraction of the time in which Spark moves or groups as many rows.
    """
    for table in _chunks(batches, PAIRS_AT_A_TIME):
        block = table["block"].to_numpy()
        order = _sorting(block)
        starts = np.append(0, np.flatnonzero(np.diff(block[order])) + 1)
        yield pa.RecordBatch.from_pydict(
            {"block": block[order[starts]]}
            | {f"{name}s": _pieces(table[name].to_numpy()[order], starts) for name in ("id", "item_id")}
        )


def pack_queries(queries: pa.Table, excluded: pa.Table, vectorise: Vectorise) -> pa.Table:
    """One block row of a block's queries, with the item ids that each excludes; none where there is no query.

    Args:
        queries: a block's rows of id, bias, factors and maybe leading numbers.
        excluded: the block's rows of ``pack_pairs``; ids that are no query's are no harm.
        vectorise: makes vectors of factors and biases.
    """
    if not queries.num_rows:
        return pa.table({name: pa.array([], pa.binary()) for name in QUERY_COLUMNS})
    ids, vectors = _packed(queries, vectorise)
    excluding, item_ids = (
        np.frombuffer(b"".join(excluded[name].to_pylist()), np.int32) for name in ("ids", "item_ids")
    )
    query = pd.Index(ids).get_indexer(pd.Index(excluding)) + 1  # 0 is nobody's
    order = _sorting(query)
    starts = np.cumsum(np.bincount(query, minlength=len(ids) + 1))
    block = _row(query_ids=ids, query_vectors=vectors, excluded_starts=starts, excluded_ids=item_ids[order])
    return pa.Table.from_batches([block])


def pack_items(batches: Iterator[pa.RecordBatch], vectorise: Vectorise) -> Iterator[pa.RecordBatch]:
    """One block row of all the items of a partition."""
    for table in _chunks(batches, sys.maxsize):
        ids, vectors = _packed(table, vectorise)
        yield _row(item_ids=ids, item_vectors=vectors)


def _chunks(batches: Iterator[pa.RecordBatch], n_rows: int) -> Iterator[pa.Table]:
    """The batches' rows in tables of about so many, none of them empty."""
    held, n_held = [], 0
    for batch in batches:
        held.append(batch)
        n_held += batch.num_rows
        if n_held >= n_rows:
            yield pa.Table.from_batches(held)
            held, n_held = [], 0
    if n_held:
        yield pa.Table.from_batches(held)


def _sorting(numbers: NDArray[np.integer]) -> Int64s:
    """The order that sorts numbers of at least 0, equal ones as they are.

    By the fewest bits that will do: numbers of 16 or 8 are sorted by radix, in a tenth of the time.
    """
    return np.argsort(numbers.astype(np.min_scalar_type(numbers.max(initial=0))), kind="stable")


def _pieces(numbers: Int32s, starts: Int64s) -> list[bytes]:
    """The bytes of the numbers from each start to the next."""
    return [piece.tobytes() for piece in np.split(numbers, starts[1:])]


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
