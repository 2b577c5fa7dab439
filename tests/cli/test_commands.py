import io
import json
from pathlib import Path

import pytest

from support.commands import Lakehouse


def test_sql_prints_the_answer_and_nothing_else(lakehouse: Lakehouse) -> None:
    ended = lakehouse("sql", "SELECT count(*) AS n_movies FROM silver.movies", "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out) == [{"n_movies": 6}]


def test_sql_that_is_wrong_is_one_line_and_status_1(lakehouse: Lakehouse) -> None:
    ended = lakehouse("sql", "SELECT nope\nFROM silver.movies")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("Error: ")
    assert ended.err.count("\n") == 1


def test_sql_that_writes_is_refused(lakehouse: Lakehouse) -> None:
    assert lakehouse("sql", "DROP VIEW silver.movies").err.startswith("Error: Only reading is possible here")


def test_similar_lists_movies_with_title_similarity_and_genres(lakehouse: Lakehouse) -> None:
    ended = lakehouse("similar", "the matrix", "--format", "csv", "-n", "1")
    assert ended.out.splitlines() == [
        "rank,movie_id,title,similarity,genres,source",
        '1,2,Heat (1995),0.9928,"[""Action"", ""Crime"", ""Thriller""]",ratings',
    ]
    assert ended.err == "Movies like Matrix, The (1999) (movie 3):\n"


def test_similar_takes_the_movies_number_too(lakehouse: Lakehouse) -> None:
    assert lakehouse("similar", "--movie-id", "3").out == lakehouse("similar", "the matrix").out


def test_similar_lists_the_movies_that_a_part_of_a_title_may_mean(lakehouse: Lakehouse) -> None:
    ended = lakehouse("similar", "he")
    assert (ended.status, ended.out) == (1, "")
    assert "movies match 'he': 2 'Heat (1995)'; 3 'Matrix, The (1999)'" in ended.err


@pytest.mark.parametrize("arguments", [[], ["Heat", "--movie-id", "2"]])
def test_similar_wants_one_movie(lakehouse: Lakehouse, arguments: list[str]) -> None:
    assert lakehouse("similar", *arguments).err.startswith("Error: Name one movie")


def test_recommend_lists_a_users_movies_with_score_genres_and_source(lakehouse: Lakehouse) -> None:
    first, second = json.loads(lakehouse("recommend", "--user", "4", "--format", "json").out)
    assert first == {
        "rank": 1,
        "movie_id": 4,
        "title": "Matrix Reloaded, The (2003)",
        "score": 3.0,
        "predicted_rating": 3.0,
        "genres": ["Action", "Adventure", "Sci-Fi", "Thriller"],
        "source": "rating",
    }
    assert second["source"] == "popularity"


def test_recommend_gives_what_is_popular_when_nobody_is_named(lakehouse: Lakehouse) -> None:
    rows = json.loads(lakehouse("recommend", "--limit", "2", "--format", "json").out)

    assert [(row["rank"], row["source"]) for row in rows] == [(1, "popularity"), (2, "popularity")]


def test_recommend_is_for_one_person_at_a_time(lakehouse: Lakehouse) -> None:
    ended = lakehouse("recommend", "--user", "1", "--rated", "Heat=4")

    assert (ended.status, ended.out) == (1, "")
    assert "Give one of --user, --rated and --genre" in ended.err


def test_recommend_tells_who_there_is_when_the_user_is_unknown(lakehouse: Lakehouse) -> None:
    ended = lakehouse("recommend", "--user", "99")
    assert (ended.status, ended.out) == (1, "")
    assert "4 users, numbered 1 to 4" in ended.err


def test_predict_gives_the_same_pairs_with_prediction_and_source(lakehouse: Lakehouse, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("user_id,movie_id\n1,1\n99,1\n1,6\n99,6\n")
    ended = lakehouse("predict", "--pairs", str(tmp_path / "pairs.csv"))
    assert ended.out.splitlines() == [
        "user_id,movie_id,prediction,source",
        "1,1,4.5,als",
        "99,1,4.0,movie_mean",
        "1,6,3.5,user_mean",
        "99,6,3.863636,mean",
    ]


def test_predict_reads_standard_input(lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"user_id,movie_id\n1,1\n1,x\n")))
    ended = lakehouse("predict", "--pairs", "-")
    assert ended.status == 1
    assert ended.err == "Error: standard input, line 3: movie_id is 'x', not a whole number.\n"


