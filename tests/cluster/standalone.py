"""A standalone Spark cluster on this machine's loopback, from what the pyspark package has.

By hand, until Ctrl-C or SIGTERM: ``cd tests && python -m cluster.standalone FOLDER WORKERS`` prints the environment
that `lakehouse run` needs.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyspark

from movie_lakehouse.lakehouse.java import java_environment

SECONDS_TO_START = 90
SECONDS_BETWEEN_LOOKS = 0.05
SPARK_HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
STARTED = re.compile(r"Starting Spark master at (spark://\S+)")
WORKER = ("--cores", "1", "--memory", "1g")
EXECUTOR = "CoarseGrainedExecutorBackend"


@dataclass(frozen=True)
class Daemon:
    """A master or a worker: a process whose words go into a file."""

    process: psutil.Popen
    log: Path

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def tree(self) -> list[psutil.Process]:
        """It and all that it has started."""
        with suppress(psutil.NoSuchProcess):
            return [*self.process.children(recursive=True), self.process]
        return []

    def executors(self) -> list[psutil.Process]:
        """The executors that it has started."""
        found = []
        for process in self.tree():
            with suppress(psutil.NoSuchProcess):
                if any(EXECUTOR in word for word in process.cmdline()):
                    found.append(process)
        return found

    def seconds_worked(self) -> float:
        """The time of processors that it, its executors and their Python workers have taken."""
        seconds = 0.0
        for process in self.tree():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                seconds += times.user + times.system
        return seconds

    def kill(self) -> None:
        """End it and all that it has started there and then, as a machine that loses power does."""
        found = self.tree()
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=SECONDS_TO_START)


@dataclass(frozen=True)
class Cluster:
    """A master with its workers.

    Attributes:
        folder: what belongs to the cluster alone.
        url: the master's.
    """

    folder: Path
    url: str
    master: Daemon
    workers: tuple[Daemon, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What a driver on this machine needs to use it."""
        return environment_of(self.folder) | {"SPARK_MASTER": self.url}


@contextmanager
def started_cluster(folder: Path, n_workers: int) -> Iterator[Cluster]:
    """Give a cluster that has registered its workers; all of its processes end with the block."""
    (folder / "conf").mkdir()
    (folder / "conf" / "spark-defaults.conf").write_text(spark_defaults(folder), encoding="utf-8")
    with ExitStack() as ends:
        master = ends.enter_context(_daemon(folder, "master", "Master", "--port", "0"))
        _wait(lambda: STARTED.search(master.said), master)
        (url,) = STARTED.findall(master.said)
        workers = []
        for name in (f"worker-{number}" for number in range(n_workers)):
            chosen = ("--work-dir", str(folder / name), *WORKER, url)
            workers.append(ends.enter_context(_daemon(folder, name, "Worker", *chosen)))
        _wait(lambda: master.said.count("Registering worker") == n_workers, master)
        yield Cluster(folder, url, master, tuple(workers))


def spark_defaults(folder: Path) -> str:
    """What a cluster of this size sets for its jobs; docs/scaling.md has the same for larger ones."""
    return f"""
spark.executor.memory                       1g
spark.checkpoint.dir                        {folder / "checkpoints"}
spark.sql.shuffle.partitions                4
spark.databricks.delta.snapshotPartitions   2
spark.ui.enabled                            false
"""


def environment_of(folder: Path) -> dict[str, str]:
    """What master, workers and driver share: this machine alone, this Spark and Java, folders of the cluster's own."""
    return java_environment() | {
        "SPARK_HOME": str(SPARK_HOME),
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
    }


@contextmanager
def _daemon(folder: Path, name: str, kind: str, *options: str) -> Iterator[Daemon]:
    """Start a master or worker, on ports that are free; it ends with the block."""
    command = [str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind.lower()}.{kind}"]
    command += ["--host", HOST, "--webui-port", "0", *options]
    log = folder / f"{name}.log"
    with log.open("wb") as words:
        process = psutil.Popen(
            command, stdout=words, stderr=words, start_new_session=True, env=os.environ | environment_of(folder)
        )
    daemon = Daemon(process, log)
    try:
        yield daemon
    finally:
        daemon.kill()


def _wait(reached: Callable[[], object], daemon: Daemon) -> None:
    """Wait for something that a daemon does, while it lives."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not reached():
        assert daemon.process.poll() is None, daemon.said
        assert time.monotonic() < deadline, daemon.said
        time.sleep(SECONDS_BETWEEN_LOOKS)


def main() -> None:
    """Run a cluster until Ctrl-C or SIGTERM and say how to use it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    folder, n_workers = Path(sys.argv[1]).absolute(), int(sys.argv[2])
    folder.mkdir(parents=True)
    with started_cluster(folder, n_workers) as cluster, suppress(KeyboardInterrupt):
        for name, value in cluster.environment.items():
            print(f"export {name}={value}")
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    main()
