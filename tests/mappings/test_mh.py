from collections.abc import Callable

Story = Callable[..., list[tuple[object, ...]]]
ANSWER = ("MHTERM", "MHPRESP", "MHOCCUR", "MHSTAT", "MHSTDTC", "MHEVDTYP")
ACLF, HBV, CIRRHOSIS = "ACUTE-ON-CHRONIC LIVER FAILURE", "HEPATITIS B VIRUS INFECTION", "CIRRHOSIS OF THE LIVER"


def asked(story: Story, subject: str) -> list[tuple[object, ...]]:
    return [answer for category, *answer in map(list, story("MH", subject, "MHCAT", *ANSWER)) if "LIVER" in category]


def test_a_disease_that_was_asked_for_occurred_where_it_has_a_date_or_a_yes(story: Story):
    assert asked(story, "EXOSOME") == [
        [CIRRHOSIS, "Y", "Y", None, None, None],
        [HBV, "Y", "Y", None, "2010", None],
        [ACLF, "Y", "Y", None, "2026-01-06", "DIAGNOSIS"],
    ]


def test_a_no_is_an_answer_and_a_question_without_one_is_not_done(story: Story):
    assert asked(story, "CONTROL") == [
        [CIRRHOSIS, "Y", "N", None, None, None],
        [HBV, "Y", None, "NOT DONE", None, None],
        [ACLF, "Y", "Y", None, "2026-01", "DIAGNOSIS"],
    ]
    assert [occurred for _, _, occurred, *_ in asked(story, "SAMEDAY")] == [None, None, None]


def test_what_set_off_the_failure_and_antivirals_at_entry_are_qualifiers_of_their_disease(story: Story):
    sequence = {term: str(number) for term, number in story("MH", "EXOSOME", "MHTERM", "MHSEQ")}
    assert story("SUPPMH", "EXOSOME", "IDVARVAL", "QNAM", "QVAL") == [
        (sequence[HBV], "ANTIVIR", "Y"),
        (sequence[ACLF], "PRECIP", "饮酒"),
    ]
    assert ("PRECIP", "未知") in story("SUPPMH", "WRONGARM", "QNAM", "QVAL"), "though the date is unknown"


def test_what_a_subject_reported_was_not_asked_for_and_keeps_its_words(story: Story):
    general = ("MHCAT", "MHTERM", "MHPRESP", "MHOCCUR", "MHSTDTC", "MHENDTC")
    category = "GENERAL MEDICAL HISTORY"
    assert story("MH", "EXOSOME", *general)[:2] == [
        (category, "阑尾炎", None, None, "2015-06", "2015-07-03"),
        (category, "Sleepy liver", None, None, "2019", None),
    ]


def test_whether_a_disease_goes_on_is_said_at_screening_unless_its_end_is_known(story: Story):
    relation = ("MHTERM", "MHENRTPT", "MHENTPT")
    assert story("MH", "EXOSOME", *relation)[:2] == [
        ("阑尾炎", None, None),
        ("Sleepy liver", "ONGOING", "SCREENING"),
    ]
    assert story("MH", "CONTROL", *relation)[0] == ("Angry liver", "BEFORE", "SCREENING")


def test_terms_are_coded_and_an_unknown_one_has_no_preferred_term(story: Story):
    levels = ("MHTERM", "MHLLTCD", "MHDECOD", "MHPTCD", "MHBODSYS", "MHSOC")
    assert story("MH", "EXOSOME", *levels)[:2] == [
        ("阑尾炎", None, None, None, None, None),
        ("Sleepy liver", 101, "Liver drowsiness", 11, "Moods", "Moods"),
    ]


def test_days_before_day_1_are_counted_backwards(story: Story):
    days = story("MH", "EXOSOME", "MHTERM", "MHSTDY", "MHENDY")
    assert (ACLF, -4, None) in days
    assert ("阑尾炎", None, -3844) in days, "10 years of 365 days, 3 leap days and 191 days"
