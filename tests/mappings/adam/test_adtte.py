"""ADTTE: the stories by hand, and deaths, transplantations and contacts around the landmarks.

Day 1 is 2026-01-10, so that study day 28 is 2026-02-06 and study day 84 is 2026-04-03.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.model.study import Study
from cdisc_aclf.study.mappings import load_mappings
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[3]
ADTTE = next(mapping for mapping in load_mappings(ROOT / "mappings" / "adam") if mapping.name == "adtte")
STUDY = read_study(ROOT)
FACTS = {"ct": read_terminology(ROOT)} | {f"ref_{name}": table for name, table in read_references(ROOT).items()}
DAY_1 = date(2026, 1, 10)


def typed(names: str) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(names.split(), pl.String)


IDENTIFIERS = typed("USUBJID STUDYID raw_record")

Story = Callable[..., list[tuple[object, ...]]]


def on(day: int) -> date:
    return DAY_1 + timedelta(days=day - 1)


def asked(option: str, answer: str) -> Study:
    decision = replace(STUDY.decisions[option], option=answer)
    return replace(STUDY, decisions={**STUDY.decisions, option: decision})


def followed(  # noqa: PLR0913 - one argument for each fact of a course
    *,
    alive: int = 1,
    died: date | None = None,
    flag: str | None = None,
    dead: bool = False,
    left: str | None = None,
    ended: date | None = None,
    status: str | None = None,
    pr: tuple[str, ...] = (),
    ds: tuple[tuple[str, str, str | None], ...] = (),
    contacts: tuple[tuple[int, int], ...] = (),
    study: Study = STUDY,
) -> dict[str, tuple[object, ...]]:
    """ADT as study day, CNSR and ADTF of each parameter of one subject.

    Args:
        alive: study day last known alive.
        died: ADSL.DTHDT, with its imputation `flag`; `dead` where a death has no date at all.
        left: ADSL.DCSREAS, `ended` EOSDT and `status` EOSSTT.
        pr: start of each transplantation.
        ds: DSDECOD, DSTERM and date of dispositions.
        contacts: planned day and study day of survival contacts that found the subject alive.
    """
    subject = {"USUBJID": "PL21-1", "STUDYID": "PL21", "raw_record": "demographics:2"}
    adsl = subject | {
        "SITEID": "01", "AGE": 40, "RANDFL": "Y", "FASFL": "Y", "SAFFL": "Y", "RANDDT": DAY_1, "LSTALVDT": on(alive),
        "DTHFL": "Y" if died or dead else None, "DTHDT": died, "DTHDTF": flag, "DCSREAS": left,
        "EOSDT": ended, "EOSSTT": status,
        "TRT01P": "A", "TRT01PN": 1, "TRT01A": "A", "TRT01AN": 1,
    }  # fmt: skip
    procedures = [
        subject | {"PRCAT": "TRANSPLANTATION", "PRSTDTC": start, "PRSEQ": place} for place, start in enumerate(pr, 1)
    ]
    dispositions = [
        subject | {"DSCAT": "DISPOSITION EVENT", "DSDECOD": decod, "DSTERM": term, "DSSTDTC": start, "DSSEQ": place}
        for place, (decod, term, start) in enumerate(ds, 1)
    ]
    statuses = [
        subject | {"SSTESTCD": "SURVSTAT", "SSSTRESC": "ALIVE", "SSTPTNUM": planned, "SSDTC": str(on(day))}
        for planned, day in contacts
    ]
    given = {
        "adsl": pl.DataFrame(
            [adsl], schema_overrides=typed("DTHFL DTHDTF DCSREAS EOSSTT") | {"DTHDT": pl.Date, "EOSDT": pl.Date}
        ),
        "pr": pl.DataFrame(procedures, schema=IDENTIFIERS | typed("PRCAT PRSTDTC") | {"PRSEQ": pl.Int64}),
        "ds": pl.DataFrame(
            dispositions, schema=IDENTIFIERS | typed("DSCAT DSDECOD DSTERM DSSTDTC") | {"DSSEQ": pl.Int64}
        ),
        "ss": pl.DataFrame(statuses, schema=IDENTIFIERS | typed("SSTESTCD SSSTRESC SSDTC") | {"SSTPTNUM": pl.Int64}),
    }
    records = run(ADTTE, FACTS | given | {"study": study}).select("PARAMCD", "AVAL", "ADT", "CNSR", "ADTF").rows()
    assert all(aval == (adt - DAY_1).days + 1 for _, aval, adt, _, _ in records)
    return {code: (aval, cnsr, flag) for code, aval, _, cnsr, flag in records}


@pytest.mark.parametrize(
    ("day", "at_28", "at_84"),
    [
        (1, (1, 0, None), (1, 0, None)),
        (28, (28, 0, None), (28, 0, None)),
        (29, (28, 1, None), (29, 0, None)),
        (84, (28, 1, None), (84, 0, None)),
        (85, (28, 1, None), (84, 1, None)),  # alive through study day 84, whenever he was last seen
    ],
)
def test_a_death_counts_on_the_day_of_the_landmark_and_not_the_day_after(
    day: int, at_28: tuple[object, ...], at_84: tuple[object, ...]
):
    found = followed(died=on(day), alive=min(day, 20))
    assert (found["OS28"], found["OS84"]) == (at_28, at_84)
    assert (found["TFS84"], found["AO84"]) == (at_84, at_84)


def test_an_imputed_death_says_so_and_one_without_any_date_is_on_the_last_day_known_alive():
    assert followed(died=on(40), flag="D")["OS84"] == (40, 0, "D")
    assert followed(dead=True, alive=33)["OS84"] == (33, 0, "Y")
    assert followed(dead=True, alive=33)["OS28"] == (28, 1, None)


def test_who_is_alive_on_the_landmark_is_censored_there_and_who_was_lost_before_when_last_seen():
    assert followed(alive=84)["OS84"] == (84, 1, None)
    assert followed(alive=200)["OS84"] == (84, 1, None)
    found = followed(alive=83, left="LOST TO FOLLOW-UP")
    assert (found["OS28"], found["OS84"]) == ((28, 1, None), (83, 3, None))


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ("LOST TO FOLLOW-UP", 3),
        ("WITHDRAWAL BY SUBJECT", 4),
        ("WITHDRAWAL OF CONSENT", 5),
        ("PHYSICIAN DECISION", 6),
        ("DEATH", 6),  # of a death that DM does not know
        (None, 6),
    ],
)
def test_each_reason_of_censoring_has_a_number_of_its_own(left: str | None, reason: int):
    assert followed(alive=12, left=left)["OS84"] == (12, reason, None)


def test_a_contact_in_the_week_before_the_landmark_is_enough_unless_the_study_is_strict():
    strict = asked("landmark_assessment", "strict")
    for contact, is_enough in ((76, False), (77, True), (83, True)):
        seen = {"alive": contact, "contacts": ((84, contact),)}
        assert followed(**seen)["OS84"] == (contact, 2 if is_enough else 6, None)
        assert followed(**seen, study=strict)["OS84"] == (contact, 6, None)
    assert followed(alive=80, contacts=((28, 80),))["OS84"] == (80, 6, None)  # it was asked for the other landmark
    assert followed(alive=80, contacts=((84, 80),), died=on(82))["OS84"] == (82, 0, None)


def test_transplantation_and_abandonment_do_not_end_overall_survival():
    found = followed(alive=90, pr=("2026-01-30T14:00",), ds=(("WITHDRAWAL BY SUBJECT", "left", "2026-01-15"),))
    assert found == {
        "OS28": (28, 1, None), "OS84": (84, 1, None), "TFS28": (21, 0, None), "TFS84": (21, 0, None),
        "AO28": (6, 0, None), "AO84": (6, 0, None),
    }  # fmt: skip


def test_an_event_between_the_landmarks_is_one_of_the_later_only():
    found = followed(alive=90, pr=("2026-02-07",))  # study day 29
    assert (found["TFS28"], found["TFS84"]) == ((28, 1, None), (29, 0, None))


@pytest.mark.parametrize(
    ("option", "named"),
    [("coded", ("coded",)), ("named", ("named",)), ("any_withdrawal", ("coded", "consent"))],
)
def test_what_counts_as_abandonment_is_an_option_of_the_study(option: str, named: tuple[str, ...]):
    dispositions = {
        "coded": ("WITHDRAWAL BY SUBJECT", "he went home", "2026-01-20"),
        "named": ("PHYSICIAN DECISION", "Treatment abandonment", "2026-01-20"),
        "consent": ("WITHDRAWAL OF CONSENT", "WITHDRAWAL OF CONSENT", "2026-01-20"),
        "lost": ("LOST TO FOLLOW-UP", "LOST TO FOLLOW-UP", "2026-01-20"),
    }
    study = asked("abandonment", option)
    found = {name: followed(alive=90, ds=(each,), study=study)["AO84"] for name, each in dispositions.items()}
    assert {name for name, (_, cnsr, _) in found.items() if cnsr == 0} == set(named)


@pytest.mark.parametrize("decision", ["abandonment", "landmark_assessment"])
def test_every_option_that_the_study_may_ask_for_is_in_the_table(decision: str):
    assert set(FACTS[f"ref_{decision}"]["option"]) == set(STUDY.decisions[decision].options)


def test_both_landmarks_are_the_day_of_their_visit_or_the_day_after():
    rows = FACTS["ref_landmarks"].select("option", "week", "planned", "day").rows()
    assert {row[0] for row in rows} == set(STUDY.decisions["landmark"].options)
    assert rows == [
        ("study_day", "4", "28", "28"), ("study_day", "12", "84", "84"),
        ("days_after", "4", "28", "29"), ("days_after", "12", "84", "85"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "at_4_weeks", "at_12_weeks"),
    [
        (28, (28, 0, None), (28, 0, None)),
        (29, (29, 0, None), (29, 0, None)),
        (30, (29, 1, None), (30, 0, None)),
        (84, (29, 1, None), (84, 0, None)),
        (85, (29, 1, None), (85, 0, None)),
        (86, (29, 1, None), (85, 1, None)),
    ],
)
def test_a_study_may_count_deaths_through_28_and_84_days_after_randomisation(
    day: int, at_4_weeks: tuple[object, ...], at_12_weeks: tuple[object, ...]
):
    found = followed(died=on(day), alive=min(day, 20), study=asked("landmark", "days_after"))
    assert (found["OS28"], found["OS84"]) == (at_4_weeks, at_12_weeks)
    assert (found["TFS84"], found["AO84"]) == (at_12_weeks, at_12_weeks)


def test_the_week_before_a_later_landmark_is_a_day_later_and_its_contact_that_of_the_same_visit():
    later = asked("landmark", "days_after")
    for contact, reason in ((77, 6), (78, 2), (84, 2), (85, 1)):
        seen = {"alive": contact, "contacts": ((84, contact),)}
        assert followed(**seen, study=later)["OS84"] == (contact, reason, None)


def test_censoring_at_transplantation_stands_beside_overall_survival_where_the_study_asks_for_it():
    study = asked("censoring", "also_transplantation")
    transplanted = {"alive": 90, "pr": ("2026-01-30T14:00",)}  # study day 21
    assert "OSC84" not in followed(**transplanted)
    found = followed(**transplanted, died=on(60), study=study)
    assert (found["OS84"], found["TFS84"]) == ((60, 0, None), (21, 0, None))
    assert (found["OSC28"], found["OSC84"]) == ((21, 8, None), (21, 8, None))
    assert followed(**transplanted, died=on(21), study=study)["OSC84"] == (21, 0, None)  # the death of that day counts
    late = followed(alive=90, pr=("2026-02-07",), study=study)  # study day 29
    assert (late["OSC28"], late["OSC84"]) == ((28, 1, None), (29, 8, None))
    assert followed(alive=90, pr=("2026-02",), study=study)["OSC84"] == (23, 8, "D")
    assert followed(died=on(40), study=study)["OSC84"] == (40, 0, None)
    assert followed(alive=12, left="LOST TO FOLLOW-UP", study=study)["OSC84"] == (12, 3, None)


def test_every_censoring_that_the_study_may_ask_for_has_parameters_or_is_the_usual_one():
    named = set(FACTS["ref_tte_parameters"]["option"].drop_nulls())
    assert named < set(STUDY.decisions["censoring"].options)
    assert STUDY.decisions["censoring"].option not in named


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2026-01", (1, 0, "D")),  # January 1 to 9 are before Day 1
        ("2026-02", (23, 0, "D")),  # February 1
        ("2026", (1, 0, "M")),
        (None, (1, 0, "Y")),
        ("2026-01-09", (84, 1, None)),  # before Day 1 it is no event
        ("2025-12", (84, 1, None)),
    ],
)
def test_a_partial_transplantation_is_as_early_as_it_may_be_and_not_before_day_1(
    start: str | None, found: tuple[object, ...]
):
    assert followed(alive=90, pr=(start,))["TFS84"] == found


def test_a_partial_event_does_not_move_past_the_death_and_one_in_a_later_month_leaves_the_death_the_first():
    assert followed(died=on(30), alive=29, pr=("2026-02",))["TFS84"] == (23, 0, "D")  # February 1, death on February 8
    assert followed(died=on(30), alive=29, pr=("2026-03",))["TFS84"] == (30, 0, None)


# day of ADT, CNSR and the source of OS28, OS84, TFS84 and AO84
THROUGH, TO_84 = (28, 1, "RANDDT"), (84, 1, "RANDDT")
EXPECTED = {
    "EXOSOME": (THROUGH, TO_84, TO_84, TO_84),
    "CONTROL": (THROUGH, TO_84, TO_84, TO_84),
    "NEVERDOSED": (THROUGH, TO_84, (1, 0, "PRSTDTC"), (1, 0, "PRSTDTC")),  # transplanted on Day 1
    "WRONGARM": (THROUGH, TO_84, TO_84, TO_84),
    "DEATH": ((16, 0, "DTHDT"),) * 4,  # 2026-01-25
    "ABANDONED": (THROUGH, TO_84, TO_84, (5, 0, "DSSTDTC")),  # 2026-01-14, alive on 2026-04-04
    "LOST": (THROUGH, *[(28, 3, "LSTALVDT")] * 3),  # last seen on 2026-02-06, which is day 28
    "WITHDRAWN": ((10, 5, "LSTALVDT"),) * 4,  # last visit on 2026-01-19
    "UNSCHEDULED": (THROUGH, TO_84, TO_84, TO_84),
    "TWOLABS": ((1, 7, "LSTALVDT"),) * 4,  # no disposition yet: still in the study
    "SAMEDAY": ((1, 7, "LSTALVDT"),) * 4,
    "NOSTART": ((4, 7, "LSTALVDT"),) * 4,
}


@pytest.mark.parametrize("subject", EXPECTED)
def test_the_stories_come_to_their_ends(story: Story, subject: str):
    records = story("ADTTE", subject, "PARAMCD", "AVAL", "CNSR", "SRCVAR", "ADT", "STARTDT")
    assert [record[0] for record in records] == ["OS28", "OS84", "TFS28", "TFS84", "AO28", "AO84"]
    assert {record[5] for record in records} == {DAY_1}
    assert tuple(records[place][1:4] for place in (0, 1, 3, 5)) == EXPECTED[subject]
    assert all(record[4] == on(int(record[1])) for record in records)


def test_every_randomised_subject_and_nobody_else_has_every_parameter(stories: Mapping[str, Dataset]):
    counts = dict(stories["ADTTE"].frame.group_by("USUBJID").len().rows())
    randomised = stories["ADSL"].frame.filter(pl.col("RANDFL") == "Y")["USUBJID"]
    assert counts == dict.fromkeys(randomised, 6)


def test_an_event_names_its_record_and_a_censored_one_says_when_and_why(story: Story):
    variables = ("EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCSEQ", "raw_record")
    assert story("ADTTE", "NEVERDOSED", *variables)[3] == ("LIVER TRANSPLANTATION", None, "PR", 1, "procedure:4")
    assert story("ADTTE", "ABANDONED", *variables)[5] == ("TREATMENT ABANDONMENT", None, "DS", 3, "disposition:11")
    assert story("ADTTE", "LOST", *variables)[1][:4] == ("LOST TO FOLLOW-UP", "LAST KNOWN ALIVE", "ADSL", None)
    assert story("ADTTE", "LOST", *variables)[0][1] == "LANDMARK DAY"


@pytest.mark.parametrize("reason", ["LOST TO FOLLOW-UP", "WITHDRAWAL OF CONSENT", "WITHDRAWAL BY SUBJECT"])
def test_who_left_before_the_landmark_is_not_alive_at_it_by_an_earlier_contact(reason: str):
    codes = {"LOST TO FOLLOW-UP": 3, "WITHDRAWAL BY SUBJECT": 4, "WITHDRAWAL OF CONSENT": 5}
    contacts = ((84, 77),)
    assert followed(alive=78, left=reason, ended=on(80), contacts=contacts)["OS84"] == (78, codes[reason], None)
    assert followed(alive=78, left=reason, contacts=contacts)["OS84"] == (78, codes[reason], None)
    assert followed(alive=78, left=reason, ended=on(84), contacts=contacts)["OS84"] == (78, 2, None)


def test_who_is_still_in_the_study_before_the_landmark_is_censored_for_that():
    assert followed(alive=40, status="ONGOING")["OS84"] == (40, 7, None)
    assert followed(alive=40, status="ONGOING")["OS28"] == (28, 1, None)
    assert followed(alive=40)["OS84"] == (40, 6, None)
