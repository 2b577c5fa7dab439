"""Gold: what people query."""

from movie_lakehouse.lakehouse.contract import Column, Table
from movie_lakehouse.lakehouse.tables.silver import GENRE, MOVIE_ID, RATING, USER_ID

RUN_ID = Column("run_id", "STRING", "The run of the job.", nullable=False)
TITLE = Column("title", "STRING", "Title as the source has it.", nullable=False)
RANK = Column("rank", "INT", "Place in the list, 1 is first, without ties.", nullable=False)
FACTORS = Column("factors", "ARRAY<FLOAT>", "Latent factors.", nullable=False)
BIAS = Column("bias", "FLOAT", "Regularised deviation from the mean rating, in stars; 0 for plain ALS.", nullable=False)

DATASET_SUMMARY = Table(
    "gold.dataset_summary",
    "The data set in one row.",
    (
        Column("n_users", "BIGINT", "Users with at least one rating.", nullable=False),
        Column("n_movies", "BIGINT", "Movies in the catalogue.", nullable=False),
        Column("n_ratings", "BIGINT", "Ratings.", nullable=False),
        Column("n_tags", "BIGINT", "Tags.", nullable=False),
        Column("n_unrated_movies", "BIGINT", "Movies that nobody has rated.", nullable=False),
        Column("density", "DOUBLE", "Ratings over users times rated movies, 0 to 1.", nullable=False),
        Column("first_rated_at", "TIMESTAMP", "The earliest rating (UTC)."),
        Column("last_rated_at", "TIMESTAMP", "The latest rating (UTC)."),
    ),
    checks={"density_is_share": "density BETWEEN 0 AND 1"},
)
GENRE_SUMMARY = Table(
    "gold.genre_summary",
    "A genre.",
    (
        GENRE,
        Column("n_movies", "BIGINT", "Movies of the genre.", nullable=False),
        Column("n_unrated_movies", "BIGINT", "Those that nobody has rated.", nullable=False),
        Column("n_ratings", "BIGINT", "Ratings of its movies.", nullable=False),
        Column("mean_rating", "DOUBLE", "Mean of those ratings, null without any."),
    ),
    key=("genre",),
)
MOVIES_BY_GENRE = Table(
    "gold.movies_by_genre",
    "A genre and its movies.",
    (
        GENRE,
        Column("movies", "ARRAY<STRUCT<movie_id: INT, title: STRING>>", "Its movies, by number.", nullable=False),
    ),
    key=("genre",),
)
MOVIE_POPULARITY = Table(
    "gold.movie_popularity",
    "A movie's ratings summed up.",
    (
        MOVIE_ID,
        TITLE,
        Column("n_ratings", "BIGINT", "How many users rated it.", nullable=False),
        Column("mean_rating", "DOUBLE", "Their mean, null without any."),
        Column("weighted_rating", "DOUBLE", "Mean shrunk towards the overall mean by few ratings.", nullable=False),
        Column(
            "rank", "INT", "Place by popularity: liked ratings (4 stars or more), then weighted rating.", nullable=False
        ),
    ),
    key=("movie_id",),
    cluster_by=("movie_id",),
)
CV_RESULTS = Table(
    "gold.cv_results",
    "One fold of one setting of the grid.",
    (
        RUN_ID,
        Column("fold", "INT", "The fold held out, from 0.", nullable=False),
        Column("rank", "INT", "Number of factors.", nullable=False),
        Column("max_iter", "INT", "ALS iterations.", nullable=False),
        Column("reg_param", "DOUBLE", "Regularisation.", nullable=False),
        Column("rmse", "DOUBLE", "Root mean squared error over the scored rows, in stars; null if none was."),
        Column("n_scored", "BIGINT", "Held-out rows with a prediction.", nullable=False),
        Column(
            "n_cold", "BIGINT", "Held-out rows dropped, whose user or movie the training part lacks.", nullable=False
        ),
    ),
    key=("run_id", "fold", "rank", "max_iter", "reg_param"),
)
MODEL_RUNS = Table(
    "gold.model_runs",
    "A model trained by a run.",
    (
        RUN_ID,
        Column("trained_at", "TIMESTAMP", "When training ended (UTC).", nullable=False),
        Column("best_params", "STRING", "The winning setting as JSON.", nullable=False),
        Column("seed", "BIGINT", "The seed of split, folds and factors.", nullable=False),
        Column("table_versions", "MAP<STRING, BIGINT>", "The versions of the tables read.", nullable=False),
        Column("promoted", "BOOLEAN", "Whether the model was published: gold has the newest such.", nullable=False),
        Column("fold_in", "STRING", "What folding in a new user needs, as JSON; null where the model cannot."),
    ),
    key=("run_id",),
)
MODEL_METRICS = Table(
    "gold.model_metrics",
    "One metric of one model on one split.",
    (
        RUN_ID,
        Column("model", "STRING", "bayes, biased_als, als, bias (user and movie biases), mean ...", nullable=False),
        Column("split", "STRING", "How the held-out ratings were chosen: cut-off, random or last.", nullable=False),
        Column(
            "metric",
            "STRING",
            "rmse and mae over all held-out rows, rmse_warm and mae_warm without cold ones, n_rows, n_cold; ndcg@10 "
            "and other metrics of lists; by `lakehouse evaluate` the bounds of a metric's 95% interval over users too, "
            "as rmse_low, rmse_high and so on.",
            nullable=False,
        ),
        Column("value", "DOUBLE", "The metric; errors in stars.", nullable=False),
    ),
    key=("run_id", "model", "split", "metric"),
)
RATING_PREDICTIONS = Table(
    "gold.rating_predictions",
    "A held-out rating and what the model that had not seen it predicted.",
    (
        USER_ID,
        MOVIE_ID,
        RATING,
        Column("prediction", "DOUBLE", "Predicted stars; null where cold and the model has no answer."),
        Column(
            "is_cold",
            "BOOLEAN",
            "Whether nothing was known of the user, or nobody had rated the movie, before.",
            nullable=False,
        ),
    ),
    key=("user_id", "movie_id"),
)
JUDGED_LISTS = Table(
    "gold.judged_lists",
    "A movie of the list that a user would have had from the model that had not seen the held-out ratings.",
    (USER_ID, RANK, Column("movie_id", "INT", "The movie.", nullable=False)),
    key=("user_id", "rank"),
    checks={"rank_from_one": "rank >= 1"},
)
USER_FACTORS = Table(
    "gold.user_factors",
    "A user in the published model.",
    (USER_ID, BIAS, FACTORS),
    key=("user_id",),
    cluster_by=("user_id",),
)
MOVIE_FACTORS = Table(
    "gold.movie_factors",
    "A movie in the published model.",
    (
        MOVIE_ID,
        BIAS,
        FACTORS,
        Column("covariance", "ARRAY<FLOAT>", "Of bias and factors, the upper triangle row by row; null without."),
        Column("loadings", "ARRAY<FLOAT>", "What rating the movie adds to a user's features; null without."),
    ),
    key=("movie_id",),
    cluster_by=("movie_id",),
)
RANKING_WEIGHTS = Table(
    "gold.ranking_weights",
    "A movie of the ranking model's catalogue, and what it adds to the scores of the others for who liked it.",
    (
        MOVIE_ID,
        Column("position", "INT", "Its place in every array of weights, from 0: the most rated first.", nullable=False),
        Column(
            "weights",
            "ARRAY<FLOAT>",
            "Row of the item model, by position: a user's score for a movie is the sum of max(rating - 2.5, 0) / 2 * "
            "weight over the movies rated.",
            nullable=False,
        ),
    ),
    key=("movie_id",),
    checks={"position_from_zero": "position >= 0"},
    cluster_by=("movie_id",),
)
USER_RECOMMENDATIONS = Table(
    "gold.user_recommendations",
    "A movie recommended to a user who has not rated it.",
    (
        USER_ID,
        RANK,
        Column("movie_id", "INT", "The movie.", nullable=False),
        TITLE,
        Column(
            "score",
            "DOUBLE",
            "What the list is ordered by within its source. ranking: what the liked movies add, plus 0.07 * predicted "
            "stars; rating: predicted stars, unclipped; popularity: the movie's weighted rating.",
            nullable=False,
        ),
        Column(
            "predicted_rating",
            "DOUBLE",
            "Predicted stars, 0.5 to 5; null where the model lacks the user or the movie.",
        ),
        Column(
            "source",
            "STRING",
            "ranking (the ranking model), rating (predicted stars), or popularity where the model cannot fill the list.",
            nullable=False,
        ),
    ),
    key=("user_id", "rank"),
    checks={"rank_from_one": "rank >= 1", "known_source": "source IN ('ranking', 'rating', 'popularity')"},
    cluster_by=("user_id",),
)
MOVIE_SIMILARITY = Table(
    "gold.movie_similarity",
    "A movie like another.",
    (
        MOVIE_ID,
        RANK,
        Column("similar_movie_id", "INT", "The neighbour.", nullable=False),
        Column(
            "similarity",
            "DOUBLE",
            "Cosine of the two movies' factors, -1 to 1, shrunk by n / (n + 25) for a neighbour of n ratings; of a "
            "movie without ratings that has tags, its mean with the cosine of the tags.",
            nullable=False,
        ),
        Column(
            "source",
            "STRING",
            "ratings, or content (genres, year and tags) for a movie that nobody rated.",
            nullable=False,
        ),
    ),
    key=("movie_id", "rank"),
    checks={
        "not_itself": "movie_id <> similar_movie_id",
        "cosine_in_range": "similarity BETWEEN -1 AND 1",
        "known_kind": "source IN ('ratings', 'content')",
        "rank_from_one": "rank >= 1",
    },
    cluster_by=("movie_id",),
)
TABLES = (
    DATASET_SUMMARY,
    GENRE_SUMMARY,
    MOVIES_BY_GENRE,
    MOVIE_POPULARITY,
    CV_RESULTS,
    MODEL_RUNS,
    MODEL_METRICS,
    RATING_PREDICTIONS,
    JUDGED_LISTS,
    USER_FACTORS,
    MOVIE_FACTORS,
    RANKING_WEIGHTS,
    USER_RECOMMENDATIONS,
    MOVIE_SIMILARITY,
)
