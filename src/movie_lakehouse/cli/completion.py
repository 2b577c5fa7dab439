"""Completion at the prompt: the names of tables, and of the columns of those that the statement names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from movie_lakehouse.errors import TableError
from movie_lakehouse.query.reader import SCHEMAS, LakehouseReader

_WORD_AT_END = re.compile(r"(?:\w|\.)*$")


class TableCompleter(Completer):
    """Completes names of the lakehouse's tables and columns."""

    def __init__(self, reader: LakehouseReader) -> None:
        self._reader = reader
        self._tables = reader.tables()

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What the word before the cursor may become."""
        typed = document.text_before_cursor
        word = typed[len(_WORD_AT_END.sub("", typed)) :]
        return [Completion(name, -len(start)) for name, start in completed(word, document.text, self._columns)]

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """The columns of each table, none for a table that cannot be read: asking for it will say why."""
        return {name: self._columns_of(name) for name in self._tables}

    def _columns_of(self, name: str) -> list[str]:
        """The columns of one table."""
        try:
            return [field.name for field in self._reader.open(name).schema().fields]
        except TableError:
            return []


def completed(word: str, text: str, columns: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Names that begin with the word, each with the part of the word that it takes the place of.

    A table is found by its name without the schema too. Columns are those of the tables in the text, or all where it
    has none; after the name of such a table or another alias and a dot, columns alone.

    >>> tables = {"silver.movies": ["movie_id", "title"], "gold.movie_factors": ["movie_id", "bias"]}
    >>> [name for name, _ in completed("mov", "SELECT mov", tables)]
    ['silver.movies', 'gold.movie_factors', 'movie_id']
    >>> completed("m.t", "SELECT m.t FROM silver.movies AS m", tables)
    [('title', 't')]
    """
    named = [name for name in columns if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)] or columns
    own = dict.fromkeys(column for name in named for column in columns[name])
    qualifier, dot, start = word.rpartition(".")
    if dot and qualifier.lower() not in SCHEMAS:
        return [(name, start) for name in own if _begins(name, start)]
    tables = [name for name in columns if _begins(name, word) or _begins(name.split(".")[1], word)]
    return [(name, word) for name in [*tables, *(name for name in own if _begins(name, word))]]


def _begins(name: str, start: str) -> bool:
    """Whether the name begins so, in any case."""
    return name.lower().startswith(start.lower())
