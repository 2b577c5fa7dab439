"""Reading the tables without Spark: Delta's log through delta-rs, SQL through DuckDB. Nothing here can write."""
