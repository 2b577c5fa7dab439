"""The job on the small sample, by the wheel alone, which stands still where jobs are killed."""

from pathlib import Path

from faults.harness import running
from faults.lakehouses import copied
from faults.moments import MOMENTS


def run_with_halts(folder: Path, python: Path) -> None:
    """Run the job in a process that stands still, with its Spark, while what it has written is copied.

    Its lakehouse is ``lakehouse`` in the folder, the copies are in ``moments``, each in a folder that is called as the
    first task of its moment.
    """
    root = folder / "lakehouse"
    with running(root, joining=python) as run:
        for moment in MOMENTS:
            run.wait_until(lambda moment=moment: moment.is_reached(root), str(moment))
            with run.frozen():
                assert set(run.tasks_under_way()) == set(moment.tasks)
                copied(root, folder / "moments" / moment.tasks[0])
        assert run.end().status == 0
