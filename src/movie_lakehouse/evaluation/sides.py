"""What models may see, what is known when a user's ratings are to be predicted, and these ratings."""

from dataclasses import dataclass

from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Sides:
    """A split of the ratings: user_id, movie_id, rating.

    Attributes:
        train: what models are fitted to.
        history: what is known of the users before the held-out ratings: the training part itself, or, with profiles,
            all that the users of the held-out part rated until then.
        held_out: what is to be predicted.
        has_profiles: whether users are folded in with more than models have seen.
    """

    train: DataFrame
    history: DataFrame
    held_out: DataFrame
    has_profiles: bool

    @classmethod
    def of(cls, train: DataFrame, held_out: DataFrame, profiles: DataFrame | None = None) -> "Sides":
        """Those of the parts of a split; each profile is known for its own user alone."""
        train, held_out = (part.select("user_id", "movie_id", "rating") for part in (train, held_out))
        if profiles is None:
            return cls(train, train, held_out, has_profiles=False)
        known = train.unionByName(profiles.select("user_id", "movie_id", "rating"))
        history = known.join(held_out.select("user_id").distinct(), on="user_id", how="left_semi")
        return cls(train, history, held_out, has_profiles=True)
