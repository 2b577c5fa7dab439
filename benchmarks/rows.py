"""The table of goals: a row says what it needs, and what the figures that it needs have reached."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from benchmarks.figures import median_of, median_ratio
from benchmarks.kept import Figures

GIB = 1024
ALIKE = 0.003
"""Stars by which the mean errors of two searches may differ."""


class Reading(NamedTuple):
    """A figure in words, and whether the goal is reached; None where what it is measured against could not be had."""

    figure: str
    is_reached: bool | None


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        what: is measured.
        goal: what is to be reached.
        needs: the measurements whose figures it reads.
        read: what they have reached.
    """

    what: str
    goal: str
    needs: tuple[str, ...]
    read: Callable[..., Reading]


def searches(notebook: Figures, search: Figures) -> Reading:
    """Our search beside the notebook's, whose rows and folds it has."""
    theirs = median_of(notebook["runs"], lambda run: run["seconds"]["search"])
    ours = median_of(search["runs"], itemgetter("seconds"))
    apart = abs(_rmse(notebook) - _rmse(search))
    is_same = notebook["runs"][0]["best"] == search["runs"][0]["best"]
    best = "the same best setting" if is_same else "another best setting"
    figure = f"1/{theirs / ours:.1f} ({ours:.1f} s beside {theirs:.1f} s); {best}, RMSE {apart:.4f} apart"
    return Reading(figure, theirs / ours >= 20 and (is_same or apart <= ALIKE))


def whole_job(notebook: Figures, job: Figures) -> Reading:
    """The first run, from process start, gates and all models included."""
    theirs = median_of(notebook["runs"], itemgetter("whole_seconds"))
    ours = median_of(job["runs"], lambda run: run["first"]["seconds"])
    memory = median_of(job["runs"], lambda run: run["first"]["peak_mib"]) / GIB
    figure = f"{ours:.1f} s; 1/{theirs / ours:.1f} of {theirs:.1f} s; {memory:.1f} GiB at peak"
    return Reading(figure, ours <= 60 and theirs / ours >= 10)


def but_training(job: Figures) -> Reading:
    """All of the first run's seconds that the task `train` did not take."""
    seconds = median_of(job["runs"], lambda run: run["first"]["seconds"] - run["first"]["tasks"]["train"])
    return Reading(f"{seconds:.1f} s", seconds <= 25)


def nothing_changed(job: Figures) -> Reading:
    """The second run; a task that worked all the same is named, but for those that always look for work."""
    seconds = median_of(job["runs"], lambda run: run["again"]["seconds"])
    worked = {
        task for run in job["runs"] for task, status in run["again"]["statuses"].items() if status != "skipped"
    } - {"ingest", "publish"}
    note = f"; not skipped: {', '.join(sorted(worked))}" if worked else ""
    return Reading(f"{seconds:.1f} s{note}", seconds <= 8 and not worked)


def more_ratings(delivery: Figures) -> Reading:
    """Bronze and silver after a delivery of 1%, beside the first load."""
    first, more = (delivery[name]["tasks"]["ingest"] + delivery[name]["tasks"]["clean"] for name in ("first", "more"))
    return Reading(f"{more / first:.0%} ({more:.0f} s beside {first:.0f} s)", more <= 0.1 * first)


def top_k(kernel: Figures) -> Reading:
    """The kernel and its peers in multiples of the product alone."""
    rounds, peers = kernel["rounds"], kernel["peers"]
    ours = median_ratio(rounds, "top_k", "product")
    beside = [f"{name} {version} {median_ratio(rounds, name, 'product'):.2f}" for name, version in peers.items()]
    beside += [f"{name} could not be had" for name in ("faiss-cpu", "implicit") if name not in peers]
    beside.append(f"numpy's argpartition {median_ratio(rounds, 'argpartition', 'product'):.2f}")
    seconds = median_of(rounds, itemgetter("product"))
    figure = f"{ours:.2f} times sgemm ({seconds:.1f} s); {', '.join(beside)}"
    return Reading(figure, median_ratio(rounds, "top_k", "faiss-cpu") < 1 if "faiss-cpu" in peers else None)


def similarity_table(similarity: Figures) -> Reading:
    """The table of the nearest, in a warm session."""
    seconds = median_of(similarity["rounds"], itemgetter("ours"))
    figure = (
        f"{seconds:.1f} s ({similarity['first']:.1f} s the first time); "
        f"cross join {similarity['cross_join']:.0f} s (from 1/{similarity['share']} of the movies)"
    )
    return Reading(figure, seconds <= 3)


def lists(recommendations: Figures) -> Reading:
    """What the job calls, through Spark; that decides, and not the kernel alone."""
    rounds = recommendations["rounds"]
    ours, kernel = (median_ratio(rounds, name, "product") for name in ("spark", "kernel"))
    seconds = median_of(rounds, itemgetter("product"))
    theirs = recommendations["all_users"] / seconds
    figure = (
        f"{ours:.1f} times sgemm ({seconds:.1f} s) through Spark, {kernel:.1f} the kernel alone; "
        f"recommendForAllUsers {theirs:.0f} (from 1/{recommendations['share']} of the users)"
    )
    return Reading(figure, ours <= 2 and ours < theirs)


def quick_commands(job: Figures) -> Reading:
    """Each command's median from process start; the slowest decides."""
    runs = job["runs"]
    medians = {name: median(chain.from_iterable(run["cold"][name] for run in runs)) for name in runs[0]["cold"]}
    figure = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in medians.items())
    return Reading(figure, max(medians.values()) < 1)


def peak_memory(large: Figures) -> Reading:
    """Of the whole tree of processes."""
    gib = large["first"]["peak_mib"] / GIB
    return Reading(f"{gib:.1f} GiB", gib <= 12)


def growth(tenth: Figures, large: Figures) -> Reading:
    """The whole job's seconds on ten times the ratings."""
    one, ten = tenth["first"]["seconds"], large["first"]["seconds"]
    return Reading(f"{ten / one:.1f} times ({one:.0f} s to {ten:.0f} s)", ten <= 10 * one)


def _rmse(search: Figures) -> float:
    """The mean error over the folds of a search's best setting."""
    return median_of(search["runs"], itemgetter("cross_validated_rmse"))


ROWS = (
    Row(
        "the classic search: 27 settings in 5 folds",
        "1/20 of the notebook's time, the same best setting or RMSE within 0.003",
        ("notebook", "search"),
        searches,
    ),
    Row("the whole job, that search in it", "60 s, and 1/10 of the notebook's time", ("notebook", "job"), whole_job),
    Row("everything in the job but training", "25 s", ("job",), but_training),
    Row("the same again, nothing changed", "8 s", ("job",), nothing_changed),
    Row("1% new ratings on 25 million: bronze and silver", "10% of the first load's time", ("delivery",), more_ratings),
    Row(
        "top 50 of 60,000 movies for each of them, rank 64, two threads",
        "ahead of faiss-cpu in the same run, towards 1.5 times sgemm",
        ("kernel",),
        top_k,
    ),
    Row("top 50 of 10,000 movies, rank 20, through Spark, table written", "3 s", ("similarity",), similarity_table),
    Row(
        "top 10 of 60,000 movies for 160,000 users, rank 64, seen ones left out",
        "2 times sgemm, and ahead of recommendForAllUsers",
        ("recommendations",),
        lists,
    ),
    Row("quick commands, from process start", "under 1 s", ("job",), quick_commands),
    Row("memory: the whole job, 25 million ratings, one setting", "12 GiB", ("large",), peak_memory),
    Row("growth: 2.5 to 25 million ratings", "10 times", ("tenth", "large"), growth),
)
