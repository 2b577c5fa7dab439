"""SQL expectations' queries: what each asks of, and which the one pass that counts everything else can answer."""

import re
from typing import Final

QUERY: Final = "unexpected_rows_query"
"""The argument of an SQL expectation that is its query, and Great Expectations' name for the metrics of it."""

QUERY_TYPE: Final = "unexpected_rows_expectation"
"""The type of an SQL expectation."""

BATCH: Final = "batch"
"""The name, in braces, that a query has for the judged frame."""

# A query that only filters the frame, or only asks something of all of it, is one more sum of the pass that counts
# everything else; a query with any of these words, even quoted, is a scalar subquery of that pass. What it asks of
# other tables, in brackets, does not count.
_MORE: Final = r"--|/\*|;|\b(SELECT|DISTINCT|JOIN|BY|LIMIT|OFFSET|WINDOW|QUALIFY|UNION|EXCEPT|MINUS|INTERSECT)\b"
_ONE_PASS: Final = re.compile(
    rf"\s*SELECT\b(?!.*({_MORE}))[\w\s,]+?\bFROM\s+\{{batch\}}\s+((?P<where>WHERE)|HAVING)\b(?P<condition>(?!.*\bHAVING\b).+)",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETS: Final = r"\((?:[^()]|\([^()]*\))*\)"
_ELSEWHERE: Final = re.compile(rf"\(\s*SELECT\b(?:[^()]|{_BRACKETS})*\)", re.IGNORECASE)

_QUOTED: Final = re.compile(r"'[^']*'")
_INNERMOST: Final = re.compile(r"\([^()]*\)")


def in_one_pass(query: str) -> re.Match[str] | None:
    """The parts of a query that the pass that counts everything else can answer: all it asks of the frame is plain."""
    elsewhere = _ELSEWHERE.findall(query)
    if any("{batch}" in question for question in elsewhere):
        return None
    return _ONE_PASS.fullmatch(_ELSEWHERE.sub(lambda question: "0" * len(question[0]), query))


def is_of_the_whole(query: str) -> bool:
    """Whether a query says yes or no of all rows together, and its one row is none of the judged: HAVING, no groups.

    >>> is_of_the_whole("SELECT 1 FROM {batch} HAVING count(*) < (SELECT count(*) FROM silver_movies)")
    True
    >>> is_of_the_whole("SELECT rank FROM {batch} GROUP BY rank HAVING count(*) > 1")
    False
    """
    outermost = _QUOTED.sub("", query)
    while (without := _INNERMOST.sub("", outermost)) != outermost:
        outermost = without
    words = set(outermost.upper().split())
    return "HAVING" in words and "GROUP" not in words
