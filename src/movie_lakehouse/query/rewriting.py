"""Changes to a SQL text that leave its strings, comments and quoted names alone, as DuckDB's tokenizer sees them."""

import re
from collections.abc import Callable, Collection

import duckdb

_VERSION = re.compile(rb"\b(\w+)(\s*\.\s*\w+)\s+VERSION\s+AS\s+OF\s+(\d{1,18})\b", re.IGNORECASE)
_EXPLAIN = re.compile(rb"\A\s*EXPLAIN(\s+ANALYZE)?\s", re.IGNORECASE)
_QUOTE = ord('"')


def with_bound_names(text: str, names: Collection[str]) -> str:
    """The text with the parameter markers of Spark, ``:name``, as DuckDB has them, ``$name``.

    >>> with_bound_names("SELECT ':user', user_id::INT FROM users WHERE user_id = :user -- :user", ["user"])
    "SELECT ':user', user_id::INT FROM users WHERE user_id = $user -- :user"
    """
    marker = re.compile(rb"(?<!:):(" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b")
    return _replaced(text, marker, lambda found: b"$" + found[1]) if names else text


def with_version_schemas(text: str) -> str:
    """The text with ``gold.x VERSION AS OF 3`` as the table x of a schema of its own, ``"gold@3".x``.

    >>> with_version_schemas("SELECT x.movie_id FROM gold.x VERSION AS OF 3")
    'SELECT x.movie_id FROM "gold@3".x'
    """
    return _replaced(text, _VERSION, lambda found: b'"' + found[1] + b"@" + found[3] + b'"' + found[2])


def without_explain(text: str) -> str:
    """The statement of which the text asks for the plan; the text, where it begins otherwise.

    >>> without_explain("/* how? */ EXPLAIN ANALYZE SELECT 1")
    'SELECT 1'
    >>> without_explain("SELECT 1 -- EXPLAIN this")
    'SELECT 1 -- EXPLAIN this'
    """
    return _replaced(text, _EXPLAIN, lambda _: b"")


def _replaced(text: str, pattern: re.Pattern[bytes], replacement: Callable[[re.Match[bytes]], bytes]) -> str:
    """The text with what the pattern finds in it replaced."""
    source, at = text.encode(), 0
    pieces: list[bytes] = []
    for found in pattern.finditer(_masked(text)):
        pieces += source[at : found.start()], replacement(found)
        at = found.end()
    return b"".join([*pieces, source[at:]]).decode()


def _masked(text: str) -> bytes:
    """The text, byte by byte, with blanks for comments and quotation marks for strings and quoted names."""
    masked = bytearray(text.encode())
    end = len(masked)
    for start, kind in reversed(duckdb.tokenize(text)):
        if kind == duckdb.token_type.comment:
            masked[start:end] = b" " * (end - start)
        elif kind == duckdb.token_type.string_const or masked[start] == _QUOTE:
            masked[start:end] = b"'" * (end - start)
        end = start
    return bytes(masked)
