"""Running one task: skip it when nothing has changed, else run it, and keep in ops.job_runs what it did."""

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyspark.sql import SparkSession

from movie_lakehouse import __version__
from movie_lakehouse.errors import LakehouseError, NotPromotedError, reason_of
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.history import CHANGED_MEANWHILE, Status, Success, TaskRun, last_successes, record
from movie_lakehouse.job.settings import JobSettings, parse_settings
from movie_lakehouse.job.stages import LOOKING, RECORDING, SESSION, WORKING, stage
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import is_session_open, open_session, unmarked
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.quality.gate import prepare_gate
from movie_lakehouse.quality.suite import suite_path
from movie_lakehouse.text import inert

Rows = dict[str, int]

MESSAGE_LENGTH: Final = 500
"""Letters of an error's reason that ops.job_runs keeps."""


@dataclass(frozen=True)
class TaskOutcome:
    """How a task ended: succeeded or skipped, in so many seconds, with the rows of each table that it made."""

    status: Status
    seconds: float
    rows: Rows = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A task of the job, callable as an entry point.

    Attributes:
        name: as in the bundle.
        run: does the work and gives the rows of each table that it made.
        reads: tables that the outcome depends on.
        writes: tables that the task publishes.
        shared: those of them that others add rows to as well: another version of one is no reason to work again.
        settings: names of the settings that the outcome depends on.
        always_runs: whether it looks for work itself (ingest: files are no table).
        parameters: the settings that it takes.
    """

    name: str
    run: Callable[[Context], Rows]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    settings: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    always_runs: bool = False
    parameters: type[JobSettings] = JobSettings

    def __call__(self, argv: Sequence[str] | None = None) -> TaskOutcome:
        """Run as part of a program (argv given: errors are raised) or as the program (argv from the command line)."""
        if argv is not None:
            return self.execute(parse_settings(argv, self.parameters))
        try:
            return self.execute(parse_settings(sys.argv[1:], self.parameters))
        except LakehouseError as error:
            print(inert(f"{self.name}: {error}"), file=sys.stderr)
            sys.exit(1)

    def execute(self, settings: JobSettings) -> TaskOutcome:
        """Run with these settings unless nothing has changed since the last success.

        Raises:
            LakehouseError: what the task could not do. What came after it had looked for changes ops.job_runs has, too.
        """
        store = Store(self._session, place_of(settings.lakehouse, settings.schema_prefix))
        context = Context(self.name, store, settings, datetime.now(UTC))
        with context.stage(LOOKING):
            last = last_successes(store, context.now).get(self.name)
            fingerprint, read = self.fingerprint(settings), store.versions(self.reads)
            built_from = self._built_from(store, fingerprint, last)
        begun = TaskRun(settings.run_id, self.name, "failed", context.now, context.now, read, {}, {}, fingerprint)
        try:
            if built_from == read:
                context.notice("skipped: its inputs, settings and suites are those of its last success")
                ended = replace(begun, status="skipped")
            else:
                with context.stage(WORKING):
                    rows = self._done(replace(context, built_from=built_from))
                    ended = replace(begun, rows=rows, status="succeeded", tables_read=self._as_read(store, read))
        except BaseException as error:
            status: Status = "refused" if isinstance(error, NotPromotedError) else "failed"
            try:
                self._keep(context, replace(begun, status=status, message=reason_of(error)[:MESSAGE_LENGTH]))
            except Exception as fault:  # what went wrong first is what a person must know of
                context.notice(f"{status}, which ops.job_runs could not be told: {reason_of(fault)}")
            raise
        return self._keep(context, ended)

    def _keep(self, context: Context, run: TaskRun) -> TaskOutcome:
        """Say in ops.job_runs how the task has ended, just now."""
        store, ended = context.store, replace(run, ended_at=datetime.now(UTC))
        with context.stage(RECORDING):
            unmarked(lambda: record(store, replace(ended, tables_written=store.versions(self.writes))))
        return TaskOutcome(ended.status, (ended.ended_at - ended.started_at).total_seconds(), ended.rows)

    def _session(self) -> SparkSession:
        """The session, whose opening is a stage of the task that first needs it."""
        with nullcontext() if is_session_open() else stage(self.name, SESSION):
            return open_session()

    def _done(self, context: Context) -> Rows:
        """Do the work; those that look for it themselves may find nothing to judge."""
        if not self.always_runs:
            prepare_gate()
        return self.run(context)

    def fingerprint(self, settings: JobSettings) -> str:
        """A hash of the settings, suites and program version that the outcome depends on."""
        chosen = {name: getattr(settings, name) for name in self.settings}
        suites = [_text_of(Path(settings.expectations), name) for name in self.writes]
        return hashlib.sha256(json.dumps([__version__, chosen, suites]).encode()).hexdigest()[:16]

    def _built_from(self, store: Store, fingerprint: str, last: Success | None) -> dict[str, int] | None:
        """What is known of what the last success read, if it had these settings and its outputs are as it left them."""
        if self.always_runs or last is None or last.fingerprint != fingerprint:
            return None
        is_kept = self._own(last.tables_written) == self._own(store.versions(self.writes))
        known = {name: version for name, version in last.tables_read.items() if version != CHANGED_MEANWHILE}
        return known if is_kept else None

    def _as_read(self, store: Store, read: dict[str, int]) -> dict[str, int]:
        """The versions read that are still the newest: what others changed meanwhile may have been read as either."""
        now = store.versions(self.reads)
        return {name: version if now.get(name) == version else CHANGED_MEANWHILE for name, version in read.items()}

    def _own(self, versions: dict[str, int]) -> dict[str, int]:
        """The versions with those of shared tables left out but for that the tables are there."""
        return {name: 0 if name in self.shared else version for name, version in versions.items()}


def _text_of(suites: Path, table: str) -> str:
    """The text of a table's suite, empty where there is none: the gate says so when it comes to that."""
    file = suite_path(table, suites)
    return file.read_text(encoding="utf-8") if file.is_file() else ""
