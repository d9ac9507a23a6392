from datetime import date, time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.map.iso8601 import iso8601

FULL_WIDTH = str.maketrans("0123456789-/.:", "０１２３４５６７８９－／．：")
SHAPES = (
    "{year:04}-{month:02}-{day:02}",
    "{year:04}-{month}-{day}",
    "{year:04}/{month}/{day}",
    "{year:04}/{month:02}/{day:02}",
    "{year:04}.{month}.{day}",
    "{year:04}年{month}月{day}日",
    "{year:04}年{month:02}月{day:02}日",
)
PART = st.one_of(st.integers(0, 40).map(str), st.sampled_from(["UK", "unk", "-", "--", "不详", "", "x"]))


def written(typed: str | None, clock: str | None = None) -> str | None:
    frame = pl.DataFrame({"date": [typed], "time": [clock]}, schema={"date": pl.String, "time": pl.String})
    return frame.select(iso8601("date", "time")).item()


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from([{}, FULL_WIDTH]), st.sampled_from(["", " ", "　"]))
def test_every_calendar_date_in_every_accepted_format_gives_its_iso_form(day: date, width: dict[int, int], blank: str):
    typed = [shape.format(year=day.year, month=day.month, day=day.day) for shape in SHAPES]
    typed = [blank + text.translate(width) + blank for text in typed]
    assert pl.DataFrame({"date": typed}).select(iso8601("date")).to_series().to_list() == [day.isoformat()] * len(
        SHAPES
    )


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), st.times())
def test_a_time_is_as_precise_as_it_was_collected(day: date, clock: time):
    to_minute, to_second = f"{clock:%H:%M}", f"{clock:%H:%M:%S}"
    assert written(day.isoformat(), to_minute) == f"{day.isoformat()}T{to_minute}"
    assert written(day.isoformat(), to_second.translate(FULL_WIDTH)) == f"{day.isoformat()}T{to_second}"


@settings(deadline=None)
@given(st.text(), PART, PART, st.sampled_from("-/."))
def test_what_is_written_is_read_again_as_itself(text: str, month: str, day: str, mark: str):
    typed = [text, f"2026{mark}{month}{mark}{day}", f"2026{mark}{month}", f"2026年{month}月{day}日"]
    once = pl.DataFrame({"date": typed}).select(date=iso8601("date"))
    assert once.select(date=iso8601("date")).equals(once)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2026", "2026"),
        ("2026年", "2026"),
        ("2026-2", "2026-02"),
        ("2026/02", "2026-02"),
        ("2026年2月", "2026-02"),
        ("2026-02-UK", "2026-02"),
        ("2026/2/unk", "2026-02"),
        ("2026-02-XX", "2026-02"),
        ("2026-02---", "2026-02"),
        ("2026年2月不详日", "2026-02"),
        ("2026-UN-UN", "2026"),
        ("2026年未知月未知日", "2026"),
        ("2026----UK", "2026"),
    ],
)
def test_what_is_unknown_on_the_right_is_left_out(typed: str, iso: str):
    assert written(typed) == iso


@pytest.mark.parametrize("typed", ["2026-UK-15", "2026/XX/15", "2026年不详月15日", "2026---15", "2026----15"])
def test_an_unknown_month_before_a_known_day_is_a_hyphen(typed: str):
    assert written(typed) == "2026---15"


@pytest.mark.parametrize("typed", ["2026-02", "2026", "2026-UK-15", "soon"])
def test_a_time_without_a_complete_date_is_not_written(typed: str):
    assert written(typed, "08:30") == written(typed)


@pytest.mark.parametrize("clock", ["24:00", "08:60", "8:30", "08:30:60", "0830", "am", "UK:UK"])
def test_a_time_that_is_none_is_not_written(clock: str):
    assert written("2026-02-03", clock) == "2026-02-03"


def test_an_impossible_date_is_written_as_collected_for_the_schema_to_report():
    assert written("2026/2/30") == "2026-02-30"


@pytest.mark.parametrize(
    "typed",
    ["3 Feb 2026", "20260203", "2026-2/3", "2026年2", "2026-02-03日", "26-02-03", "2026-123", "UK-UK-UK", "٢٠٢٦-02-03"],
)
def test_text_in_no_known_format_stays_as_typed(typed: str):
    assert written(f" {typed} ") == typed


def test_no_date_is_no_date_even_with_a_time():
    assert written(None, "08:30") is None
