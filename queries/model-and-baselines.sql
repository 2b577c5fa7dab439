-- How the models of the last training, and of the last that was published, compare with plain user and movie biases on the
-- same held-out ratings, metric by metric: an error is lower where minus_bias is below 0. Training measures on one split, as
-- a rule cut-off; others, all metrics of lists and 95% intervals are there once `lakehouse evaluate` has measured them.
WITH runs AS (
  SELECT run_id, promoted, trained_at
  FROM gold.model_runs
  WHERE trained_at = (SELECT max(trained_at) FROM gold.model_runs)
    OR trained_at = (SELECT max(trained_at) FROM gold.model_runs WHERE promoted)
)
SELECT
  runs.run_id, runs.promoted, m.split, m.metric, m.model, m.value, low.value AS low, high.value AS high,
  m.value - bias.value AS minus_bias
FROM gold.model_metrics AS m
JOIN runs ON runs.run_id = m.run_id
LEFT JOIN gold.model_metrics AS bias
  ON bias.run_id = m.run_id AND bias.split = m.split AND bias.metric = m.metric AND bias.model = 'bias'
LEFT JOIN gold.model_metrics AS low
  ON low.run_id = m.run_id AND low.split = m.split AND low.model = m.model AND low.metric = concat(m.metric, '_low')
LEFT JOIN gold.model_metrics AS high
  ON high.run_id = m.run_id AND high.split = m.split AND high.model = m.model AND high.metric = concat(m.metric, '_high')
WHERE m.metric NOT LIKE '%~_low' ESCAPE '~' AND m.metric NOT LIKE '%~_high' ESCAPE '~'
ORDER BY runs.trained_at DESC, m.split, m.metric, m.value, m.model
