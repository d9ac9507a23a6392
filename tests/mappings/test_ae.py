from collections.abc import Callable, Mapping

from cdisc_aclf.datasets.conform import LIMIT, Dataset

Story = Callable[..., list[tuple[object, ...]]]


def test_events_keep_their_reported_term_and_dates_as_far_as_they_are_known(story: Story):
    variables = ("AESEQ", "AETERM", "AESTDTC", "AEENDTC", "AESTDY", "AEENDY", "EPOCH")
    assert story("AE", "EXOSOME", *variables) == [
        (1, "Sleepy liver", "2026", "2026-02-01", None, 23, None),
        (2, "肝困", "2026-01-09", "2026-01-12", -1, 3, "SCREENING"),
        (3, "Sleepy liver", "2026-01-10T09:59", "2026-01", 1, None, "SCREENING"),
        (4, "sleepy LIVER", "2026-01-10T10:30", None, 1, None, "TREATMENT"),
    ]


def test_an_event_is_treatment_emergent_from_the_first_infusion_on_or_where_it_may_be(story: Story):
    flags = story("SUPPAE", "EXOSOME", "IDVARVAL", "QNAM", "QVAL", "QEVAL")
    sponsor = "CLINICAL STUDY SPONSOR"
    assert flags == [("1", "AETRTEM", "Y", sponsor), ("4", "AETRTEM", "Y", sponsor)]


def test_an_event_of_a_control_is_treatment_emergent_from_day_1_on(story: Story):
    assert [key for key, name in story("SUPPAE", "CONTROL", "IDVARVAL", "QNAM") if name == "AETRTEM"] == ["2"]


def test_an_event_that_goes_on_has_no_end_and_says_so_at_the_end_of_participation(story: Story):
    variables = ("AEENDTC", "AEENRTPT", "AEENTPT", "AEOUT")
    assert story("AE", "EXOSOME", *variables)[3] == (None, "ONGOING", "2026-04-03", "NOT RECOVERED/NOT RESOLVED")
    assert story("AE", "EXOSOME", *variables)[1] == ("2026-01-12", None, None, "RECOVERED/RESOLVED")


def test_a_fatal_event_ends_at_the_minute_of_death(story: Story):
    variables = ("AEOUT", "AESDTH", "AESER", "AETOXGR", "AEENDTC", "AEENDY")
    assert story("AE", "DEATH", *variables) == [("FATAL", "Y", "Y", "5", "2026-01-25T18:10", 16)]


def test_terms_are_coded_whatever_their_case_and_an_unknown_one_has_no_preferred_term(story: Story):
    assert story("AE", "EXOSOME", "AELLT", "AEDECOD", "AEPTCD", "AESOCCD") == [
        ("Sleepy liver", "Liver drowsiness", 11, 41),
        ("肝困", "Liver drowsiness", 11, 41),
        ("Sleepy liver", "Liver drowsiness", 11, 41),
        ("Sleepy liver", "Liver drowsiness", 11, 41),
    ]
    assert story("AE", "CONTROL", "AETERM", "AEDECOD", "AELLT", "AEBODSYS")[0] == ("Angry liver", None, None, None)


def test_seriousness_criteria_action_and_causality_are_terms(story: Story):
    variables = ("AESER", "AESHOSP", "AESDTH", "AESLIFE", "AESDISAB", "AESCONG", "AESMIE", "AEACN", "AEREL", "AECONTRT")
    assert story("AE", "CONTROL", *variables)[1] == (
        "Y", "Y", "N", "N", "N", "N", "N", "NOT APPLICABLE", "NOT RELATED", "Y",
    )  # fmt: skip


def test_a_grade_is_a_number_alone_and_there_is_no_severity(story: Story, stories: Mapping[str, Dataset]):
    assert story("AE", "EXOSOME", "AETOXGR") == [("1",), ("1",), ("2",), ("2",)]
    assert "AESEV" not in stories["AE"].frame.columns


def test_a_long_description_goes_on_in_numbered_qualifiers_and_no_character_is_lost(
    story: Story, stories: Mapping[str, Dataset]
):
    parts = [text for name, text in story("SUPPAE", "CONTROL", "QNAM", "QVAL") if str(name).startswith("AEDESC")]
    assert len(parts) == 2
    assert all(len(str(part).encode()) <= LIMIT for part in parts)
    assert "".join(map(str, parts)).startswith("患者诉乏力加重，精神差")
    assert "".join(map(str, parts)).endswith("必要时复查肝功能及凝血功能。")
    assert "AEDESC" not in stories["AE"].frame.columns
