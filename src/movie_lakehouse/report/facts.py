"""All that a report tells of a run, from the tables as that run left them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.runs import latest_runs, snapshot_at_run
from movie_lakehouse.report.asking import Missing, told
from movie_lakehouse.report.data_facts import Arrivals, Quarantine, arrivals_of, quarantine_of
from movie_lakehouse.report.examples import MovieExample, UserExample, movies_of, users_of
from movie_lakehouse.report.model_facts import Contest, Setting, contest_of, grid_of
from movie_lakehouse.report.rating_facts import Ratings, ratings_of
from movie_lakehouse.report.run_facts import Gates, Run, gates_of, run_of


@dataclass(frozen=True)
class RunFacts:
    """All that is told of a run; what cannot be told says why.

    Attributes:
        versions: the version of each table when the run had ended, whichever run had written it.
    """

    run: Run
    versions: Mapping[str, int]
    arrivals: Arrivals | Missing
    quarantine: Quarantine | Missing
    gates: Gates | Missing
    ratings: Ratings | Missing
    grid: tuple[Setting, ...] | Missing
    contest: Contest | Missing
    users: tuple[UserExample, ...] | Missing
    movies: tuple[MovieExample, ...] | Missing


def newest_run(reader: LakehouseReader) -> str:
    """The run that ended last.

    Raises:
        NotFoundError: there is none.
        TableError: there is no ops.job_runs.
    """
    for run_id in latest_runs(reader, 1):
        return run_id
    raise NotFoundError("ops.job_runs is empty: no run of the job has ended a task yet; `lakehouse run` starts one.")


def facts_of(root: Path, run_id: str | None = None) -> RunFacts:
    """What a run did, the newest where none is named.

    Raises:
        NotFoundError: there is no such run, or none at all.
        TableError: there is no lakehouse, or no ops.job_runs in it.
    """
    now = LakehouseReader(root)
    snapshot = snapshot_at_run(now, run_id or newest_run(now))
    then, run = LakehouseReader(root, snapshot), run_of(now, snapshot.run_id)
    return RunFacts(
        run,
        snapshot.versions,
        told(lambda: arrivals_of(then, run.started_at)),
        told(lambda: quarantine_of(then, run.started_at)),
        told(lambda: gates_of(then, run.run_id)),
        told(lambda: ratings_of(then)),
        told(lambda: grid_of(then)),
        told(lambda: contest_of(then)),
        told(lambda: users_of(then)),
        told(lambda: movies_of(then)),
    )
