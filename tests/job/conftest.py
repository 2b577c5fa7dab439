"""One run of the whole job on a small sample, for all tests that look at what it left."""

import pickle
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.report import Timing
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.sources import SampleFacts, SampleSpec, generate_sample
from support.made_once import made_once

SMALL = {"sample_ratings": "3000", "grid": "single", "folds": "2", "n_neighbours": "5", "tracking": "off"}


@dataclass(frozen=True)
class SampleRun:
    """A lakehouse that the whole job has made of the sample, what is known of the sample, and the job's parameters.

    Attributes:
        timings: what the job's time went into.
    """

    store: Store
    facts: SampleFacts
    parameters: dict[str, str]
    timings: list[Timing]

    def copied_to(self, root: Path) -> "SampleRun":
        """The same in a lakehouse of its own, for what changes it: all tests read the one that is shared."""
        shutil.copytree(self.parameters["lakehouse"], root)
        parameters = self.parameters | {"lakehouse": str(root)}
        return replace(self, store=Store(self.store.session, place_of(str(root))), parameters=parameters)


@pytest.fixture(scope="session")
def sample_run(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """The job on the sample, undisturbed."""
    folder = made_once(tmp_path_factory, "job", run_on_sample)
    parameters = parameters_in(folder)
    spec = SampleSpec.of_size(3000, seed=42)
    facts = generate_sample(spec, Path(parameters["lakehouse"], "_landing", "sample", spec.fingerprint()))
    timings = pickle.loads((folder / "timings").read_bytes())
    return SampleRun(Store(lambda: spark, place_of(parameters["lakehouse"])), facts, parameters, timings)


def parameters_in(folder: Path) -> dict[str, str]:
    """The job's parameters for a lakehouse in a folder."""
    return SMALL | {"lakehouse": str(folder / "lakehouse"), "tracking": "auto"}


def run_on_sample(folder: Path) -> None:
    """Run the job into a folder, and keep beside the lakehouse what its time went into."""
    began = time.monotonic()
    outcome = run_job(find_bundle(None), overrides=parameters_in(folder))
    assert outcome.error is None
    (folder / "timings").write_bytes(pickle.dumps(outcome.timings(began, time.monotonic())))
