"""SQL expectations' queries, and which of them the one pass that counts everything else can answer."""

import re
from typing import Final

QUERY: Final = "unexpected_rows_query"
"""The argument of an SQL expectation that is its query, and Great Expectations' name for the metrics of it."""

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


def in_one_pass(query: str) -> re.Match[str] | None:
    """The parts of a query that the pass that counts everything else can answer: all it asks of the frame is plain."""
    elsewhere = _ELSEWHERE.findall(query)
    if any("{batch}" in question for question in elsewhere):
        return None
    return _ONE_PASS.fullmatch(_ELSEWHERE.sub(lambda question: "0" * len(question[0]), query))
