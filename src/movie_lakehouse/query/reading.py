"""What may be sent to a SQL warehouse: the program's own questions, which read tables by their names and do no more.

The warehouse has the last word, for the app's principal may only read. This refuses before anything is sent, by a
narrow form rather than by a grammar: no parser of the warehouse's dialect is here to ask.
"""

import re
from typing import Final

from movie_lakehouse.errors import QueryError

_STRING: Final = re.compile(r"'[^'\\]*'")
_BEGINNING: Final = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_NO_TABLE: Final = re.compile(
    r"\b(?:FROM|JOIN)\s+(?!\(|(?:(?:bronze|silver|gold|ops|information_schema)\.)?\w+\b(?!\s*[.(]))\S+", re.IGNORECASE
)
"""What is read from where it is neither a table of the lakehouse, a query in brackets nor the name of one."""
_FORBIDDEN: Final = re.compile(
    r"[;`\\\"']|--|/\*|\b("
    # statements
    r"ALTER|ANALYZE|CACHE|CALL|COMMENT|COPY|CREATE|DECLARE|DELETE|DROP|EXECUTE|GRANT|INSERT|INTO|LOAD|MERGE|MSCK|OPTIMIZE|"
    r"PUT|REFRESH|REPLACE|RESET|RESTORE|REVOKE|SET|TRUNCATE|UNCACHE|UNDROP|UPDATE|USE|VACUUM|"
    # functions that reach files, the network, secrets or the machine
    r"ai_\w+|cloud_files|current_user|event_log|http_request|java_method|list_secrets|read_\w+|reflect|remote_query|"
    r"secret|session_user|try_reflect|try_secret|vector_search"
    r")\b",
    re.IGNORECASE,
)


def refuse_all_but_reading(text: str) -> None:
    """Refuse a text that is not one SELECT, or that names files, settings or functions that leave the tables.

    >>> refuse_all_but_reading("SELECT title FROM silver.movies WHERE movie_id = ?")

    Raises:
        QueryError: it is no such text; nothing was sent.
    """
    bare = _STRING.sub("?", text)
    found = _FORBIDDEN.search(bare) or _NO_TABLE.search(bare)
    if found or not _BEGINNING.match(bare):
        what = found[0] if found else bare.split(maxsplit=1)[0] if bare.split() else "nothing"
        raise QueryError(f"Only reading is possible here: one SELECT of the lakehouse's tables, not {what!r}.")
