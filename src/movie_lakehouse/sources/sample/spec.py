"""What a sample is asked to be, and what is known about it once it is written."""

import hashlib
from collections import Counter
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

GENERATOR_VERSION = 1
"""Goes up when the same spec gives other files: an older sample is then not taken for a finished one."""

REASONS = (
    "does_not_parse",
    "missing_value",
    "not_a_number",
    "id_out_of_range",
    "id_not_positive",
    "rating_out_of_range",
    "rating_off_grid",
    "timestamp_missing",
    "timestamp_in_future",
    "orphan",
    "duplicate_key",
    "superseded_by_update",
)
"""The stable codes of why a row does not count; a sample with dirt plants every one."""


class SampleSpec(BaseModel):
    """The size, the seed and the true model of a sample.

    By default as many ratings speak for each user and movie as it takes to come within 5% of the noise: with a third of
    them, sampling from the posterior under the very priors that the taste was drawn from comes no nearer than 19%.

    A rating is ``3.4 + user bias + movie bias + user factors . movie factors + noise``, rounded to the half star and
    clipped to 0.5..5.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_users: int = Field(default=350, ge=20, description="Users, each of whom rates something.")
    n_movies: int = Field(default=600, ge=60, description="Movies, of which one in fifty is rated by nobody.")
    n_ratings: int = Field(default=60_000, ge=100, description="Ratings that count once the dirt is out.")
    seed: int = Field(default=42, ge=0, description="The same seed and sizes give the same bytes.")
    n_factors: int = Field(default=3, ge=1, description="Length of the planted factors.")
    noise: float = Field(
        default=0.5, ge=0, le=2, description="Standard deviation of a rating about its true mean, in stars."
    )
    taste: float = Field(default=0.8, gt=0, description="Standard deviation of what the factors add, in stars.")
    dirty: bool = Field(default=True, description="Whether the known dirty rows are planted.")

    @classmethod
    def of_size(cls, n_ratings: int, seed: int) -> Self:
        """A sample of so many ratings.

        A larger one has users in proportion and more movies, about as many as MovieLens has; a smaller one has fewer of
        both, so that as large a share of the pairs is rated.

        >>> SampleSpec.of_size(60_000, seed=42) == SampleSpec()
        True
        >>> SampleSpec.of_size(25_000_000, seed=42).n_users
        145833
        """
        growth = n_ratings / 60_000
        of_users, of_movies = (1.0, 0.75) if growth > 1 else (0.5, 0.5)
        return cls(
            n_users=max(20, round(350 * growth**of_users)),
            n_movies=max(100, round(600 * growth**of_movies)),
            n_ratings=n_ratings,
            seed=seed,
        )

    @model_validator(mode="after")
    def _ratings_fit(self) -> Self:
        if not self.n_users <= self.n_ratings <= self.n_users * self.most_per_user:
            raise ValueError(
                f"n_ratings must be between {self.n_users} (one a user) and {self.n_users * self.most_per_user} "
                f"({self.most_per_user} a user, two fifths of the movies), not {self.n_ratings}"
            )
        return self

    @property
    def most_per_user(self) -> int:
        """The most movies that one user rates: two fifths, so that drawing distinct ones stays quick."""
        return self.n_movies * 2 // 5

    def fingerprint(self) -> str:
        """Eight hexadecimal digits that differ between specs and between versions of the generator.

        >>> SampleSpec(seed=1).fingerprint() == SampleSpec(seed=1).fingerprint() != SampleSpec(seed=2).fingerprint()
        True
        """
        return hashlib.sha256(f"{GENERATOR_VERSION} {self.model_dump_json()}".encode()).hexdigest()[:8]


class DirtyRow(BaseModel):
    """A planted row that must not reach the cleaned tables."""

    model_config = ConfigDict(frozen=True)

    table: str = Field(description="movies, ratings, links or tags.")
    line: int = Field(description="Line of the CSV file; the header is line 1.")
    reason: str = Field(description="The code, one of ``REASONS``.")
    text: str = Field(description="The row as it is written.")


class SampleFacts(BaseModel):
    """What is true of a written sample. Counts are of what remains when the dirty rows are out."""

    model_config = ConfigDict(frozen=True)

    spec: SampleSpec
    fingerprint: str = Field(description="``spec.fingerprint()`` of the generator that wrote the files.")
    rows: dict[str, int] = Field(description="Rows of each CSV file as written, dirt included, header excluded.")
    n_users: int
    n_movies: int
    n_ratings: int
    n_tags: int
    n_links: int
    n_links_without_tmdb: int
    n_movie_genres: int = Field(description="Pairs of a movie and one of its genres.")
    n_genres: int = Field(description="Distinct genres, not counting '(no genres listed)'.")
    n_movies_without_genres: int
    n_movies_without_year: int
    n_shared_titles: int = Field(description="Titles that several movies have.")
    unrated_movies: tuple[int, ...] = Field(description="Ids of the movies that nobody rated.")
    best_rmse: float = Field(description="RMSE of the true expectation of each rating: no model does better.")
    neighbour_groups: tuple[tuple[int, ...], ...] = Field(
        description="Ids of movies, four a group, whose planted factors are all but the same."
    )
    dirty_rows: tuple[DirtyRow, ...]

    def reasons(self, table: str) -> dict[str, int]:
        """The number of dirty rows of ``table`` by reason."""
        return dict(Counter(row.reason for row in self.dirty_rows if row.table == table))
