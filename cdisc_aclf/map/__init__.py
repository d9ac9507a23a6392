"""Words: each returns one polars expression."""
