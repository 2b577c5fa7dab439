"""The explorer as tests meet it: drawn in this process, or served by one of its own."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

START = "import sys; from movie_lakehouse.cli import main; main()"

Explored = Callable[..., AppTest]
"""Draws a page in this process."""


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address of ``lakehouse app`` on the root, a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-c", START, "app", "--root", str(root), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            print(process.communicate(timeout=30)[0].decode())  # pytest shows it where a test fails


def _wait_for(address: str) -> None:
    """Until the address answers, for half a minute."""
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"nothing answers at {address}")
