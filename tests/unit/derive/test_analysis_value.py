"""Decision laboratory_records; ADaMIG 1.3 section 3.3.6 for DTYPE."""

import polars as pl
import pytest

from cdisc_aclf.derive.analysis_value import add_analysis_value


@pytest.mark.parametrize(
    ("text", "number", "value", "derivation"),
    [
        ("12.5", 12.5, 12.5, None),
        ("0", 0.0, 0.0, None),
        ("<0.5", None, 0.25, "HALFLLOQ"),
        ("<=0.5", None, 0.25, "HALFLLOQ"),
        ("< 20", None, 10.0, "HALFLLOQ"),
        (">1000", None, 1000.0, "ULOQ"),
        (">=7.5", None, 7.5, "ULOQ"),
        ("haemolysed", None, None, None),
        ("<low", None, None, None),
        ("120", None, None, None),  # a number in a unit that is not the standard one has no standard number
        (None, None, None, None),
    ],
)
def test_a_result_is_its_number_half_of_a_lower_limit_or_an_upper_limit(
    text: str | None, number: float | None, value: float | None, derivation: str | None
):
    frame = pl.DataFrame({"C": [text], "N": [number]}, schema={"C": pl.String, "N": pl.Float64})
    assert add_analysis_value(frame, text="C", number="N").select("AVAL", "DTYPE").row(0) == (value, derivation)
