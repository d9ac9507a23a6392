import polars as pl
import pytest

from cdisc_aclf.derive.epoch import add_epoch, starts_by

ELEMENTS = pl.DataFrame(
    [
        ("1", "2026-01-08T10:00", "SCREENING"),
        ("1", "2026-01-10T09:30", "TREATMENT"),
        ("1", "2026-01-23", "FOLLOW-UP"),
    ],
    schema=["USUBJID", "SESTDTC", "EPOCH"],
    orient="row",
)


def epochs(*dates: str | None, se: pl.DataFrame = ELEMENTS, subject: str = "1") -> list[str | None]:
    frame = pl.DataFrame({"USUBJID": [subject] * len(dates), "LBDTC": dates}, schema_overrides={"LBDTC": pl.String})
    return add_epoch(frame, date="LBDTC", se=se)["EPOCH"].to_list()


def test_the_epoch_is_that_of_the_last_element_which_began_by_the_date():
    dates = ["2026-01-09", "2026-01-11", "2026-01-22T23:59", "2026-01-23", "2026-04-03"]
    assert epochs(*dates) == ["SCREENING", "TREATMENT", "TREATMENT", "FOLLOW-UP", "FOLLOW-UP"]


def test_before_the_first_element_there_is_no_epoch():
    assert epochs("2026-01-07", "2026-01-08T09:59") == [None, None]


def test_on_the_day_of_the_first_dose_the_time_decides():
    assert epochs("2026-01-10T09:29", "2026-01-10T09:30", "2026-01-10T09:31:10") == [
        "SCREENING",
        "TREATMENT",
        "TREATMENT",
    ]


def test_on_the_day_of_the_first_dose_a_date_without_a_time_is_in_the_new_epoch():
    assert epochs("2026-01-10", "2026-01-08") == ["TREATMENT", "SCREENING"]


def test_a_time_on_the_day_of_an_element_without_a_time_is_in_the_new_epoch():
    assert epochs("2026-01-23T00:01") == ["FOLLOW-UP"]


@pytest.mark.parametrize("date", ["2026", "2026-01", "2026---15", "2026-02-30", "10/02/2026", "soon", None])
def test_an_epoch_is_never_imputed_from_a_date_whose_day_is_unknown_or_impossible(date: str | None):
    assert epochs(date) == [None]


def test_a_subject_without_elements_has_no_epoch():
    assert epochs("2026-01-11", subject="2") == [None]


def test_an_element_without_a_start_is_in_nobodys_way():
    se = ELEMENTS.with_columns(SESTDTC=pl.when(pl.col("EPOCH") != "SCREENING").then("SESTDTC"))
    assert epochs("2026-01-09", "2026-01-11", se=se) == [None, "TREATMENT"]


def test_of_two_elements_that_began_on_one_day_the_later_one_counts_whichever_has_a_time():
    se = ELEMENTS.with_columns(SESTDTC=pl.Series(["2026-01-10T08:00", "2026-01-10", "2026-01-23"]))
    assert epochs("2026-01-10T09:00", "2026-01-15", se=se) == ["TREATMENT", "TREATMENT"]


def test_the_rows_stay_in_their_order():
    frame = pl.DataFrame({"USUBJID": ["1", "2", "1"], "LBDTC": ["2026-04-03", "2026-01-11", "2026-01-09"]})
    assert add_epoch(frame, date="LBDTC", se=ELEMENTS).drop("EPOCH").equals(frame)


@pytest.mark.parametrize(
    ("start", "moment", "by"),
    [
        ("2026-01-10", "2026-01-10T00:00", True),
        ("2026-01-10T09:30", "2026-01", True),
        ("2026-02-10", "2026-01", False),
        ("2026-01-10", "2026---05", True),
        ("2027-01-10", "2026---05", False),
        ("2026---05", "2026-01-10", True),
        ("2026-01-10", "soon", None),
        ("2026-01-10", None, None),
    ],
)
def test_two_moments_are_compared_as_far_as_both_are_known(start: str, moment: str | None, *, by: bool | None):
    frame = pl.DataFrame({"start": [start], "moment": [moment]}, schema_overrides={"moment": pl.String})
    assert frame.select(starts_by("start", "moment")).item() is by
