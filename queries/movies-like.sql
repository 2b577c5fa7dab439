-- The movies most similar to the one that a title means, or to each where several titles hold the text.
-- parameter title STRING: part of a movie's title, in any case
-- parameter neighbours INT = 10: how many at most for each movie
SELECT m.title AS movie, s.rank, s.similar_movie_id, n.title, s.similarity, s.source, n.release_year, n.genres
FROM silver.movies AS m
JOIN gold.movie_similarity AS s ON s.movie_id = m.movie_id
JOIN silver.movies AS n ON n.movie_id = s.similar_movie_id
WHERE contains(lower(m.title), lower(:title)) AND s.rank <= :neighbours
ORDER BY m.movie_id, s.rank
