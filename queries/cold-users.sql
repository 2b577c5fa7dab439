-- The users that the model does not know or cannot fill a list for: popular movies stand in.
SELECT
  u.user_id,
  u.n_ratings,
  f.user_id IS NOT NULL AS is_in_model,
  coalesce(l.n_recommended, 0) AS n_recommended,
  coalesce(l.n_popular, 0) AS n_popular
FROM (SELECT user_id, count(*) AS n_ratings FROM silver.ratings GROUP BY user_id) AS u
LEFT JOIN gold.user_factors AS f ON f.user_id = u.user_id
LEFT JOIN (
  SELECT user_id, count(*) AS n_recommended, count(CASE WHEN source = 'popularity' THEN 1 END) AS n_popular
  FROM gold.user_recommendations
  GROUP BY user_id
) AS l ON l.user_id = u.user_id
WHERE f.user_id IS NULL OR coalesce(l.n_popular, 0) > 0
ORDER BY u.n_ratings, u.user_id
