"""Tables made as they are declared, and those that an older version of the program has made brought up to it."""

from collections import defaultdict
from threading import Lock
from typing import Final

from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.place import Place, Session

_CHANGING: Final = defaultdict[str, Lock](Lock)


def make_as_declared(session: Session, place: Place, table: Table) -> None:
    """Make sure that the table exists and has its declared columns; of tasks that want the same one does it.

    Raises:
        TableError: it lacks a column that must have a value, which the rows that it has cannot be given.
    """
    if place.exists(session, table.name):
        add_lacking(session, place, table)
        return
    identifier = place.identifier(table.name)
    with _CHANGING[identifier]:
        if not place.exists(session, table.name):
            place.prepare(table.name)
            session().sql(table.create_statement(identifier))


def add_lacking(session: Session, place: Place, table: Table) -> None:
    """Add the declared columns that a table that is there lacks.

    A table that is as declared costs no question to Spark: its columns are known as its version is.

    Raises:
        TableError: it lacks a column that must have a value, which the rows that it has cannot be given.
    """
    if not table.lacking(place.columns(session, table.name)):
        return
    identifier = place.identifier(table.name)
    with _CHANGING[identifier]:
        if lacking := table.lacking(place.columns(session, table.name)):
            session().sql(table.add_statement(identifier, lacking))
