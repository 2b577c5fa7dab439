-- How many movies somebody has rated, and how many nobody has.
SELECT
  count(CASE WHEN NOT is_unrated THEN 1 END) AS n_rated_movies,
  count(CASE WHEN is_unrated THEN 1 END) AS n_unrated_movies
FROM silver.movies
