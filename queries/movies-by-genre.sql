-- The movies of each genre, as one list a genre.
SELECT genre, movies
FROM gold.movies_by_genre
ORDER BY genre
