from pathlib import Path

import pytest

from movie_lakehouse.cli import main
from support.commands import Ended, Lakehouse


@pytest.fixture
def lakehouse(tiny_lakehouse: Path, capsys: pytest.CaptureFixture[str]) -> Lakehouse:
    """Runs a command in this process, on the tiny lakehouse unless --root says otherwise."""

    def run(*arguments: str) -> Ended:
        root = [] if "--root" in arguments else ["--root", str(tiny_lakehouse)]
        with pytest.raises(SystemExit) as end:
            main([*arguments, *root])
        return Ended(int(end.value.code or 0), *capsys.readouterr())

    return run
