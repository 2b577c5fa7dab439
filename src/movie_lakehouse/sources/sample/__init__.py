"""A seeded sample: MovieLens-shaped CSV files whose every property is known beforehand.

``spec`` says how large and what must hold, ``catalogue`` makes the movies, ``taste`` who likes what, ``activity`` who
rates what and when, ``dirt`` the rows that must not get through, and ``write`` the folder.
"""

from movie_lakehouse.sources.sample.spec import REASONS, DirtyRow, SampleFacts, SampleSpec
from movie_lakehouse.sources.sample.write import generate_sample

__all__ = ["REASONS", "DirtyRow", "SampleFacts", "SampleSpec", "generate_sample"]
