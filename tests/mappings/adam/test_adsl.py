"""ADSL of the stories, read off their forms by hand: Day 1 is 2026-01-10, Day 13 is 2026-01-22."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.model.study import Study
from cdisc_aclf.study.mappings import load_mappings, load_module
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

Story = Callable[..., list[tuple[object, ...]]]
DAY_1 = date(2026, 1, 10)
ROOT = Path(__file__).resolve().parents[3]
STUDY = read_study(ROOT)
[ADSL] = [each for each in load_mappings(ROOT / "mappings" / "adam") if each.name == "adsl"]


def test_every_subject_of_dm_has_one_record_and_nobody_else_has(stories: Mapping[str, Dataset]):
    assert stories["ADSL"].frame["USUBJID"].to_list() == stories["DM"].frame["USUBJID"].to_list()


@pytest.mark.parametrize("variable", ["AGE", "AGEU", "SEX", "RACE", "ARM", "ACTARM", "SITEID", "DTHFL", "COUNTRY"])
def test_what_is_copied_from_dm_equals_dm(stories: Mapping[str, Dataset], variable: str):
    assert stories["ADSL"].frame[variable].equals(stories["DM"].frame[variable])


@pytest.mark.parametrize(
    ("subject", "flags"),
    [
        ("EXOSOME", ("Y", "Y", "Y", "Y", "Y")),
        ("CONTROL", ("Y", "Y", "Y", "Y", "Y")),
        ("NEVERDOSED", ("Y", "Y", "Y", "N", "Y")),  # no actual treatment
        ("WRONGARM", ("Y", "Y", "Y", "Y", "Y")),
        ("SCREENFAIL", ("N", "N", "N", "N", "N")),
        ("DEATH", ("Y", "Y", "Y", "Y", "N")),
        ("ABANDONED", ("Y", "Y", "Y", "Y", "Y")),  # treatment stopped, the study went on to its end
        ("LOST", ("Y", "Y", "Y", "Y", "N")),
        ("WITHDRAWN", ("Y", "Y", "Y", "Y", "N")),
        ("TWOLABS", ("Y", "Y", "N", "Y", "N")),  # dosed, and nothing is known of him after Day 1
        ("SAMEDAY", ("Y", "Y", "N", "N", "N")),  # a control of whom nothing is known after Day 1
        ("NOSTART", ("Y", "Y", "Y", "Y", "N")),
    ],
)
def test_populations_are_y_or_n_for_everybody(story: Story, subject: str, flags: tuple[str, ...]):
    assert story("ADSL", subject, "RANDFL", "ITTFL", "FASFL", "SAFFL", "COMPLFL") == [flags]


@pytest.mark.parametrize(
    ("subject", "treatments"),
    [
        ("EXOSOME", ("Study Group", 2, "Study Group", 2)),
        ("CONTROL", ("Control Group", 1, "Control Group", 1)),
        ("NEVERDOSED", ("Study Group", 2, None, None)),
        ("WRONGARM", ("Control Group", 1, "Study Group", 2)),
        ("SCREENFAIL", (None, None, None, None)),
    ],
)
def test_planned_and_actual_treatment_have_a_name_and_its_number(
    story: Story, subject: str, treatments: tuple[object, ...]
):
    assert story("ADSL", subject, "TRT01P", "TRT01PN", "TRT01A", "TRT01AN") == [treatments]


@pytest.mark.parametrize(
    ("subject", "start", "end", "days"),
    [
        ("EXOSOME", DAY_1, date(2026, 1, 22), 13),
        ("CONTROL", DAY_1, date(2026, 1, 22), 13),
        ("WITHDRAWN", DAY_1, date(2026, 1, 20), 11),
        ("TWOLABS", DAY_1, DAY_1, 1),
        ("SCREENFAIL", None, None, None),
    ],
)
def test_treatment_lasts_from_day_1_to_day_13_or_to_the_end_of_participation_in_both_arms(
    story: Story, subject: str, start: date | None, end: date | None, days: int | None
):
    assert story("ADSL", subject, "RANDDT", "TRTSDT", "TRTEDT", "TRTDURD") == [(start, start, end, days)]


@pytest.mark.parametrize(
    ("subject", "first", "last"),
    [
        ("EXOSOME", DAY_1, date(2026, 1, 19)),
        ("CONTROL", None, None),
        ("WRONGARM", date(2026, 1, 13), date(2026, 1, 13)),
        ("DEATH", DAY_1, DAY_1),
        ("NOSTART", None, date(2026, 1, 13)),  # the second start is not the first
    ],
)
def test_infusions_have_their_own_first_and_last_day(story: Story, subject: str, first: date | None, last: date | None):
    assert story("ADSL", subject, "INFSDT", "INFEDT") == [(first, last)]


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        ("EXOSOME", ("COMPLETED", date(2026, 4, 3), None, "COMPLETED", None)),
        ("CONTROL", ("COMPLETED", date(2026, 4, 3), None, None, None)),
        ("NEVERDOSED", ("COMPLETED", date(2026, 4, 3), None, "DISCONTINUED", "NEVER DOSED")),
        ("DEATH", ("DISCONTINUED", date(2026, 1, 25), "DEATH", "DISCONTINUED", "DEATH")),
        ("ABANDONED", ("COMPLETED", date(2026, 4, 4), None, "DISCONTINUED", "WITHDRAWAL BY SUBJECT")),
        ("LOST", ("DISCONTINUED", date(2026, 4, 10), "LOST TO FOLLOW-UP", None, None)),
        ("TWOLABS", ("ONGOING", None, None, None, None)),
        ("SCREENFAIL", (None, date(2026, 1, 9), None, None, None)),
    ],
)
def test_study_and_treatment_end_as_disposition_says(story: Story, subject: str, status: tuple[object, ...]):
    assert story("ADSL", subject, "EOSSTT", "EOSDT", "DCSREAS", "EOTSTT", "DCTREAS") == [status]


@pytest.mark.parametrize(
    ("subject", "day"),
    [
        ("EXOSOME", date(2026, 4, 3)),
        ("LOST", date(2026, 2, 6)),  # disposition is of 2026-04-10, when nobody saw her
        ("WITHDRAWN", date(2026, 1, 19)),  # the visit; the day of withdrawal is no contact
        ("UNSCHEDULED", date(2026, 4, 3)),
        ("DEATH", date(2026, 1, 24)),
        ("ABANDONED", date(2026, 4, 4)),  # survival follow-up goes on
        ("SCREENFAIL", date(2026, 1, 8)),
    ],
)
def test_the_last_day_known_alive_is_that_of_the_best_evidence(story: Story, subject: str, day: date):
    assert story("ADSL", subject, "LSTALVDT") == [(day,)]


def test_death_has_its_date_and_cause(story: Story):
    assert story("ADSL", "DEATH", "DTHFL", "DTHDT", "DTHDTF", "DTHCAUS") == [("Y", date(2026, 1, 25), None, "肝衰竭")]
    assert story("ADSL", "LOST", "DTHFL", "DTHDT", "DTHDTF", "DTHCAUS") == [(None, None, None, None)]


def test_a_record_is_traced_to_the_forms_that_it_comes_from(stories: Mapping[str, Dataset]):
    frame = stories["ADSL"].frame.filter(pl.col("USUBJID") == "PL21-LOST")
    assert frame["raw_record"].to_list() == ["demographics:9 randomisation:8 disposition:13"]


Remade = Callable[..., pl.DataFrame]


def asked(option: str, answer: str) -> Study:
    decision = replace(STUDY.decisions[option], option=answer)
    return replace(STUDY, decisions={**STUDY.decisions, option: decision})


@pytest.fixture
def remade(stories: Mapping[str, Dataset]) -> Remade:
    """ADSL of one subject, made again from the stories and from the frames that are given in their place."""

    def remade(subject: str, study: Study = STUDY, **others: pl.DataFrame) -> pl.DataFrame:
        frames = {name.lower(): dataset.frame for name, dataset in stories.items()}
        frames |= {f"ref_{name}": table for name, table in read_references(ROOT).items()}
        frames |= {"study": study, **others}
        made: pl.DataFrame = ADSL.function(**{need: frames[need] for need in ADSL.needs})
        return made.filter(pl.col("USUBJID") == f"PL21-{subject}")

    return remade


def test_a_survival_contact_without_a_visit_is_a_sign_of_life(stories: Mapping[str, Dataset], remade: Remade):
    attended = stories["SV"].frame.filter(pl.col("VISIT") != "DAY 84")
    assert remade("WRONGARM", sv=attended)["LSTALVDT"].to_list() == [date(2026, 4, 3)]
    assert remade("NEVERDOSED", sv=attended, ss=stories["SS"].frame.clear())["LSTALVDT"].to_list() == [DAY_1]


def test_a_sample_with_a_result_is_a_sign_of_life_whatever_its_unit_and_a_visit_that_was_missed_is_none(
    stories: Mapping[str, Dataset], remade: Remade
):
    def on(name: str, day: str, **other: str | None) -> pl.DataFrame:
        """One more record of NEVERDOSED, who was last seen on 2026-04-03."""
        frame = stories[name].frame
        date = {"LB": "LBDTC", "MB": "MBDTC", "SV": "SVSTDTC"}[name]
        told = {"USUBJID": "PL21-NEVERDOSED", date: day, **other}
        return pl.concat(
            [frame, pl.DataFrame(told, schema={each: frame.schema[each] for each in told})], how="diagonal"
        )

    seen = date(2026, 4, 3)
    assert remade("NEVERDOSED")["LSTALVDT"].to_list() == [seen]
    for name in ("LB", "MB"):
        drawn = on(name, "2026-04-20", **{f"{name}ORRES": "31", f"{name}STRESC": None})
        assert remade("NEVERDOSED", **{name.lower(): drawn})["LSTALVDT"].to_list() == [date(2026, 4, 20)]
        lost = on(name, "2026-04-20", **{f"{name}ORRES": None})
        assert remade("NEVERDOSED", **{name.lower(): lost})["LSTALVDT"].to_list() == [seen]
    for occurred, day in (("Y", date(2026, 4, 20)), (None, date(2026, 4, 20)), ("N", seen)):
        assert remade("NEVERDOSED", sv=on("SV", "2026-04-20", SVOCCUR=occurred))["LSTALVDT"].to_list() == [day]


@pytest.mark.parametrize(
    ("subject", "start", "days"),
    [
        ("EXOSOME", DAY_1, 13),
        ("CONTROL", DAY_1, 13),  # no infusion: randomisation
        ("NEVERDOSED", DAY_1, 13),
        ("WRONGARM", date(2026, 1, 13), 10),  # a control who got his only infusion on Day 4
        ("NOSTART", DAY_1, 13),  # the first infusion has no start
        ("SCREENFAIL", None, None),
    ],
)
def test_treatment_may_start_with_the_first_infusion_and_with_randomisation_for_who_got_none(
    remade: Remade, subject: str, start: date | None, days: int | None
):
    [found] = remade(subject, asked("treatment_start", "first_infusion")).select("TRTSDT", "TRTDURD").rows()
    assert found[0] == start
    assert subject == "NOSTART" or found[1] == days


def test_every_start_of_treatment_that_the_study_may_ask_for_is_in_the_table():
    starts = read_references(ROOT)["treatment_start"]["option"]
    assert set(starts) == set(STUDY.decisions["treatment_start"].options)


def test_treatment_does_not_end_before_the_last_infusion(stories: Mapping[str, Dataset], remade: Remade):
    late = stories["DM"].frame.with_columns(RFXENDTC=pl.lit("2026-01-26T12:00"))
    assert remade("EXOSOME", dm=late).select("TRTEDT", "TRTDURD").rows() == [(date(2026, 1, 26), 17)]


@pytest.fixture
def died(stories: Mapping[str, Dataset], remade: Remade) -> Callable[[str | None], tuple[object, ...]]:
    """ADSL of DEATH, last seen on 2026-01-24, with another date of death."""

    def died(date_of_death: str | None) -> tuple[object, ...]:
        dm = stories["DM"].frame.with_columns(DTHDTC=pl.lit(date_of_death, pl.String))
        return remade("DEATH", dm=dm).select("DTHFL", "DTHDT", "DTHDTF", "LSTALVDT").row(0)

    return died


def test_a_partial_death_is_on_the_first_possible_day_that_is_not_before_the_last_known_alive(
    died: Callable[[str | None], tuple[object, ...]],
):
    assert died("2026-01") == ("Y", date(2026, 1, 24), "D", date(2026, 1, 24))
    assert died("2026-02") == ("Y", date(2026, 2, 1), "D", date(2026, 1, 24))
    assert died("2026") == ("Y", date(2026, 1, 24), "M", date(2026, 1, 24))


def test_what_is_dated_after_a_death_is_no_sign_of_life(died: Callable[[str | None], tuple[object, ...]]):
    # the visit of Day 13 is of 2026-01-22, the adverse event of 2026-01-20
    assert died("2026-01-21") == ("Y", date(2026, 1, 21), None, date(2026, 1, 20))


def test_a_death_of_which_not_even_the_year_is_known_has_no_date(died: Callable[[str | None], tuple[object, ...]]):
    assert died(None) == ("Y", None, None, date(2026, 1, 24))


@pytest.mark.parametrize(("arm", "infused", "safety"), [("CTRL", None, "Y"), ("EXO", "2026-01-10T10:30", "Y")])
def test_a_subject_who_dies_on_day_1_belongs_to_every_population(arm: str, infused: str | None, safety: str):
    day = date(2026, 1, 10)
    subject = pl.DataFrame(
        {"ARMCD": [arm], "ACTARMCD": [arm], "RANDDT": [day], "LSTALVDT": [day], "DTHDT": [day], "DTHFL": ["Y"],
         "RFXENDTC": [infused], "study_reason": ["DEATH"]},
        schema_overrides={"RFXENDTC": pl.String},
    )  # fmt: skip
    flags = subject.select(**load_module(ROOT / "mappings" / "adam" / "adsl.py").populations())
    assert flags.row(0, named=True) == {"RANDFL": "Y", "ITTFL": "Y", "FASFL": "Y", "SAFFL": safety, "COMPLFL": "N"}
