"""The commands that a Markdown page shows: in blocks, indented or fenced, and in the running text."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

_PROGRAM = re.compile(r"(\w+=\S* )*((make|lakehouse|databricks|docker|curl|uv|pip|git)(?= |$)|\.venv(-dbx)?/bin/\w)")
"""How lines begin that are commands even where nothing marks them as such."""

SHELLS = {"bash", "sh", "shell", "console"}
_FENCED = re.compile(r"(?P<mark><!-- not run here: [^\n]+ -->\n)?```(?P<language>\w*)\n(?P<text>.*?)```", re.DOTALL)
_INDENTED = re.compile(r"(?:^ {4}.*\n?|^\n(?= {4}))+", re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")
_SETTING = re.compile(r"\w+=\S*$")


class Shown(NamedTuple):
    """A command as words, the shell's redirections and variables left out, and whether a sentence only names it."""

    words: tuple[str, ...]
    is_named: bool = False

    def __str__(self) -> str:
        return shlex.join(self.words)


def shown_commands(page: str) -> list[Shown]:
    """All commands of a page, each once."""
    rest = _FENCED.sub("\n", page)
    in_blocks = [line for block in _blocks(page, rest) for line in block]
    text = _INDENTED.sub("\n", rest)
    named = (" ".join(found.split()) for found in _INLINE.findall(text))
    commands = [Shown(_words(line)) for line in in_blocks]
    commands += [Shown(_words(line), is_named=True) for line in named if _PROGRAM.match(line) and " " in line]
    return list(dict.fromkeys(commands))


def _blocks(page: str, without_fences: str) -> Iterator[list[str]]:
    """The commands of each block, whole."""
    for block in _FENCED.finditer(page):
        if not block["mark"]:
            yield list(_commands(block["text"], all_are=block["language"] in SHELLS))
    for found in _INDENTED.findall(without_fences):
        yield list(_commands(re.sub(r"^ {4}", "", found, flags=re.MULTILINE), all_are=False))


def _commands(text: str, all_are: bool) -> Iterator[str]:
    """The commands of a block: what a prompt marks, else what begins like one, else, in a shell's block, every line."""
    prompted = re.search(r"^\$ ", text, re.MULTILINE) is not None
    whole = ""
    for line in text.splitlines():
        begins = line.startswith("$ ") if prompted else (all_are and line.strip()) or _PROGRAM.match(line)
        if whole or begins:
            whole += ("\n" if whole else "") + (line if whole else line.removeprefix("$ "))
            if _is_whole(whole):
                yield whole
                whole = ""
    if whole:
        yield whole


def _is_whole(text: str) -> bool:
    """Whether no quote is open and no backslash says that it goes on."""
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return not text.endswith("\\")


def _words(text: str) -> tuple[str, ...]:
    """The command's words, without its variables and what comes after a redirection."""
    words = shlex.split(text.replace("\\\n", " "), comments=True)
    while words and _SETTING.match(words[0]):
        words.pop(0)
    ends = [at for at, word in enumerate(words) if word in {"<", ">", "|", "&"}]
    return tuple(words[: ends[0]] if ends else words)
