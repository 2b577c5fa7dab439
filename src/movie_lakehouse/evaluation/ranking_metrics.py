"""Metrics of one user's list, as Spark columns of its hits.

``hits`` is an array of 0 and 1, best place first: whether each recommended movie is among the relevant ones that were
held out; ``n_relevant`` is how many of these the user has (at least 1). All metrics lie between 0 and 1.
"""

import math

from pyspark.sql import Column
from pyspark.sql import functions as F


def hits(recommended: Column, relevant: Column) -> Column:
    """Whether each recommended movie is relevant, as an array of 0 and 1."""
    return F.transform(recommended, lambda movie: F.array_contains(relevant, movie).cast("double"))


def precision_at(k: int, hits: Column) -> Column:
    """Hits over k: a list shorter than k is short of hits too."""
    return _total(hits) / F.lit(float(k))


def recall_at(k: int, hits: Column, n_relevant: Column) -> Column:
    """Hits among the first k over all relevant movies."""
    return _total(F.slice(hits, 1, k)) / n_relevant


def average_precision_at(k: int, hits: Column, n_relevant: Column) -> Column:
    """Mean over the best possible number of hits, min(k, n_relevant), of the precision at each hit's place.

    Its mean over users is MAP@k (Manning, Raghavan and Schütze, Introduction to information retrieval, 2008, ch. 8).
    """
    precisions = F.transform(hits, lambda hit, at: hit * _total(F.slice(hits, F.lit(1), at + 1)) / (at + 1))
    return _total(precisions) / F.least(F.lit(float(k)), n_relevant)


def ndcg_at(k: int, hits: Column, n_relevant: Column) -> Column:
    """Discounted cumulative gain over the best possible one: DCG = sum of hit / log2(place + 1), places from 1.

    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with a gain of 1 a hit.
    """
    gains = F.transform(hits, lambda hit, at: hit / F.log2(at + F.lit(2.0)))
    ideal = [sum(1 / math.log2(place + 1) for place in range(1, n + 1)) for n in range(1, k + 1)]
    best = F.element_at(F.array(*(F.lit(value) for value in ideal)), F.least(F.lit(k), n_relevant).cast("int"))
    return _total(gains) / best


def _total(values: Column) -> Column:
    """The sum of an array of doubles."""
    return F.aggregate(values, F.lit(0.0), lambda total, value: total + value)
