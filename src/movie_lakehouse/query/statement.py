"""What a SQL text asks for, as DuckDB's own parser sees it: it must be one statement that only reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from movie_lakehouse.errors import QueryError
from movie_lakehouse.query.rewriting import without_explain

READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""Kinds of query that only read; WITH can hold others, such as INSERT."""

TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
"""Functions allowed after FROM: none reaches a file, the network, memory or a setting."""

LISTINGS = {"tables", "columns", "schemata"}
"""What may be read of information_schema: the rest tells where on this machine the files are."""

ENGINES_OWN = ("duckdb_", "pg_", "sqlite_", "pragma_")
"""How the names of the engine's own tables begin; a lakehouse's tables are named with their schema."""

TELLTALE_FUNCTIONS = {"current_setting", "getenv", "getvariable", "write_log"}
"""Functions that read or write what is no table: settings, the environment, the engine's log."""

READING_STATEMENTS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
"""What DuckDB may run; DESCRIBE, SHOW, SUMMARIZE, FROM and VALUES are SELECT to it."""
_ONLY_READING = "Only reading is possible here: one SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN of these."


@dataclass(frozen=True)
class Statement:
    """A statement that only reads.

    Attributes:
        tables: the tables that it names with their schema, in lower case.
        bare_names: what else it names after FROM: its own WITH queries, or tables whose schema was left out.
        lists_tables: whether it asks which tables there are (SHOW TABLES, information_schema).
    """

    tables: frozenset[str]
    bare_names: frozenset[str]
    lists_tables: bool


def parse_statement(connection: duckdb.DuckDBPyConnection, text: str) -> Statement:
    """Parse a SELECT (also WITH, FROM, VALUES), DESCRIBE, SHOW or SUMMARIZE, or an EXPLAIN of one.

    DuckDB serialises these but EXPLAIN, and refuses to serialise any other statement, which is what makes the check
    sound. What it serialises is not quite the text that it will run, so the kind and number of that are checked too.

    Raises:
        QueryError: the text does not parse, is no such statement or more than one, or uses a function or a nested
            query that does more than read the lakehouse.
    """
    nodes = list(_nodes(_serialised(connection, without_explain(text))))
    kinds = [statement.type for statement in connection.extract_statements(text)]
    if len(kinds) != 1 or not READING_STATEMENTS.issuperset(kinds):
        raise QueryError(_ONLY_READING)
    for node in nodes:
        _refuse_all_but_reading(node)
    tables = [node for node in nodes if node["type"] == "BASE_TABLE"]
    return Statement(
        frozenset(f"{table['schema_name']}.{table['table_name']}".lower() for table in tables if table["schema_name"]),
        frozenset(table["table_name"].lower() for table in tables if not table["schema_name"]),
        any(node["type"] == "SHOW_REF" and not node["query"] for node in nodes)
        or any(table["schema_name"].lower() == "information_schema" for table in tables),
    )


def _serialised(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """The syntax tree of the only statement in the text."""
    answer = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchall()[0][0]
    try:
        tree: dict[str, Any] = json.loads(answer)
    except RecursionError:
        raise QueryError("The SQL is nested too deeply; split the longest expression by WITH.") from None
    if tree["error"] and tree["error_type"] == "not implemented":
        raise QueryError(_ONLY_READING)
    if tree["error"]:
        raise QueryError(f"The SQL does not parse: {tree['error_message'].strip()}.")
    if len(tree["statements"]) != 1:
        raise QueryError(f"Give one SQL statement; there are {len(tree['statements'])}.")
    return tree


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of the tree that has a type."""
    left = [tree]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if isinstance(part.get("type"), str):
                yield part
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)


def _refuse_all_but_reading(node: dict[str, Any]) -> None:
    """Refuse nested statements that write, and functions and tables that reach beyond the lakehouse."""
    kind = node["type"]
    if kind.endswith("_NODE") and kind not in READING_NODES:
        raise QueryError(f"Only reading is possible here, not {kind.split('_')[0]} within WITH.")
    if kind == "TABLE_FUNCTION":
        name = node["function"]["function_name"]
        if name.lower() not in TABLE_FUNCTIONS:
            raise QueryError(f"The function {name} cannot be read from here; {', '.join(sorted(TABLE_FUNCTIONS))} can.")
    if kind == "FUNCTION" and node["function_name"].lower() in TELLTALE_FUNCTIONS:
        raise QueryError(f"The function {node['function_name']} tells of the engine, not of the lakehouse.")
    if kind == "BASE_TABLE":
        _refuse_engines_own(node["schema_name"].lower(), node["table_name"].lower())


def _refuse_engines_own(schema: str, name: str) -> None:
    """Refuse the engine's catalogue and settings, in which this machine's paths are."""
    is_bare = schema in {"", "main"}
    if schema == "pg_catalog" or (schema == "information_schema" and name not in LISTINGS):
        raise QueryError(f"{schema}.{name} tells of the engine; information_schema has {', '.join(sorted(LISTINGS))}.")
    if is_bare and name.startswith(ENGINES_OWN):
        raise QueryError(f"{name} tells of the engine, not of the lakehouse; SHOW ALL TABLES lists what there is.")
