"""Where runs are tracked: a SQLite store under the lakehouse's folder, or the workspace's own server."""

from dataclasses import dataclass
from pathlib import Path

from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.place import Place

EXPERIMENT = "movie_lakehouse"
MODEL = "recommender"
CHAMPION = "champion"
"""The alias of the model version that people get."""


@dataclass(frozen=True)
class TrackingPlace:
    """A tracking server and the names that are used there.

    Attributes:
        tracking_uri: where runs are kept.
        registry_uri: where model versions are kept.
        experiment: the experiment's name.
        model: the registered model's name.
        folder: the local store's folder, None for a server.
    """

    tracking_uri: str
    registry_uri: str
    experiment: str
    model: str
    folder: Path | None = None

    @property
    def champion_uri(self) -> str:
        """What mlflow.pyfunc.load_model takes to load the published model."""
        return f"models:/{self.model}@{CHAMPION}"


def tracking_place_of(place: Place, experiment: str = "") -> TrackingPlace:
    """Where the runs of a lakehouse at this place are tracked.

    Args:
        place: of the lakehouse.
        experiment: the experiment's name; empty for ``EXPERIMENT``, which a workspace has among what is shared.

    >>> tracking_place_of(FolderPlace(Path("/data/lake"))).tracking_uri
    'sqlite:////data/lake/mlflow/mlflow.db'
    >>> tracking_place_of(CatalogPlace("main", "dev_")).model
    'main.dev_gold.recommender'
    """
    if isinstance(place, CatalogPlace):
        model = f"{place.catalog}.{place.schema_prefix}gold.{MODEL}"
        return TrackingPlace("databricks", "databricks-uc", experiment or f"/Shared/{EXPERIMENT}", model)
    assert isinstance(place, FolderPlace), "a lakehouse is a folder or a catalog"
    folder = place.root / "mlflow"
    database = f"sqlite:///{folder / 'mlflow.db'}"
    return TrackingPlace(database, database, experiment or EXPERIMENT, MODEL, folder)
