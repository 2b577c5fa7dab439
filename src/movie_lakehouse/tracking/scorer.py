"""The published model as MLflow's own kind: rows of user_id and movie_id in, predicted stars out.

MLflow copies this file beside the model ("models from code") and runs it when the model is loaded, so that it imports
nothing of this project and nothing is pickled: the model is this code and two Parquet files.
"""

from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.5, 5.0


class _Side:
    """Users or movies: biases and factors by ascending number, and after them a row of zeros for who is not known."""

    def __init__(self, path: str, key: str) -> None:
        frame = pd.read_parquet(path).sort_values(key)
        self.ids = frame[key].to_numpy()
        self.biases = np.append(frame["bias"].to_numpy(dtype=np.float64), 0.0)
        vectors = np.array(frame["factors"].tolist(), dtype=np.float64).reshape(len(frame), -1)
        self.vectors = np.vstack([vectors, np.zeros((1, vectors.shape[1]))])

    def places(self, ids: NDArray[np.integer]) -> NDArray[np.intp]:
        """Each one's row."""
        place = np.searchsorted(self.ids, ids)
        is_known = self.ids[np.minimum(place, len(self.ids) - 1)] == ids
        return np.where(is_known, place, len(self.ids))


class FactorScorer(PythonModel):
    """Predicts mean + user bias + movie bias + user factors . movie factors, within the scale, for every row.

    A user or movie that the model lacks adds nothing, as in the project's FactorModel.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Read the factors."""
        self._users = _Side(context.artifacts["user_factors"], "user_id")
        self._movies = _Side(context.artifacts["movie_factors"], "movie_id")
        self._mean = float(context.model_config["mean"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """The frame's rows in order: prediction, in stars."""
        user = self._users.places(model_input["user_id"].to_numpy())
        movie = self._movies.places(model_input["movie_id"].to_numpy())
        products = np.einsum("ij,ij->i", self._users.vectors[user], self._movies.vectors[movie])
        stars = self._mean + self._users.biases[user] + self._movies.biases[movie] + products
        return pd.DataFrame({"prediction": np.clip(stars, LOWEST, HIGHEST)})


mlflow.models.set_model(FactorScorer())
