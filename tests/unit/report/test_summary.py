import csv
import io
import json
from dataclasses import astuple, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spreadsheet import harmless
from cdisc_aclf.report.summary import issues_csv, summary, summary_text

FIELDS = ["rule", "severity", "message", "dataset", "form", "record", "subject", "key", "variable", "value", "count"]


def found(value: str, rule: str = "RAW") -> Issue:
    return Issue(rule=rule, severity=Severity.ERROR, message="", value=value)


def test_the_csv_has_every_issue_the_record_included(run: Run):
    head, *rows = csv.reader(io.StringIO(issues_csv(run.issues)))
    assert head == FIELDS
    assert rows == [[harmless(str(cell)) for cell in astuple(issue)] for issue in run.issues]
    assert len(rows) == 6


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_value_comes_back_from_the_csv_behind_an_apostrophe_where_it_could_be_a_formula(value: str):
    rows = list(csv.reader(io.StringIO(issues_csv([found(value)]), newline="")))
    assert rows[1][FIELDS.index("value")] == harmless(value)


def test_a_laboratory_result_stays_and_a_formula_is_made_harmless():
    assert issues_csv([found("+"), found("=1+1")]).splitlines()[1:] == [
        "RAW,error,,,,,,,,+,1",
        "RAW,error,,,,,,,,'=1+1,1",
    ]


def test_the_csv_of_no_issues_is_its_header():
    assert issues_csv([]) == f"{','.join(FIELDS)}\r\n"


def test_the_summary_is_json_with_the_counts_of_the_run(run: Run):
    assert json.loads(json.dumps(summary(run))) == {
        "study": "PL21",
        "trial": "NCT07409259",
        "synthetic": "SIMULATION <v1>",
        "standards": {"sdtmig": "3.4", "ctcae": "5.0"},
        "dictionaries": ["MedDRA 28.0"],
        "datasets": {
            "DM": {"file": "m5/datasets/pl21/tabulations/sdtm/dm.xpt", "records": 7, "subjects": 7, "variables": 6},
            "LB": {"file": "m5/datasets/pl21/tabulations/sdtm/lb.xpt", "records": 4, "subjects": 2, "variables": 2},
            "DS": {"file": "m5/datasets/pl21/tabulations/sdtm/ds.xpt", "records": 7, "subjects": 5, "variables": 4},
            "TS": {"file": "m5/datasets/pl21/tabulations/sdtm/ts.xpt", "records": 1, "subjects": None, "variables": 1},
        },
        "resources": {"Observation": 1500, "ResearchStudy": 1},
        "issues": {
            "by_severity": {"error": 2, "warning": 1, "note": 1},
            "by_rule": [
                {"rule": "SD-TERM", "severity": "error", "issues": 2, "records": 2},
                {"rule": "RAW-NUMBER", "severity": "warning", "issues": 1, "records": 1},
                {"rule": "results_converted", "severity": "note", "issues": 1, "records": 1240},
            ],
        },
        "record_issues": {
            "by_severity": {"error": 0, "warning": 1, "note": 1},
            "by_rule": [
                {"rule": "PROTOCOL-HE-SCORE", "severity": "warning", "issues": 1, "records": 1},
                {"rule": "PROTOCOL-NAME", "severity": "note", "issues": 1, "records": 1},
            ],
        },
        "forms": {
            "demographics": {
                "records": 7, "submitted": 7, "waiting": 0, "waits_for": [], "left_out": 0, "lost": 0,
            },
            "lab": {
                "records": 10, "submitted": 4, "waiting": 0, "waits_for": ["RS"], "left_out": 5, "lost": 1,
            },
            "child_pugh": {
                "records": 1200, "submitted": 0, "waiting": 1200, "waits_for": ["MH", "RS"], "left_out": 0, "lost": 0,
            },
        },
    }  # fmt: skip


def test_the_terminal_shows_verdict_datasets_and_rules(run: Run):
    assert summary_text(run).splitlines() == [
        "PL21 (NCT07409259)",
        "SYNTHETIC DATA - not from patients (environment: SIMULATION <v1>)",
        "2 errors, 1 warning, 1 note: look at the errors before you submit.",
        "The registry record itself: 0 errors, 1 warning, 1 note.",
        "",
        "Records",
        "  DM             7    LB             4    DS             7    TS             1",
        "",
        "Issues by rule",
        "        2  error    SD-TERM",
        "        1  warning  RAW-NUMBER",
        "        1  note     results_converted",
    ]


def test_the_terminal_gets_ascii_whatever_the_environment_is_called(run: Run):
    assert r"(environment: \u6d4b\u8bd5)" in summary_text(replace(run, synthetic="测试"))


def test_the_ten_worst_rules_are_shown_and_the_others_counted(run: Run):
    issues = tuple(found("", rule=f"RULE-{number:02}") for number in range(13))
    *_, last_rule, rest = summary_text(replace(run, issues=issues)).splitlines()
    assert (last_rule.split(), rest) == (["1", "error", "RULE-09"], "  and 3 more rules")


@pytest.mark.parametrize("datasets", [0, 12, 60])
@pytest.mark.parametrize("rules", [0, 10, 11, 40])
def test_the_terminal_never_gets_more_than_25_lines(run: Run, datasets: int, rules: int):
    many = {f"D{number}": run.datasets["DM"] for number in range(datasets)}
    issues = tuple(found("", rule=f"RULE-{number}") for number in range(rules))
    about_the_record = tuple(issue for issue in run.issues if issue.form == "protocol")
    text = summary_text(replace(run, datasets=many, issues=issues + about_the_record))
    assert len(text.splitlines()) <= 25
    assert ("RULE-0" in text) == (rules > 0)
