-- How the last model trained compares with its baselines, metric by metric on the same held-out ratings.
SELECT m.split, m.metric, m.model, m.value, m.value - als.value AS minus_als
FROM gold.model_metrics AS m
LEFT JOIN gold.model_metrics AS als
  ON als.run_id = m.run_id AND als.split = m.split AND als.metric = m.metric AND als.model = 'als'
WHERE m.run_id = (SELECT max_by(run_id, trained_at) FROM gold.model_runs)
ORDER BY m.split, m.metric, m.model
