"""How long a thread that waits may sleep on."""

from typing import Final

SECONDS_BETWEEN_LOOKS: Final = 0.5
"""Ctrl-C wakes the thread that waits, but for the rare signal that another thread is given: it looks for itself."""
