"""The command that documents the tables: what they must hold, what was found, what the columns mean."""

from movie_lakehouse.cli.options import DEFAULT_ROOT, Root, Suites, suites_folder
from movie_lakehouse.cli.output import say

DOCS = "_docs"
"""The folder under the lakehouse's that the documents go to; no schema can have its name."""


def docs(
    root: Root = DEFAULT_ROOT,
    expectations: Suites = None,
) -> None:
    """Write the data docs (what each expectation found last) and the data dictionary; print where they are."""
    from movie_lakehouse.query.reader import LakehouseReader

    judged = LakehouseReader(root).sql("SELECT * FROM ops.validation_results")
    verdicts = [dict(zip(judged.columns, row, strict=True)) for row in judged]
    suites = suites_folder(expectations)
    say("Writing the data docs")
    from movie_lakehouse.quality.dictionary import data_dictionary
    from movie_lakehouse.quality.docs import build_docs

    dictionary = root / DOCS / "dictionary.md"
    print(build_docs(verdicts, suites, root / DOCS / "data_docs"))
    dictionary.write_text(data_dictionary(), encoding="utf-8")
    print(dictionary)
