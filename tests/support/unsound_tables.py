"""Rows of tables that are wrong in many ways, and what their suites must say of them beside the small lakehouse."""

AT = "TIMESTAMP '2015-06-01'"
OLD = "TIMESTAMP '1970-01-01'"
FUTURE = "TIMESTAMP '2999-01-01'"
CAME = f"NULL, 'x.csv', {AT}, 10, 'b1', {AT}"
TORN = f"'1,x', NULL, NULL, 0, 'b2', {AT}"
NAN = "double('NaN')"

_OF_EVERY_BRONZE_BATCH = {
    "not_be_null _source_file": 1,
    "not_be_null _source_modified_at": 1,
    "be_between _source_size": 1,
    "A batch has one name.": None,
    "be_null _corrupt_record": 1,
}

UNSOUND: dict[str, tuple[str, dict[str, int | None]]] = {
    "bronze.movies": (
        f"('1', 'Toy Story', 'Comedy', {CAME}), ('x', NULL, 'Drama', {TORN})",
        _OF_EVERY_BRONZE_BATCH | {"match_regex movieId": 1, "not_be_null title": 1, "match_regex title": 1},
    ),
    "bronze.ratings": (
        f"('1', '1', '3.7', '1433160000', {CAME}), (NULL, '1', '4.0', 'today', {TORN})",
        _OF_EVERY_BRONZE_BATCH | {"not_be_null userId": 1, "match_regex rating": 1, "match_regex timestamp": 1},
    ),
    "bronze.links": (
        f"('1', '0114709', '862', {CAME}), ('', 'tt', NULL, {TORN})",
        _OF_EVERY_BRONZE_BATCH | {"match_regex movieId": 1, "match_regex imdbId": 1, "not_be_null tmdbId": 1},
    ),
    "bronze.tags": (
        f"('1', '1', 'pixar', '1433160000', {CAME}), ('1', '1', NULL, '-', {TORN})",
        _OF_EVERY_BRONZE_BATCH | {"not_be_null tag": 1, "match_regex timestamp": 1},
    ),
    "silver.movies": (
        """(1, 'Toy Story (1995)', 1995, array('Comedy', 'Comedy'), false), (1, ' ', 995, array(), false),
           (-3, NULL, NULL, array('(no genres listed)'), false), (NULL, 'Heat (1995)', 1995, array('Crime'), true)""",
        {
            "not_be_null movie_id": 1,
            "be_between movie_id": 1,
            "be_unique movie_id": 2,
            "not_be_null title": 1,
            "match_regex title": 1,
            "be_between release_year": 1,
            "not_be_null release_year": 1,
            "Genres are named, each once, and never '(no genres listed)'.": 2,
            "is_unrated says whether silver.ratings has the movie.": 1,
        },
    ),
    "silver.movie_genres": (
        "(1, 'Adventure'), (1, 'Adventure'), (2, 'Yoga'), (4, ''), (9, NULL)",
        {
            "not_be_null genre": 1,
            "compound_columns_to_be_unique movie_id, genre": 2,
            "match_regex genre": 1,
            "be_in_set genre": 2,
            "Every movie has as many rows as silver.movies lists genres, and there are no others.": 1,
        },
    ),
    "silver.ratings": (
        f"""(1, 1, 4.0, {AT}), (1, 1, 3.7, {OLD}), (0, 2, 5.5, {FUTURE}), (2, 99, 5.0, {AT}), (3, 1, 5.0, NULL),
            (3, 2, 5.0, {AT})""",
        {
            "be_between user_id": 1,
            "not_be_null rated_at": 1,
            "be_in_set rating": 2,
            "compound_columns_to_be_unique user_id, movie_id": 2,
            "Every movie_id is a movie of silver.movies.": 1,
            "No time lies in the future.": 1,
            "No time lies before MovieLens began, 1995.": 1,
            "mean_to_be_between rating": None,
            "Every row of bronze.ratings is here or in quarantine.": None,
        },
    ),
    "silver.rating_genres": (
        f"(1, 1, 'Adventure', 4.0, {AT}), (1, 1, 'Adventure', 4.2, {AT}), (1, 1, 'Crime', NULL, NULL)",
        {
            "not_be_null rating": 1,
            "not_be_null rated_at": 1,
            "be_in_set rating": 1,
            "compound_columns_to_be_unique user_id, movie_id, genre": 2,
            "Every movie and genre is a pair of silver.movie_genres.": 1,
            "There are as many rows as the ratings have genres.": None,
        },
    ),
    "silver.tags": (
        f"(1, 1, 'pixar', {OLD}), (1, 1, 'pixar', {FUTURE}), (1, 77, ' ', NULL)",
        {
            "not_be_null tagged_at": 1,
            "match_regex tag": 1,
            "compound_columns_to_be_unique user_id, movie_id, tag": 2,
            "Every movie_id is a movie of silver.movies.": 1,
            "No time lies in the future.": 1,
            "No time lies before MovieLens began, 1995.": 1,
            "Every row of bronze.tags is here or in quarantine.": None,
        },
    ),
    "silver.links": (
        "(1, '0114709', 862), (1, '0114709', 0), (77, 'tt1', NULL)",
        {
            "be_unique movie_id": 2,
            "match_regex imdb_id": 1,
            "be_unique imdb_id": 2,
            "be_between tmdb_id": 1,
            "not_be_null tmdb_id": 1,
            "Every movie_id is a movie of silver.movies.": 1,
            "Every row of bronze.links is here or in quarantine.": None,
        },
    ),
    "silver.quarantine": (
        f"""('users', array('because'), '{{}}', 'x.csv', 'b1', {AT}),
            ('ratings', array(), 'raw', NULL, 'b1', {AT}),
            ('movies', array('orphan'), '{{"a":1}}', 'x.csv', 'b1', {AT})""",
        {
            "be_in_set source_table": 1,
            "not_be_null _source_file": 1,
            "Every row has a reason, and every reason is a known code.": 2,
            "Every record is a JSON object.": 1,
            "Under five in a hundred rows of bronze.movies are dirt; a row that another replaced is none.": None,
            "Under five in a hundred rows of bronze.ratings are dirt; a row that another replaced is none.": None,
        },
    ),
    "gold.dataset_summary": (
        f"(3, 4, 6, 1, 1, 0, {FUTURE}, {AT}), (3, 4, 5, 1, 1, 0.5, {AT}, {AT})",
        {
            "table_row_count_to_equal": None,
            "be_between density": 1,
            "The numbers are those of silver.": 1,
            "The first rating is not later than the last.": 1,
        },
    ),
    "gold.genre_summary": (
        "('Crime', 1, 2, 2, NULL), ('Crime', 0, 0, -1, 7.0), (NULL, 3, 0, 0, NULL)",
        {
            "not_be_null genre": 1,
            "be_unique genre": 2,
            "be_between n_movies": 1,
            "be_between n_ratings": 1,
            "be_between mean_rating": 1,
            "No genre has more unrated movies than movies.": 1,
            "A genre has a mean when it has ratings.": 2,
            "Movies and ratings add up to those of silver.": None,
        },
    ),
    "gold.movies_by_genre": (
        "('Crime', array()), ('Adventure', array(struct(4, 'Jumanji (1995)'), struct(1, NULL)))",
        {
            "Every genre has movies, in order of their numbers, each once.": 2,
            "Every movie has a title.": 1,
            "Every genre has as many movies as in silver.movie_genres, and there are no others.": 2,
        },
    ),
    "gold.movie_popularity": (
        """(1, 'Toy Story (1995)', 2, NULL, 2.6, 2), (1, NULL, -1, 6.0, 0.1, 2), (88, 'Ghost', 9, 3.0, NULL, 5)""",
        {
            "be_unique movie_id": 2,
            "not_be_null title": 1,
            "be_between n_ratings": 1,
            "be_between mean_rating": 1,
            "be_between weighted_rating": 1,
            "not_be_null weighted_rating": 1,
            "be_unique rank": 2,
            "Ranks run from 1 to the number of movies.": None,
            "A movie has a mean when it has ratings.": 2,
            "The movies are those of silver.movies.": 4,
            "Ratings add up to those of silver.ratings.": None,
        },
    ),
    "gold.cv_results": (
        f"('r', 0, 10, 5, 0.1, {NAN}, 2, 9), ('r', 0, 10, 5, 0.1, NULL, 2, 0), ('r', 1, 0, 5, -1, 0.01, -1, -1)",
        {
            "compound_columns_to_be_unique run_id, fold, rank, max_iter, reg_param": 2,
            "be_between rank": 1,
            "be_between reg_param": 1,
            "be_between n_scored": 1,
            "be_between n_cold": 1,
            "A fold has an error where some of its rows could be scored, and none elsewhere.": 1,
            "be_between rmse": 2,
            "Every setting has every fold.": 1,
            "Under half of a fold is cold.": 1,
        },
    ),
    "gold.model_runs": (
        f"('r', {FUTURE}, 'rank=10', 42, map(), true, NULL), "
        f"('r', {AT}, '{{}}', NULL, map('silver.ratings', 1), true, NULL)",
        {
            "table_row_count_to_equal": None,
            "be_unique run_id": 2,
            "not_be_null seed": 1,
            "The winning setting is a JSON object.": 1,
            "The version of silver.ratings is known.": 1,
            "No time lies in the future.": 1,
        },
    ),
    "gold.model_metrics": (
        f"""('r', 'als', 'random', 'mae', 4.9), ('r', 'als', 'random', 'rmse', 0.9),
            ('r', 'als', 'random', 'rmse', {NAN}), ('r', 'als', 'random', 'ndcg_at_10', 1.5),
            ('r', 'als', 'random', 'map', NULL)""",
        {
            "compound_columns_to_be_unique run_id, model, split, metric": 2,
            "not_be_null value": 1,
            "No metric is NaN or infinite.": 1,
            "Errors lie within what stars allow.": 2,
            "The mean absolute error is not above the root of the mean squared error.": 1,
            "Shares lie between 0 and 1.": 1,
        },
    ),
    "gold.rating_predictions": (
        f"(1, 1, 4.0, {NAN}, false), (1, 1, 4.1, NULL, false), (2, 2, 5.0, 44.0, true), (3, 1, 0.5, NULL, true),"
        "(3, 4, 0.5, 1.0, true)",
        {
            "compound_columns_to_be_unique user_id, movie_id": 2,
            "be_in_set rating": 1,
            "be_between prediction": 2,
            "No prediction is NaN or infinite.": 1,
            "Only cold rows lack a prediction.": 1,
            "Every row is a rating of silver.ratings.": 2,
            "Under half of the rows are cold.": None,
        },
    ),
    "gold.judged_lists": (
        "(1, 1, 4), (1, 1, 3), (2, 1, 1), (2, 2, 1), (2, 11, 99), (3, 0, NULL)",
        {
            "be_between rank": 2,
            "compound_columns_to_be_unique user_id, rank": 2,
            "compound_columns_to_be_unique user_id, movie_id": 2,
            "not_be_null movie_id": 1,
            "Every movie is one of silver.movies.": 2,
        },
    ),
    "gold.user_factors": (
        "(1, 9, array(0.5)), (1, 0, array(0, 0, 0)), (2, 0, array(float('NaN'), 1)), (9, NULL, array(NULL, 1))",
        {
            "be_unique user_id": 2,
            "be_between bias": 1,
            "All factor arrays have one length, at least 1.": None,
            "No factor is null, NaN or infinite.": 2,
            "Under one in twenty arrays are all zero.": None,
            "Factors are as many as those of gold.movie_factors.": 2,
            "Everything rated is in the model: the user_ids are those of silver.ratings.": 2,
        },
    ),
    "gold.movie_factors": (
        "(1, 0, array(0.5, 0.1), NULL, NULL), (2, -7, array(0.4, 0.2), NULL, NULL), (3, 0, NULL, NULL, NULL)",
        {
            "not_be_null factors": 1,
            "be_between bias": 1,
            "Factors are as many as those of gold.user_factors.": 1,
            "Every movie rated is in the model.": 1,
        },
    ),
    "gold.ranking_weights": (
        f"""(1, 0, array(0.5, 0.25, 0)), (2, 1, array(0.5, 0, {NAN})), (2, 3, array(0.5)), (3, 3, NULL)""",
        {
            "be_unique movie_id": 2,
            "be_unique position": 2,
            "not_be_null weights": 1,
            "Every movie has a weight for each movie of the catalogue.": 3,
            "No weight is null, NaN or infinite.": 2,
            "No movie adds to its own score.": 1,
            "Every movie has been rated.": 1,
        },
    ),
    "gold.user_recommendations": (
        f"""(1, 1, 1, 'Toy Story (1995)', 3.0, 3.0, 'rating'), (1, 3, 4, 'Jumanji', 9.5, 9.5, 'rating'),
            (2, 1, 3, 'Nobody Came (1999)', {NAN}, NULL, 'popularity'),
            (2, 2, 3, 'Nobody Came (1999)', 3.0, NULL, 'ranking'),
            (2, 2, 1, 'Toy Story (1995)', 3.0, 3.0, 'guess'), (8, 0, 99, 'Ghost', NULL, 3.0, 'ranking')""",
        {
            "be_between rank": 1,
            "compound_columns_to_be_unique user_id, rank": 2,
            "compound_columns_to_be_unique user_id, movie_id": 2,
            "be_in_set source": 1,
            "not_be_null score": 1,
            "No score is NaN or infinite.": 1,
            "be_between predicted_rating": 1,
            "What a model recommends has a predicted rating, which is a number.": 1,
            "Ranks of a user run from 1 without gaps.": 3,
            "Scores fall with the rank, and a model's come before popular movies.": 2,
            "Nothing is recommended that the user has rated.": 1,
            "Every user has as many rows as the longest list, or all unrated movies where they are fewer.": 3,
            "Every movie is one of silver.movies and has its title.": 2,
        },
    ),
    "gold.movie_similarity": (
        "(1, 1, 1, 0.1, 'ratings'), (1, 2, 4, 1.5, 'ratings'), (2, 2, 1, 0.9, 'ratings'), "
        "(2, 2, 1, NULL, 'ratings'), (3, 0, 77, 0.9, 'ratings')",
        {
            "be_between rank": 1,
            "compound_columns_to_be_unique movie_id, rank": 2,
            "compound_columns_to_be_unique movie_id, similar_movie_id": 2,
            "not_be_null similarity": 1,
            "be_between similarity": 1,
            "No movie is its own neighbour.": 1,
            "Ranks of a movie run from 1 without gaps.": 2,
            "Similarities fall with the rank.": 1,
            "Every neighbour has factors that are not all zero.": 1,
            "Every movie whose factors are not all zero has as many neighbours as the longest list.": 2,
        },
    ),
}
