-- Which movies nobody has rated.
SELECT movie_id, title, release_year, genres
FROM silver.movies
WHERE is_unrated
ORDER BY movie_id
