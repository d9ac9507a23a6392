"""TS: the golden file was written by hand from the record and the decisions; `why` gives the ground of each row."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.timing import PartialDate

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "ts.csv"
ENROLLED = pl.DataFrame(
    {
        "ARMCD": ["CTRL", "EXO", None],
        "RFICDTC": ["2026-01-08T09:00", "2026-01-05", "2026-01-02"],
    }
)

Mapped = Callable[..., pl.DataFrame]


def values(ts: pl.DataFrame, parameter: str) -> list[tuple[str | None, str | None, str | None]]:
    return ts.filter(pl.col("TSPARMCD") == parameter).select("TSVAL", "TSVALNF", "TSVALCD").rows()


def test_the_summary_of_this_trial_is_the_one_written_by_hand(submitted: Mapped):
    golden = pl.read_csv(GOLDEN, infer_schema=False).drop("why")
    ts = submitted("ts", dm=ENROLLED)
    assert ts.drop("STUDYID", "DOMAIN").cast(pl.String).select(golden.columns).to_dicts() == golden.to_dicts()
    assert set(ts["STUDYID"]) == {"PL21"}
    assert set(ts.columns) == {"STUDYID", "DOMAIN", *golden.columns}


def test_every_value_or_its_null_flavor_is_there_and_never_both(mapped: Mapped):
    ts = mapped("ts", facts={})
    assert ts.filter(pl.col("TSVAL").is_null() == pl.col("TSVALNF").is_null()).is_empty()
    without_value = ts.filter(pl.col("TSVAL").is_null())
    assert without_value.select("TSVALCD", "TSVCDREF", "TSVCDVER").null_count().row(0) == (without_value.height,) * 3


def test_the_schema_validates_each_parameter_by_the_codelist_that_its_term_is_from(study_folder: SimpleNamespace):
    coded = study_folder.references["ts_parameters"].drop_nulls("codelist").select("parmcd", "codelist").unique()
    values = study_folder.standard.datasets["TS"].values
    validated = {(value.equals, *value.codelists) for value in values if value.codelists}
    assert validated == set(coded.rows())


def test_what_the_registry_is_said_to_say_leads_to_terms_of_the_codelist(study_folder: SimpleNamespace):
    codelists = dict(study_folder.references["ts_parameters"].drop_nulls("codelist")["parmcd", "codelist"].rows())
    flavors = study_folder.ct.codelists["NULLFLAV"].values
    for name, _, term in study_folder.references["ts_terms"].rows():
        if name == "FCNTRY":
            assert re.fullmatch("[A-Z]{3}", term)
        else:
            assert term in study_folder.ct.codelists[codelists[name]].values or term in flavors


def test_the_objectives_stand_word_for_word_in_the_record(study_folder: SimpleNamespace):
    facts = study_folder.study.facts["TSVAL"]
    assert len(facts["OBJPRIM"]) == len(facts["OBJSEC"]) == 2
    for objective in (*facts["OBJPRIM"], *facts["OBJSEC"]):
        assert objective in study_folder.trial.brief_summary


def test_without_data_the_start_is_that_of_the_record_and_nobody_counted_the_subjects(mapped: Mapped):
    ts = mapped("ts")
    assert values(ts, "SSTDTC") == [("2026-01-01", None, None)]
    assert values(ts, "ACTSUB") == [(None, "NAV", None)]


@pytest.mark.parametrize(
    "start", [PartialDate("2026-01", "ACTUAL"), PartialDate("2026-01-01", "ESTIMATED"), PartialDate("2026-01-01"), None]
)
def test_a_start_that_is_no_day_of_the_past_is_not_available(
    mapped: Mapped, study_folder: SimpleNamespace, start: PartialDate | None
):
    trial = replace(study_folder.trial, status=replace(study_folder.trial.status, start=start))
    assert values(mapped("ts", trial=trial), "SSTDTC") == [(None, "NAV", None)]


def test_a_consent_without_its_day_does_not_start_the_study(mapped: Mapped):
    dm = pl.DataFrame({"ARMCD": ["CTRL", "EXO"], "RFICDTC": ["2026-01", "2026-01-05T10:00"]})
    assert values(mapped("ts", dm=dm), "SSTDTC") == [("2026-01-05", None, None)]


def test_subjects_without_an_arm_are_not_counted(mapped: Mapped):
    ts = mapped("ts", dm=ENROLLED.filter(pl.col("ARMCD").is_null()))
    assert values(ts, "ACTSUB") == [("0", None, None)]
    assert values(ts, "SSTDTC") == [(None, "NAV", None)]


def test_an_enrolment_that_has_happened_is_no_plan(mapped: Mapped, study_folder: SimpleNamespace):
    design = replace(study_folder.trial.design, enrollment_count=18, enrollment_type="ACTUAL")
    ts = mapped("ts", trial=replace(study_folder.trial, design=design))
    assert values(ts, "ACTSUB") == [("18", None, None)]
    assert values(ts, "PLANSUB") == [(None, "NI", None)]


@pytest.mark.parametrize(
    ("field", "word", "parameter", "expected"),
    [
        ("phases", ("PHASE2", "PHASE3"), "TPHASE", ("PHASE II/III TRIAL", None, "C15694")),
        ("phases", ("NA",), "TPHASE", ("NOT APPLICABLE", None, "C48660")),
        ("phases", (), "TPHASE", (None, "NI", None)),
        ("masking", "QUADRUPLE", "TBLIND", ("DOUBLE BLIND", None, "C15228")),
        ("masking", "SINGLE", "TBLIND", ("SINGLE BLIND", None, "C28233")),
        ("masking", None, "TBLIND", (None, "NI", None)),
        ("primary_purpose", "PREVENTION", "TINDTP", ("PREVENTION", None, "C49657")),
        ("primary_purpose", "ECT", "TINDTP", (None, "OTH", None)),
        ("allocation", "NA", "RANDOM", ("N", None, "C49487")),
        ("intervention_model", "CROSSOVER", "INTMODEL", ("CROSS-OVER", None, "C82637")),
    ],
)
def test_a_word_of_the_registry_is_a_term_or_another_one_or_nothing(
    mapped: Mapped,
    study_folder: SimpleNamespace,
    field: str,
    word: object,
    parameter: str,
    expected: tuple[str | None, ...],
):
    design = replace(study_folder.trial.design, **{field: word})
    assert values(mapped("ts", trial=replace(study_folder.trial, design=design)), parameter) == [expected]


@pytest.mark.parametrize(
    ("limits", "parameter", "expected"),
    [
        ({"maximum_age": None}, "AGEMAX", (None, "PINF", None)),
        ({"minimum_age": None}, "AGEMIN", (None, "NINF", None)),
        ({"sex": "FEMALE"}, "SEXPOP", ("F", None, "C16576")),
        ({"std_ages": ("CHILD",)}, "PDSTIND", ("Y", None, "C49488")),
        ({"std_ages": ("CHILD", "ADULT")}, "PDSTIND", (None, "NI", None)),
    ],
)
def test_an_age_without_limit_is_infinite_and_children_among_others_say_nothing(
    mapped: Mapped,
    study_folder: SimpleNamespace,
    limits: dict[str, object],
    parameter: str,
    expected: tuple[str | None, ...],
):
    eligibility = replace(study_folder.trial.eligibility, **limits)
    assert values(mapped("ts", trial=replace(study_folder.trial, eligibility=eligibility)), parameter) == [expected]


def test_a_trial_that_takes_healthy_subjects_names_no_diagnosis(mapped: Mapped, study_folder: SimpleNamespace):
    eligibility = replace(study_folder.trial.eligibility, healthy_volunteers=True)
    ts = mapped("ts", trial=replace(study_folder.trial, eligibility=eligibility))
    assert values(ts, "HLTSUBJI") == [("Y", None, "C49488")]
    assert values(ts, "TDIGRP") == []


@pytest.mark.parametrize(
    ("text", "groups", "expected"),
    [
        ("allocated in a 1:1 ratio", 2, [("0.5", None, None)]),
        ("allocated in a 1:1:1 ratio", 3, [("0.33", None, None)]),
        ("allocated in a 2:1 ratio", 2, [(None, "NI", None)]),
        ("allocated 1:1 in the first part and 2:1 in the second", 2, [(None, "NI", None)]),
        ("allocated in a 1:1 ratio", 3, [(None, "NI", None)]),
        ("allocated at random", 2, [(None, "NI", None)]),
    ],
)
def test_the_quotient_is_known_where_every_arm_has_the_same_share(
    mapped: Mapped, study_folder: SimpleNamespace, text: str, groups: int, expected: list[tuple[str | None, ...]]
):
    control, studied = study_folder.trial.arms
    arms = (*(replace(control, label=f"Control {number}") for number in range(1, groups)), studied)
    trial = replace(study_folder.trial, brief_summary=text, arms=arms)
    assert values(mapped("ts", trial=trial), "RANDQT") == expected


def test_a_trial_that_is_not_randomised_has_no_quotient(mapped: Mapped, study_folder: SimpleNamespace):
    design = replace(study_folder.trial.design, allocation="NON_RANDOMIZED")
    assert values(mapped("ts", trial=replace(study_folder.trial, design=design)), "RANDQT") == []


def test_two_groups_of_a_crossover_are_not_counted_as_two_arms(mapped: Mapped, study_folder: SimpleNamespace):
    design = replace(study_folder.trial.design, intervention_model="CROSSOVER")
    assert values(mapped("ts", trial=replace(study_folder.trial, design=design)), "NARMS") == [(None, "NI", None)]


def test_without_an_experimental_arm_nobody_knows_what_is_studied_and_what_controls_it(
    mapped: Mapped, study_folder: SimpleNamespace
):
    arms = tuple(replace(arm, type="ACTIVE_COMPARATOR") for arm in study_folder.trial.arms)
    ts = mapped("ts", trial=replace(study_folder.trial, arms=arms), facts={})
    for parameter in ("TRT", "INTTYPE", "TCNTRL", "RANDQT"):
        assert values(ts, parameter) == [(None, "NI", None)]


def test_what_a_person_gives_fills_value_code_and_version(mapped: Mapped):
    facts = {
        "TSVAL": {"STOPRULE": ("TWO DEATHS ON THE DAY OF AN INFUSION",), "INDIC": ("One disorder", "Another disorder")},
        "TSVALCD": {"INDIC": ("1000001", "1000002")},
        "TSVCDVER": {"SNOMED": ("2025-03-01",)},
    }
    ts = mapped("ts", facts=facts)
    assert values(ts, "STOPRULE") == [("TWO DEATHS ON THE DAY OF AN INFUSION", None, None)]
    assert ts.filter(pl.col("TSPARMCD") == "INDIC").select(
        "TSSEQ", "TSVAL", "TSVALCD", "TSVCDREF", "TSVCDVER"
    ).rows() == [
        (1, "One disorder", "1000001", "SNOMED", "2025-03-01"),
        (2, "Another disorder", "1000002", "SNOMED", "2025-03-01"),
    ]


def test_a_null_flavor_from_a_person_stands_as_null_flavor(mapped: Mapped):
    assert values(mapped("ts", facts={"TSVAL": {"STOPRULE": ("NA",)}}), "STOPRULE") == [(None, "NA", None)]


def test_long_text_goes_on_in_numbered_variables_between_words(mapped: Mapped):
    rule = " ".join(["liver stop"] * 40)  # 10 bytes and a blank, 40 times: 18 of them fit into 200 bytes
    ts = mapped("ts", facts={"TSVAL": {"STOPRULE": (rule,)}})
    [parts] = ts.filter(pl.col("TSPARMCD") == "STOPRULE").select("TSVAL", "TSVAL1", "TSVAL2", "TSVAL3").rows()
    assert parts == (*[" ".join(["liver stop"] * 18)] * 2, " ".join(["liver stop"] * 4), None)


def test_text_of_several_lines_stands_in_one(mapped: Mapped):
    ts = mapped("ts", facts={"TSVAL": {"STOPRULE": ("two deaths\n  one anaphylaxis",)}})
    assert values(ts, "STOPRULE") == [("two deaths one anaphylaxis", None, None)]


def test_a_crossover_has_no_quotient_even_if_its_groups_are_alike(mapped: Mapped, study_folder: SimpleNamespace):
    design = replace(study_folder.trial.design, intervention_model="CROSSOVER")
    assert values(mapped("ts", trial=replace(study_folder.trial, design=design)), "RANDQT") == [(None, "NI", None)]


def test_text_that_is_longer_than_the_spec_has_room_for_names_the_spec(mapped: Mapped):
    with pytest.raises(DefinitionError, match=r"ts\.csv: no row for TSVAL6, which .*ts\.py gives"):
        mapped("ts", facts={"TSVAL": {"STOPRULE": ("word " * 280,)}})
