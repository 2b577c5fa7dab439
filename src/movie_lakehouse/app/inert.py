"""Text from the data on a page: whatever it holds, it is shown and never obeyed."""

import html
import re

from movie_lakehouse.text import inert

MAX_LENGTH = 160
"""Characters of a title that are shown."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SEAMS = re.compile(r"((?:[:@]|\bwww)(?=\S)|[-<>~](?=[-=>]))", re.IGNORECASE)
"""Where Streamlit's Markdown finds links, emoji, icons and arrows in text whose punctuation is escaped already."""


def as_markdown(text: str) -> str:
    r"""The text for a label that Streamlit takes as Markdown: every mark escaped, no link and no emoji left to find.

    >>> print(as_markdown("M*A*S*H (1970)"))
    M\*A\*S\*H \(1970\)
    """
    return _PUNCTUATION.sub(r"\\\1", _SEAMS.sub("\\1\u2060", shown(text)))


def as_html(text: str) -> str:
    """The text for HTML.

    >>> as_html("<b>Se7en & co</b>")
    '&lt;b&gt;Se7en &amp; co&lt;/b&gt;'
    """
    return html.escape(shown(text))


def shown(text: str) -> str:
    r"""The text on one line, its control characters written out, cut where it is very long.

    >>> shown("Ghost\n" + "o" * 200)[:10], len(shown("o" * 200))
    ('Ghost\\nooo', 160)
    """
    visible = inert(text)
    return visible if len(visible) <= MAX_LENGTH else visible[: MAX_LENGTH - 1] + "…"
