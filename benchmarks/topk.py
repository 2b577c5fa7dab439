"""Time the top-k kernel beside a plain product, numpy's argpartition and, where installed, faiss-cpu and implicit.

    python -m benchmarks.topk [--items 60000] [--rank 64] [--k 50] [--queries 60000] [--threads 2]

Every method gets the same random unit vectors and the same number of threads, and all take turns in one process, so
that the ratios hold on a machine that does other things too. The plain product selects nothing: it is what no method
can beat. Seconds of each round and the peers' versions go to standard output as JSON, medians to standard error.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from operator import itemgetter

if not find_spec("threadpoolctl"):
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported

import numpy as np

from benchmarks.figures import median_of, median_ratio
from benchmarks.options import sizes_asked
from movie_lakehouse.gold.topk import Exclusions, Float32s, top_k

PEERS = {"faiss": "faiss-cpu", "implicit": "implicit"}
"""Module and package of what the kernel is compared with."""
ROWS = 512
Search = Callable[[], object]


def in_threads(n_threads: int, search: Callable[[slice], object], n_queries: int) -> None:
    """Search each thread's share of the queries, the BLAS itself being held to one thread."""
    bounds = np.linspace(0, n_queries, n_threads + 1).astype(int)
    shares = [slice(*pair) for pair in pairwise(bounds)]
    with blas_threads(1), ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(search, shares))


def blas_threads(most: int) -> AbstractContextManager[object]:
    """Keep every BLAS from more threads of its own than these."""
    if not find_spec("threadpoolctl"):
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(most)
    return limits


def product(queries: Float32s, items: Float32s, share: slice) -> None:
    """The scores alone, block by block into the same memory."""
    columns = np.ascontiguousarray(items.T)
    buffer = np.empty((ROWS, len(items)), dtype=np.float32)
    for start in range(share.start, share.stop, ROWS):
        block = queries[start : min(start + ROWS, share.stop)]
        np.matmul(block, columns, out=buffer[: len(block)])


def argpartition(queries: Float32s, items: Float32s, k: int, share: slice) -> None:
    """What one would write first."""
    for start in range(share.start, share.stop, ROWS):
        scores = queries[start : min(start + ROWS, share.stop)] @ items.T
        best = np.argpartition(-scores, k, axis=1)[:, :k]
        np.argsort(np.take_along_axis(-scores, best, axis=1), axis=1)


def kernel(queries: Float32s, items: Float32s, k: int, seen: Exclusions, share: slice) -> None:
    """The kernel of this project."""
    starts, indices = seen
    top_k(queries[share], items, k, excluded=(starts[share.start : share.stop + 1], indices))


def seen_by(n_queries: int, n_items: int, n_seen: int) -> Exclusions:
    """The same number of random items for every query."""
    seen = np.random.default_rng(1).integers(0, n_items, (n_queries, n_seen))
    return np.arange(n_queries + 1) * n_seen, seen.ravel()


def peers(queries: Float32s, items: Float32s, k: int, n_threads: int) -> dict[str, Search]:
    """The searches of other packages that are installed.

    faiss-cpu leaves the product to its BLAS's threads; implicit calls the BLAS from threads of its own.
    """
    searches: dict[str, Search] = {}
    if find_spec("faiss"):
        import faiss

        faiss.omp_set_num_threads(n_threads)
        index = faiss.IndexFlatIP(items.shape[1])
        index.add(items)
        searches["faiss-cpu"] = partial(with_blas_threads, n_threads, partial(index.search, queries, k))
    if find_spec("implicit"):
        from implicit.cpu.topk import topk

        search = partial(topk, items, queries, k, num_threads=n_threads)
        searches["implicit"] = partial(with_blas_threads, 1, search)
    return searches


def with_blas_threads(most: int, search: Search) -> None:
    """Search with so many threads of the BLAS's own."""
    with blas_threads(most):
        search()


def searches_of(asked: argparse.Namespace) -> dict[str, Search]:
    """Every method on the same random unit vectors, with as many threads."""
    vectors = unit_vectors(max(asked.items, asked.queries), asked.rank)
    queries, items = vectors[: asked.queries], vectors[: asked.items]
    methods = {
        "product": partial(product, queries, items),
        "top_k": partial(kernel, queries, items, asked.k, seen_by(asked.queries, asked.items, 0)),
        "argpartition": partial(argpartition, queries, items, asked.k),
    }
    ours = {name: partial(in_threads, asked.threads, method, len(queries)) for name, method in methods.items()}
    return ours | peers(queries, items, asked.k, asked.threads)


def unit_vectors(n: int, rank: int, seed: int = 0) -> Float32s:
    """Random directions."""
    vectors = np.random.default_rng(seed).standard_normal((n, rank), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def seconds(search: Search) -> float:
    """How long one search takes by the clock."""
    start = time.perf_counter()
    search()
    return round(time.perf_counter() - start, 3)


def told(rounds: Sequence[Mapping[str, float]]) -> None:
    """Medians, and ratios to the plain product, on standard error."""
    for name in rounds[0]:
        median, ratio = median_of(rounds, itemgetter(name)), median_ratio(rounds, name, "product")
        print(f"{name:20}{median:8.2f} s{ratio:8.2f} x product", file=sys.stderr)


def main() -> None:
    """Time every method in turn, several times over."""
    asked = sizes_asked(__doc__, items=60_000, rank=64, k=50, queries=60_000, threads=2, rounds=3)
    searches = searches_of(asked)
    rounds = [{name: seconds(search) for name, search in searches.items()} for _ in range(asked.rounds)]
    told(rounds)
    print(json.dumps({"rounds": rounds, "peers": {p: version(p) for m, p in PEERS.items() if find_spec(m)}}))


if __name__ == "__main__":
    main()
