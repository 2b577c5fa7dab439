-- Which genres there are.
SELECT DISTINCT genre
FROM silver.movie_genres
ORDER BY genre
