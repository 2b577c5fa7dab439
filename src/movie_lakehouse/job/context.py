"""What a task works with: the tables, its settings, the time, and the gate before publishing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from pyspark.sql import DataFrame

from movie_lakehouse.job.progress import notice, step
from movie_lakehouse.job.settings import JobSettings
from movie_lakehouse.job.stages import JUDGING, WRITING, stage
from movie_lakehouse.lakehouse.side_by_side import side_by_side
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.quality.gate import judge, raise_on_critical, verdict_rows
from movie_lakehouse.quality.known import Known
from movie_lakehouse.quality.suite import BEFORE
from movie_lakehouse.quality.verdict import CRITICAL


@dataclass(frozen=True)
class Context:
    """One task of one run.

    Attributes:
        task: the task's name.
        store: the tables.
        settings: the job's parameters.
        now: when the task started (UTC).
        built_from: the versions of the tables read that the task's own tables are still the outcome of, with these
            settings; None where they are not.
    """

    task: str
    store: Store
    settings: JobSettings
    now: datetime
    built_from: Mapping[str, int] | None = None

    @property
    def landing(self) -> Path:
        """The folder for CSVs that are generated, and where the job is told one for those that are downloaded."""
        return Path(self.settings.landing or f"{self.settings.lakehouse}/_landing").expanduser()

    def notice(self, text: str) -> None:
        """Say one line worth knowing."""
        notice(self.task, text)

    def step(self, what: str, done: int, total: int) -> None:
        """Say how far the task is."""
        step(self.task, what, done, total)

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Report the time that the block takes as that of a stage of this task."""
        return stage(self.task, name)

    def audit(self, frames: Mapping[str, DataFrame], added: Mapping[str, DataFrame] | None = None) -> dict[str, int]:
        """Judge frames by their tables' suites before they are published, keep every verdict, and count their rows.

        Suites may read other tables: those of ``frames`` as they are about to be, all others as they are. The rows of a
        frame that are not ``added``, where that is given, are rows of its table as the task's last success judged it.

        Raises:
            GateError: a critical expectation failed. Nothing of ``frames`` may be published then.
        """
        # Counted first, which computes frames that are held: what the gate takes is then its own time.
        rows = self.count(frames)
        self.judge(frames, rows, added)
        return rows

    def count(self, frames: Mapping[str, DataFrame]) -> dict[str, int]:
        """Count the frames' rows, several frames at a time."""
        rows = side_by_side(self.store.spark, [frame.count for frame in frames.values()])
        return dict(zip(frames, rows, strict=True))

    def judge(
        self, frames: Mapping[str, DataFrame], rows: Mapping[str, int], added: Mapping[str, DataFrame] | None = None
    ) -> None:
        """Judge frames as ``audit`` does, whose rows have been counted.

        Raises:
            GateError: a critical expectation failed.
        """
        with self.stage(JUDGING):
            self._judge(frames, rows, added or {})

    def publish(self, frames: Mapping[str, DataFrame], write: Callable[[str, DataFrame], object]) -> None:
        """Write frames that have been judged, several tables at a time."""
        with self.stage(WRITING):
            side_by_side(self.store.spark, [partial(write, name, frame) for name, frame in frames.items()])

    def audit_and_publish(
        self, frames: Mapping[str, DataFrame], write: Callable[[str, DataFrame], object]
    ) -> dict[str, int]:
        """Judge frames, write them where the gate lets them, and give their numbers of rows.

        Raises:
            GateError: a critical expectation failed; nothing was written.
        """
        rows = self.audit(frames)
        self.publish(frames, write)
        return rows

    def _judge(self, frames: Mapping[str, DataFrame], rows: Mapping[str, int], added: Mapping[str, DataFrame]) -> None:
        """Judge the frames, keep the verdicts, and stop where a critical expectation failed."""
        references = _References(frames, self.store)
        suites = Path(self.settings.expectations)
        calls = [
            partial(judge, name, frame, references, suites, Known(rows[name], added.get(name)))
            for name, frame in frames.items()
        ]
        verdicts = list(chain.from_iterable(side_by_side(self.store.spark, calls)))
        kept = verdict_rows(verdicts, self.settings.run_id, self.task, datetime.now(UTC))
        self.store.append_rows("ops.validation_results", kept)
        for verdict in verdicts:
            if not verdict.success and verdict.severity != CRITICAL:
                self.notice(f"warning: {verdict.complaint}")
        raise_on_critical(verdicts)


class _References(Mapping[str, DataFrame]):
    """Tables by name: the frames about to be published, else the tables as they are, which ``before.`` always means."""

    def __init__(self, frames: Mapping[str, DataFrame], store: Store) -> None:
        self._frames = frames
        self._store = store

    def __getitem__(self, name: str) -> DataFrame:
        return self._frames[name] if name in self._frames else self._store.read_or_empty(name.removeprefix(BEFORE))

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)
