"""Age."""

import polars as pl


def completed_years(birth: pl.Expr, at: pl.Expr) -> pl.Expr:
    """Completed years between two ISO 8601 texts; null unless both are complete dates in their order.

    A birthday counts from its own day on; someone born on 29 February completes a year on 1 March of other years.

    Examples:
        >>> frame = pl.DataFrame({"b": ["1980-03-10", "1980-03-10", "1980"],
        ...                       "d": ["2026-03-09", "2026-03-10", "2026-03-10"]})
        >>> frame.select(completed_years(pl.col("b"), pl.col("d"))).to_series().to_list()
        [45, 46, None]
    """
    born, now = (text.str.head(10).str.to_date("%Y-%m-%d", strict=False) for text in (birth, at))
    birthday_to_come = now.dt.to_string("%m-%d") < born.dt.to_string("%m-%d")
    years = (now.dt.year() - born.dt.year() - birthday_to_come.cast(pl.Int32)).cast(pl.Int64)
    return pl.when(years >= 0).then(years)
