from collections.abc import Callable, Mapping
from types import SimpleNamespace

import polars as pl

from cdisc_aclf.datasets.conform import Dataset

Mapped = Callable[..., pl.DataFrame]


def test_each_arm_goes_through_screening_its_own_treatment_and_follow_up(mapped: Mapped):
    ta = mapped("ta")
    assert ta.select("ARMCD", "ARM", "TAETORD", "ETCD", "ELEMENT", "TABRANCH", "TATRANS", "EPOCH").rows() == [
        ("CTRL", "Control Group", 1, "SCRN", "Screening", "Randomized to Control Group", None, "SCREENING"),
        ("CTRL", "Control Group", 2, "SOC", "Standard of Care", None, None, "TREATMENT"),
        ("CTRL", "Control Group", 3, "FU", "Follow-up", None, None, "FOLLOW-UP"),
        ("EXO", "Study Group", 1, "SCRN", "Screening", "Randomized to Study Group", None, "SCREENING"),
        ("EXO", "Study Group", 2, "EXOSOC", "Exosome and Standard of Care", None, None, "TREATMENT"),
        ("EXO", "Study Group", 3, "FU", "Follow-up", None, None, "FOLLOW-UP"),
    ]


def test_the_arms_are_those_of_the_registry_record(mapped: Mapped, study_folder: SimpleNamespace):
    assert set(mapped("ta")["ARM"]) == {arm.label for arm in study_folder.trial.arms}


def test_every_element_has_a_rule_that_starts_it_and_one_that_ends_it(mapped: Mapped):
    assert mapped("te").select("ETCD", "ELEMENT", "TESTRL", "TEENRL", "TEDUR").rows() == [
        ("EXOSOC", "Exosome and Standard of Care", "Start of the first exosome infusion", "End of study day 13", None),
        ("FU", "Follow-up", "Start of study day 14", "End of participation", None),
        ("SCRN", "Screening", "Informed consent", "Randomization", None),
        ("SOC", "Standard of Care", "Randomization", "End of study day 13", "P13D"),
    ]


def test_the_rules_of_an_element_name_neither_arm_nor_epoch(mapped: Mapped):
    ta, te = mapped("ta"), mapped("te")
    rules = " ".join(te.select("TESTRL", "TEENRL").to_series(0).to_list() + te["TEENRL"].to_list()).upper()
    assert not [word for word in (*ta["ARM"], *ta["ARMCD"], *ta["EPOCH"]) if word.upper() in rules.split()]


def test_the_elements_of_subjects_are_planned_ones(mapped: Mapped, stories: Mapping[str, Dataset]):
    shared = ["ETCD", "ELEMENT", "EPOCH"]
    lived = stories["SE"].frame
    assert lived["ETCD"].n_unique() == 4
    assert lived.join(mapped("ta"), on=shared, how="anti").is_empty()
    planned = lived.filter(pl.col("TAETORD").is_not_null())
    assert planned.join(mapped("ta"), on=[*shared, "TAETORD"], how="anti").is_empty()


def test_an_element_that_the_arm_does_not_plan_has_no_order(stories: Mapping[str, Dataset]):
    out_of_place = stories["SE"].frame.filter(pl.col("TAETORD").is_null())
    assert sorted(out_of_place.select(pl.col("USUBJID").str.slice(5), "ETCD").rows()) == [
        ("NEVERDOSED", "SOC"),
        ("WRONGARM", "EXOSOC"),
    ]


def test_the_schedule_is_one_for_both_arms(submitted: Mapped):
    tv = submitted("tv")
    assert "ARM" not in tv.columns
    assert tv["ARMCD"].null_count() == tv.height
    later = "; study day 1 is the day of randomization"
    assert tv.select("VISITNUM", "VISIT", "VISITDY", "TVSTRL", "TVENRL").rows() == [
        (1, "SCREENING", None, "Informed consent", "Randomization"),
        (2, "DAY 1", 1, "Day of randomization", None),
        (3, "DAY 4", 4, f"Study day 4{later}", None),
        (4, "DAY 7", 7, f"Study day 7{later}", None),
        (5, "DAY 10", 10, f"Study day 10{later}", None),
        (6, "DAY 13", 13, f"Study day 13{later}", None),
        (7, "DAY 28", 28, f"Study day 28{later}", None),
        (8, "DAY 84", 84, f"Study day 84{later}", None),
    ]


def test_a_window_that_a_person_gave_follows_the_rule_of_its_visit(mapped: Mapped):
    tv = mapped("tv", facts={"TVSTRL": {"DAY 28": ("-3 to +3 days",)}})
    rules = dict(tv.select("VISIT", "TVSTRL").rows())
    assert rules["DAY 28"] == "Study day 28; study day 1 is the day of randomization; window: -3 to +3 days"
    assert rules["DAY 84"] == "Study day 84; study day 1 is the day of randomization"


def test_of_a_record_alone_nobody_knows_paths_elements_and_visits(mapped: Mapped, foreign: dict[str, pl.DataFrame]):
    for name in ("ta", "te", "tv"):
        assert mapped(name, **foreign).is_empty()
