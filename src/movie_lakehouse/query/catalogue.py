"""The whole catalogue in memory: what is known of every movie, found by part of a title, genre and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from movie_lakehouse.query.rows import Reader
from movie_lakehouse.query.titles import folded

POPULARITY = "gold.movie_popularity"


@dataclass(frozen=True)
class MovieFacts:
    """A movie with what its ratings sum up to.

    Attributes:
        movie_id: its number.
        title: as the source has it.
        year: of release, None where the title has none.
        genres: in order.
        is_unrated: whether nobody has rated it.
        n_ratings: how many have, None where that has not been counted yet.
        mean_rating: their mean in stars, None without any.
        place: by popularity, 1 first; None where that is not known yet.
    """

    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    is_unrated: bool
    n_ratings: int | None = None
    mean_rating: float | None = None
    place: int | None = None


@dataclass(frozen=True)
class Catalogue:
    """All movies, the most popular first."""

    movies: tuple[MovieFacts, ...]

    @cached_property
    def by_id(self) -> dict[int, MovieFacts]:
        """The movies by number."""
        return {movie.movie_id: movie for movie in self.movies}

    @cached_property
    def genres(self) -> list[str]:
        """All genres in order of the alphabet."""
        return sorted({genre for movie in self.movies for genre in movie.genres})

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of release, None where no movie has one."""
        years = [movie.year for movie in self.movies if movie.year is not None]
        return (min(years), max(years)) if years else None

    @cached_property
    def _folded(self) -> list[tuple[str, str]]:
        """Each title in lower case, and without accents and punctuation too."""
        return [(movie.title.casefold(), folded(movie.title)) for movie in self.movies]

    def search(self, text: str, limit: int) -> list[MovieFacts]:
        """The movies whose title has the text in it, or every word of it; those that begin with it come first.

        Nothing in the text is a pattern: ``%`` finds the titles with a per cent sign.
        """
        literal, words = text.casefold().strip(), folded(text).split()
        if not literal:
            return []
        found = [
            (not name.startswith(literal) and not bare.startswith(" ".join(words) or literal), at)
            for at, (name, bare) in enumerate(self._folded)
            if literal in name or (words and all(word in bare for word in words))
        ]
        return [self.movies[at] for _, at in sorted(found)[:limit]]

    def within(
        self, genre: str | None = None, years: tuple[int, int] | None = None, unrated: bool = False
    ) -> "Catalogue":
        """The movies of a genre, of years from one to another, or unrated ones alone."""
        return Catalogue(
            tuple(
                movie
                for movie in self.movies
                if (genre is None or genre in movie.genres)
                and (years is None or (movie.year is not None and years[0] <= movie.year <= years[1]))
                and (not unrated or movie.is_unrated)
            )
        )


def read_catalogue(reader: Reader) -> Catalogue:
    """Read the catalogue; without popularity, which is made last, movies come by number.

    Raises:
        TableError: there is no silver.movies yet.
    """
    counted = POPULARITY in reader.tables()
    text = (
        "SELECT m.movie_id, m.title, m.release_year, m.genres, m.is_unrated, p.n_ratings, p.mean_rating, p.rank "
        f"FROM silver.movies m LEFT JOIN {POPULARITY} p ON p.movie_id = m.movie_id "
        "ORDER BY p.rank NULLS LAST, m.movie_id"
        if counted
        else "SELECT movie_id, title, release_year, genres, is_unrated FROM silver.movies ORDER BY movie_id"
    )
    return Catalogue(tuple(_movie(row) for row in reader.sql(text)))


def _movie(row: Sequence[object]) -> MovieFacts:
    """The movie of a row; genres that an older table lacks are none."""
    movie_id, title, year, genres, *rest = row
    return MovieFacts(movie_id, title, year, tuple(genres or ()), *rest)  # type: ignore[arg-type]
