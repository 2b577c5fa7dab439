"""Gold: the model, and what was measured of it."""

from movie_lakehouse.lakehouse.contract import Column, Table
from movie_lakehouse.lakehouse.tables.gold.columns import RANK
from movie_lakehouse.lakehouse.tables.silver import MOVIE_ID, RATING, USER_ID

RUN_ID = Column("run_id", "STRING", "The run of the job.", nullable=False)
FACTORS = Column("factors", "ARRAY<FLOAT>", "Latent factors.", nullable=False)
BIAS = Column("bias", "FLOAT", "Regularised deviation from the mean rating, in stars; 0 for plain ALS.", nullable=False)

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
