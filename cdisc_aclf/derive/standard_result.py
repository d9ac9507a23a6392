"""Results in standard units."""

import polars as pl

from cdisc_aclf.model.frame import Frame

_SCALE = 18  # a product is exact for 12 decimals of a result and 6 of a factor
_DECIMAL = pl.Decimal(38, _SCALE)
_COMPARATOR = "^([<>]=?)"
_NUMBER = r"^(?:[<>]=?)?\s*([+-]?[0-9]+(?:\.[0-9]+)?)$"


def add_standard_result(frame: Frame, domain: str, *, tests: Frame, units: Frame) -> Frame:
    """Add --STRESC, --STRESN, --STRESU, --STNRLO and --STNRHI.

    A result already in the standard unit stays as it is. Another one is multiplied as an exact decimal and rounded
    half away from zero to the decimals of the test; the limits of its range go the same way. `<0.5` keeps its
    comparator in --STRESC and has no --STRESN (SDTMIG 3.4 section 4.5.1). Text stays text, and only in the standard
    unit does it have a unit. A number in a unit that nobody listed for the test has no standard result, never a
    guessed one.

    Args:
        frame: records with --TESTCD, --ORRES, --ORRESU, --ORNRLO, --ORNRHI, all text.
        domain: two-letter domain code that stands for `--`.
        tests: `testcd`, `standard_unit`, `decimals`.
        units: `testcd`, `unit`, `factor` from that unit to the standard one.

    Examples:
        >>> tests = pl.DataFrame({"testcd": ["BILI"], "standard_unit": ["umol/L"], "decimals": ["1"]})
        >>> units = pl.DataFrame({"testcd": ["BILI"] * 2, "unit": ["mg/dL", "umol/L"], "factor": ["17.104", "1"]})
        >>> frame = pl.DataFrame({"LBTESTCD": ["BILI"] * 3, "LBORRES": ["20.5", "<0.5", "350.60"],
        ...                       "LBORRESU": ["mg/dL", "mg/dL", "umol/L"], "LBORNRLO": ["0.2", "0.2", "3"],
        ...                       "LBORNRHI": ["1.2", "1.2", "21"]})
        >>> result = add_standard_result(frame, "LB", tests=tests, units=units)
        >>> result.select("LBSTRESC", "LBSTRESN", "LBSTRESU", "LBSTNRHI").rows()
        [('350.6', 350.6, 'umol/L', 20.5), ('<8.6', None, 'umol/L', 20.5), ('350.60', 350.6, 'umol/L', 21.0)]
    """
    facts = units.select("testcd", "unit", "factor").join(
        tests.select("testcd", "standard_unit", pl.col("decimals").cast(pl.Int64)), on="testcd"
    )
    places = sorted(facts["decimals"].unique())
    result, unit = f"{domain}ORRES", f"{domain}ORRESU"
    number = _converted(result, places)
    comparator = pl.col(result).str.extract(_COMPARATOR).fill_null("")
    is_number, is_standard = pl.col(result).str.contains(_NUMBER), pl.col("factor").eq_missing(pl.lit("1"))
    text = pl.when(is_number & ~is_standard).then(comparator + number).otherwise(pl.col(result))
    return (
        frame.join(
            facts,
            left_on=[f"{domain}TESTCD", unit],
            right_on=["testcd", "unit"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            text.alias(f"{domain}STRESC"),
            pl.when(comparator == "").then(number.cast(pl.Float64)).alias(f"{domain}STRESN"),
            pl.when(text.is_not_null() & (is_number | is_standard)).then("standard_unit").alias(f"{domain}STRESU"),
            _converted(f"{domain}ORNRLO", places).cast(pl.Float64).alias(f"{domain}STNRLO"),
            _converted(f"{domain}ORNRHI", places).cast(pl.Float64).alias(f"{domain}STNRHI"),
        )
        .drop("factor", "standard_unit", "decimals")
    )


def _converted(column: str, places: list[int]) -> pl.Expr:
    digits = pl.col(column).str.extract(_NUMBER)
    product = digits.cast(_DECIMAL, strict=False) * pl.col("factor").cast(_DECIMAL)
    rounded = pl.coalesce(
        pl.when(pl.col("decimals") == place).then(product.round(place, mode="half_away_from_zero")) for place in places
    ).cast(pl.String)
    surplus = _SCALE - pl.col("decimals") + (pl.col("decimals") == 0).cast(pl.Int64)
    fixed = rounded.str.head(rounded.str.len_chars().cast(pl.Int64) - surplus)
    return pl.when(pl.col("factor") == "1").then(digits).otherwise(fixed)


def add_range_indicator(frame: Frame, name: str, *, value: str, low: str, high: str) -> Frame:
    """Add LOW, HIGH or NORMAL by a number and its range, all in one unit.

    Null where there is no number or the range has no limit; a range with one limit validates that side.

    Args:
        frame: a dataset with the variables named.
        name: variable to add, e.g. `LBNRIND` or `ANRIND`.
        value: the number.
        low: lower limit, itself within the range.
        high: upper limit, itself within the range.

    Examples:
        >>> frame = pl.DataFrame({"LBSTRESN": [2.9, 3.0, 21.1, 5.0], "LBSTNRLO": [3.0, 3.0, None, None],
        ...                       "LBSTNRHI": [21.0, 21.0, 21.0, None]})
        >>> limits = {"low": "LBSTNRLO", "high": "LBSTNRHI"}
        >>> add_range_indicator(frame, "LBNRIND", value="LBSTRESN", **limits)["LBNRIND"].to_list()
        ['LOW', 'NORMAL', 'HIGH', None]
    """
    number, lower, upper = pl.col(value), pl.col(low), pl.col(high)
    known = number.is_not_null() & (lower.is_not_null() | upper.is_not_null())
    return frame.with_columns(
        pl.when(number < lower)
        .then(pl.lit("LOW"))
        .when(number > upper)
        .then(pl.lit("HIGH"))
        .when(known)
        .then(pl.lit("NORMAL"))
        .alias(name)
    )
