"""How facts come from the tables: rows as records, and what cannot be told as the line that says why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.rows import Parameters

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Missing:
    """What the report cannot tell, and why, in one line."""

    why: str


def records(reader: LakehouseReader, kind: type[Fact], text: str, parameters: Parameters = ()) -> tuple[Fact, ...]:
    """The answer to a statement, each row as a record whose attributes are the statement's columns.

    Raises:
        TableError: a table is not there, or cannot be read.
        QueryError: the statement does not fit the tables.
    """
    answer = reader.sql(text, parameters)
    return tuple(kind(**dict(zip(answer.columns, row, strict=True))) for row in answer)


def told(gather: Callable[[], Fact]) -> Fact | Missing:
    """What is gathered, or why it cannot be: a report tells what there is of a lakehouse that is half built."""
    try:
        return gather()
    except LakehouseError as error:
        return Missing(" ".join(str(error).split()))
