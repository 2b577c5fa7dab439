"""Saved queries: a file of SQL each, whose header says what it answers and declares the parameters of its text.

A parameter is ``:name`` in the text, as Spark SQL and Databricks SQL have it, and ``-- parameter name TYPE: meaning``
in the header, with a default ``-- parameter name TYPE = default: meaning`` where it may be left out.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from movie_lakehouse.errors import SettingError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.rewriting import with_bound_names
from movie_lakehouse.query.rows import Rows

Value = str | int | float

_HEADER_LINE = re.compile(r"--\s?(.*)")
_PARAMETER = re.compile(r"parameter (?P<name>\w+) (?P<type>\w+)(?: = (?P<default>[^:]+))?: (?P<meaning>.+)")


@dataclass(frozen=True)
class Parameter:
    """What a saved query must be told.

    Attributes:
        name: as it is in the text after the colon.
        type: STRING, INT or DOUBLE.
        meaning: in a few words.
        default: its value where none is given, as text; None where one must be.
    """

    name: str
    type: str
    meaning: str
    default: str | None = None

    @property
    def option(self) -> str:
        """Its name as it is typed."""
        return option_of(self.name)

    def __str__(self) -> str:
        """How it is typed.

        >>> print(Parameter("min_stars", "DOUBLE", "from how many stars", "4.0"))
        [--min-stars DOUBLE = 4.0] (from how many stars)
        """
        option = f"{self.option} {self.type}"
        return f"{option if self.default is None else f'[{option} = {self.default}]'} ({self.meaning})"

    def value_of(self, text: str) -> Value:
        """The text as a value of the parameter's type.

        Raises:
            ValueError: it is none.
        """
        return _VALUES[self.type](text)


@dataclass(frozen=True)
class SavedQuery:
    """A file of SQL.

    Attributes:
        name: the file's name without .sql.
        answers: what it answers, a sentence.
        parameters: what it must be told, in the header's order.
        text: the whole file.
    """

    name: str
    answers: str
    parameters: tuple[Parameter, ...]
    text: str

    def values(self, given: Mapping[str, str]) -> dict[str, Value]:
        """The value of each parameter, from what was given as text and from defaults.

        Raises:
            SettingError: one is missing, unknown or not of its type; the message names all that there are.
        """
        names = [parameter.name for parameter in self.parameters]
        if unknown := [name for name in given if name not in names]:
            raise self._fault(f"there is no {option_of(unknown[0])}")
        return {parameter.name: self._value(parameter, given) for parameter in self.parameters}

    def _value(self, parameter: Parameter, given: Mapping[str, str]) -> Value:
        """The value of one parameter."""
        text = given.get(parameter.name, parameter.default)
        if text is None:
            raise self._fault(f"{parameter.option} is missing")
        try:
            return parameter.value_of(text)
        except ValueError:
            raise self._fault(f"{parameter.option} is {text!r}, which is no {parameter.type}") from None

    def _fault(self, problem: str) -> SettingError:
        """An error that says what can be given."""
        takes = ", ".join(map(str, self.parameters)) or "no parameter"
        return SettingError(f"The saved query {self.name}: {problem}; it takes {takes}.")


def option_of(name: str) -> str:
    """A parameter's name as it is typed.

    >>> option_of("min_stars")
    '--min-stars'
    """
    return f"--{name.replace('_', '-')}"


def saved_queries(folder: Path) -> dict[str, SavedQuery]:
    """The saved queries of a folder by name.

    Raises:
        SettingError: there are none, one cannot be read, or a header is not of its form.
    """
    files = sorted(file for file in folder.glob("*.sql") if file.is_file())
    if not files:
        raise SettingError(f"There are no saved queries in {folder}; --queries names another folder.")
    return {file.stem: parse_saved(file.stem, _text_of(file)) for file in files}


def saved_query(folder: Path, name: str) -> SavedQuery:
    """The saved query of this name.

    Raises:
        SettingError: there is none; the message names those there are.
    """
    queries = saved_queries(folder)
    if name not in queries:
        raise SettingError(f"There is no saved query {name!r}; there are {', '.join(queries)}.")
    return queries[name]


def _text_of(file: Path) -> str:
    """The text of a saved query.

    Raises:
        SettingError: it cannot be read, or is not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise SettingError(f"The saved query {file} cannot be read as UTF-8: {error}.") from error


def parse_saved(name: str, text: str) -> SavedQuery:
    r"""Read the header.

    Raises:
        SettingError: it does not say what the query answers, or a parameter is not declared in its form.

    >>> parse_saved("user", "-- A user.\n-- parameter user INT: whose\nSELECT :user").parameters
    (Parameter(name='user', type='INT', meaning='whose', default=None),)
    """
    header: list[str] = []
    for line in text.splitlines():
        if not (comment := _HEADER_LINE.fullmatch(line.strip())):
            break
        header.append(comment[1])
    declared = [line for line in header if line.startswith("parameter ")]
    answers = " ".join(line for line in header if line not in declared)
    if not answers:
        raise SettingError(f"The saved query {name}: it must begin with a comment that says what it answers.")
    return SavedQuery(name, answers, tuple(_parameter(name, line) for line in declared), text)


def answer_saved(reader: LakehouseReader, query: SavedQuery, given: Mapping[str, str]) -> Rows:
    """The answer, its parameters bound and never put into the text.

    Raises:
        SettingError: a parameter is missing, unknown or not of its type.
        QueryError: the query does not fit the tables.
        TableError: a table is not there yet.
    """
    values = query.values(given)
    return reader.sql(with_bound_names(query.text, values), values)


def _parameter(query: str, line: str) -> Parameter:
    """The parameter that a line of a header declares."""
    found = _PARAMETER.fullmatch(line)
    if not found or found["type"] not in _VALUES:
        raise SettingError(
            f"The saved query {query}: {line!r} is not of the form `parameter name TYPE: meaning` or `parameter name "
            f"TYPE = default: meaning`, with a type of {', '.join(_VALUES)}."
        )
    return Parameter(**found.groupdict())


def _whole(text: str) -> int:
    """A whole number of 64 bits."""
    if not -(2**63) <= int(text) < 2**63:
        raise ValueError(text)
    return int(text)


def _finite(text: str) -> float:
    """A number that is neither infinite nor NaN."""
    if not math.isfinite(float(text)):
        raise ValueError(text)
    return float(text)


_VALUES: dict[str, Callable[[str], Value]] = {"STRING": str, "INT": _whole, "DOUBLE": _finite}
