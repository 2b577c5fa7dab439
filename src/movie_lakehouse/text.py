"""Text made inert: no terminal obeys what a title holds, no spreadsheet computes it, and no message tells folders."""

import re
import unicodedata

_FOLDERS = re.compile(r"(?<![\w.:/~])(?:~|[A-Za-z]:)?[/\\](?:[^\s/\\]+[/\\])*(?=[^\s/\\])")

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories that move the cursor, start escape sequences, reverse text or break lines."""

_JOINERS = "\u200c\u200d"
"""Format characters that scripts and emoji need and that do no harm."""

_BLANK = " \t\r\n\u00a0\u3000" + _JOINERS

_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, in full width too, also behind blanks."""


def inert(text: str, keep: str = "") -> str:
    r"""The text with control characters written out, but for those to keep.

    >>> print(inert("Ghost\x1b[31m"))
    Ghost\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(character if _harmless(character, keep) else _written_out(character) for character in text)


def inert_csv(text: str) -> str:
    """The text for a CSV field that a spreadsheet may open: formulas get an apostrophe in front, and stay text.

    So does text that begins with a tab or a line end, behind which a spreadsheet looks for a formula too.

    >>> inert_csv("=1+1"), inert_csv("(500) Days of Summer")
    ("'=1+1", '(500) Days of Summer')
    """
    shown = inert(text, keep="\n\t")
    begins_one = text[:1] in {"\t", "\r", "\n"} or text.lstrip(_BLANK).startswith(_FORMULA_STARTS)
    return "'" + shown if begins_one else shown


def without_folders(text: str) -> str:
    """The text with the last name alone of each absolute path, since folders of a machine are not for the mail.

    >>> without_folders("There is no file /home/ann/data/ratings.csv and/or https://example.org/x, see /tmp/x.")
    'There is no file ratings.csv and/or https://example.org/x, see x.'
    """
    return _FOLDERS.sub("", text)


def _harmless(character: str, keep: str) -> bool:
    return character in keep or character in _JOINERS or unicodedata.category(character) not in _OBEYED


def _written_out(character: str) -> str:
    r"""The character's escape: ``\x1b``, ``\n``, ``\u202e``."""
    return character.encode("unicode_escape").decode("ascii")
