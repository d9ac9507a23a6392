from dataclasses import replace

import polars as pl
import pytest

from cdisc_aclf.datasets.participation import validate_participation
from cdisc_aclf.model.spec import DatasetSpec, VariableSpec


def spec(name: str, *variables: tuple[str, str, str]) -> DatasetSpec:
    columns = tuple(
        VariableSpec(
            name=each,
            label="",
            data_type=kind,
            length=20,
            core="",
            role=role,
            codelists=(),
            origin="",
            source="",
            method="",
            comment="",
        )
        for each, kind, role in variables
    )
    return DatasetSpec(
        name=name,
        label="",
        observation_class="",
        structure="",
        key=("USUBJID", "LBDTC"),
        variables=columns,
        file=f"specs/sdtm/{name.lower()}.csv",
    )


DM = spec("DM", ("USUBJID", "text", "Identifier"), ("BRTHDTC", "datetime", "Record Qualifier"))
LB = spec(
    "LB",
    ("USUBJID", "text", "Identifier"),
    ("LBDTC", "datetime", "Timing"),
    ("LBREFDTC", "datetime", "Record Qualifier"),
    ("LBDY", "integer", "Timing"),
)
SUBJECTS = pl.DataFrame(
    {
        "USUBJID": ["1", "OPEN"],
        "RFICDTC": ["2026-01-08T10:00", None],
        "RFPENDTC": ["2026-04-03T18:10", None],
        "raw_record": ["demographics:2", "demographics:3"],
    }
)


def found(date: str | None, subject: str = "1", **columns: object) -> list[str]:
    row = {"USUBJID": subject, "LBDTC": date, "LBREFDTC": None, "LBDY": 1, "raw_record": "lab:2"} | columns
    lab = pl.DataFrame([row], schema_overrides={"LBDTC": pl.String, "LBREFDTC": pl.String})
    return [each.rule for each in validate_participation({"DM": (DM, SUBJECTS), "LB": (LB, lab)})]


@pytest.mark.parametrize("date", ["2026-01-08T10:00", "2026-02-01", "2026-04-03T18:10", None])
def test_a_date_between_consent_and_the_end_of_participation_gives_no_issue(date: str | None):
    assert found(date) == []


def test_a_subject_who_is_not_in_dm_is_reported_once_and_not_for_the_dates():
    assert found("1999-01-01", "GHOST") == ["SD-SUBJECT"]


@pytest.mark.parametrize("date", ["2026-01-07", "2026-01-08T09:59", "2025-12", "2025", "2025---15"])
def test_a_date_before_consent_is_reported(date: str):
    assert found(date) == ["SD-BEFORE-CONSENT"]


@pytest.mark.parametrize("date", ["2026-04-04", "2026-04-03T18:11", "2026-05", "2027", "2027---01"])
def test_a_date_after_the_end_of_participation_is_reported(date: str):
    assert found(date) == ["SD-AFTER-PARTICIPATION"]


@pytest.mark.parametrize("date", ["2026-01-08", "2026-04-03", "2026-01", "2026-04", "2026", "2026---01", "2026---31"])
def test_a_date_that_may_lie_within_participation_as_far_as_it_is_known_is_not_reported(date: str):
    assert found(date) == []


@pytest.mark.parametrize("text", ["soon", "10.01.2026", "05JAN2026"])
def test_a_text_that_is_no_date_is_left_to_the_schema(text: str):
    assert found(text) == []


def test_a_subject_without_consent_or_end_of_participation_has_nothing_to_compare_with():
    assert found("1999-01-01", "OPEN") == []


def test_only_timing_variables_are_compared():
    assert found(None, LBREFDTC="1999-01-01") == []


def test_an_issue_says_where_the_record_is():
    lab = pl.DataFrame(
        {"USUBJID": ["1"], "LBDTC": ["2026-05-01"], "LBREFDTC": [""], "LBDY": [1], "raw_record": ["lab:9"]}
    )
    [issue] = validate_participation({"DM": (DM, SUBJECTS), "LB": (LB, lab)})
    where = (
        issue.dataset,
        issue.form,
        issue.record,
        issue.subject,
        issue.key,
        issue.variable,
        issue.value,
    )
    assert where == ("LB", "lab", "9", "1", "LBDTC=2026-05-01", "LBDTC", "2026-05-01")
    assert issue.severity == "error"


def history(name: str, observation_class: str, **dates: str | None) -> list[tuple[str, str]]:
    timing = tuple((f"{name}{each}", "datetime", "Timing") for each in ("DTC", "STDTC", "ENDTC"))
    of_class = replace(spec(name, ("USUBJID", "text", "Identifier"), *timing), observation_class=observation_class)
    row = {"USUBJID": "1", "raw_record": "form:2"} | {variable: dates.get(variable[2:]) for variable, *_ in timing}
    frame = pl.DataFrame([row], schema_overrides={variable: pl.String for variable, *_ in timing})
    issues = validate_participation({"DM": (DM, SUBJECTS), name: (of_class, frame)})
    return [(each.rule, each.variable) for each in issues]


@pytest.mark.parametrize(("name", "of_class"), [("MH", "Events"), ("CM", "Interventions"), ("PR", "Interventions")])
def test_what_a_subject_had_may_have_begun_and_ended_before_consent_but_was_asked_for_later(name: str, of_class: str):
    assert history(name, of_class, STDTC="2010", ENDTC="2026-01-07") == []
    assert history(name, of_class, DTC="2026-01-07") == [("SD-BEFORE-CONSENT", f"{name}DTC")]
    assert history(name, of_class, ENDTC="2026-04-04") == [("SD-AFTER-PARTICIPATION", f"{name}ENDTC")]


@pytest.mark.parametrize("name", ["AE", "DS", "DV", "EC", "EX"])
def test_what_belongs_to_the_study_cannot_have_begun_before_consent(name: str):
    of_class = "Interventions" if name.startswith("E") else "Events"
    assert history(name, of_class, STDTC="2026-01-07") == [("SD-BEFORE-CONSENT", f"{name}STDTC")]


@pytest.mark.parametrize("name", ["DD", "SS"])
def test_survival_and_details_of_a_death_may_be_learned_after_participation_but_not_before_consent(name: str):
    assert history(name, "Findings", DTC="2026-05-01") == []
    assert history(name, "Findings", DTC="2026-01-07") == [("SD-BEFORE-CONSENT", f"{name}DTC")]
