"""The job's parameters: what every task accepts, on Databricks and here, with one sentence each."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from movie_lakehouse.arguments import argument_pairs
from movie_lakehouse.errors import SettingError
from movie_lakehouse.model.grid import Grid, grid_named


class JobSettings(BaseModel):
    """The parameters of the job. All come as text and are checked before a session starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lakehouse: Annotated[str, Field(min_length=1, description="A folder, or a catalog of Unity Catalog.")] = (
        "./lakehouse"
    )
    schema_prefix: Annotated[str, Field(description="Goes before the schemas' names in a catalog.")] = ""
    source: Annotated[str, Field(min_length=1, description="sample, movielens-small|25m|32m, or a folder of CSVs.")] = (
        "sample"
    )
    landing: Annotated[
        str,
        Field(description="Folder for generated and downloaded CSVs; empty: beside the tables, downloads in a cache."),
    ] = ""
    expectations: Annotated[str, Field(description="Folder of the Great Expectations suites.")] = "expectations"
    run_id: Annotated[str, Field(description="Name of this run; empty: made from the time.")] = ""
    grid: Annotated[str, Field(description="small, classic, single, or JSON with rank, max_iter and reg_param.")] = (
        "small"
    )
    model: Annotated[
        Literal["bayes", "biased_als", "als"],
        Field(description="What is published: bayes (matrix factorisation with side information), biased_als or als."),
    ] = "bayes"
    promotion: Annotated[
        Literal["if_better", "always"],
        Field(description="Whether a model is published that biases, popular movies or the one in place beat."),
    ] = "if_better"
    search: Annotated[
        Literal["auto", "models", "spark"],
        Field(description="Cross-validation by whole models as tasks (models), by Spark's CrossValidator, or by size."),
    ] = "auto"
    folds: Annotated[int, Field(ge=2, le=20, description="Folds of the cross-validation.")] = 3
    nonnegative: Annotated[bool, Field(description="Whether ALS factors must not be negative.")] = True
    test_fraction: Annotated[float, Field(gt=0, lt=1, description="Share of the ratings held out.")] = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**63, description="Seed of split, folds, factors and sample.")] = 42
    parallelism: Annotated[int, Field(ge=1, le=64, description="Models fitted at the same time.")] = 2
    ranking: Annotated[
        Literal["ease", "rating"],
        Field(description="What orders recommendations: ease, the ranking model, or rating, the predicted stars."),
    ] = "ease"
    similarity: Annotated[
        Literal["supported", "cosine"],
        Field(description="Nearness of movies: cosine shrunk where ratings are few (supported), or plain cosine."),
    ] = "supported"
    n_recommendations: Annotated[int, Field(ge=1, le=1000, description="Movies recommended to each user.")] = 10
    n_neighbours: Annotated[int, Field(ge=1, le=1000, description="Similar movies kept for each movie.")] = 50
    tracking: Annotated[
        Literal["auto", "off"],
        Field(description="Whether training is written down in MLflow: auto, where it is installed, or off."),
    ] = "auto"
    experiment: Annotated[str, Field(description="The experiment's name in MLflow; empty: movie_lakehouse.")] = ""
    sample_ratings: Annotated[int, Field(ge=1000, description="Ratings of the generated sample.")] = 60_000

    @field_validator("grid")
    @classmethod
    def _grid_is_usable(cls, text: str) -> str:
        grid_named(text)
        return text

    @property
    def settings_grid(self) -> Grid:
        """The grid that ``grid`` names or spells out."""
        return grid_named(self.grid)


class RollbackSettings(JobSettings):
    """The parameters of the job that brings the tables of an earlier run back."""

    to_run: Annotated[str, Field(min_length=1, description="The run whose tables are brought back.")]


Settings = TypeVar("Settings", bound=JobSettings)


def parse_settings(argv: Sequence[str], kind: type[Settings]) -> Settings:
    """Read ``--name=value`` or ``--name value`` arguments.

    Raises:
        SettingError: an argument is unknown, lacks its value or has one that cannot be used.

    >>> parse_settings(["--folds=5", "--source", "sample"], JobSettings).folds
    5
    """
    return settings_of(kind, dict(argument_pairs(argv)))


def settings_from(values: dict[str, str]) -> JobSettings:
    """Check the values of the job's parameters and fill in the rest, as settings_of does."""
    return settings_of(JobSettings, values)


def settings_of(kind: type[Settings], values: dict[str, str]) -> Settings:
    """Check the values and fill in the rest.

    Raises:
        SettingError: a name is unknown or a value cannot be used.
    """
    try:
        settings = kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(kind.model_fields)
            raise SettingError(f"There is no parameter {name!r}; there are {known}.") from None
        given = "left out" if first["type"] == "missing" else repr(first["input"])
        message = first["msg"].removeprefix("Value error, ")
        raise SettingError(f"The parameter {name} cannot be {given}: {message}.") from None
    return settings if settings.run_id else settings.model_copy(update={"run_id": new_run_id()})


def new_run_id() -> str:
    """A run id that sorts by time."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
