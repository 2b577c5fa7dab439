"""Bronze: the CSVs as they came, every file once."""
