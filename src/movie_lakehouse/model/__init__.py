"""The model: split, tune, fit, measure. Pure functions from ratings to predictions and factors."""
