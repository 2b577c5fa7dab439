"""The errors that a person can do something about.

Each message is one line: what is wrong, where, and what to do. The command line prints that line and exits with
status 1; anything that is not a ``LakehouseError`` is a fault of the program.
"""


class LakehouseError(Exception):
    """Base of every error that a user, a setting or the data caused."""


class SourceError(LakehouseError):
    """The raw files cannot be had or read: a missing file or column, wrong encoding, a broken download."""


class SettingError(LakehouseError):
    """A setting, parameter or bundle file says something that cannot be used."""


class SetupError(LakehouseError):
    """The machine lacks what a session needs: Java, the Delta JARs, an optional package."""


class TableError(LakehouseError):
    """A table is missing, unreadable or not of its declared form."""


class QueryError(LakehouseError):
    """A SQL text does not parse, does not fit the tables, or does anything but read."""


class GateError(LakehouseError):
    """A critical expectation failed, or a suite of expectations does not load: nothing was published."""


class NotPromotedError(LakehouseError):
    """A new model is no better than what it must beat: the last promoted one stays."""


class NotFoundError(LakehouseError):
    """No movie, user or run is known by what was asked for, or several are."""


class TaskError(LakehouseError):
    """A task of the job failed, ran out of time or was stopped."""


def reason_of(fault: BaseException) -> str:
    r"""Why something failed, in one line: of what the JVM raises the root cause, which comes last, else the first line.

    >>> reason_of(OSError("An error occurred while calling o7.sql.\n: Job aborted\n\tat x\nCaused by: No space left"))
    'No space left'
    """
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()] or [type(fault).__name__]
    causes = [line.removeprefix("Caused by:").strip() for line in lines if line.startswith("Caused by:")]
    raised = [line.removeprefix(":").strip() for line in lines[1:2] if line.startswith(": ")]
    return (causes[-1:] or raised or lines)[0]
