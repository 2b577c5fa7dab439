"""What tasks say while they work, on a terminal: a bar for each count of steps, and lines above it."""

from threading import Lock
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from movie_lakehouse.text import inert


class TerminalProgress:
    """A listener of tasks. Bars are there only while steps are under way, and gone at the end of the block."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = Lock()
        self._bars: dict[tuple[str, str], TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> "TerminalProgress":
        """Nothing is shown yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Leave no bar behind."""
        self._progress.stop()

    def notice(self, task: str, text: str) -> None:
        """Print the line above the bars."""
        self._console.print(Text(inert(f"{task}: {text}")), soft_wrap=True)

    def step(self, task: str, what: str, done: int, total: int) -> None:
        """Move the count's bar; it goes when all is done."""
        with self._lock:
            if (task, what) not in self._bars:
                self._bars[task, what] = self._progress.add_task(f"{task}: {what}", total=total)
                self._progress.start()
            bar = self._bars[task, what]
            self._progress.update(bar, completed=done, total=total)
            if done >= total:
                self._progress.remove_task(self._bars.pop((task, what)))
            if not self._bars:
                self._progress.stop()
