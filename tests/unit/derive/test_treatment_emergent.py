import polars as pl
import pytest

from cdisc_aclf.derive.treatment_emergent import add_treatment_emergent

DM = pl.DataFrame(
    {
        "USUBJID": ["EXO", "CTRL", "FAILED"],
        "RFSTDTC": ["2026-01-10", "2026-01-10", None],
        "RFXSTDTC": ["2026-01-11T09:00", None, None],
    }
)


def flag(subject: str, start: str | None, end: str | None = None) -> str | None:
    schema = dict.fromkeys(("USUBJID", "AESTDTC", "AEENDTC"), pl.String)
    frame = pl.DataFrame([(subject, start, end)], schema=schema, orient="row")
    return add_treatment_emergent(frame, "AETRTEM", start="AESTDTC", end="AEENDTC", dm=DM)["AETRTEM"].item()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-01-11T08:59", None),
        ("2026-01-11T09:00", "Y"),
        ("2026-01-11", "Y"),
        ("2026-01-10", None),
        ("2026-04-03", "Y"),
    ],
)
def test_an_event_on_or_after_the_first_dose_is_treatment_emergent(start: str, expected: str | None):
    assert flag("EXO", start) == expected


@pytest.mark.parametrize(
    ("start", "expected"), [("2026-01-09T23:59", None), ("2026-01-10", "Y"), ("2026-01-10T00:00", "Y")]
)
def test_without_study_drug_day_1_counts_instead_of_the_first_dose(start: str, expected: str | None):
    assert flag("CTRL", start) == expected


@pytest.mark.parametrize("partial", ["2026-01", "2026", "2026---15", "2026---05"])
def test_a_partial_start_that_may_lie_after_treatment_began_counts_as_after(partial: str):
    assert flag("EXO", partial) == "Y"


@pytest.mark.parametrize("partial", ["2025-12", "2025", "2025---15"])
def test_a_partial_start_that_is_surely_before_treatment_does_not_count(partial: str):
    assert flag("EXO", partial) is None


@pytest.mark.parametrize("start", [None, "soon", "20.02.2026"])
def test_an_event_whose_start_nobody_can_read_counts_unless_it_surely_ended_before_treatment(start: str | None):
    assert flag("EXO", start) == "Y"
    assert flag("EXO", start, "2026-01-20") == "Y"
    assert flag("EXO", start, "2026-01") == "Y"
    assert flag("EXO", start, "2026-01-11") == "Y"
    assert flag("EXO", start, "2026-01-10") is None
    assert flag("EXO", start, "2025") is None


def test_a_partial_start_does_not_count_where_the_event_surely_ended_before_treatment():
    assert flag("EXO", "2026-01", "2026-01-10") is None
    assert flag("EXO", "2026-01", "2026-01-11") == "Y"
    assert flag("EXO", "2026", "2026-01") == "Y"


def test_a_subject_whose_treatment_never_began_has_no_flag():
    assert flag("FAILED", "2026-01-10") is None
    assert flag("FAILED", None) is None
    assert flag("NOBODY", "2026-01-10") is None
