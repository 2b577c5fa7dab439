"""How the model came about: its runs, the grid searched, the metrics beside the baselines, and the gates passed."""

from datetime import datetime

from movie_lakehouse.query.rows import Reader, Rows


def training_runs(reader: Reader, limit: int) -> Rows:
    """The latest trainings, the newest first: run_id, trained_at, promoted, best_params (JSON).

    Raises:
        TableError: there is no gold.model_runs yet.
    """
    return reader.sql(
        "SELECT run_id, trained_at, promoted, best_params FROM gold.model_runs ORDER BY trained_at DESC LIMIT ?",
        [limit],
    )


def run_in_place(reader: Reader) -> tuple[str, datetime] | None:
    """The training whose model people have, and when it was; None where none has been promoted.

    Raises:
        TableError: there is no gold.model_runs yet.
    """
    query = "SELECT run_id, trained_at FROM gold.model_runs WHERE promoted ORDER BY trained_at DESC LIMIT 1"
    return next(((run_id, trained_at) for run_id, trained_at in reader.sql(query)), None)


def refusals(reader: Reader, limit: int) -> dict[str, str]:
    """Why the latest trainings that were refused were, by run.

    Raises:
        TableError: there is no ops.job_runs yet.
    """
    query = "SELECT run_id, message FROM ops.job_runs WHERE status = 'refused' ORDER BY ended_at DESC LIMIT ?"
    return {run_id: message or "" for run_id, message in reader.sql(query, [limit])}


def grid_of(reader: Reader, run_id: str) -> Rows:
    """The settings that a run tried: rank, max_iter, reg_param, mean_rmse over the folds, n_folds.

    Raises:
        TableError: there is no gold.cv_results yet.
    """
    return reader.sql(
        "SELECT rank, max_iter, reg_param, avg(rmse) AS mean_rmse, count(*) AS n_folds FROM gold.cv_results "
        "WHERE run_id = ? GROUP BY rank, max_iter, reg_param ORDER BY rank, max_iter, reg_param",
        [run_id],
    )


def newest_grid_run(reader: Reader) -> str | None:
    """The newest run that searched a grid, None where none has.

    Raises:
        TableError: a table is not there yet.
    """
    query = (
        "SELECT run_id FROM gold.model_runs WHERE run_id IN (SELECT run_id FROM gold.cv_results) "
        "ORDER BY trained_at DESC LIMIT 1"
    )
    return next((row[0] for row in reader.sql(query)), None)


def metrics_of(reader: Reader, run_id: str) -> Rows:
    """A run's metrics: model, split, metric, value.

    Raises:
        TableError: there is no gold.model_metrics yet.
    """
    query = "SELECT model, split, metric, value FROM gold.model_metrics WHERE run_id = ? ORDER BY split, metric, model"
    return reader.sql(query, [run_id])


def gates(reader: Reader, n_runs: int) -> Rows:
    """What the expectations of the latest runs found, a row a run, the newest first.

    The columns: run_id, judged_at, n_expectations, n_critical (that failed), n_warnings (that failed).

    Raises:
        TableError: there is no ops.validation_results yet.
    """
    return reader.sql(
        "SELECT run_id, max(judged_at) AS judged_at, count(*) AS n_expectations, "
        "count(CASE WHEN NOT success AND severity = 'critical' THEN 1 END) AS n_critical, "
        "count(CASE WHEN NOT success AND severity = 'warning' THEN 1 END) AS n_warnings "
        "FROM ops.validation_results GROUP BY run_id ORDER BY judged_at DESC LIMIT ?",
        [n_runs],
    )


def failed_expectations(reader: Reader, run_id: str, limit: int) -> Rows:
    """What did not hold in a run, the critical first: severity, suite, expectation, unexpected_count.

    Raises:
        TableError: there is no ops.validation_results yet.
    """
    return reader.sql(
        "SELECT severity, suite, expectation, unexpected_count FROM ops.validation_results "
        "WHERE run_id = ? AND NOT success ORDER BY severity, suite, expectation LIMIT ?",
        [run_id, limit],
    )
