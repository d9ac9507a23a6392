from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import polars as pl

from cdisc_aclf.model.protocol import Criterion, CriterionKind, Eligibility

Mapped = Callable[..., pl.DataFrame]
Found = Callable[..., list[Any]]


def test_the_list_of_facts_that_only_a_person_can_add_to_this_study(mapped: Mapped, found: Found):
    missing = [fact.partition(":")[0] for fact in found("human_fact_missing", ts=mapped("ts"))]
    assert missing == [
        "[facts.TSVAL] EXTTIND",
        "[facts.TSVAL] PDPSTIND",
        "[facts.TSVAL] PIPIND",
        "[facts.TSVAL] RDIND",
        "[facts.TSVAL] STOPRULE",
        "[facts.TSVALCD] CURTRT",
        "[facts.TSVALCD] INDIC",
        "[facts.TSVALCD] SPONSOR",
        "[facts.TSVALCD] TDIGRP",
        "[facts.TSVALCD] TRT",
        "[facts.TIVERS] criteria",
        "[facts.TVSTRL] SCREENING",
        "[facts.TVSTRL] DAY 4",
        "[facts.TVSTRL] DAY 7",
        "[facts.TVSTRL] DAY 10",
        "[facts.TVSTRL] DAY 13",
        "[facts.TVSTRL] DAY 28",
        "[facts.TVSTRL] DAY 84",
    ]


def test_a_fact_says_in_words_what_is_asked(mapped: Mapped, found: Found):
    assert "[facts.TSVALCD] INDIC: SNOMED CT code of the indication" in found("human_fact_missing", ts=mapped("ts"))


def test_a_fact_that_was_given_is_not_asked_for(mapped: Mapped, found: Found, study_folder: SimpleNamespace):
    given = {
        "TSVAL": study_folder.study.facts["TSVAL"] | {"STOPRULE": ("NONE",)},
        "TSVALCD": {"INDIC": ("1000001",)},
        "TIVERS": {"criteria": ("1.0",)},
        "TVSTRL": {"DAY 4": ("-1 to +1 days",)},
    }
    before = found("human_fact_missing", ts=mapped("ts"))
    after = found("human_fact_missing", facts=given, ts=mapped("ts", facts=given))
    assert {fact.partition(":")[0] for fact in set(before) - set(after)} == {
        "[facts.TSVAL] STOPRULE",
        "[facts.TSVALCD] INDIC",
        "[facts.TIVERS] criteria",
        "[facts.TVSTRL] DAY 4",
    }
    assert set(after) < set(before)


def test_the_quotient_is_asked_for_only_where_it_does_not_follow_from_the_record(
    mapped: Mapped, found: Found, study_folder: SimpleNamespace
):
    trial = replace(study_folder.trial, brief_summary="allocated in a 2:1 ratio")
    missing = found("human_fact_missing", ts=mapped("ts", trial=trial))
    assert [fact.partition(":")[0] for fact in missing if "RANDQT" in fact] == ["[facts.TSVAL] RANDQT"]


def test_a_fact_that_nothing_asks_for_is_named(found: Found, study_folder: SimpleNamespace):
    assert found("human_fact_unknown") == []
    facts = study_folder.study.facts | {"TSVALCD": {"INDICATION": ("1000001",)}}
    assert found("human_fact_unknown", facts=facts) == ["[facts.TSVALCD] INDICATION: not in human_facts.csv"]


def test_the_arms_of_this_study_are_those_of_the_record(mapped: Mapped, found: Found):
    assert found("arm_without_path", ta=mapped("ta")) == []
    assert found("arm_not_in_record", ta=mapped("ta")) == []


def test_groups_of_the_record_without_a_path_are_named(
    mapped: Mapped, found: Found, foreign: dict[str, pl.DataFrame], study_folder: SimpleNamespace
):
    ta = mapped("ta", **foreign)
    assert found("arm_without_path", ta=ta) == ["Control Group", "Study Group"]
    nothing = replace(study_folder.trial, arms=())
    assert found("arm_without_path", ta=ta, trial=nothing) == ["the record lists no arm"]


def test_an_arm_under_another_name_than_in_the_record_is_named_once(mapped: Mapped, study_folder: SimpleNamespace):
    control, studied = study_folder.trial.arms
    trial = replace(study_folder.trial, arms=(replace(control, label="Controls"), studied))
    rows = study_folder.steps["arm_not_in_record"].function(trial, mapped("ta"))
    assert rows["ARM"].to_list() == ["Control Group"]


def test_a_study_day_of_an_outcome_has_a_visit(mapped: Mapped, found: Found, foreign: dict[str, pl.DataFrame]):
    assert found("study_day_without_visit", tv=mapped("tv")) == []
    assert found("study_day_without_visit", tv=mapped("tv", **foreign)) == [1, 4, 7, 10, 13, 28, 84]


def test_a_criterion_that_does_not_fit_is_named(mapped: Mapped, study_folder: SimpleNamespace):
    texts = ("short", "word " * 50)
    criteria = tuple(
        Criterion(kind=CriterionKind.INCLUSION, number=number, text=text) for number, text in enumerate(texts, start=1)
    )
    trial = replace(study_folder.trial, eligibility=Eligibility(criteria=criteria))
    rows = study_folder.steps["criterion_shortened"].function(trial, mapped("ti", trial=trial))
    assert rows["IETESTCD"].to_list() == ["INCL02"]
