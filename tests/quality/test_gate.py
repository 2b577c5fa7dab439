"""The gate on frames: what it counts, what it refuses, and that it leaves nothing behind."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import GateError
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.quality.gate import Verdict, judge, raise_on_critical, verdict_rows
from movie_lakehouse.quality.known import Known
from support.held_frame import is_kept

QUERY = "unexpected_rows_expectation"


@pytest.fixture(scope="module")
def tags(spark: SparkSession) -> DataFrame:
    return spark.sql(
        "SELECT * FROM VALUES (1, 1, 'slow'), (1, 1, 'slow'), (1, 2, NULL), (2, 1, '{x}') AS t(user_id, movie_id, tag)"
    )


def expect(type: str, **kwargs: Any) -> dict[str, Any]:
    return {"type": type, "kwargs": kwargs}


def query(text: str, **more: Any) -> dict[str, Any]:
    return expect(QUERY, unexpected_rows_query=text) | more


def judged(
    frame: DataFrame,
    folder: Path,
    *expectations: dict[str, Any],
    reads: Mapping[str, DataFrame] | None = None,
    n_rows: int | None = None,
    added: DataFrame | None = None,
) -> list[Verdict]:
    """The verdicts of expectations on a frame for silver.tags."""
    path = folder / "silver" / "tags.json"
    path.parent.mkdir(exist_ok=True)
    meta = {"reads": list(reads or {})}
    path.write_text(json.dumps({"name": "silver.tags", "expectations": expectations, "meta": meta}), encoding="utf-8")
    return judge("silver.tags", frame, reads or {}, folder, Known(n_rows, added))


def counts(verdicts: list[Verdict]) -> list[int | None]:
    return [verdict.unexpected_count for verdict in verdicts]


def test_rows_that_do_not_meet_an_expectation_are_counted(tags: DataFrame, tmp_path: Path) -> None:
    verdicts = judged(
        tags,
        tmp_path,
        expect("expect_column_values_to_not_be_null", column="tag"),
        expect("expect_column_values_to_be_in_set", column="user_id", value_set=[2]),
        expect("expect_column_values_to_match_regex", column="tag", regex="^[a-z]+$"),
        expect("expect_column_pair_values_to_be_equal", column_A="user_id", column_B="movie_id"),
        expect("expect_table_row_count_to_be_between", min_value=5),
    )
    assert counts(verdicts) == [1, 3, 1, 2, None]
    assert not any(verdict.success for verdict in verdicts)
    assert [verdict.column for verdict in verdicts] == ["tag", "user_id", "tag", "user_id, movie_id", None]


def test_rows_that_share_a_key_are_counted(tags: DataFrame, tmp_path: Path) -> None:
    of_user_2 = {"type": "comparison", "column": {"name": "user_id"}, "operator": "==", "parameter": 2}
    keys = ["user_id", "movie_id", "tag"]
    verdicts = judged(
        tags,
        tmp_path,
        expect("expect_column_values_to_be_unique", column="tag"),
        expect("expect_compound_columns_to_be_unique", column_list=keys),
        expect("expect_compound_columns_to_be_unique", column_list=keys, ignore_row_if="any_value_is_missing"),
        expect("expect_column_values_to_be_unique", column="user_id", row_condition=of_user_2),
    )
    assert counts(verdicts) == [2, 2, 2, 0]
    assert [json.loads(verdict.observed)["missing_count"] for verdict in verdicts] == [1, 0, 1, 0]


@pytest.mark.parametrize(("user", "shared"), [(3, 0), (1, 2), (None, 0)])
def test_an_added_row_that_shares_its_key_is_counted_with_the_row_that_has_it(
    spark: SparkSession, tmp_path: Path, user: int | None, shared: int
) -> None:
    schema = "user_id INT, movie_id INT, tag STRING"
    was, added = (spark.createDataFrame([row], schema) for row in [(1, 1, "slow"), (user, 1, "slow")])
    by_key = expect("expect_compound_columns_to_be_unique", column_list=["user_id", "movie_id"])
    by_one = expect("expect_column_values_to_be_unique", column="user_id")

    verdicts = judged(was.union(added), tmp_path, by_key, by_one, added=added)

    assert counts(verdicts) == [shared, shared]


def test_rows_that_were_there_are_looked_at_again_where_some_may_share_a_key(tags: DataFrame, tmp_path: Path) -> None:
    none_added, slow = (
        tags.limit(0),
        {"type": "comparison", "column": {"name": "tag"}, "operator": "==", "parameter": "slow"},
    )
    warned = expect("expect_column_values_to_be_unique", column="tag") | {"severity": "warning"}
    mostly = expect("expect_column_values_to_be_unique", column="tag", mostly=0.1)
    of_some = expect("expect_column_values_to_be_unique", column="tag", row_condition=slow)

    assert counts(judged(tags, tmp_path, warned, mostly, of_some, added=none_added)) == [2, 2, 2]


def test_rows_that_a_query_gives_are_counted_however_it_is_written(
    spark: SparkSession, tags: DataFrame, tmp_path: Path
) -> None:
    verdicts = judged(
        tags,
        tmp_path,
        query("SELECT tag FROM {batch} WHERE tag = '{{x}}'"),
        query("select user_id from {batch} where tag IS NULL or tag = 'LIMIT' group by user_id"),
        query("SELECT 1 FROM {batch} HAVING count(*) > 3"),
        query("SELECT DISTINCT user_id FROM {batch} WHERE movie_id = 1"),
        query("SELECT max(user_id) FROM {batch} WHERE movie_id = 99"),
        query("SELECT user_id FROM {batch} WHERE user_id = (SELECT max(user_id) FROM {batch}) -- the last"),
        query(
            "WITH known AS (SELECT movie_id FROM silver_movies) SELECT * FROM {batch} ANTI JOIN known USING (movie_id)"
        ),
        reads={"silver.movies": spark.sql("SELECT 2 AS movie_id")},
    )
    assert counts(verdicts) == [1, 1, None, 2, 1, 1, 3]
    assert not any(verdict.success for verdict in verdicts)


def test_what_is_asked_of_other_tables_in_brackets_is_counted(
    spark: SparkSession, tags: DataFrame, tmp_path: Path
) -> None:
    verdicts = judged(
        tags,
        tmp_path,
        query("SELECT 1 FROM {batch} HAVING count(*) <> 4 * (SELECT count(*) FROM silver_movies)"),
        query("SELECT 1 FROM {batch} HAVING count(*) > coalesce((SELECT sum(abs(movie_id)) FROM silver_movies), 0)"),
        query("SELECT tag FROM {batch} WHERE user_id < (SELECT max(movie_id) FROM silver_movies)"),
        query("SELECT tag FROM {batch} WHERE user_id < (SELECT max(movie_id) FROM {batch})"),
        reads={"silver.movies": spark.sql("SELECT 2 AS movie_id")},
    )
    assert counts(verdicts) == [None, None, 3, 3]
    assert [verdict.success for verdict in verdicts] == [True, False, False, False]


def test_what_judges_all_rows_together_counts_none(spark: SparkSession, tags: DataFrame, tmp_path: Path) -> None:
    fewer = "Half of the rows are left."
    verdicts = judged(
        tags,
        tmp_path,
        query("SELECT 1 FROM {batch} HAVING count(*) < 0.5 * (SELECT count(*) FROM silver_movies)", description=fewer),
        query("SELECT count(*) FROM {batch} JOIN silver_movies ON movie_id = id WHERE tag IS NULL HAVING count(*) > 0"),
        expect("expect_column_distinct_values_to_equal_set", column="tag", value_set=["slow"]),
        expect("expect_column_mean_to_be_between", column="user_id", max_value=1),
        reads={"silver.movies": spark.range(1000)},
    )
    assert not any(verdict.success for verdict in verdicts)
    assert counts(verdicts) == [None, None, None, None]
    assert verdicts[0].complaint == f'silver.tags fails "{fewer}" ({QUERY})'
    assert verdicts[3].complaint.endswith(", seen was 1.25")


def test_what_was_seen_of_dates_times_and_decimals_is_kept(spark: SparkSession, tmp_path: Path) -> None:
    values = "DATE '2015-06-01' AS day, TIMESTAMP '2015-06-01 12:00:00' AS at, CAST(4.5 AS DECIMAL(2, 1)) AS stars"
    bounds = {"day": "2030-01-01", "at": "2030-01-01T00:00:00", "stars": 5}
    of_columns = [
        [
            expect("expect_column_max_to_be_between", column=column, max_value=bound),
            expect("expect_column_min_to_be_between", column=column, max_value=bound),
            expect("expect_column_most_common_value_to_be_in_set", column=column, value_set=[bound]),
        ]
        for column, bound in bounds.items()
    ]
    verdicts = judged(spark.sql(f"SELECT {values}"), tmp_path, *(one for entries in of_columns for one in entries))
    assert [verdict.success for verdict in verdicts] == 3 * [True, True, False]
    seen = [json.dumps(json.loads(verdict.observed)["observed_value"]) for verdict in verdicts]
    assert all("2015-06-01" in text for text in seen[:6])
    assert all("4.5" in text for text in seen[6:])


def test_the_rows_that_are_known_are_those_of_the_judged_frame_alone(tags: DataFrame) -> None:
    from movie_lakehouse.quality.engine import GateEngine
    from movie_lakehouse.quality.gx import ExpectationConfiguration
    from movie_lakehouse.quality.metrics import evaluate

    other = ExpectationConfiguration(
        type="expect_table_row_count_to_equal_other_table", kwargs={"other_table_name": "x"}
    )
    (result,) = evaluate(GateEngine(tags, "", {}, Known(4), set()), [other])
    assert not result.success


def test_a_frame_whose_rows_are_known_is_judged_by_one_question(
    tags: DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, collect = [], type(tags).collect
    monkeypatch.setattr(type(tags), "collect", lambda frame: asked.append(frame) or collect(frame))
    suite = [
        expect("expect_table_row_count_to_be_between", min_value=1),
        expect("expect_column_values_to_not_be_null", column="tag"),
        expect("expect_column_mean_to_be_between", column="user_id", max_value=2),
        query("SELECT tag FROM {batch} WHERE user_id = 7"),
    ]
    judged(tags, tmp_path, *suite, n_rows=4)
    assert len(asked) == 1


def test_mostly_lets_some_rows_be_otherwise(tags: DataFrame, tmp_path: Path) -> None:
    (verdict,) = judged(tags, tmp_path, expect("expect_column_values_to_not_be_null", column="tag", mostly=0.7))
    assert (verdict.success, verdict.unexpected_count) == (True, 1)


def test_an_expectation_that_is_tightened_takes_effect(tags: DataFrame, tmp_path: Path) -> None:
    loose, tight = (expect("expect_table_row_count_to_be_between", min_value=n) for n in (1, 5))
    assert judged(tags, tmp_path, loose)[0].success
    assert not judged(tags, tmp_path, tight)[0].success


@pytest.mark.parametrize(
    ("expectation", "complaint"),
    [
        (expect("expect_column_values_to_not_be_null", column="stars"), r"\"stars\"}\): .*\"stars\".* does not exist"),
        (query("SELECT stars FROM {batch}", description="Stars"), r"\(Stars\): .*`stars` cannot be resolved"),
        (query("SELECT stars FROM {batch} WHERE stars > 1"), r"`stars` cannot be resolved"),
        (query("SELECT * FROM {batch} JOIN silver_movies"), r"`silver_movies` cannot be found"),
        (query("SELECT raise_error('no') FROM {batch} WHERE tag = 'slow' GROUP BY ALL"), r"USER_RAISED_EXCEPTION"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_one_line_and_nothing_else_is_said(
    tags: DataFrame, tmp_path: Path, capfd: pytest.CaptureFixture[str], expectation: dict[str, Any], complaint: str
) -> None:
    sound = expect("expect_column_values_to_not_be_null", column="user_id")
    with pytest.raises(GateError, match=complaint) as refused:
        judged(tags, tmp_path, sound, expectation | {"severity": "warning"})
    assert "silver/tags.json" in str(refused.value)
    assert "\n" not in str(refused.value)
    said = capfd.readouterr()
    assert "stars" not in said.out + said.err


def test_a_table_that_is_read_and_not_there_is_refused(tags: DataFrame, tmp_path: Path) -> None:
    judged(tags, tmp_path, query("SELECT * FROM {batch}"), reads={"silver.movies": tags})
    with pytest.raises(GateError, match=r"reads names silver\.movies, which is not there when silver\.tags is judged"):
        judge("silver.tags", tags, {}, tmp_path)


def test_judging_leaves_no_view_and_writes_no_file(
    spark: SparkSession,
    tags: DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    work, home = tmp_path / "work", Path.home() / ".great_expectations"
    work.mkdir()
    monkeypatch.chdir(work)
    before = sorted(home.rglob("*")), {table.name for table in spark.catalog.listTables()}
    judged(tags, tmp_path, query("SELECT * FROM {batch}"), reads={"silver.movies": tags})
    assert (sorted(home.rglob("*")), {table.name for table in spark.catalog.listTables()}) == before
    assert list(work.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def verdict(severity: str = "critical", success: bool = False, unexpected_count: int | None = 3) -> Verdict:
    return Verdict("silver.tags", 'expect_it {"column": "tag"}', "tag", severity, success, "{}", unexpected_count)


def test_judging_frees_no_frame_that_is_held(spark: SparkSession, tmp_path: Path) -> None:
    """It would be computed again to be written: what is written could differ from what was judged."""
    frame = spark.range(3).selectExpr("id AS tag", "rand() AS drawn")
    with materialised(frame) as held:
        before = sorted(row["drawn"] for row in held.collect())
        judged(held, tmp_path, query("SELECT tag FROM {batch} GROUP BY tag"))
        assert is_kept(held, held)
        assert sorted(row["drawn"] for row in held.collect()) == before


def test_a_critical_failure_stops_with_a_line_that_names_table_column_rows_and_how_many_more() -> None:
    with pytest.raises(GateError) as stopped:
        raise_on_critical([verdict(success=True), verdict(), verdict(), verdict()])
    assert str(stopped.value).startswith(
        'Nothing was published: silver.tags: 3 rows of tag fail expect_it {"column": "tag"}. '
        "2 more critical expectations failed."
    )


def test_a_failure_that_is_not_of_rows_says_what_was_seen() -> None:
    with pytest.raises(
        GateError, match=r'silver\.tags of tag fails expect_it \{"column": "tag"\}, seen was 4\.8\. Every'
    ):
        raise_on_critical([replace(verdict(unexpected_count=None), observed='{"observed_value": 4.8}')])


def test_a_failure_of_which_nothing_was_seen_says_no_more_than_what_failed() -> None:
    with pytest.raises(GateError, match=r'silver\.tags of tag fails expect_it \{"column": "tag"\}\. Every'):
        raise_on_critical([verdict(unexpected_count=None)])


def test_what_can_be_done_about_a_failure_depends_on_whether_bronze_has_the_delivery() -> None:
    with pytest.raises(GateError, match=r"mend the data or the suite and run again\.$"):
        raise_on_critical([replace(verdict(), suite="bronze.tags")])
    with pytest.raises(GateError, match=r"suite and run again, or .* `lakehouse rollback --to RUN_ID`"):
        raise_on_critical([verdict()])


def test_a_warning_does_not_stop() -> None:
    raise_on_critical([verdict(severity="warning"), verdict(success=True)])


def test_verdicts_are_kept_as_rows_of_their_table(store: Store) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    store.append_rows("ops.validation_results", verdict_rows([verdict("warning")], "run", "clean", at))
    row = store.read("ops.validation_results").selectExpr("*", "unix_timestamp(judged_at) AS seconds").first()
    assert row is not None
    kept = row.asDict()
    assert kept.pop("seconds") == at.timestamp()
    assert kept | {"judged_at": None} == {
        "run_id": "run",
        "task": "clean",
        "suite": "silver.tags",
        "expectation": 'expect_it {"column": "tag"}',
        "column": "tag",
        "severity": "warning",
        "success": False,
        "observed": "{}",
        "unexpected_count": 3,
        "judged_at": None,
    }
