import polars as pl
import pytest

from cdisc_aclf.map.moment import at_its_time


@pytest.mark.parametrize(
    ("date", "other", "expected"),
    [
        ("2026-05-25", "2026-05-25T18:10", "2026-05-25T18:10"),
        ("2026-05-24", "2026-05-25T18:10", "2026-05-24"),
        ("2026-05-25", "2026-05-25", "2026-05-25"),
        ("2026-05-25T09:00", "2026-05-25T18:10", "2026-05-25T09:00"),
        ("2026-05-25", "2026-05", "2026-05-25"),
        ("2026-05-25", None, "2026-05-25"),
        (None, "2026-05-25T18:10", None),
    ],
)
def test_a_date_takes_the_time_that_another_form_gives_for_the_same_day(
    date: str | None, other: str | None, expected: str | None
):
    frame = pl.DataFrame({"date": [date], "other": [other]}, schema={"date": pl.String, "other": pl.String})
    assert frame.select(at_its_time(pl.col("date"), pl.col("other"))).item() == expected


@pytest.mark.parametrize("partial", ["2026-05", "2026", "2026---25"])
def test_a_partial_date_is_never_completed_from_another_form(partial: str):
    frame = pl.DataFrame({"date": [partial], "other": ["2026-05-25T18:10"]})
    assert frame.select(at_its_time(pl.col("date"), pl.col("other"))).item() == partial
