"""Two accounts of one moment."""

import polars as pl


def at_its_time(date: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The date, with the time that another form gives for the same event on the same day; a partial date stays so.

    Examples:
        >>> frame = pl.DataFrame({"end": ["2026-05-25", "2026-05-24", "2026-05"], "death": ["2026-05-25T18:10"] * 3})
        >>> frame.select(at_its_time(pl.col("end"), pl.col("death"))).to_series().to_list()
        ['2026-05-25T18:10', '2026-05-24', '2026-05']
    """
    return pl.when(other.str.starts_with(date + "T").fill_null(value=False)).then(other).otherwise(date)
