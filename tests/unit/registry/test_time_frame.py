import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.model.timing import TimeKind, TimeUnit
from cdisc_aclf.registry.time_frame import time_frame


def study_days(text: str) -> list[int | None]:
    return [point.study_day for point in time_frame(text)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Day1, Day4、Day7、Day10、Day13、Day28、Day84", [1, 4, 7, 10, 13, 28, 84]),
        ("Days 4, 7, 10, 13, 28, and 84", [4, 7, 10, 13, 28, 84]),
        ("Day 28, Day 56, Day 90", [28, 56, 90]),
        ("study day -7，Day 1；day 8 & Day 15.", [-7, 1, 8, 15]),
        ("Day 1, Day 31, Day 91, Day 181, and Day 366 (i.e., visits 1-5)", [1, 31, 91, 181, 366]),
    ],
)
def test_named_days_are_study_days_as_they_stand(text: str, days: list[int]):
    assert study_days(text) == days
    assert {point.kind for point in time_frame(text)} == {TimeKind.STUDY_DAY}


@pytest.mark.parametrize(
    ("text", "elapsed", "days"),
    [
        ("12 weeks", [84], [85]),
        ("12-weeks", [84], [85]),
        ("4-week , 12-week", [28, 84], [29, 85]),
        ("4 and 12 weeks", [28, 84], [29, 85]),
        ("At 1 day", [1], [2]),
    ],
)
def test_weeks_and_days_that_pass_end_one_study_day_later(text: str, elapsed: list[int], days: list[int]):
    assert [point.elapsed_days for point in time_frame(text)] == elapsed
    assert study_days(text) == days


def test_named_days_and_elapsed_weeks_may_stand_side_by_side():
    assert study_days("Day 1, 12 weeks") == [1, 85]


@pytest.mark.parametrize(
    ("text", "number", "unit", "event"),
    [
        ("120 minutes after surgery", 120, TimeUnit.MINUTE, "surgery"),
        ("90 days from randomisation", 90, TimeUnit.DAY, "randomisation"),
        ("At 3 months post-randomization", 3, TimeUnit.MONTH, "randomization"),
        ("28 days after CAR-T cell infusion", 28, TimeUnit.DAY, "CAR-T cell infusion"),
        ("240 minutes", 240, TimeUnit.MINUTE, None),
        ("At 3 months", 3, TimeUnit.MONTH, None),
    ],
)
def test_time_since_an_event_or_in_units_without_fixed_days_has_no_study_day(
    text: str, number: int, unit: TimeUnit, event: str | None
):
    (point,) = time_frame(text)
    assert (point.number, point.unit, point.event, point.study_day) == (number, unit, event, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "through study completion, an average of 1 year",
        "Up to 28 days after CAR-T cell infusion",
        "Within 14 days of treatment and follow-up at 30 and 60 days after treatment",
        "0 - 72 Hours",
        "Days 1-7",
        "Day 1 to Day 84",
        "1 year (plus or minus 30 days) after infusion",
        "Over the course of 1 year (0, 1, 3, 6, 12 months)",
        "Day 1, Day 31 (i.e., visits 1-2). Various",
        "12 weeks after baseline through study completion",
        "12 weeks from baseline to surgery",
        "From baseline to 3 months post-randomization",
        "Baseline, two months",
        "Week 12",
        "1.5 years",
        "every 4 weeks",
        "Day 1,",
    ],
)
def test_a_frame_that_is_not_understood_word_by_word_gives_no_time_points(text: str):
    assert time_frame(text) == ()


def test_days_counted_from_zero_are_not_study_days():
    assert time_frame("Day 0, Day 7") == ()


def test_a_time_point_keeps_the_words_that_name_it():
    assert [point.text for point in time_frame("4-week , 12-week")] == ["4-week", "12-week"]


@given(
    st.lists(st.integers(1, 9999), min_size=1, max_size=8),
    st.sampled_from([", ", "、", " and ", "; ", ",", ", and ", " ， "]),
    st.sampled_from(["Day", "day ", "Study Day "]),
)
@settings(deadline=None, max_examples=60)
def test_every_day_of_a_list_is_read_whatever_separates_them(days: list[int], separator: str, word: str):
    assert study_days(separator.join(f"{word}{day}" for day in days)) == days


@given(st.text(alphabet="Dayweks 0123456789,、-().fromth", max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_gives_time_points_or_none_but_never_fails(text: str):
    assert all(point.text in text for point in time_frame(text))
