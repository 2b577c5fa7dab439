-- How many movies and ratings each genre has, and how well its movies are liked.
SELECT genre, n_movies, n_unrated_movies, n_ratings, mean_rating
FROM gold.genre_summary
ORDER BY n_movies DESC, genre
