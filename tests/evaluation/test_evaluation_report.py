from pyspark.sql import SparkSession

from movie_lakehouse.evaluation.report import as_rows


def test_rows_come_metric_by_metric_the_best_first(spark: SparkSession) -> None:
    metrics = spark.createDataFrame(
        [
            ("a", "rmse", 0.9, None, None, 5),
            ("b", "rmse", 0.8, None, None, 5),
            ("a", "ndcg", 0.1, 0.0, 0.2, 5),
            ("b", "ndcg", 0.3, 0.2, 0.4, 5),
        ],
        "model STRING, metric STRING, value DOUBLE, low DOUBLE, high DOUBLE, n_users BIGINT",
    )

    rows = as_rows("last", metrics, k=10)

    assert [(row[2], row[1]) for row in rows] == [("ndcg@10", "b"), ("ndcg@10", "a"), ("rmse", "b"), ("rmse", "a")]
    assert rows[0] == ("last", "b", "ndcg@10", 0.3, 0.2, 0.4, 5)
