"""The scale of ratings."""

from typing import Final

LOWEST: Final = 0.5
HIGHEST: Final = 5.0
"""In stars."""
LIKED: Final = 4.0
"""Stars from which on a rating says that the movie was liked."""
