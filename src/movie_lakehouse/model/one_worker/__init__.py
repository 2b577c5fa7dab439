"""Spark's ALS in numpy, for ratings that fit one worker: whole models are distributed then, not the data.

It minimises Spark's own objective, exactly, in Spark's own order and from Spark's own random factors: its errors are
those of org.apache.spark.ml.recommendation.ALS but for rounding. A search costs seconds instead of minutes, since
nothing is shuffled between half-steps and settings that differ in iterations alone are moments of one fit.
"""
