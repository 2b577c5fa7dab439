"""MLflow: what training did, for those who have the extra ``mlflow``; without it nothing here is imported."""
