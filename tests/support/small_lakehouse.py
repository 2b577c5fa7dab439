"""A lakehouse of four movies, three users and five ratings that fits on a screen and meets every suite."""

from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.lakehouse.tables import ALL_TABLES

_AT = "TIMESTAMP '2015-06-01 12:00:00'"
_CAME_WITH = f"NULL, 'x.csv', {_AT}, 10, 'b1', {_AT}"

ROWS = {
    "bronze.movies": f"""
        ('1', 'Toy Story (1995)', 'Adventure|Children', {_CAME_WITH}),
        ('2', 'Heat (1995)', 'Crime', {_CAME_WITH}),
        ('3', 'Nobody Came (1999)', '(no genres listed)', {_CAME_WITH}),
        ('4', 'Jumanji (1995)', 'Adventure', {_CAME_WITH})""",
    "bronze.ratings": f"""
        ('1', '1', '4.0', '1433160000', {_CAME_WITH}),
        ('1', '1', '4.0', '1433160000', {_CAME_WITH}),
        ('1', '2', '3.5', '1433160000', {_CAME_WITH}),
        ('2', '2', '5.0', '1433160000', {_CAME_WITH}),
        ('2', '4', '2.0', '1433160000', {_CAME_WITH}),
        ('3', '1', '0.5', '1433160000', {_CAME_WITH})""",
    "bronze.links": f"""
        ('1', '0114709', '862', {_CAME_WITH}),
        ('2', '0113277', '949', {_CAME_WITH})""",
    "bronze.tags": f"('1', '1', 'pixar', '1433160000', {_CAME_WITH})",
    "silver.movies": """
        (1, 'Toy Story (1995)', 1995, array('Adventure', 'Children'), false),
        (2, 'Heat (1995)', 1995, array('Crime'), false),
        (3, 'Nobody Came (1999)', 1999, array(), true),
        (4, 'Jumanji (1995)', 1995, array('Adventure'), false)""",
    "silver.movie_genres": "(1, 'Adventure'), (1, 'Children'), (2, 'Crime'), (4, 'Adventure')",
    "silver.ratings": f"""
        (1, 1, 4.0, {_AT}), (1, 2, 3.5, {_AT}), (2, 2, 5.0, {_AT}), (2, 4, 2.0, {_AT}), (3, 1, 0.5, {_AT})""",
    "silver.rating_genres": f"""
        (1, 1, 'Adventure', 4.0, {_AT}), (1, 1, 'Children', 4.0, {_AT}), (1, 2, 'Crime', 3.5, {_AT}),
        (2, 2, 'Crime', 5.0, {_AT}), (2, 4, 'Adventure', 2.0, {_AT}),
        (3, 1, 'Adventure', 0.5, {_AT}), (3, 1, 'Children', 0.5, {_AT})""",
    "silver.tags": f"(1, 1, 'pixar', {_AT})",
    "silver.links": "(1, '0114709', 862), (2, '0113277', 949)",
    "silver.quarantine": f"""('ratings', array('duplicate_key'), '{{"userId":"1"}}', 'x.csv', 'b1', {_AT})""",
    "gold.dataset_summary": f"(3, 4, 5, 1, 1, 5 / 9, {_AT}, {_AT})",
    "gold.genre_summary": "('Adventure', 2, 0, 3, 6.5 / 3), ('Children', 1, 0, 2, 2.25), ('Crime', 1, 0, 2, 4.25)",
    "gold.movies_by_genre": """
        ('Adventure', array(struct(1, 'Toy Story (1995)'), struct(4, 'Jumanji (1995)'))),
        ('Children', array(struct(1, 'Toy Story (1995)'))),
        ('Crime', array(struct(2, 'Heat (1995)')))""",
    "gold.movie_popularity": """
        (1, 'Toy Story (1995)', 2, 2.25, 2.6, 2), (2, 'Heat (1995)', 2, 4.25, 3.6, 1),
        (3, 'Nobody Came (1999)', 0, NULL, 3.0, 4), (4, 'Jumanji (1995)', 1, 2.0, 2.5, 3)""",
    "gold.cv_results": "('r', 0, 10, 5, 0.1, 0.9, 2, 0), ('r', 1, 10, 5, 0.1, 0.8, 2, 1)",
    "gold.model_runs": f"('r', {_AT}, '{{\"rank\": 10}}', 42, map('silver.ratings', 1), true, NULL)",
    "gold.model_metrics": "('r', 'als', 'random', 'rmse', 0.9), ('r', 'als', 'random', 'mae', 0.7)",
    "gold.rating_predictions": "(1, 1, 4.0, 3.5, false), (2, 2, 5.0, 4.5, false), (3, 1, 0.5, 1.5, false)",
    "gold.judged_lists": "(1, 1, 4), (1, 2, 3), (2, 1, 1)",
    "gold.user_factors": "(1, 0, array(0.5, 0.1)), (2, 0, array(0.4, 0.2)), (3, 0, array(0.1, 0.9))",
    "gold.movie_factors": """
        (1, 0, array(0.5, 0.1), NULL, NULL), (2, 0, array(0.4, 0.2), NULL, NULL),
        (4, 0, array(0.1, 0.9), NULL, NULL)""",
    "gold.user_recommendations": """
        (1, 1, 4, 'Jumanji (1995)', 0.5, 3.5, 'ranking'), (1, 2, 3, 'Nobody Came (1999)', 3.9, NULL, 'popularity'),
        (2, 1, 1, 'Toy Story (1995)', 0.7, 4.5, 'ranking'), (2, 2, 3, 'Nobody Came (1999)', 3.9, NULL, 'popularity'),
        (3, 1, 2, 'Heat (1995)', 0.3, 3.0, 'ranking'), (3, 2, 4, 'Jumanji (1995)', 0.2, 2.5, 'ranking')""",
    "gold.ranking_weights": "(2, 0, array(0, 0.2)), (1, 1, array(0.1, 0))",
    "gold.movie_similarity": """
        (1, 1, 2, 0.9, 'ratings'), (1, 2, 4, 0.1, 'ratings'), (2, 1, 1, 0.9, 'ratings'),
        (2, 2, 4, 0.2, 'ratings'), (4, 1, 2, 0.2, 'ratings'), (4, 2, 1, 0.1, 'content')""",
}


def small_lakehouse(spark: SparkSession) -> dict[str, DataFrame]:
    """Every bronze, silver and gold table by name."""
    return {name: table_of(spark, name, rows) for name, rows in ROWS.items()}


def table_of(spark: SparkSession, name: str, rows: str) -> DataFrame:
    """A table's frame from the rows of a SQL VALUES list."""
    table = ALL_TABLES[name]
    names = ", ".join(f"`{column}`" for column in table.column_names)
    return table.conform(spark.sql(f"SELECT * FROM VALUES {rows} AS rows({names})"))
