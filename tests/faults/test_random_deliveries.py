"""Silver after deliveries of chance, whose keys are few so that they meet."""

from random import Random

import pytest
from pyspark.sql import SparkSession

from silver.kept_silver import Delivery, KeptSilver, assert_as_if_judged_whole


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_in_whatever_order_silver_is_as_if_judged_whole(spark: SparkSession, seed: int) -> None:
    random, kept = Random(seed), KeptSilver(spark)
    deliveries = [random_delivery(random) for _ in range(3)]
    for delivery in [*deliveries, random.choice(deliveries)]:
        assert_as_if_judged_whole(kept.deliver(delivery))


def random_delivery(random: Random) -> Delivery:
    """Lines of every source, some of them dirty and some in another spelling."""
    movies = ["1", "2", "3", "4", "5", "6", "7", "8", "+2", "9.0", "0"]
    users, times = ["1", "2", "3", "4", "5", "03", "x"], [*"1234" * 3, ""]
    columns = {
        "movies": (movies, ["A", "B", "B", ""], ["", "War", "War|Drama", "Drama"]),
        "ratings": (users, movies, ["1.0", "2.0", "3.5", "3.7"], times),
        "tags": (users, movies, ["fun", " fun", "Fun", ""], times),
        "links": (movies, ["01", "02", "x"], ["", "5", "6"]),
    }
    n_lines = {"movies": 4, "ratings": 40, "tags": 20, "links": 8}
    lines = {source: [",".join(map(random.choice, columns[source])) for _ in range(n)] for source, n in n_lines.items()}
    return lines | {"tags": [*lines["tags"], "torn"]}
