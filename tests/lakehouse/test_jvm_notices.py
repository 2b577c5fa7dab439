import subprocess
import sys
import time

import pytest

from movie_lakehouse.lakehouse.jvm_notices import NOTICES, without_notices


def said(capfd: pytest.CaptureFixture[str], wanted: str) -> str:
    """What has come to standard error once the wanted text has: another thread passes it on."""
    text, deadline = "", time.monotonic() + 10
    while wanted not in text and time.monotonic() < deadline:
        text += capfd.readouterr().err
        time.sleep(0.01)
    return text


def test_a_program_started_within_is_heard_but_for_its_notices(capfd: pytest.CaptureFixture[str]) -> None:
    lines = [notice.decode() + "and so on" for notice in NOTICES] + ["out of memory"]
    script = f"import sys; print({chr(10).join(lines)!r}, file=sys.stderr)"
    with without_notices():
        subprocess.run([sys.executable, "-c", script], check=True)
    assert said(capfd, "memory") == "out of memory\n"


def test_nothing_that_it_says_goes_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    with without_notices():
        subprocess.run([sys.executable, "-c", "print('out of turn')"], check=True)
    assert said(capfd, "turn") == "out of turn\n"
    print("data")
    assert capfd.readouterr().out == "data\n"


def test_it_is_heard_after_the_block_too(capfd: pytest.CaptureFixture[str]) -> None:
    script = "import sys; sys.stdin.read(); print('later', file=sys.stderr)"
    with without_notices():
        program = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    program.communicate()
    assert said(capfd, "later") == "later\n"


def test_this_process_speaks_for_itself_again_after_the_block(capfd: pytest.CaptureFixture[str]) -> None:
    with without_notices():
        pass
    print(NOTICES[0].decode(), file=sys.stderr)
    assert said(capfd, "modules") == NOTICES[0].decode() + "\n"
