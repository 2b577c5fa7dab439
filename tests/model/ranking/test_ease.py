import numpy as np

from movie_lakehouse.model.ranking.ease import item_weights, likings


def test_only_ratings_above_the_middle_of_the_scale_count_as_liking() -> None:
    assert likings(np.array([0.5, 2.5, 3.5, 5.0])).tolist() == [0.0, 0.0, 0.5, 1.25]


def test_each_column_is_the_ridge_regression_of_its_movie_on_all_others() -> None:
    liked = np.random.default_rng(3).integers(0, 6, (40, 5)) / 4
    weights = item_weights(liked.T @ liked, 2.0)
    for movie in range(5):
        others = np.delete(liked, movie, axis=1)
        ridge = np.linalg.solve(others.T @ others + 2.0 * np.eye(4), others.T @ liked[:, movie])
        np.testing.assert_allclose(np.delete(weights[:, movie], movie), ridge)


def test_no_movie_predicts_itself() -> None:
    assert np.diag(item_weights(np.array([[2.0, 1.0], [1.0, 4.0]]), 2.0)).tolist() == [0.0, 0.0]
