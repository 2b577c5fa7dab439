-- The settings that the last training tried, best first by their mean error over the folds.
SELECT
  rank,
  max_iter,
  reg_param,
  avg(rmse) AS mean_rmse,
  min(rmse) AS best_rmse,
  max(rmse) AS worst_rmse,
  count(*) AS n_folds,
  sum(n_scored) AS n_scored,
  sum(n_cold) AS n_cold
FROM gold.cv_results
WHERE run_id = (SELECT max_by(run_id, trained_at) FROM gold.model_runs)
GROUP BY rank, max_iter, reg_param
ORDER BY mean_rmse NULLS LAST, rank, max_iter, reg_param
