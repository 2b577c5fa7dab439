"""No secret and nobody's folder or address is in a file of the project: every file that git keeps is searched."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NO_TEXT = {".png", ".ico", ".parquet"}

KINDS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "an Azure key": r"\bAccountKey=[A-Za-z0-9+/=]{40,}",
    "a Databricks token": r"\bdapi[0-9a-f]{32}\b|\bdose[0-9a-f]{32}\b",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "a Slack token": r"\bxox[baprs]-[0-9A-Za-z-]{10,}",
    "a PyPI token": r"\bpypi-[A-Za-z0-9_-]{40,}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "a key of a model's provider": r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{30,}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}",
    "a name and password in an address": r"\b[a-z]+://[^\s/:@\"'{}<>]+:[^\s/:@\"'{}<>]+@",
    "a password or token given a value": (
        r"(?i)\b(?:password|passwd|secret|token|api_?key)\b[\"']?\s*[:=]\s*[\"'][^\"'\s${}<>]{8,}[\"']"
    ),
    "somebody's folder": (
        r"(?<![\w.])/(?:home|Users)/(?!ann\b|\$\{)[a-z][\w.-]*|(?<![\w.])/root(?=/)|[A-Z]:\\+Users\\+(?!ann)\w"
    ),
    "somebody's address": (
        r"\b[\w.+-]+@(?!example\.|[\w.-]*\.example\b)[a-z0-9-]+\.(?:com|org|net|io|edu|dev|de|uk|fr)\b"
    ),
}
"""What is looked for. ``ann`` is the person of the documents and tests; .example and example.org are nobody's."""

PLANTED = {"jane@films.org"}
"""What a test puts into a copy of the bundle, for the bundle's own checks to find."""

WOULD_BE_FOUND = {
    "a private key": "-----BEGIN RSA PRIVATE " + "KEY-----",
    "an AWS key": "AKIA" + "Q" * 16,
    "an Azure key": "AccountKey=" + "a" * 44,
    "a Databricks token": "dapi" + "0a" * 16,
    "a GitHub token": "ghp_" + "a" * 36,
    "a Google key": "AIza" + "a" * 35,
    "a Slack token": "xoxb-" + "1" * 12,
    "a PyPI token": "pypi-" + "A" * 40,
    "a Hugging Face token": "hf_" + "a" * 34,
    "a key of a model's provider": "sk-ant-" + "a" * 40,
    "a JSON web token": "eyJ" + "a" * 20 + ".eyJ" + "b" * 20,
    "a name and password in an address": "https://ann:" + "pass@example.org",
    "a password or token given a value": "password = " + "'correct-horse'",
    "somebody's folder": "/ho" + "me/bob/data",
    "somebody's address": "bob@" + "gmail.com",
}


def kept_files() -> list[Path]:
    """The text files that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in NO_TEXT]


def found_in(text: str) -> Iterator[str]:
    """Each kind that the text has, with where."""
    for kind, pattern in KINDS.items():
        for found in re.finditer(pattern, text):
            if found[0] in PLANTED:
                continue
            yield f"line {text.count(chr(10), 0, found.start()) + 1}: {kind}: {found[0][:60]}"


def test_no_file_that_git_keeps_holds_a_secret() -> None:
    found = {
        str(path.relative_to(PROJECT)): list(found_in(path.read_text(encoding="utf-8", errors="replace")))
        for path in kept_files()
    }
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_would_be_found(kind: str) -> None:
    assert any(f": {kind}: " in one for one in found_in(f"x = 1\n{WOULD_BE_FOUND[kind]}\n"))


def test_what_is_no_text_is_a_picture() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    binary = {Path(name).suffix for name in listed.stdout.split("\0") if b"\0" in read(name)}
    assert binary <= NO_TEXT


def read(name: str) -> bytes:
    """The beginning of a file, nothing for what is not there."""
    path = PROJECT / name
    return path.read_bytes()[:8000] if name and path.is_file() else b""


def test_every_package_of_the_locks_has_its_hash() -> None:
    """`make install` and `make dbx-env` ask pip for --require-hashes, which takes no package without one."""
    for lock in ("requirements.lock", "conf/dbx-requirements.txt"):
        text = (PROJECT / lock).read_text(encoding="utf-8")
        pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==\S+(.*(?:\n    .*)*)", text, re.MULTILINE)
        assert len(pins) > 20
        assert [name for name, rest in pins if "--hash=sha256:" not in rest] == []
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "pip install" in line and " -r " in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
