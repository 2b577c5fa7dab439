"""What the models are worth: lists and predictions for ratings that they have not seen, beside baselines."""
