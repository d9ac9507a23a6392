"""MB: virology at entry, from a form that has no visit."""

from collections.abc import Callable

Story = Callable[..., list[tuple[object, ...]]]
RESULT = ("MBTESTCD", "MBTEST", "MBTSTDTL", "MBORRES", "MBORRESU", "MBSTRESC", "MBSTRESN", "MBSTRESU")


def test_antigens_are_detected_and_viral_load_is_a_number_in_iu(story: Story):
    assert story("MB", "EXOSOME", *RESULT) == [
        ("HBDNA", "Hepatitis B Virus DNA", "VIRAL LOAD", "17200", "IU/mL", "17200", 17200.0, "IU/mL"),
        ("HBEAG", "Hepatitis B Virus e Antigen", "DETECTION", "NEGATIVE", None, "NEGATIVE", None, None),
        ("HBSAG", "Hepatitis B Virus Surface Antigen", "DETECTION", "POSITIVE", None, "POSITIVE", None, None),
    ]


def test_a_viral_load_below_the_limit_has_no_numeric_result_and_an_empty_answer_no_record(story: Story):
    assert story("MB", "CONTROL", "MBTESTCD", "MBORRES", "MBSTRESC", "MBSTRESN", "MBSTRESU") == [
        ("HBDNA", "<20", "<20", None, "IU/mL"),
        ("HBSAG", "POSITIVE", "POSITIVE", None, None),
    ]


def test_a_unit_that_nobody_listed_leaves_no_standard_result_and_an_unknown_answer_stays_as_typed(story: Story):
    assert story("MB", "WRONGARM", *RESULT[:1], *RESULT[3:]) == [
        ("HBDNA", "5.1", "log10 IU/mL", None, None, None),
        ("HBSAG", "可疑", None, "可疑", None, None),
    ]
    assert story("MB", "SAMEDAY", *RESULT[:1], *RESULT[3:]) == [("HBDNA", "1500", None, None, None, None)]


def test_a_sample_belongs_to_the_visit_of_its_day_and_else_to_none(story: Story):
    timing = ("MBTESTCD", "VISITNUM", "VISIT", "MBDTC", "MBDY", "MBLOBXFL")
    assert story("MB", "EXOSOME", *timing)[0] == ("HBDNA", 1.0, "SCREENING", "2026-01-08", -2, "Y")
    assert story("MB", "CONTROL", *timing)[0] == ("HBDNA", None, None, "2026-01-09", -1, None)
    assert story("MB", "WRONGARM", *timing)[0] == ("HBDNA", 2.0, "DAY 1", "2026-01-10", 1, None)
    assert story("MB", "SAMEDAY", *timing)[0] == ("HBDNA", None, None, "2026-01", None, None)
