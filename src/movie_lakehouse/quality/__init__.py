"""The gate: a frame is judged by its table's suite of expectations before anybody can read it.

``gate`` judges, ``verdict`` says what follows, ``suite`` reads the JSON, ``engine`` is where Great Expectations meets
Spark, ``docs`` and ``dictionary`` tell people. Great Expectations takes seconds to import: it is imported by what uses
it when it is used, so that commands and skipped tasks do not wait for it.
"""
