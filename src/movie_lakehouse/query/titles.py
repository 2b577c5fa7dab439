"""Finding movies by what people type of a title: pure text, no tables."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

ARTICLES = frozenset(
    ("the", "a", "an", "le", "la", "les", "l'", "un", "une", "el", "los", "las", "il", "lo", "i", "der", "die", "das")
)
"""Words that catalogues move behind the title, "Matrix, The", in the languages that MovieLens has most of."""

_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)\s*$")
_NAMES = re.compile(r"^\(?[^(]+|\(([^()]*)\)")
_NO_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("['’]")
_ALSO_KNOWN = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Title:
    """A title taken apart.

    Attributes:
        names: the title and the other titles in brackets behind it, folded, each with its article in front.
        year: the year at the end, None where there is none.
    """

    names: tuple[str, ...]
    year: int | None


def parse_title(text: str) -> Title:
    """Take a title apart.

    >>> parse_title("City of Lost Children, The (Cité des enfants perdus, La) (1995)")
    Title(names=('the city of lost children', 'la cite des enfants perdus'), year=1995)
    """
    year = _YEAR.search(text)
    untitled = text[: year.start()] if year else text
    parts = (found[1] if found[1] is not None else found[0] for found in _NAMES.finditer(untitled))
    names = (folded(article_first(_ALSO_KNOWN.sub("", part.strip()))) for part in parts)
    return Title(tuple(name for name in names if name), int(year[1]) if year else None)


def article_first(name: str) -> str:
    """The name with an article moved behind it in front again.

    >>> article_first("Matrix, The"), article_first("Avventura, L'"), article_first("Crouching Tiger, Hidden Dragon")
    ('The Matrix', "L'Avventura", 'Crouching Tiger, Hidden Dragon')
    """
    front, comma, last = name.rpartition(", ")
    if not comma or last.casefold() not in ARTICLES:
        return name
    return last + ("" if last.endswith("'") else " ") + front


def folded(text: str) -> str:
    """The text without case, accents and punctuation, so that people need not type them.

    >>> folded("WALL·E"), folded("Amélie"), folded("Ocean's Eleven")
    ('wall e', 'amelie', 'oceans eleven')
    """
    return " ".join(_NO_WORD.sub(" ", _bare(text)).split())


def matching(query: str, titles: Sequence[str]) -> list[int]:
    """The places of the titles that the query means.

    Those that are just the query win over those one of whose names it is, these over those whose name it is but for
    the article, and these over those of which it is a part. A year in the query must be the title's.
    """
    wanted = parse_title(query)
    exact = [at for at, title in enumerate(titles) if title.casefold() == query.strip().casefold()]
    if exact or not wanted.names:
        return exact
    words = set(folded(_APOSTROPHES.sub(" ", query)).split()) - ARTICLES
    candidates = [at for at, title in enumerate(titles) if all(map(_bare(title).__contains__, words))]
    possible = [(at, parse_title(titles[at])) for at in candidates]
    for rule in _RULES:
        found = [at for at, title in possible if wanted.year in (None, title.year) and rule(wanted.names[0], title)]
        if found:
            return found
    return [at for at in candidates if folded(query) in folded(titles[at])]


def close_titles(query: str, titles: Sequence[str], n: int = 5) -> list[str]:
    """The titles most like the query, for a person who has mistyped one."""
    by_name = {name: title for title in titles for name in parse_title(title).names}
    name = " ".join(parse_title(query).names[:1])
    return list(dict.fromkeys(by_name[close] for close in get_close_matches(name, by_name, n=n)))


def _bare(text: str) -> str:
    """The text without case, accents and apostrophes."""
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return _APOSTROPHES.sub("", bare)


def _without_article(name: str) -> str:
    """The folded name without an article in front."""
    article, space, rest = name.partition(" ")
    return rest if space and article in ARTICLES else name


_RULES: tuple[Callable[[str, Title], bool], ...] = (
    lambda name, title: name in title.names,
    lambda name, title: _without_article(name) in map(_without_article, title.names),
    lambda name, title: any(name in whole for whole in title.names),
)
