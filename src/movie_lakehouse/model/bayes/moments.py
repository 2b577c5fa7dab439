"""Rows as they enter the other side's equations: extended by the constant 1 that meets the other side's bias."""

from dataclasses import dataclass

import numpy as np

from movie_lakehouse.model.bayes.features import Floats, Matrix


@dataclass(frozen=True)
class Moments:
    """Extended rows and their expected outer products.

    A movie's extended row is [1, bias, factors] and a user's [bias, 1, factors], so that their dot product is the
    rating's deviation from the mean.

    Attributes:
        one: the place of the constant 1.
        rows: shape (n, k + 1).
        outer: expected outer products, shape (n, k + 1, k + 1).
    """

    one: int
    rows: Floats
    outer: Floats

    @classmethod
    def of(cls, means: Floats, covariances: Floats, one: int) -> "Moments":
        """Those of posterior means of shape (n, k) and covariances of shape (n, k, k)."""
        rows = np.insert(means, one, 1.0, axis=1)
        outer = rows[:, :, None] * rows[:, None, :]
        free = np.delete(np.arange(rows.shape[1]), one)
        outer[:, free[:, None], free] += covariances
        return cls(one, rows, outer)

    def weighted(self, weights: Floats) -> "Moments":
        """Those that count as often as their rows' weights, shape (n,), say."""
        return Moments(self.one, self.rows * weights[:, None], self.outer * weights[:, None, None])

    def gathered(self, rated: Matrix, deviations: Matrix) -> "Evidence":
        """What the ratings say of the other side: one product over all of them.

        Args:
            rated: ones where there is a rating, shape (other side, this side).
            deviations: ratings less the mean.
        """
        size = self.rows.shape[1]
        upper, lower = np.triu_indices(size)
        sums = rated @ self.outer[:, upper, lower]
        gram = np.empty((rated.shape[0], size, size))
        gram[:, upper, lower] = sums
        gram[:, lower, upper] = sums
        # In the other side's row the constant stands where this side has its bias.
        other = 1 - self.one
        free = np.delete(np.arange(size), other)
        products = np.asarray(deviations @ self.rows)
        return Evidence(gram[:, free[:, None], free], products[:, free] - gram[:, free, other], gram, products)


@dataclass(frozen=True)
class Evidence:
    """A side's normal equations: (prior + gram) row = prior mean + target.

    Attributes:
        gram: shape (n, k, k).
        target: shape (n, k).
        extended: the gram of the extended rows, shape (n, k + 1, k + 1).
        products: deviations times extended rows, shape (n, k + 1).
    """

    gram: Floats
    target: Floats
    extended: Floats
    products: Floats

    def squared_errors(self, squares: Floats, rows: Moments) -> Floats:
        """Each row's expected sum of squared errors, the uncertainty of both sides included.

        Args:
            squares: each row's sum of squared deviations, shape (n,).
            rows: the rows that were found from this evidence.
        """
        fitted = np.sum(self.extended * rows.outer, axis=(1, 2))
        return np.asarray(squares - 2 * np.sum(self.products * rows.rows, axis=1) + fitted)
