"""The settings that a search tries: named presets, or one spelled out as JSON."""

import json
from itertools import product
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from movie_lakehouse.errors import SettingError

LEAST_REG_PARAM: Final = 1e-6
"""Less leaves the factors of who has rated fewer movies than there are factors undetermined, but for rounding."""

LONGEST_SHOWN: Final = 200
"""Letters of what is no grid that an error repeats."""


class Setting(NamedTuple):
    """One cell of a grid."""

    rank: int
    max_iter: int
    reg_param: float


class Grid(BaseModel):
    """The values of each parameter of ALS; the search tries every combination."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], Field(min_length=1)]
    max_iter: Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], Field(min_length=1)]
    reg_param: Annotated[
        tuple[Annotated[float, Field(ge=LEAST_REG_PARAM, allow_inf_nan=False)], ...], Field(min_length=1)
    ]

    @field_validator("rank", "max_iter", "reg_param")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        """The values in their order, those that are repeated left out."""
        return tuple(dict.fromkeys(values))

    def settings(self) -> list[Setting]:
        """Every combination, in a fixed order.

        >>> Grid(rank=(2,), max_iter=(5,), reg_param=(0.1, 0.2)).settings()[1]
        Setting(rank=2, max_iter=5, reg_param=0.2)
        """
        return [Setting(*cell) for cell in product(self.rank, self.max_iter, self.reg_param)]


PRESETS = {
    "single": Grid(rank=(10,), max_iter=(10,), reg_param=(0.1,)),
    "small": Grid(rank=(8, 16), max_iter=(10,), reg_param=(0.1, 0.2)),
    "classic": Grid(rank=(10, 11, 12), max_iter=(5, 7, 10), reg_param=(0.1, 0.01, 0.001)),
}


def grid_named(text: str) -> Grid:
    """The preset of that name, or the grid that the JSON text spells out.

    Raises:
        SettingError: it is neither.

    >>> len(grid_named("classic").settings())
    27
    """
    if text in PRESETS:
        return PRESETS[text]
    try:
        return Grid.model_validate(json.loads(text))
    except (json.JSONDecodeError, RecursionError, ValidationError):
        raise SettingError(
            f"The grid {text[:LONGEST_SHOWN]!r} is neither one of {', '.join(PRESETS)} nor JSON such as "
            f'{{"rank": [10], "max_iter": [10], "reg_param": [0.1, 0.2]}}, no reg_param below {LEAST_REG_PARAM}'
        ) from None
