"""What a task says while its frames are judged."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.lakehouse.store import Store


def test_a_warning_is_told_in_the_suite_s_own_words(
    spark: SparkSession, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT tag FROM {batch} WHERE tag = 'slow'"
    kwargs = {"unexpected_rows_query": query}
    entry = {"type": "unexpected_rows_expectation", "description": "No tag is slow.", "kwargs": kwargs}
    suite = {"name": "silver.tags", "expectations": [entry | {"severity": "warning", "meta": {"column": "tag"}}]}
    (tmp_path / "silver").mkdir()
    (tmp_path / "silver" / "tags.json").write_text(json.dumps(suite), encoding="utf-8")
    settings = settings_from({"lakehouse": "./unused", "expectations": str(tmp_path)})

    frame = spark.sql("SELECT 'slow' AS tag UNION ALL SELECT 'slow'")
    Context("clean", store, settings, datetime.now(UTC)).audit({"silver.tags": frame})

    said = 'clean: warning: silver.tags: 2 rows of tag fail "No tag is slow." (unexpected_rows_expectation)\n'
    assert said in capsys.readouterr().err
