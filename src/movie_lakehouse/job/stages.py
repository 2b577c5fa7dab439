"""Where a run's time goes: the stages that it reports while it works, and the share of the wall time that each had.

A task is in one stage at a time, the innermost that it has entered. Tasks run side by side, so that the seconds of all
stages can add up to more than the wall time; a moment in which several tasks are at work counts for each in equal
parts. Such shares add up to the share of the wall time in which any stage was under way.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

STARTING: Final = "starting"
SESSION: Final = "session"
LOOKING: Final = "looking for changes"
WORKING: Final = "working out"
JUDGING: Final = "judging"
WRITING: Final = "writing"
RECORDING: Final = "recording"
SEARCHING: Final = "searching"
FITTING: Final = "fitting"
SCORING: Final = "scoring"
TRACKING: Final = "tracking"
WAITING: Final = "waiting for another try"

_IMPORTED = time.monotonic()


@dataclass(frozen=True)
class Stage:
    """Something that went on for a while.

    Attributes:
        task: whose it was; None for what belongs to the run as a whole.
        name: what it was.
        started: when it began, on the clock of ``time.monotonic()``.
        ended: when it ended.
    """

    task: str | None
    name: str
    started: float
    ended: float


class Time(NamedTuple):
    """What a stage took: seconds in which it was under way, and its share of the wall time."""

    seconds: float
    share: float


class _Current:
    """Holds the stages of this process's run."""

    stages: ClassVar[list[Stage]] = []


@contextmanager
def stage(task: str | None, name: str) -> Iterator[None]:
    """Report what is done within the block as a stage of the task, apart from the stage that it interrupts."""
    started = time.monotonic()
    try:
        yield
    finally:
        _Current.stages.append(Stage(task, name, started, time.monotonic()))


@contextmanager
def recorded_stages() -> Iterator[list[Stage]]:
    """Give the stages that end within the block, in any thread, as they do."""
    _Current.stages = []
    yield _Current.stages


def times(stages: Iterable[Stage], began: float, ended: float) -> dict[tuple[str | None, str], Time]:
    """What each task's stages of a name took between two moments, in the order of their first start.

    All before the first stage is ``starting``: interpreter, imports and the plan.

    >>> stages = [Stage("recommend", "judging", 0.0, 8.0), Stage("similarity", "writing", 4.0, 8.0)]
    >>> times(stages, 0.0, 8.0)["recommend", "judging"]
    Time(seconds=8.0, share=0.75)
    """
    in_order = sorted(stages, key=lambda stage: (stage.started, -stage.ended))
    first = in_order[0].started if in_order else ended
    in_order.insert(0, Stage(None, STARTING, began, first))
    moments = sorted({moment for stage in in_order for moment in (stage.started, stage.ended)})
    found: dict[tuple[str | None, str], Time] = defaultdict(lambda: Time(0.0, 0.0))
    for start, end in pairwise(moments):
        # Of a task's stages the one that began last is the innermost.
        under_way = {stage.task: stage for stage in in_order if stage.started <= start and end <= stage.ended}
        for stage in under_way.values():
            key, so_far, seconds = (stage.task, stage.name), found[stage.task, stage.name], end - start
            share = seconds / len(under_way) / (ended - began)
            found[key] = Time(so_far.seconds + seconds, so_far.share + share)
    return dict(found)


def process_start() -> float:
    """When this process began, on the clock of ``time.monotonic()``; where no /proc tells, when this was imported."""
    status = Path("/proc/self/stat")
    if not status.is_file():
        return _IMPORTED
    # The 22nd field is the start in ticks since the machine's; the second, a name in brackets, may hold blanks.
    ticks = int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.monotonic() - age