def test_predict_stops_at_a_wrong_header_before_it_writes(lakehouse: Lakehouse, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("user,movie\n1,1\n")
    ended = lakehouse("predict", "--pairs", str(tmp_path / "pairs.csv"))
    assert (ended.status, ended.out) == (1, "")
    assert "pairs.csv, line 1: the column user_id is missing" in ended.err


def test_tables_lists_what_there_is(lakehouse: Lakehouse) -> None:
    rows = {row["table"]: row for row in json.loads(lakehouse("tables", "--format", "json").out)}
    assert rows["gold.movie_similarity"]["rows"] == 10
    assert rows["gold.movie_similarity"]["version"] == 0
    assert rows["gold.movie_similarity"]["key"] == "movie_id, rank"
    assert rows["gold.movie_similarity"]["changed_at"].endswith("Z")


@pytest.mark.parametrize(
    "command",
    [["tables"], ["sql", "SELECT * FROM silver.movies"], ["similar", "Heat"], ["recommend", "--user", "1"]],
)
def test_without_a_lakehouse_every_command_says_what_makes_one(
    lakehouse: Lakehouse, tmp_path: Path, command: list[str]
) -> None:
    ended = lakehouse(*command, "--root", str(tmp_path / "none"))
    assert (ended.status, ended.out) == (1, "")
    assert "`lakehouse run` makes one" in ended.err


@pytest.mark.parametrize(
    ("command", "option"),
    [(["sql", "--list"], "--queries"), (["docs"], "--expectations"), (["run", "--dry-run"], "--bundle")],
)
def test_without_a_bundle_a_command_names_its_own_option_for_what_it_looked_for(
    lakehouse: Lakehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("movie_lakehouse.job.bundle.__file__", str(tmp_path / "lib" / "site" / "package" / "bundle.py"))
    ended = lakehouse(*command)
    assert (
        ended.err == f"Error: There is no databricks.yml in {tmp_path} or above it; {option} names what is elsewhere.\n"
    )


def test_a_command_typed_wrongly_is_status_2(lakehouse: Lakehouse) -> None:
    assert lakehouse("recommend", "--user", "four").status == 2
    assert lakehouse("tables", "--format", "xml").status == 2


def test_a_fault_of_the_program_is_one_line(lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("movie_lakehouse.query.facts.table_facts", fail)
    ended = lakehouse("tables")
    assert (ended.status, ended.err) == (1, "Fault: ZeroDivisionError: at the end (--debug shows where)\n")


@pytest.mark.parametrize("at", [0, 1])
def test_debug_anywhere_brings_the_traceback(monkeypatch: pytest.MonkeyPatch, lakehouse: Lakehouse, at: int) -> None:
    monkeypatch.setattr("movie_lakehouse.query.facts.table_facts", fail)
    arguments = ["tables"]
    arguments.insert(at, "--debug")
    with pytest.raises(ZeroDivisionError):
        lakehouse(*arguments)


@pytest.mark.parametrize("value", ["", "0"])
def test_the_debugging_variable_can_be_off(monkeypatch: pytest.MonkeyPatch, lakehouse: Lakehouse, value: str) -> None:
    monkeypatch.setattr("movie_lakehouse.query.facts.table_facts", fail)
    monkeypatch.setenv("LAKEHOUSE_DEBUG", value)
    assert lakehouse("tables").status == 1


def fail(*_: object) -> None:
    raise ZeroDivisionError("at\nthe end")


def test_ctrl_c_is_status_130(lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("movie_lakehouse.query.facts.table_facts", interrupt)
    ended = lakehouse("tables")
    assert (ended.status, ended.err) == (130, "Interrupted.\n")


def test_what_the_machine_refuses_is_no_fault_of_the_program(
    lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "rows.csv")

    monkeypatch.setattr("movie_lakehouse.cli.tables.write_rows", full)
    ended = lakehouse("tables")
    assert (ended.status, ended.err) == (1, "Error: No space left on device: rows.csv.\n")


def test_nothing_is_measured_where_there_is_no_lakehouse(lakehouse: Lakehouse, tmp_path: Path) -> None:
    ended = lakehouse("evaluate", "--root", str(tmp_path / "none"))
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("Error: There is no lakehouse at ")
