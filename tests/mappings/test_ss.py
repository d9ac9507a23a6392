from collections.abc import Callable

Story = Callable[..., list[tuple[object, ...]]]
STATUS = ("SSTESTCD", "SSTEST", "SSORRES", "SSSTRESC")
WHEN = ("VISITNUM", "VISIT", "VISITDY", "SSTPT", "SSTPTNUM", "SSDTC", "SSDY", "EPOCH")


def test_a_contact_gives_the_status_and_the_last_date_known_alive(story: Story):
    assert story("SS", "EXOSOME", *STATUS) == [
        ("LSCFADTC", "Latest Date Subject Confirmed Alive", "2026-04-03", "2026-04-03"),
        ("SURVSTAT", "Survival Status", "ALIVE", "ALIVE"),
    ]


def test_a_contact_at_a_visit_names_it(story: Story):
    day_84 = (8.0, "DAY 84", 84, "DAY 84", 84, "2026-04-03", 84, "FOLLOW-UP")
    assert story("SS", "EXOSOME", *WHEN) == [day_84, day_84]
    assert story("SS", "NEVERDOSED", "SSSTRESC", *WHEN) == [("2026-04-03", *day_84), ("ALIVE", *day_84)]


def test_a_death_is_known_at_both_landmarks_and_names_a_visit_only_where_sv_has_it(story: Story):
    day_28 = (7.0, "DAY 28", 28, "DAY 28", 28, "2026-02-06", 28, "FOLLOW-UP")
    day_84 = (None, None, None, "DAY 84", 84, "2026-04-03", 84, "FOLLOW-UP")
    assert story("SS", "DEATH", "SSSTRESC", *WHEN) == [
        ("2026-01-24", *day_28),
        ("2026-01-24", *day_84),
        ("DEAD", *day_28),
        ("DEAD", *day_84),
    ]


def test_survival_is_followed_after_treatment_was_abandoned(story: Story):
    assert story("SS", "ABANDONED", "SSSTRESC", "SSTPT", "VISIT", "SSDTC")[2:] == [
        ("ALIVE", "DAY 28", None, "2026-02-06"),
        ("ALIVE", "DAY 84", None, "2026-04-04"),
    ]


def test_the_status_of_a_subject_who_is_lost_is_unknown_without_a_date(story: Story):
    day_84 = (8.0, "DAY 84", 84, "DAY 84", 84, None, None, None)
    assert story("SS", "LOST", "SSSTRESC", *WHEN) == [("2026-02-06", *day_84), ("UNKNOWN", *day_84)]


def test_a_question_without_an_answer_leaves_no_record(story: Story):
    assert story("SS", "WRONGARM", "SSTESTCD", "SSSTRESC") == [("SURVSTAT", "ALIVE")]
    assert story("SS", "SCREENFAIL", *STATUS) == story("SS", "WITHDRAWN", *STATUS) == []
