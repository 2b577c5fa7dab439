-- What the last run did, task by task: the versions of the tables that it read and wrote, and how many rows.
SELECT run_id, task, status, started_at, ended_at, tables_read, tables_written, rows, message
FROM ops.job_runs
WHERE run_id = (SELECT max_by(run_id, ended_at) FROM ops.job_runs)
ORDER BY started_at, task
