-- The movies that a user loved, to read beside what is recommended.
-- parameter user INT: the user's number
-- parameter stars DOUBLE = 4.0: from how many stars a movie counts as loved
SELECT r.rating, m.movie_id, m.title, m.genres, r.rated_at
FROM silver.ratings AS r
JOIN silver.movies AS m ON m.movie_id = r.movie_id
WHERE r.user_id = :user AND r.rating >= :stars
ORDER BY r.rating DESC, r.rated_at DESC, m.movie_id
