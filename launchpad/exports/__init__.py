"""The exports slice: a token's history as files, CSV or Parquet."""
