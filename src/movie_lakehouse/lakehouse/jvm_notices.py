"""What a JVM says: off standard output, which is for data, and without what nobody can act on."""

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
    b"netlib-lapack: JNI_OnLoad: dlopen(liblapack",
    b"Deleted ",
)
"""How the lines begin that are left out: Spark 4 asks for the first, its shell says the next two, two more mean
that no native BLAS or LAPACK is installed, which Spark does without, and VACUUM says the last of every table."""
_OUTPUT, _ERRORS = 1, 2


@contextmanager
def without_notices() -> Iterator[None]:
    """Pass on to standard error what programs say that are started within the block, but for the notices.

    Such a program writes into a pipe as long as it lives; a thread passes on all lines but the notices.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    output, errors = os.dup(_OUTPUT), os.dup(_ERRORS)
    os.dup2(write_end, _OUTPUT)
    os.dup2(write_end, _ERRORS)
    os.close(write_end)
    Thread(target=_pass_on, args=(read_end, errors), name="standard error of the JVM", daemon=True).start()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(output, _OUTPUT)
        os.dup2(errors, _ERRORS)
        os.close(output)


def _pass_on(read_end: int, errors: int) -> None:
    """Copy lines until nobody has the pipe's other end."""
    with os.fdopen(read_end, "rb") as lines:
        for line in lines:
            if not line.startswith(NOTICES):
                os.write(errors, line)
    os.close(errors)
