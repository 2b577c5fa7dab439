-- What the expectations found, run by run and table by table, the latest first.
SELECT
  max(judged_at) AS judged_at,
  run_id,
  suite,
  count(*) AS n_expectations,
  count(CASE WHEN NOT success AND severity = 'critical' THEN 1 END) AS n_critical_failed,
  count(CASE WHEN NOT success AND severity = 'warning' THEN 1 END) AS n_warnings,
  coalesce(sum(CASE WHEN NOT success THEN unexpected_count END), 0) AS n_unexpected_rows
FROM ops.validation_results
GROUP BY run_id, suite
ORDER BY judged_at DESC, run_id, suite
