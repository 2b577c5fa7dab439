"""What a row is expected to be before its ratings are looked at, learnt from all rows (empirical Bayes)."""

from dataclasses import dataclass

import numpy as np

from movie_lakehouse.model.bayes.features import Floats


@dataclass
class Prior:
    """Rows x ~ Normal(offset + features @ slopes, inverse(precision)).

    Attributes:
        features: shape (n, d).
        offset: shape (k,).
        slopes: shape (d, k).
        precision: shape (k, k).
        ridge: precision of the slopes themselves, relative to ``precision``.
    """

    features: Floats
    offset: Floats
    slopes: Floats
    precision: Floats
    ridge: float = 10.0

    @classmethod
    def vague(cls, features: Floats, n_components: int) -> "Prior":
        """The prior to start from: around zero, whatever the features."""
        d = features.shape[1]
        return cls(features, np.zeros(n_components), np.zeros((d, n_components)), np.eye(n_components) * 10.0)

    def __post_init__(self) -> None:
        """Decompose features'features once: each ridge solution is then two small products."""
        self._eigenvalues, self._eigenvectors = np.linalg.eigh(self.features.T @ self.features)

    @property
    def expected(self) -> Floats:
        """The expected rows, shape (n, k)."""
        return self.offset + self.features @ self.slopes

    def regress(self, rows: Floats) -> None:
        """Fit offset and slopes to the rows by ridge regression."""
        self.offset = (rows - self.features @ self.slopes).mean(axis=0)
        target = self._eigenvectors.T @ (self.features.T @ (rows - self.offset))
        self.slopes = self._eigenvectors @ (target / (self._eigenvalues + self.ridge)[:, None])

    def learn(self, rows: Floats, covariances: Floats) -> None:
        """Fit the precision, and the ridge by its step of expectation maximisation.

        Args:
            rows: posterior means, shape (n, k).
            covariances: posterior covariances, shape (n, k, k).
        """
        n, k = rows.shape
        off = rows - self.expected
        slopes = self.ridge * self.slopes.T @ self.slopes
        self.precision = np.linalg.inv((off.T @ off + covariances.sum(axis=0) + slopes + np.eye(k)) / (n + k))
        spread = np.sum(self.slopes @ self.precision * self.slopes)
        unsure = k * np.sum(1 / (self._eigenvalues + self.ridge))
        self.ridge = float((len(self._eigenvalues) * k + 1) / (spread + unsure + 1))
