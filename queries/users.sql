-- How many users there are, and how many movies they have rated.
SELECT
  count(*) AS n_users,
  sum(n_ratings) AS n_ratings,
  min(n_ratings) AS fewest_ratings,
  avg(n_ratings) AS mean_ratings,
  max(n_ratings) AS most_ratings
FROM (SELECT user_id, count(*) AS n_ratings FROM silver.ratings GROUP BY user_id) AS users
