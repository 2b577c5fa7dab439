"""Finding, in Python source, what only classic Spark has or what only one module may call."""

import ast
from collections.abc import Iterator

CLASSIC_ONLY = {"rdd", "_jvm", "_jsc", "_jdf", "_sc", "sparkContext", "SparkContext", "checkpoint", "localCheckpoint"}
"""Attributes and imports that no Spark Connect session has, or that serverless compute refuses."""
HOLDING = {"cache", "persist", "cacheTable"}
"""Methods that hold a frame, which serverless compute refuses."""


def classic_calls(source: str, forbidden: set[str]) -> Iterator[str]:
    """Give ``line: name`` for each attribute, or import from pyspark, with a forbidden name.

    >>> list(classic_calls("n = frame.rdd.getNumPartitions()", CLASSIC_ONLY))
    ['1: rdd']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in forbidden:
            yield f"{node.lineno}: {node.attr}"
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("pyspark"):
            yield from (f"{node.lineno}: {alias.name}" for alias in node.names if alias.name in forbidden)
