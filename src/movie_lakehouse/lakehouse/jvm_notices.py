"""What a JVM says at every start and nobody can act on, kept off standard error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

NOTICES: Final = (
    b"WARNING: Using incubator modules: jdk.incubator.vector",
    b"Setting default log level to ",
    b"To adjust logging level use ",
    b"netlib-blas: JNI_OnLoad: dlopen(libblas",
)
"""How the lines begin that are left out: Spark 4 asks for the first, its shell says the next two, the last means that
no native BLAS is installed, which Spark does without."""
_ERRORS: Final = 2


@contextmanager
def without_notices() -> Iterator[None]:
    """Leave the notices out of what programs say on standard error that are started within the block.

    Such a program writes into a pipe as long as it lives; a thread passes on all lines but the notices.
    """
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    errors = os.dup(_ERRORS)
    os.dup2(write_end, _ERRORS)
    os.close(write_end)
    Thread(target=_pass_on, args=(read_end, errors), name="standard error of the JVM", daemon=True).start()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(errors, _ERRORS)


def _pass_on(read_end: int, errors: int) -> None:
    """Copy lines until nobody has the pipe's other end."""
    with os.fdopen(read_end, "rb") as lines:
        for line in lines:
            if not line.startswith(NOTICES):
                os.write(errors, line)
    os.close(errors)
