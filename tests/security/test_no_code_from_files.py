"""No file that the program reads is run: nothing unpickles, evaluates text, or loads YAML that can name classes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("src", "docs", "benchmarks")
    for path in (PROJECT / folder).rglob("*.py")
    if "egg-info" not in str(path)
)
MODULES = {
    "pickle",
    "cPickle",
    "cloudpickle",
    "dill",
    "joblib",
    "marshal",
    "shelve",
    "jsonpickle",
    "torch",
    "imp",
    "code",
}
"""Modules that run code from what they load."""
CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen"),
    *("yaml.load", "yaml.load_all", "yaml.full_load", "yaml.unsafe_load"),
    *("pd.read_pickle", "pandas.read_pickle", "mlflow.pyfunc.load_model"),
}
"""What runs text, a class that a file names, or the code beside a model."""
ARGUMENTS = {"shell", "allow_pickle"}
FORBIDDEN = {
    "import pickle": "pickle",
    "from joblib import load": "joblib",
    "import torch.nn": "torch",
    "eval('1')": "eval",
    "exec(text)": "exec",
    "__import__(name)": "__import__",
    "yaml.load(text)": "yaml.load",
    "yaml.unsafe_load(text)": "yaml.unsafe_load",
    "pd.read_pickle(path)": "pd.read_pickle",
    "mlflow.pyfunc.load_model(uri)": "mlflow.pyfunc.load_model",
    "subprocess.run(text, shell=True)": "shell",
    "np.load(path, allow_pickle=True)": "allow_pickle",
}
"""A line with each kind, and the name that is found."""


def code_from_files(source: str) -> Iterator[str]:
    """Give ``line: name`` for all that would run code from a file or a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            roots = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            roots = [str(node.module).split(".")[0]]
        else:
            roots = []
        yield from (f"{node.lineno}: {root}" for root in roots if root in MODULES)
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            given = {one.arg for one in node.keywords if one.arg and ast.unparse(one.value) != "False"}
            yield from (f"{node.lineno}: {name}" for name in [*({called} & CALLS), *sorted(given & ARGUMENTS)])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_module_runs_nothing_that_it_reads(path: Path) -> None:
    assert list(code_from_files(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("line", "name"), FORBIDDEN.items())
def test_each_way_would_be_found(line: str, name: str) -> None:
    assert list(code_from_files(line)) == [f"1: {name}"]


def test_yaml_is_loaded_safely() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    assert sum("yaml.safe_load(" in text for text in texts) >= 1


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system ['true']", "a: !!python/name:os.system", "!!python/object/new:list [[1]]"]
)
def test_a_bundle_that_names_python_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    from movie_lakehouse.errors import SettingError
    from movie_lakehouse.job.bundle import load_bundle

    (tmp_path / "databricks.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError) as refused:
        load_bundle(tmp_path / "databricks.yml")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "kind", ["__import__", "os.system", "ExpectColumnToExist; import os", "expect_nothing_of_the_kind"]
)
def test_a_suite_names_expectations_and_no_code(tmp_path: Path, kind: str) -> None:
    from movie_lakehouse.errors import GateError
    from movie_lakehouse.quality.suite import load_suite

    text = (PROJECT / "expectations" / "silver" / "tags.json").read_text(encoding="utf-8")
    (tmp_path / "silver").mkdir()
    spoilt = text.replace("expect_column_values_to_not_be_null", kind)
    assert spoilt != text
    (tmp_path / "silver" / "tags.json").write_text(spoilt, encoding="utf-8")
    with pytest.raises(GateError):
        load_suite("silver.tags", tmp_path)
