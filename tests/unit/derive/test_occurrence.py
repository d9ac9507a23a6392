"""OCCDS 1.1 section 3.2.7: flags of first and of first worst occurrences."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.derive.occurrence import add_occurrence_flag

Row = tuple[str, str | None, int | None, int | None]  # subject, term, day, grade
SCHEMA = {"USUBJID": pl.String, "PT": pl.String, "DAY": pl.Int64, "GRADE": pl.Int64}


def flagged(rows: list[Row], *, by: list[str], worst: str | None = None, among: pl.Expr | None = None) -> list[int]:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    condition = pl.lit(value=True) if among is None else among
    flags = add_occurrence_flag(frame, "FL", by=by, among=condition, order=["DAY"], worst=worst)["FL"].to_list()
    assert set(flags) <= {"Y", None}
    return [row for row, flag in enumerate(flags) if flag]


def test_the_first_record_of_each_subject_is_flagged():
    assert flagged([("1", "A", 5, 1), ("1", "B", 2, 1), ("2", "A", 9, 1)], by=[]) == [1, 2]


def test_the_first_record_of_each_term_is_flagged():
    assert flagged([("1", "A", 5, 1), ("1", "A", 2, 1), ("1", "B", 9, 1)], by=["PT"]) == [1, 2]


def test_the_first_of_the_worst_records_is_flagged():
    assert flagged([("1", "A", 1, 1), ("1", "A", 5, 3), ("1", "A", 3, 3)], by=[], worst="GRADE") == [2]


def test_only_records_in_question_are_flagged():
    rows: list[Row] = [("1", "A", 1, 3), ("1", "A", 5, 1)]
    assert flagged(rows, by=[], among=pl.col("DAY") > 1) == [1]
    assert flagged(rows, by=[], among=pl.col("DAY") > 1, worst="GRADE") == [1]


def test_a_record_without_a_term_belongs_to_no_group_of_terms():
    rows: list[Row] = [("1", None, 1, 1), ("1", "A", 5, 1)]
    assert flagged(rows, by=["PT"]) == [1]
    assert flagged(rows, by=[]) == [0]


def test_a_record_without_a_day_is_the_last_and_one_without_a_grade_is_not_the_worst():
    assert flagged([("1", "A", None, 1), ("1", "A", 5, 1)], by=[]) == [1]
    assert flagged([("1", "A", 1, None), ("1", "A", 5, 1)], by=[], worst="GRADE") == [1]
    assert flagged([("1", "A", 1, None)], by=[], worst="GRADE") == []


def test_of_two_records_of_one_day_the_first_row_is_flagged():
    assert flagged([("1", "A", 5, 1), ("1", "A", 5, 1)], by=[]) == [0]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("12"), st.sampled_from("AB"), st.integers(-5, 5), st.integers(1, 5)), max_size=12
    )
)
def test_each_group_has_one_flag_and_nothing_in_it_is_earlier_or_worse(rows: list[Row]):
    first = {}
    worst = {}
    for number, (subject, term, day, grade) in enumerate(rows):
        group = (subject, term)
        first[group] = min(first.get(group, (day, number)), (day, number))
        worst[group] = min(worst.get(group, (-grade, day, number)), (-grade, day, number))
    assert flagged(rows, by=["PT"]) == sorted(number for _, number in first.values())
    assert flagged(rows, by=["PT"], worst="GRADE") == sorted(number for *_, number in worst.values())
