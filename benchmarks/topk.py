"""Time the top-k kernel beside a plain product, numpy's argpartition and, where installed, faiss-cpu and implicit.

    python benchmarks/topk.py [--items 60000] [--rank 64] [--k 50] [--queries 8192] [--seen 0] [--threads 2]

Every method gets the same random unit vectors and the same number of threads, and all take turns in one process, so
that the ratios hold on a machine that does other things too. The plain product selects nothing: it is what no method
can beat. Peers are asked for the top k alone, the kernel also leaves out ``--seen`` items a query.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.util import find_spec
from itertools import pairwise

if not find_spec("threadpoolctl"):
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported

import numpy as np

from movie_lakehouse.gold.topk import Exclusions, Float32s, top_k

ROWS = 512
Search = Callable[[], object]


def in_threads(n_threads: int, search: Callable[[slice], object], n_queries: int) -> None:
    """Search each thread's share of the queries, the BLAS itself being held to one thread."""
    bounds = np.linspace(0, n_queries, n_threads + 1).astype(int)
    shares = [slice(*pair) for pair in pairwise(bounds)]
    with one_blas_thread(), ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(search, shares))


def one_blas_thread() -> AbstractContextManager[object]:
    """Keep the BLAS from threads of its own."""
    if not find_spec("threadpoolctl"):
        return nullcontext()
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


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
    """The searches of other packages that are installed."""
    searches: dict[str, Search] = {}
    if find_spec("faiss"):
        import faiss

        faiss.omp_set_num_threads(n_threads)
        index = faiss.IndexFlatIP(items.shape[1])
        index.add(items)
        searches["faiss-cpu IndexFlatIP"] = partial(index.search, queries, k)
    if find_spec("implicit"):
        from implicit.cpu.topk import topk

        searches["implicit topk"] = partial(topk, items, queries, k, num_threads=n_threads)
    return searches


def seconds(search: Search) -> float:
    """How long one search takes by the clock."""
    start = time.perf_counter()
    search()
    return time.perf_counter() - start


def main() -> None:
    """Time every method in turn, several times over, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = {"items": 60_000, "rank": 64, "k": 50, "queries": 8192, "seen": 0, "threads": 2, "rounds": 5}
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    vectors = np.random.default_rng(0).standard_normal((max(asked.items, asked.queries), asked.rank), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries, items = vectors[: asked.queries], vectors[: asked.items]
    seen = seen_by(asked.queries, asked.items, asked.seen)
    methods = {
        "product alone": partial(product, queries, items),
        "top_k": partial(kernel, queries, items, asked.k, seen),
        "argpartition": partial(argpartition, queries, items, asked.k),
    }
    searches = {name: partial(in_threads, asked.threads, method, len(queries)) for name, method in methods.items()}
    searches |= peers(queries, items, asked.k, asked.threads)
    rounds = [{name: seconds(search) for name, search in searches.items()} for _ in range(asked.rounds)]
    print(
        f"{len(queries):,} queries of {len(items):,} items at rank {asked.rank}, k={asked.k}, {asked.threads} threads"
    )
    for name in searches:
        ratio = statistics.median(one[name] / one["product alone"] for one in rounds)
        print(f"{name:24}{statistics.median(one[name] for one in rounds):8.2f} s{ratio:8.2f} x product")


if __name__ == "__main__":
    main()
