"""Formats of datasets: SAS transport files, SAS7BDAT, Dataset-JSON and Parquet, readers beside writers."""
