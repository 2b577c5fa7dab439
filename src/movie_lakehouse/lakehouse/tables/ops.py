"""Ops: what the job did, for those who run it."""

from movie_lakehouse.lakehouse.contract import Column, Table

VALIDATION_RESULTS = Table(
    "ops.validation_results",
    "One expectation judged once.",
    (
        Column("run_id", "STRING", "The run of the job.", nullable=False),
        Column("task", "STRING", "The task that judged.", nullable=False),
        Column("suite", "STRING", "The suite, which has the table's name.", nullable=False),
        Column("expectation", "STRING", "What was expected, with its settings as JSON.", nullable=False),
        Column("column", "STRING", "The column or columns judged, null for the table as a whole."),
        Column("severity", "STRING", "critical stops the job, warning is recorded.", nullable=False),
        Column("success", "BOOLEAN", "Whether it held.", nullable=False),
        Column("observed", "STRING", "What was seen, as JSON."),
        Column("unexpected_count", "BIGINT", "Rows that did not meet it, null where rows are not what is judged."),
        Column("judged_at", "TIMESTAMP", "When it was judged (UTC).", nullable=False),
    ),
    checks={"known_severity": "severity IN ('critical', 'warning')"},
)
JOB_RUNS = Table(
    "ops.job_runs",
    "One task of one run, when it ended.",
    (
        Column("run_id", "STRING", "The run of the job.", nullable=False),
        Column("task", "STRING", "The task.", nullable=False),
        Column(
            "status",
            "STRING",
            "succeeded, skipped (nothing had changed), refused (the model was not promoted) or failed.",
            nullable=False,
        ),
        Column("started_at", "TIMESTAMP", "Start (UTC).", nullable=False),
        Column("ended_at", "TIMESTAMP", "End (UTC).", nullable=False),
        Column(
            "tables_read",
            "MAP<STRING, BIGINT>",
            "Versions of the tables read, -1 of one that changed meanwhile.",
            nullable=False,
        ),
        Column("tables_written", "MAP<STRING, BIGINT>", "Versions of the tables after the task.", nullable=False),
        Column(
            "rows",
            "MAP<STRING, BIGINT>",
            "Rows of each table made, where the task counted them.",
            nullable=False,
        ),
        Column(
            "fingerprint",
            "STRING",
            "Hash of the settings, suites and program that the outcome depends on.",
            nullable=False,
        ),
        Column("message", "STRING", "Why it failed or was refused, else null."),
    ),
    key=("run_id", "task", "started_at"),
    checks={"known_status": "status IN ('succeeded', 'skipped', 'refused', 'failed')"},
)
PUBLICATIONS = Table(
    "ops.publications",
    "A set of versions of all tables that belong together: the newest is what people query.",
    (
        Column("number", "BIGINT", "1 for the first, counted on.", nullable=False),
        Column("run_id", "STRING", "The run of the job that published.", nullable=False),
        Column(
            "kind",
            "STRING",
            "run (the job has made the tables), rollback (it brought those of another run back), upkeep (the same "
            "rows in other files) or measured (the same tables, and what an evaluation or a refused model scored).",
            nullable=False,
        ),
        Column("of_run", "STRING", "The run whose tables these are.", nullable=False),
        Column("published_at", "TIMESTAMP", "When (UTC).", nullable=False),
        Column(
            "tables", "MAP<STRING, BIGINT>", "The version of each table of bronze, silver and gold.", nullable=False
        ),
    ),
    key=("number",),
    checks={"known_kind": "kind IN ('run', 'rollback', 'upkeep', 'measured')", "counted_from_one": "number >= 1"},
)
TABLES = (VALIDATION_RESULTS, JOB_RUNS, PUBLICATIONS)
