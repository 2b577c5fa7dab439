"""The explorer: pages on the tables, for people. It reads through ``query`` and knows neither Spark nor the job."""
