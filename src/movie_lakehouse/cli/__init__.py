"""What people type: ``lakehouse COMMAND``. Each command is thin; what it shows comes from the rest of the package."""

from movie_lakehouse.cli.app import main

__all__ = ["main"]
