"""Ctrl-C, as it comes to a process that waits."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def to_the_process() -> None:
    """The kernel chooses the thread, which is the main one nearly always."""
    os.kill(os.getpid(), signal.SIGINT)


def to_another_thread() -> None:
    """The thread that sends the signal gets it, and the main one sleeps on."""
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)


@contextmanager
def ctrl_c_after(seconds: float, send: Callable[[], None]) -> Iterator[None]:
    """Have SIGINT come while the block lasts.

    It is handled as in a process without Spark, whose own handler would stop the work of all who share a Spark.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(seconds, send)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        signal.signal(signal.SIGINT, before)
