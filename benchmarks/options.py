"""The options of scripts whose sizes are whole numbers."""

import argparse


def sizes_asked(description: str | None, **defaults: int) -> argparse.Namespace:
    """What was typed: one option a size, with its default."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()
