-- How the models of the last training compare with its baseline, the plain biases of users and movies, metric by metric on
-- the same held-out ratings: an error is lower where minus_bias is below 0.
SELECT m.split, m.metric, m.model, m.value, m.value - bias.value AS minus_bias
FROM gold.model_metrics AS m
LEFT JOIN gold.model_metrics AS bias
  ON bias.run_id = m.run_id AND bias.split = m.split AND bias.metric = m.metric AND bias.model = 'bias'
WHERE m.run_id = (SELECT max_by(run_id, trained_at) FROM gold.model_runs)
ORDER BY m.split, m.metric, m.value, m.model
