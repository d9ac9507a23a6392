"""Decision analysis_windows: the windows are those of `specs/reference/analysis_windows.csv`."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.analysis_window import add_analysis_window, add_record_of_window
from cdisc_aclf.study.specs import read_references

REFERENCES = read_references(Path(__file__).resolve().parents[3])
WINDOWS = REFERENCES["analysis_windows"].filter(pl.col("option") == "halfway")
BY_VISIT = REFERENCES["analysis_windows"].filter(pl.col("option") == "visit")


def visits(*days: int | None) -> list[tuple[object, ...]]:
    frame = pl.DataFrame({"ADY": days}, schema={"ADY": pl.Int64}).pipe(placed)
    return frame.select("AVISIT", "AWTARGET", "AWTDIFF").rows()


def placed(frame: pl.DataFrame) -> pl.DataFrame:
    known = frame.with_columns(VISIT=pl.lit(None, pl.String), is_before=pl.col("ADY") <= 1)
    return add_analysis_window(known, windows=WINDOWS, before="is_before")


@pytest.mark.parametrize(
    ("first", "last", "visit", "target"),
    [
        (-30, 1, "Baseline", 1),
        (2, 5, "Day 4", 4),
        (6, 8, "Day 7", 7),
        (9, 11, "Day 10", 10),
        (12, 20, "Day 13", 13),
        (21, 56, "Day 28", 28),
        (57, 200, "Day 84", 84),
    ],
)
def test_a_window_has_its_first_and_its_last_day(first: int, last: int, visit: str, target: int):
    assert [row[:2] for row in visits(first, last)] == [(visit, target)] * 2


def test_the_targets_are_the_planned_days_of_the_schedule():
    planned = REFERENCES["visits"]["visitdy"].drop_nulls().to_list()
    assert WINDOWS["target"].to_list() == planned


@given(st.integers(-400, 400).filter(bool))
@settings(deadline=None, max_examples=60)
def test_every_day_lies_in_exactly_one_window(day: int):
    held = [
        row["avisit"]
        for row in WINDOWS.rows(named=True)
        if (row["low"] is None or int(row["low"]) <= day) and (row["high"] is None or day <= int(row["high"]))
    ]
    assert [visit for visit, *_ in visits(day)] == held
    assert len(held) == 1


def test_a_record_without_a_day_is_in_no_window():
    assert visits(None) == [(None, None, None)]


def test_the_distance_has_no_sign_and_counts_no_day_0():
    assert [difference for *_, difference in visits(-2, -1, 1, 2, 4, 5)] == [2, 1, 0, 2, 0, 1]


def test_a_record_that_is_not_before_treatment_is_not_in_the_window_of_day_1():
    frame = pl.DataFrame({"ADY": [1, 1, 1, 4], "VISIT": "DAY 1", "is_before": [False, None, True, False]})
    held = add_analysis_window(frame, windows=WINDOWS, before="is_before")
    assert held["AVISIT"].to_list() == [None, None, "Baseline", "Day 4"]


def test_by_visit_a_record_belongs_to_the_planned_day_of_its_visit_whatever_its_day():
    records = [
        ("SCREENING", -2, True, ("Baseline", 1, 2)),
        ("DAY 1", 1, True, ("Baseline", 1, 0)),
        ("DAY 1", 2, False, (None, None, None)),  # after treatment began it is no baseline
        ("DAY 28", 60, False, ("Day 28", 28, 32)),
        ("DAY 84", None, False, ("Day 84", 84, None)),  # of a day that is not known
        ("UNSCHEDULED 7.01", 28, False, (None, None, None)),
        (None, 28, False, (None, None, None)),
    ]
    visits, days, before, expected = zip(*records, strict=True)
    frame = pl.DataFrame({"VISIT": visits, "ADY": days, "is_before": before})
    held = add_analysis_window(frame, windows=BY_VISIT, before="is_before")
    assert held.select("AVISIT", "AWTARGET", "AWTDIFF").rows() == list(expected)
    assert held.select("AWLO", "AWHI").null_count().row(0) == (7, 7)


def test_both_options_have_the_same_planned_days_and_by_visit_each_planned_visit_is_one():
    assert BY_VISIT.select("avisit", "target").unique(maintain_order=True).equals(WINDOWS.select("avisit", "target"))
    planned = REFERENCES["visits"].drop_nulls("visitnum")
    assert BY_VISIT["visit"].to_list() == planned["visit"].to_list()


def chosen(days: list[int | None], values: list[float | None]) -> list[int]:
    frame = pl.DataFrame(
        {"USUBJID": "1", "PARAMCD": "ALT", "ADY": days, "AVAL": values, "SEQ": range(len(days))},
        schema_overrides={"ADY": pl.Int64, "AVAL": pl.Float64},
    ).pipe(placed)
    flags = add_record_of_window(frame, "ANL01FL", by=["PARAMCD"], order=["ADY", "SEQ"])["ANL01FL"].to_list()
    assert set(flags) <= {"Y", None}
    return [row for row, flag in enumerate(flags) if flag]


def test_the_record_nearest_to_the_target_stands_for_the_window():
    assert chosen([21, 27, 40], [1.0, 2.0, 3.0]) == [1]


def test_of_two_records_as_near_the_later_one_stands():
    assert chosen([6, 8], [1.0, 2.0]) == [1]
    assert chosen([8, 6], [1.0, 2.0]) == [0]


def test_of_two_records_of_one_day_the_one_later_in_order_stands():
    assert chosen([28, 28], [1.0, 2.0]) == [1]


def test_a_record_without_a_value_stands_for_nothing():
    assert chosen([28, 40], [None, 2.0]) == [1]


def test_of_the_baseline_window_the_last_record_stands():
    assert chosen([-9, -2, -1], [1.0, 2.0, 3.0]) == [2]


def test_each_subject_and_series_has_a_record_of_its_own():
    frame = pl.DataFrame({
        "USUBJID": ["1", "2", "2"], "PARAMCD": ["ALT", "ALT", "AST"], "ADY": [4, 4, 4], "AVAL": [1.0] * 3,
    }).pipe(placed)  # fmt: skip
    assert add_record_of_window(frame, "ANL01FL", by=["PARAMCD"], order=["ADY"])["ANL01FL"].to_list() == ["Y"] * 3


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-10, 100).filter(bool), st.none() | st.just(1.0)), max_size=12))
def test_one_record_of_every_window_with_a_value_is_flagged_and_none_is_nearer(
    records: list[tuple[int, float | None]],
):
    rows = chosen([day for day, _ in records], [value for _, value in records])
    windows = visits(*(day for day, _ in records))
    filled = {visit for (visit, *_), (_, value) in zip(windows, records, strict=True) if value is not None}
    assert sorted(str(windows[row][0]) for row in rows) == sorted(map(str, filled))
    for row in rows:
        visit, _, distance = windows[row]
        rivals = [
            (other[2], records[number][0], number)
            for number, other in enumerate(windows)
            if other[0] == visit and records[number][1] is not None
        ]
        nearest = min(rival[0] for rival in rivals)
        assert distance == nearest
        latest = max((day, number) for apart, day, number in rivals if apart == nearest)
        assert (records[row][0], row) == latest
