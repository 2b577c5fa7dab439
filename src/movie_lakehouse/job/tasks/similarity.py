"""similarity: the nearest movies of every movie by the cosine of their factors."""

from movie_lakehouse.gold.similarity import nearest_movies
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold

FACTORS = gold.MOVIE_FACTORS.name
TABLE = gold.MOVIE_SIMILARITY.name


def run(context: Context) -> Rows:
    """Find the neighbours, judge them and publish them."""
    neighbours = nearest_movies(context.store.read(FACTORS), context.settings.n_neighbours)
    with materialised(neighbours) as held:
        context.audit({TABLE: held})
        context.store.replace(TABLE, held)
        return {TABLE: held.count()}


similarity = Task("similarity", run, reads=(FACTORS,), writes=(TABLE,), settings=("n_neighbours",))
