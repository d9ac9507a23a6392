"""ADRS: the worked examples through the mapping, and the stories, read off their forms by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.study.mappings import load_mappings
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[3]
ADRS = next(mapping for mapping in load_mappings(ROOT / "mappings" / "adam") if mapping.name == "adrs")
STUDY = read_study(ROOT)
FACTS = {"ct": read_terminology(ROOT)} | {f"ref_{name}": table for name, table in read_references(ROOT).items()}
CODING = replace(STUDY.decisions["encephalopathy_coding"], option="literal")
LITERAL = replace(STUDY, decisions={**STUDY.decisions, "encephalopathy_coding": CODING})
UNITS = {"INR": "RATIO", "NEUT": "10^9/L", "BILI": "umol/L", "UREA": "mmol/L", "UREAN": "mmol/L", "ALB": "g/L"}
A = {"INR": "2.1", "NEUT": "5.0", "BILI": "350", "UREA": "5.0", "WHEG0101": "GRADE 0"}
"""Worked example A, but for the age of 46."""

Story = Callable[..., list[tuple[object, ...]]]
Visit = Mapping[str, str] | tuple[tuple[str, str], ...]


def scored(*visits: Visit, age: int | None = 46, study: object = STUDY) -> Frame:
    """ADRS of one subject: visit 1 is on Day 1, each next one 3 days later; results and grades by their test."""
    records: dict[str, list[dict[str, object]]] = {"LB": [], "RS": []}
    for number, visit in enumerate(visits):
        at = {"STUDYID": "PL21", "USUBJID": "PL21-1", "VISITNUM": number + 1.0, "VISIT": f"V{number}"}
        for code, text in visit.items() if isinstance(visit, Mapping) else visit:
            name = "LB" if code in UNITS else "RS"
            place = len(records[name]) + 1
            is_number = text.lstrip("-").replace(".", "").isdigit()
            records[name].append(
                at
                | {f"{name}TESTCD": code, f"{name}ORRES": text, f"{name}ORRESU": UNITS.get(code)}
                | {f"{name}STRESC": text, f"{name}STRESN": float(text) if is_number else None}
                | {f"{name}DTC": f"2026-01-{10 + 3 * number:02}", f"{name}SEQ": place}
                | {"raw_record": f"{name.lower()}:{place + 1}"}
            )
    subject = {
        "USUBJID": ["PL21-1"], "SITEID": ["01"], "AGE": [age], "RANDFL": ["Y"], "FASFL": ["Y"],
        "SAFFL": ["Y"], "TRTSDT": [date(2026, 1, 10)], "TRT01P": ["A"], "TRT01PN": [1], "TRT01A": ["A"], "TRT01AN": [1],
    }  # fmt: skip
    given = {
        **{name.lower(): pl.DataFrame(made, schema=_schema(name)) for name, made in records.items()},
        "adsl": pl.DataFrame(subject).with_columns(pl.col("AGE").cast(pl.Int64)),
        "dm": pl.DataFrame({"USUBJID": ["PL21-1"], "RFXSTDTC": ["2026-01-10T10:00"]}),
        "ds": pl.DataFrame({"USUBJID": ["PL21-1"], "DSDECOD": ["RANDOMIZED"], "DSSTDTC": ["2026-01-10T08:00"]}),
    }
    return run(ADRS, FACTS | given | {"study": study})


def _schema(name: str) -> dict[str, type[pl.DataType]]:
    texts = (
        "STUDYID",
        "USUBJID",
        "VISIT",
        "raw_record",
        *(f"{name}{x}" for x in ("TESTCD", "ORRES", "ORRESU", "STRESC", "DTC")),
    )
    return dict.fromkeys(texts, pl.String) | {
        "VISITNUM": pl.Float64,
        f"{name}STRESN": pl.Float64,
        f"{name}SEQ": pl.Int64,
    }


def of(frame: Frame, code: str, *variables: str) -> list[tuple[object, ...]]:
    return frame.filter(pl.col("PARAMCD") == code).select(variables).rows()


# results and grade, age, score, its risk group, the score by the West Haven grade itself, whether the group moves
@pytest.mark.parametrize(
    ("values", "age", "score", "risk", "literal", "moves"),
    [
        (("2.1", "5.0", "350", "5.0", "GRADE 0"), 46, 7.1292, "LOW", 6.6722, "N"),
        (("2.5", "8.0", "420", "8.5", "GRADE 2"), 55, 8.7483, "HIGH", 8.7483, "N"),
        (("3.2", "11.6", "512.4", "14.2", "GRADE 4"), 61, 10.3427, "HIGH", 10.7997, "N"),
        (("2.2", "4.6", "300", "5.6", "GRADE 1"), 48, 7.6978, "MODERATE", 7.2408, "Y"),
        (("1.5", "3.1", "205.2", "3.4", "GRADE 0"), 33, 5.5087, "LOW", 5.0517, "N"),
    ],
)
def test_the_worked_examples_come_out_of_sdtm_by_both_codings(
    values: tuple[str, ...], age: int, score: float, risk: str, literal: float, moves: str
):
    visit = dict(zip(A, values, strict=True))
    published, asked = scored(visit, age=age), scored(visit, age=age, study=LITERAL)
    assert [round(value, 4) for value in published["AVAL"].gather([0, 1])] == [score, literal]
    assert of(published, "COSSH2", "AVALCAT1", "CRIT1FL") == [(risk, moves)]
    assert [round(value, 4) for value in asked["AVAL"].gather([0, 1])] == [literal, score]
    assert of(asked, "COSSH2", "CRIT1FL") == [(moves,)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"INR": "0"}, "INR NOT POSITIVE"),
        ({"NEUT": "-5.0"}, "NEUT NOT POSITIVE"),
        ({"BILI": "<0.5"}, "BILI CENSORED"),
        ({"UREA": "haemolysed"}, "UREA NO STANDARD RESULT"),
        ({"WHEG0101": "GRADE 5"}, "WHEG0101 NO STANDARD RESULT"),
    ],
)
def test_an_input_that_cannot_be_used_leaves_the_score_missing_with_the_reason(change: dict[str, str], reason: str):
    for code in ("COSSH2", "COSSH2A"):
        assert of(scored(A | change), code, "AVAL", "AVALCAT1", "CRIT1", "MISSREAS") == [(None, None, None, reason)]


@pytest.mark.parametrize("missing", A)
def test_an_input_that_is_missing_is_named(missing: str):
    visit = {code: value for code, value in A.items() if code != missing}
    assert of(scored(visit), "COSSH2", "AVAL", "MISSREAS") == [(None, f"{missing} MISSING")]


def test_the_first_result_of_a_visit_is_taken_even_where_only_a_later_one_can_be_used():
    first_below = ("BILI", "<0.5"), *((code, text) for code, text in A.items() if code != "BILI"), ("BILI", "350")
    assert of(scored(first_below), "COSSH2", "AVAL", "MISSREAS") == [(None, "BILI CENSORED")]
    first_known = *A.items(), ("BILI", "<0.5")
    assert round(of(scored(first_known), "COSSH2", "AVAL")[0][0], 4) == 7.1292


def test_a_score_without_age_is_missing():
    assert of(scored(A, age=None), "COSSH2", "AVAL", "MISSREAS") == [(None, "AGE MISSING")]


def test_urea_nitrogen_in_mmol_is_urea_where_there_is_no_urea():
    nitrogen = {code: value for code, value in A.items() if code != "UREA"} | {"UREAN": "5.0"}
    assert round(of(scored(nitrogen), "COSSH2", "AVAL")[0][0], 4) == 7.1292
    assert of(scored(nitrogen), "UREA", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == [(5.0, "LB", "LBSTRESN", 4)]
    assert round(of(scored(nitrogen | {"UREA": "5.6"}), "COSSH2", "AVAL")[0][0], 4) == 7.1945  # 0.576 ln 1.12 more


# encephalopathy, ascites, bilirubin umol/L, albumin g/L, INR; total, grade and the grade as a number
@pytest.mark.parametrize(
    ("values", "total", "grade"),
    [
        (("GRADE 0", "absent", "30", "36", "1.5"), 5, ("A", 1)),
        (("GRADE 1", "slight", "34.2", "35", "1.7"), 10, ("C", 3)),
        (("GRADE 0", "slight", "51.3", "28", "2.3"), 9, ("B", 2)),
        (("GRADE 4", "moderate", "350", "27.9", "2.31"), 15, ("C", 3)),
        (("GRADE 2", "slight", "350", "31", "2.1"), 11, ("C", 3)),
        (("GRADE 0", "absent", "34.19", "35.01", "1.69"), 5, ("A", 1)),
    ],
)
def test_the_worked_examples_of_child_pugh_come_out_of_sdtm(
    values: tuple[str, ...], total: int, grade: tuple[str, int]
):
    frame = scored(dict(zip(("WHEG0101", "ASCT0101", "BILI", "ALB", "INR"), values, strict=True)))
    assert of(frame, "CPTOT", "AVAL", "AVALCAT1") == [(total, grade[0])]
    assert of(frame, "CPGRADE", "AVALC", "AVAL") == [grade]


def test_change_and_shift_are_counted_from_the_last_score_before_the_first_infusion():
    frame = scored(A, A | {"INR": "3.2"}, A | {"INR": "0"}, A)
    # ln 3.2 - ln 2.1 is 0.421213, times 1.649 is 0.694580; the scores are 7.1292 and 7.8238
    found = of(frame, "COSSH2", "ADY", "AVISIT", "ABLFL", "ANL01FL", "BASECAT1", "SHIFT1")
    assert found == [
        (1, "Baseline", "Y", "Y", "LOW", None),
        (4, "Day 4", None, "Y", "LOW", "LOW to MODERATE"),
        (7, "Day 7", None, None, "LOW", None),
        (10, "Day 10", None, "Y", "LOW", "LOW to LOW"),
    ]
    changes = [change for (change,) in of(frame, "COSSH2", "CHG")]
    assert changes == [None, pytest.approx(0.69458, abs=1e-5), None, 0]


def test_symptoms_add_up_unless_one_of_them_is_missing_or_impossible():
    five = {f"SYMS010{number}": "2" for number in range(1, 6)}
    frame = scored(five, five | {"SYMS0103": "4"}, five | {"SYMS0103": "1.5"}, {"SYMS0101": "3"})
    assert of(frame, "SYMTOT", "AVAL", "MISSREAS") == [
        (10, None),
        (None, "SYMS0103 OUT OF RANGE"),
        (None, "SYMS0103 OUT OF RANGE"),
        (None, "SYMS0102 MISSING; SYMS0103 MISSING; SYMS0104 MISSING; SYMS0105 MISSING"),
    ]


def test_a_computed_parameter_is_marked_as_derived_and_has_its_components_in_the_dataset():
    frame = scored(A)
    types = dict(frame.select("PARAMCD", "PARAMTYP").unique().rows())
    assert types == {
        "COSSH2": "DERIVED", "COSSH2A": "DERIVED", "CPTOT": "DERIVED", "CPGRADE": "DERIVED", "CPHE": "DERIVED",
        "CPBILI": "DERIVED", "CPINR": "DERIVED", "INR": None, "NEUT": None, "BILI": None, "UREA": None,
        "WHEG0101": None,
    }  # fmt: skip
    assert of(frame, "COSSH2", "SRCDOM", "SRCSEQ", "raw_record") == [(None, None, "rs:2 lb:2 lb:3 lb:4 lb:5")]


def test_the_story_of_the_exosome_subject_at_screening_and_on_day_1(story: Story):
    def at(visit: float, *codes: str) -> list[tuple[object, ...]]:
        records = story("ADRS", "EXOSOME", "VISITNUM", "PARAMCD", "AVAL", "AVALC", "MISSREAS")
        return [record[1:] for record in records if record[0] == visit and record[1] in codes]

    # only bilirubin was measured at screening; on Day 1 bilirubin of 08:30 is <0.5, albumin was not done
    assert at(1, "COSSH2", "CPTOT", "BILI", "CPBILI", "WHEG0101", "ASCT0101") == [
        ("COSSH2", None, None, "INR MISSING; NEUT MISSING; UREA MISSING"),
        ("CPTOT", None, None, "CPALB MISSING; CPINR MISSING"),
        ("CPBILI", 3, None, None),
        ("WHEG0101", 0, "GRADE 0", None),
        ("ASCT0101", 1, "absent", None),
        ("BILI", 350, None, None),
    ]
    assert at(2, "COSSH2", "CPTOT", "BILI", "CPBILI", "CPINR", "CPHE", "CPASC") == [
        ("COSSH2", None, None, "NEUT MISSING; BILI CENSORED; UREA MISSING"),
        ("CPTOT", None, None, "BILI CENSORED; CPALB MISSING"),
        ("CPHE", 2, None, None),
        ("CPASC", 2, None, None),
        ("CPBILI", None, None, "BILI CENSORED"),
        ("CPINR", 2, None, None),
        ("BILI", None, None, "BILI CENSORED"),
    ]


def test_the_baseline_of_a_story_is_the_last_value_on_or_before_day_1_in_both_arms(story: Story):
    def baselines(subject: str) -> dict[object, tuple[object, ...]]:
        records = story("ADRS", subject, "ABLFL", "PARAMCD", "AVAL", "ADT")
        return {record[1]: record[2:] for record in records if record[0] == "Y"}

    day_1, before = date(2026, 1, 10), date(2026, 1, 8)
    exosome, control = baselines("EXOSOME"), baselines("CONTROL")
    assert (exosome["WHEG0101"], exosome["CPS0106"], exosome["SYMTOT"]) == (
        (1, date(2026, 1, 9)), (8, day_1), (6, before),
    )  # fmt: skip
    assert exosome["BILI"] == (350, before)  # that of Day 1 is no number
    assert (control["BILI"], control["CPS0106"]) == ((310, day_1), (8, day_1))
    assert story("ADRS", "CONTROL", "PARAMCD", "ADY", "AVISIT", "CHG")[21] == ("BILI", 84, "Day 84", -290)


def test_every_record_of_rs_is_in_adrs_and_every_source_exists(stories: Mapping[str, Dataset]):
    adrs, rs = stories["ADRS"].frame, stories["RS"].frame
    named = adrs.filter(pl.col("SRCDOM") == "RS").select("USUBJID", RSSEQ="SRCSEQ")
    assert rs.join(named, on=["USUBJID", "RSSEQ"], how="anti").is_empty()
    assert named.join(rs, on=["USUBJID", "RSSEQ"], how="anti").is_empty()
