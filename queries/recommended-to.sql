-- The movies recommended to a user, best first.
-- parameter user INT: the user's number
SELECT r.rank, r.movie_id, r.title, r.score, r.predicted_rating, r.source, m.genres
FROM gold.user_recommendations AS r
LEFT JOIN silver.movies AS m ON m.movie_id = r.movie_id
WHERE r.user_id = :user
ORDER BY r.rank
