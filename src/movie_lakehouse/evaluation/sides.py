"""What models may see, what is known when a user's ratings are to be predicted, and these ratings."""

from dataclasses import dataclass, replace
from typing import Final

from pyspark.sql import DataFrame

from movie_lakehouse.errors import TaskError
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.split import as_life_goes, last_of_each_user, random_split

CUT_OFF: Final = "cut-off"
RANDOM: Final = "random"
LAST: Final = "last"
FEWEST_USERS: Final = 30
"""Users of whom something must be held out after the cut-off for it to decide: with fewer clusters a standard error
says little (Cameron and Miller, A practitioner's guide to cluster-robust inference, 2015, section VI)."""


@dataclass(frozen=True)
class Sides:
    """A split of the ratings: user_id, movie_id, rating.

    Attributes:
        train: what models are fitted to.
        history: what is known of the users before the held-out ratings: the training part itself, or, with profiles,
            all that the users of the held-out part rated until then.
        held_out: what is to be predicted.
        profiles: what only their own users' predictions may use, None for nothing.
    """

    train: DataFrame
    history: DataFrame
    held_out: DataFrame
    profiles: DataFrame | None = None

    @classmethod
    def of(cls, train: DataFrame, held_out: DataFrame, profiles: DataFrame | None = None) -> "Sides":
        """Those of the parts of a split; each profile is known for its own user alone."""
        train, held_out = (part.select("user_id", "movie_id", "rating") for part in (train, held_out))
        if profiles is None:
            return cls(train, train, held_out)
        known = train.unionByName(profiles.select("user_id", "movie_id", "rating"))
        history = known.join(held_out.select("user_id").distinct(), on="user_id", how="left_semi")
        return cls(train, history, held_out, profiles)

    @property
    def has_profiles(self) -> bool:
        """Whether users are folded in with more than models have seen."""
        return self.profiles is not None

    def held(self, hold: Hold) -> "Sides":
        """The same, each part computed once: the history of the other two as they are held."""
        parts = Sides.of(hold(self.train), hold(self.held_out), self.profiles)
        return replace(parts, history=hold(parts.history)) if self.has_profiles else parts

    def with_both(self) -> "Sides":
        """The same, where both sides have ratings.

        Raises:
            TaskError: one has none.
        """
        if self.train.isEmpty() or self.held_out.isEmpty():
            raise TaskError("There are too few ratings, or all are of one time: the split leaves one side without any.")
        return self


def sides_of(ratings: DataFrame, split: str, test_fraction: float, seed: int) -> Sides:
    """The ratings split in one of the ways; the cut-off gives the users after it profiles.

    Args:
        ratings: user_id, movie_id, rating, rated_at.
        split: ``cut-off``, ``random`` or ``last`` (of each user).
        test_fraction: share to hold out, of the ratings or of each user's, and at the cut-off of both.
        seed: of the random split.
    """
    if split == CUT_OFF:
        train, profiles, held_out = as_life_goes(ratings, test_fraction)
        return Sides.of(train, held_out, profiles)
    if split == LAST:
        return Sides.of(*last_of_each_user(ratings, test_fraction))
    return Sides.of(*random_split(ratings, test_fraction, seed))


def deciding_sides(ratings: DataFrame, test_fraction: float, seed: int, hold: Hold) -> tuple[str, Sides]:
    """The split that decides on promotion, and its name: the global cut-off where it gives evidence, else a random one.

    It gives none where ratings are few, or all of one time: fewer than 30 users have rated anything after it.

    Args:
        ratings: user_id, movie_id, rating, rated_at.
        test_fraction: as in ``sides_of``.
        seed: of the random split.
        hold: holds the parts.

    Raises:
        TaskError: there are too few ratings for either.
    """
    sides = sides_of(ratings, CUT_OFF, test_fraction, seed).held(hold)
    if sides.held_out.select("user_id").distinct().count() >= FEWEST_USERS:
        return CUT_OFF, sides
    return RANDOM, sides_of(ratings, RANDOM, test_fraction, seed).held(hold).with_both()
