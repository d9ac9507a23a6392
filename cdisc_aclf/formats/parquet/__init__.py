"""Parquet with the header of Dataset-JSON."""
