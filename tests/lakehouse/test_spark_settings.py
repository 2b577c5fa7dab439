"""What the job sets of Spark, and what it leaves to a cluster."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from movie_lakehouse.lakehouse import spark_settings
from movie_lakehouse.lakehouse.jars import delta_jars
from movie_lakehouse.lakehouse.spark_settings import settings_for

OF_ONE_MACHINE = {
    "spark.default.parallelism",
    "spark.sql.shuffle.partitions",
    "spark.databricks.delta.snapshotPartitions",
    "spark.sql.adaptive.enabled",
    "spark.sql.optimizer.runtime.bloomFilter.enabled",
    "spark.databricks.delta.allFilesInCrc.enabled",
    "spark.checkpoint.dir",
    "spark.delta.logStore.file.impl",
    "spark.sql.streaming.checkpointFileManagerClass",
}
LIBRARY = {
    "spark.sql.extensions",
    "spark.sql.catalog.spark_catalog",
    "spark.sql.session.timeZone",
    "spark.sql.legacy.parameterSubstitution.constantsOnly",
    "spark.python.sql.dataFrameDebugging.enabled",
}


@pytest.mark.parametrize("master", ["local[2]", "spark://head:7077"])
def test_what_the_library_needs_is_set_everywhere(master: str, tmp_path: Path) -> None:
    assert settings_for(master, tmp_path).keys() >= LIBRARY


def test_java_is_told_where_the_settings_of_logging_are_without_a_blank(tmp_path: Path) -> None:
    options = settings_for("local[*]", tmp_path)["spark.driver.extraJavaOptions"].split(" ")
    (logging,) = (option.partition("=")[2] for option in options if option.startswith("-Dlog4j2.configurationFile="))
    assert Path(unquote(urlsplit(logging).path)).is_file()


def test_java_has_delta_take_no_zone_for_a_reason_to_compare_states_at_every_commit(tmp_path: Path) -> None:
    assert "-Duser.timezone=UTC" in settings_for("local[*]", tmp_path)["spark.driver.extraJavaOptions"].split(" ")


def test_on_one_machine_partitions_follow_the_cores_that_spark_takes(tmp_path: Path) -> None:
    settings = settings_for("local[3]", tmp_path)
    assert settings.keys() >= OF_ONE_MACHINE
    assert settings["spark.default.parallelism"] == settings["spark.sql.shuffle.partitions"] == "3"


def test_the_sizes_of_a_cluster_and_its_log_store_are_left_to_it(tmp_path: Path) -> None:
    settings = settings_for("spark://head:7077", tmp_path)
    assert not settings.keys() & OF_ONE_MACHINE
    assert not {"spark.executor.memory", "spark.executor.cores", "spark.executor.extraJavaOptions"} & settings.keys()


def test_executors_elsewhere_are_sent_the_delta_jars(tmp_path: Path) -> None:
    sent = settings_for("spark://head:7077", tmp_path)["spark.jars"].split(",")
    assert sent == [str(jar) for jar in delta_jars()]


def test_the_cores_of_a_machine_are_those_that_the_process_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {5}, raising=False)

    assert settings_for("local[*]", tmp_path)["spark.default.parallelism"] == "1"


@pytest.mark.parametrize(
    ("machine_mib", "container", "heap"),
    [
        (3_000, None, "1500m"),
        (6_000, None, "2048m"),
        (24_000, None, "6000m"),
        (24_000, "max", "6000m"),
        (24_000, str(3_000 * 2**20), "1500m"),
        (3_000, str(24_000 * 2**20), "1500m"),
    ],
)
def test_the_heap_may_take_a_quarter_of_a_machine_or_container_and_of_a_small_one_up_to_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine_mib: int, container: str | None, heap: str
) -> None:
    sizes = {"SC_PAGE_SIZE": 2**20, "SC_PHYS_PAGES": machine_mib}
    monkeypatch.setattr("os.sysconf", sizes.__getitem__)
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(spark_settings, "_CONTAINERS_LIMIT", limit)
    if container is not None:
        limit.write_text(f"{container}\n", encoding="ascii")

    assert settings_for("local[2]", tmp_path)["spark.driver.memory"] == heap
