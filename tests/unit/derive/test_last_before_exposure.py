import polars as pl
import pytest

from cdisc_aclf.derive.last_before_exposure import add_last_before_exposure

DM = pl.DataFrame(
    {"USUBJID": ["EXO", "DATE", "CTRL"], "RFXSTDTC": ["2026-01-10T10:00", "2026-01-10", None]},
)
SCHEMA = {"USUBJID": pl.String, "LBTESTCD": pl.String, "LBSPEC": pl.String, "LBSTRESC": pl.String,
          "LBSTAT": pl.String, "LBDTC": pl.String, "raw_record": pl.String}  # fmt: skip


def flags(
    *dates: str | None,
    subject: str = "EXO",
    results: list[str | None] | None = None,
    tests: list[str] | None = None,
    specimens: list[str] | None = None,
    status: list[str | None] | None = None,
) -> list[str | None]:
    size = len(dates)
    frame = pl.DataFrame(
        {
            "USUBJID": [subject] * size,
            "LBTESTCD": tests or ["ALT"] * size,
            "LBSPEC": specimens or ["SERUM"] * size,
            "LBSTRESC": results or ["40"] * size,
            "LBSTAT": status or [None] * size,
            "LBDTC": dates,
            "raw_record": [f"lab:{row}" for row in range(9, 9 + size)],
        },
        schema=SCHEMA,
    )
    flagged = add_last_before_exposure(frame, "LB", by=["LBTESTCD", "LBSPEC"], dm=DM)
    assert flagged.drop("LBLOBXFL").equals(frame)
    return flagged["LBLOBXFL"].to_list()


def test_the_last_result_before_the_first_dose_is_flagged_and_no_other():
    assert flags("2026-01-08", "2026-01-09", "2026-01-10T10:01", "2026-01-13") == [None, "Y", None, None]


def test_the_rows_need_not_be_in_the_order_of_time():
    assert flags("2026-01-09", "2026-01-13", "2026-01-08") == ["Y", None, None]


def test_a_result_at_the_minute_of_the_first_dose_is_not_before_it():
    assert flags("2026-01-10T09:59", "2026-01-10T10:00") == ["Y", None]


def test_a_sample_without_a_time_on_the_day_of_the_first_dose_is_not_before_it():
    assert flags("2026-01-09", "2026-01-10") == ["Y", None]


def test_a_dose_without_a_time_has_no_result_of_its_day_before_it():
    assert flags("2026-01-09T08:00", "2026-01-10T08:00", subject="DATE") == ["Y", None]


def test_controls_have_no_flag():
    assert flags("2026-01-08", "2026-01-09", subject="CTRL") == [None, None]


def test_a_subject_who_is_not_in_dm_has_no_flag():
    assert flags("2026-01-08", subject="NOBODY") == [None]


def test_a_record_without_a_result_is_never_flagged():
    assert flags("2026-01-08", "2026-01-09", results=["40", None]) == ["Y", None]


def test_a_record_that_says_not_done_is_never_flagged_even_if_it_has_a_result():
    assert flags("2026-01-08", "2026-01-09", status=[None, "NOT DONE"]) == ["Y", None]


def test_there_is_one_flag_for_each_test_and_each_specimen():
    assert flags("2026-01-08", "2026-01-08", "2026-01-09", tests=["ALT", "AST", "AST"]) == ["Y", None, "Y"]
    assert flags("2026-01-08", "2026-01-09", specimens=["SERUM", "PLASMA"]) == ["Y", "Y"]


def test_of_two_results_at_one_moment_the_later_raw_record_is_taken_row_10_after_row_9():
    assert flags("2026-01-09", "2026-01-09") == [None, "Y"]


@pytest.mark.parametrize("date", ["2026-01", "2026", "2026---05", "2026---15", "10/02/2025", None])
def test_a_date_that_may_be_after_the_first_dose_is_never_flagged(date: str | None):
    assert flags(date) == [None]


def test_a_partial_date_that_is_surely_before_the_first_dose_is_flagged():
    assert flags("2025-12", "2026-01") == ["Y", None]
