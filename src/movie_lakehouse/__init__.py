"""A lakehouse for movie recommendation: raw MovieLens CSVs to gold Delta tables, in one job.

Data flow one way through the folders: ``sources`` -> ``bronze`` -> ``silver`` -> ``model`` -> ``gold``.
``lakehouse`` alone reads and writes tables, ``quality`` judges frames, ``job`` runs the tasks.
"""

__version__ = "0.1.0"
