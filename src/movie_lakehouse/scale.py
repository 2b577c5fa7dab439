"""The scale of ratings."""

from typing import Final

LOWEST: Final = 0.5
HIGHEST: Final = 5.0
"""In stars."""
