"""Factors as Parquet files of this machine, which a model that travels without Spark is made of."""

from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

_ROWS_AT_A_TIME: Final = 10_000


def write_factors(factors: DataFrame, key: str, file: Path) -> Path:
    """Write the key, bias and factors of a frame of factors, streaming partition by partition; give the file."""
    schema = pa.schema([(key, pa.int32()), ("bias", pa.float32()), ("factors", pa.list_(pa.float32()))])
    rows = factors.select(*schema.names).toLocalIterator()
    with pq.ParquetWriter(file, schema) as writer:
        while batch := list(islice(rows, _ROWS_AT_A_TIME)):
            writer.write_batch(pa.RecordBatch.from_pylist([row.asDict() for row in batch], schema=schema))
    return file
