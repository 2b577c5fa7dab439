"""Of several rows for one key the latest counts, the others say why they do not, and no row is ever lost."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.silver.judge import good_rows, is_good, quarantined_rows
from movie_lakehouse.silver.tables import judge_links, judge_movies, judge_ratings, judge_tags
from support.frames import bronze_frame, fields

# Rows of one key as batch, rating and timestamp, each with the reasons against it.
RATINGS = {
    "a later rating of the same batch": [("b1,3.0,100", ["superseded_by_update"]), ("b1,1.0,200", [])],
    "a later rating of a later batch": [("b1,3.0,100", ["superseded_by_update"]), ("b2,1.0,200", [])],
    "an earlier rating that comes later": [("b1,3.0,200", []), ("b2,4.0,100", ["superseded_by_update"])],
    "a rating corrected under its old time": [("b1,3.0,100", ["superseded_by_update"]), ("b2,1.0,100", [])],
    "the same line twice in a batch": [("b1,3.0,100", []), ("b1,3.0,100", ["duplicate_key"])],
    "two ratings at one time in a batch": [("b1,3.0,100", ["duplicate_key"]), ("b1,3.5,100", [])],
    "the same row in a later batch": [("b1,3.0,100", ["redelivered"]), ("b2,3.0,100", [])],
    "the same row twice in a later batch": [
        ("b1,3.0,100", ["redelivered"]),
        ("b2,3.0,100", ["duplicate_key"]),
        ("b2,3.0,100", []),
    ],
    "a bad row that is later": [("b1,3.0,100", []), ("b2,3.7,200", ["rating_off_grid"])],
    "ratings of three times": [
        ("b1,1.0,100", ["superseded_by_update"]),
        ("b1,3.0,300", []),
        ("b1,2.0,200", ["superseded_by_update"]),
    ],
}
# Rows of one movie as batch and the rest of its line.
LINKS = {
    "a tmdb id beside none in a batch": [("b1,01,", ["duplicate_key"]), ("b1,01,7", [])],
    "a tmdb id that goes in a later batch": [("b1,01,7", ["superseded_by_update"]), ("b2,01,", [])],
    "a link that comes again": [("b1,01,", ["redelivered"]), ("b2,01,", [])],
}


def scenario_rows(table: str, key: str, scenarios: Mapping[str, list[tuple[str, list[str]]]]) -> list[dict[str, Any]]:
    """The scenarios' rows, each scenario a key of its own; the name of a row's file says what is expected of it."""
    rows = []
    for number, scenario in enumerate(scenarios.values(), 1):
        for text, reasons in scenario:
            batch, _, rest = text.partition(",")
            row = fields(table, key.format(number) + rest)
            rows.append(row | {"_batch_id": batch, "_source_file": f"{number}: {text}: {reasons}"})
    return rows


def found_reasons(judged: DataFrame) -> Counter[str]:
    """The reasons found, written as ``scenario_rows`` names files, since rows of one key may be alike."""
    return Counter(f"{row['_source_file'].rpartition(': ')[0]}: {row['reasons']}" for row in judged.collect())


def expected_reasons(rows: list[dict[str, Any]]) -> Counter[str]:
    return Counter(row["_source_file"] for row in rows)


def test_of_several_ratings_of_a_pair_the_latest_counts_and_the_others_say_why(spark: SparkSession) -> None:
    rows = scenario_rows("ratings", "{},1,", RATINGS)
    judged = judge_ratings(bronze_frame(spark, "ratings", rows), spark.createDataFrame([(1,)], "movie_id INT"))

    assert found_reasons(judged) == expected_reasons(rows)


def test_of_several_links_of_a_movie_the_latest_batch_counts(spark: SparkSession) -> None:
    rows = scenario_rows("links", "{},", LINKS)
    judged = judge_links(bronze_frame(spark, "links", rows), spark.range(1, 9).selectExpr("CAST(id AS INT) movie_id"))

    assert found_reasons(judged) == expected_reasons(rows)


def test_a_movie_that_a_later_batch_renames_has_its_new_title(spark: SparkSession) -> None:
    rows = [
        {"movieId": "1", "title": "Z, the old", "_batch_id": "b1"},
        {"movieId": "01", "title": "A, the new", "_batch_id": "b2"},
    ]

    judged = judge_movies(bronze_frame(spark, "movies", rows)).collect()

    assert {row["title"]: row["reasons"] for row in judged} == {
        "Z, the old": ["superseded_by_update"],
        "A, the new": [],
    }


def test_different_tags_of_one_user_for_one_movie_all_count(spark: SparkSession) -> None:
    rows = [fields("tags", "1,1,funny,100"), fields("tags", "1,1,Funny,100"), fields("tags", "1,1, funny,200")]

    judged = judge_tags(bronze_frame(spark, "tags", rows), spark.createDataFrame([(1,)], "movie_id INT"))

    assert sorted((row["tag"], row["tagged_at"].second) for row in good_rows(judged).collect()) == [
        ("Funny", 40),
        ("funny", 20),
    ]


def test_only_a_good_movie_keeps_its_ratings_from_being_orphans(spark: SparkSession) -> None:
    movies = judge_movies(bronze_frame(spark, "movies", [fields("movies", "1,Good,"), fields("movies", "2,,")]))
    ratings = bronze_frame(spark, "ratings", [fields("ratings", "1,1,4.0,100"), fields("ratings", "1,2,4.0,100")])

    judged = judge_ratings(ratings, good_rows(movies))

    assert {row["movie_id"]: row["reasons"] for row in judged.collect()} == {1: [], 2: ["orphan"]}


def test_quarantine_says_where_a_row_came_from(spark: SparkSession) -> None:
    row = fields("links", "x,01,") | {"_source_file": "links/part-1.csv", "_batch_id": "b7"}
    judged = judge_links(bronze_frame(spark, "links", [row]), spark.createDataFrame([], "movie_id INT"))

    assert [found.asDict() for found in quarantined_rows(judged, "links").collect()] == [
        {
            "source_table": "links",
            "reasons": ["not_a_number"],
            "record": '{"movieId":"x","imdbId":"01"}',
            "_source_file": "links/part-1.csv",
            "_batch_id": "b7",
        }
    ]


GOOD = {"userId": ["1", "2"], "movieId": ["1", "2"], "rating": ["1.0", "2.0"], "timestamp": ["100", "200"]}
BAD = {"userId": ["x", None], "movieId": ["9", "0"], "rating": ["3.7"], "timestamp": [None]}
ROWS = st.fixed_dictionaries(
    {name: st.sampled_from([*GOOD[name] * 4, *BAD[name]]) for name in GOOD}
    | {"_batch_id": st.sampled_from(["b1", "b2", "b3"]), "_corrupt_record": st.sampled_from([None] * 9 + ["torn"])}
)


def is_sound(row: Mapping[str, Any]) -> bool:
    return row["_corrupt_record"] is None and all(row[name] in values for name, values in GOOD.items())


def counting_rows(rows: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """User, movie, rating, time and batch of the row that counts for each pair, by plain Python."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in filter(is_sound, rows):
        pair = row["userId"], row["movieId"]
        latest[pair] = max(latest.get(pair, row), row, key=lambda r: (r["timestamp"], r["_batch_id"], r["rating"]))
    return {(*pair, row["rating"], row["timestamp"], row["_batch_id"]) for pair, row in latest.items()}


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(ROWS, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_every_row_counts_or_is_quarantined_whatever_the_order_of_rows_and_partitions(
    spark: SparkSession, rows: list[dict[str, Any]], random: Any
) -> None:
    movies = spark.createDataFrame([(1,), (2,)], "movie_id INT")
    shuffled = random.sample(rows, len(rows))
    frames = [bronze_frame(spark, "ratings", rows).coalesce(1), bronze_frame(spark, "ratings", shuffled).repartition(3)]

    ways = [judge_ratings(frame, movies).withColumn("way", F.lit(way)) for way, frame in enumerate(frames)]
    judged = ways[0].union(ways[1]).withColumn("is_good", is_good()).collect()

    straight, other = ([row for row in judged if row["way"] == way] for way in (0, 1))
    good = [row for row in straight if row["is_good"]]
    found = {
        (str(r["user_id"]), str(r["movie_id"]), str(r["rating"]), str(int(r["rated_at"].timestamp())), r["_batch_id"])
        for r in good
    }
    assert len(straight) == len(rows)
    assert found == counting_rows(rows)
    assert len(good) == len(found)
    assert as_counter(straight) == as_counter(other)


def as_counter(rows: list[Any]) -> Counter[tuple[Any, ...]]:
    return Counter((row["record"], row["_batch_id"], tuple(row["reasons"])) for row in rows)
