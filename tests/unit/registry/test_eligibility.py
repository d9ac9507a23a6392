import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.registry.eligibility import criteria


def told(text: str) -> list[tuple[str, int, str]]:
    return [(item.kind.value if item.kind else "", item.number, item.text) for item in criteria(text)]


def test_bullets_under_the_two_headings_are_numbered_from_one():
    text = "Inclusion Criteria:\n\n* Score \\< 7.4.\n* Consent.\n\nExclusion Criteria:\n\n* Bleeding."
    assert told(text) == [("inclusion", 1, "Score < 7.4."), ("inclusion", 2, "Consent."), ("exclusion", 1, "Bleeding.")]


@pytest.mark.parametrize("bullet", ["* ", "- ", "• ", "1. ", "12) ", "3、"])
def test_every_kind_of_bullet_begins_a_criterion_and_is_taken_off(bullet: str):
    assert told(f"Inclusion Criteria:\n\n{bullet}A\n{bullet}B") == [("inclusion", 1, "A"), ("inclusion", 2, "B")]


def test_a_number_at_the_start_of_a_sentence_is_no_bullet():
    assert told("Inclusion Criteria:\n\n1.5 mg or more\n\n18 years") == [
        ("inclusion", 1, "1.5 mg or more"),
        ("inclusion", 2, "18 years"),
    ]


def test_an_escaped_asterisk_is_text_and_no_bullet():
    assert told("Inclusion Criteria:\n\n\\* see below") == [("inclusion", 1, "* see below")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Inclusion Criteria:", "inclusion"),
        ("INCLUSION CRITERIA", "inclusion"),
        ("Key Inclusion Criteria:", "inclusion"),
        ("**Inclusion Criteria:**", "inclusion"),
        ("1. Inclusion criteria", "inclusion"),
        ("* Exclusion Criteria:", "exclusion"),
        ("Main exclusion criteria", "exclusion"),
        ("Exclusion:", "exclusion"),
        ("Non-inclusion criteria:", "exclusion"),
        ("Inclusion/exclusion criteria:", ""),
    ],
)
def test_a_heading_tells_the_kind_of_what_follows(heading: str, kind: str):
    assert told(f"{heading}\n\n* A") == [(kind, 1, "A")]


def test_a_criterion_that_speaks_of_criteria_is_no_heading():
    text = "Exclusion Criteria:\n\n* Not meeting all inclusion criteria\n* Social exclusion\n* Failing: exclusion tests"
    assert [item[:2] for item in told(text)] == [("exclusion", 1), ("exclusion", 2), ("exclusion", 3)]


def test_text_behind_a_heading_on_its_line_is_a_criterion():
    assert told("Inclusion Criteria: Adults.\nExclusion criteria: none") == [
        ("inclusion", 1, "Adults."),
        ("exclusion", 1, "none"),
    ]


def test_text_without_headings_has_no_kind():
    assert told("Adults with hepatitis B.") == [("", 1, "Adults with hepatitis B.")]


def test_a_record_may_have_one_section_only():
    assert told("Exclusion Criteria:\n\n* A\n* B") == [("exclusion", 1, "A"), ("exclusion", 2, "B")]


def test_lines_without_bullets_are_criteria_of_their_own():
    assert told("INCLUSION CRITERIA\nAdults\nConsent") == [("inclusion", 1, "Adults"), ("inclusion", 2, "Consent")]


def test_nested_bullets_stay_inside_their_criterion():
    text = "Exclusion Criteria:\n\n* Deficits such as:\n\n  * Cauda equina\n  * Foot drop\n* Dementia"
    assert told(text) == [
        ("exclusion", 1, "Deficits such as:\n* Cauda equina\n* Foot drop"),
        ("exclusion", 2, "Dementia"),
    ]


def test_a_line_right_below_a_bullet_continues_it_and_a_new_paragraph_does_not():
    text = "Inclusion Criteria:\n\n1. One of\na. liver\nb. kidney\n\nMen only"
    assert told(text) == [("inclusion", 1, "One of\na. liver\nb. kidney"), ("inclusion", 2, "Men only")]


def test_a_line_that_ends_in_a_colon_heads_what_follows_in_its_section():
    text = "Inclusion Criteria:\n\nAll must:\n\n* A\n\nCohort 2:\n\nB\n\nExclusion Criteria:\n\n* C"
    assert [(item.heading, item.text) for item in criteria(text)] == [
        ("All must:", "A"),
        ("Cohort 2:", "B"),
        (None, "C"),
    ]


def test_headings_upon_headings_are_joined_and_a_heading_of_nothing_is_a_criterion():
    text = "Inclusion Criteria for part A:\n\nCohort 1:\nMust have:\n* A\n\nSee also:"
    assert [(item.heading, item.text) for item in criteria(text)] == [
        ("Inclusion Criteria for part A: Cohort 1: Must have:", "A"),
        ("Inclusion Criteria for part A: Cohort 1: Must have:", "See also:"),
    ]


@given(
    st.lists(
        st.sampled_from(
            ["* ", "- ", "1. ", "  * ", "    2) ", "", "   ", "\n", "\n  ", "Exclusion Criteria:\n", "Group:\n"]
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(deadline=None, max_examples=150)
def test_no_word_is_lost_or_moved_however_the_lines_begin(beginnings: list[str]):
    words = [f"w{index}" for index in range(len(beginnings))]
    text = "\n".join(f"{beginning}{word}" for beginning, word in zip(beginnings, words, strict=True))
    found = " ".join(item.text for item in criteria(text)).split()
    assert [word for word in found if word in words] == words
