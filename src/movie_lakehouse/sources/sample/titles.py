"""Titles such as MovieLens has them: the article last, the year in parentheses, commas, quotes and accents."""

from collections.abc import Sequence

import numpy as np

# Strings that are split, since a list of words would take a line each.
ADJECTIVES = (  # noqa: SIM905
    "Amber Broken Crimson Distant Electric Fallen Gentle Hidden Iron Last Lonely Midnight Naked Paper Quiet Restless "
    "Scarlet Secret Silent Silver Slow Stolen Strange Velvet Wild Winter Wooden Yellow"
).split()
NOUNS = (  # noqa: SIM905
    "Anchor Bridge Captain Carnival Detective Dragon Echo Empire Falcon Garden Harbour Horizon Island Journey Kingdom "
    "Lantern Machine Mirror Ocean Orchard Outlaw Piano Promise River Shadow Station Stranger Summer Tiger Voyage"
).split()
PLACES = ("Avignon", "Babylon", "Cairo", "Edinburgh", "Havana", "Kyoto", "Lisbon", "Montréal", "Oslo", "São Paulo")
NUMERALS = ("", " II", " III", " IV")


def draw_titles(
    years: Sequence[int | None], prototype: Sequence[int], part: Sequence[int], rng: np.random.Generator
) -> list[str]:
    """A title for each movie; those of one franchise have one name and a numeral.

    >>> draw_titles([1977, 1980, None], [0, 0, 2], [0, 1, 0], np.random.default_rng(3))
    ['Scarlet Shadow of Oslo (1977)', 'Scarlet Shadow of Oslo II (1980)', 'Secret Promise, The']
    """
    draws = rng.integers(0, 10_000, (len(years), 4)).tolist()
    names = [_name(*draws[first]) + NUMERALS[number] for first, number in zip(prototype, part, strict=True)]
    return [name if year is None else f"{name} ({year})" for name, year in zip(names, years, strict=True)]


def _name(pattern: int, first: int, second: int, third: int) -> str:
    adjective, noun = ADJECTIVES[first % len(ADJECTIVES)], NOUNS[second % len(NOUNS)]
    other, place = NOUNS[third % len(NOUNS)], PLACES[third % len(PLACES)]
    forms = (
        f"{adjective} {noun}",
        f"{adjective} {noun}, The",
        f"{noun} and {other}",
        f"{adjective} {noun} of {place}",
        f"{noun}, {other} & {place}",
        f"{other}'s {noun}",
        f'"{adjective}" {noun}',
        f"{noun} {1900 + third % 100}",
    )
    return forms[pattern % len(forms)]
