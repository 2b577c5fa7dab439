-- How many movies the catalogue has, and the years that they are from.
SELECT
  count(*) AS n_movies,
  min(release_year) AS first_year,
  max(release_year) AS last_year,
  count(*) - count(release_year) AS n_without_year
FROM silver.movies
