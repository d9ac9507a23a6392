"""Formats of datasets: SAS transport files, SAS7BDAT, Dataset-JSON and Parquet, the reader of each beside its writer."""
