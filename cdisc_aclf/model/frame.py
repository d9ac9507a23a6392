"""The one kind of table that packages hand to each other."""

import polars as pl

Frame = pl.DataFrame
"""An eager polars frame: pandera skips the checks of values on a lazy one without saying so."""

RAW_RECORD = "raw_record"
"""Trace column that every raw form and every mapped dataset carries: `lab:17` is row 17 of `lab.csv`, the
header being row 1. A record made of several raw records names all of them, separated by a space."""
