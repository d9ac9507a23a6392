from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import Run
from cdisc_aclf.report.issues import first_of_each_rule
from cdisc_aclf.report.page import report_html

Parse = Callable[[str], SimpleNamespace]
ONE_BY_ONE = "Issues one by one, the worst first"


def found(rule: str, value: int = 0) -> Issue:
    return Issue(rule=rule, severity=Severity.NOTE, message="", value=str(value))


def test_every_issue_about_the_data_is_a_row_in_its_order(page: SimpleNamespace):
    head, *rows = page.tables[ONE_BY_ONE]
    assert head == [
        "Severity", "Rule", "Message", "Dataset", "Form", "Row", "Subject", "Key", "Variable", "Value", "Count",
    ]  # fmt: skip
    assert rows == [
        [
            "error", "SD-TERM", "not a term of the codelist", "LB", "lab", "17", "PL21-01",
            "LBTESTCD=ALT, LBDTC=2026-01-10", "LBORRESU", "<script>alert('x')</script> & \"毫克\"", "1",
        ],
        [
            "error", "SD-TERM", "not a term of the other codelist", "DM", "demographics", "3", "PL21-02",
            "", "SEX", "=1+1", "1",
        ],
        ["warning", "RAW-NUMBER", "not a number", "", "lab", "", "", "", "result", "", "1"],
        ["note", "results_converted", "converted", "LB", "", "", "", "", "", "", "1,240"],
    ]  # fmt: skip


def test_rules_are_counted_by_issues_and_by_records(page: SimpleNamespace):
    assert page.tables["Issues by rule"] == [
        ["Severity", "Rule", "Message", "Issues", "Records"],
        ["error", "SD-TERM", "not a term of the codelist and 1 other wording", "2", "2"],
        ["warning", "RAW-NUMBER", "not a number", "1", "1"],
        ["note", "results_converted", "converted", "1", "1,240"],
    ]


def test_a_rule_links_to_its_issues(page: SimpleNamespace):
    wanted = {"href": "#issues-list", "data-rule": "results_converted"}
    assert ("a", wanted) in page.elements


def test_rows_carry_what_the_filter_compares(page: SimpleNamespace):
    rows = [attributes for element, attributes in page.elements if element == "tr" and "data-rule" in attributes]
    assert rows[0] == {
        "data-severity": "error", "data-rule": "SD-TERM", "data-dataset": "LB", "data-form": "lab",
    }  # fmt: skip
    assert len(rows) == 4


def test_the_filter_offers_every_severity_dataset_form_and_rule_that_occurs(page: SimpleNamespace):
    offered = [attributes["value"] for element, attributes in page.elements if element == "option"]
    assert offered == [
        "", "error", "warning", "note",
        "", "dataset:DM", "dataset:LB", "form:demographics", "form:lab",
        "", "RAW-NUMBER", "SD-TERM", "results_converted",
    ]  # fmt: skip


def test_the_filter_is_hidden_until_the_script_shows_it(page: SimpleNamespace):
    assert ("form", {"id": "filter", "hidden": ""}) in page.elements


def test_issues_about_the_record_stand_apart(page: SimpleNamespace):
    assert page.tables["Contradictions in the registry record"][1:] == [
        [
            "warning", "PROTOCOL-HE-SCORE", "The formula takes the HE grade",
            "outcomesModule.primaryOutcomes[0].description", "HE grade", "1",
        ],
        [
            "note", "PROTOCOL-NAME", "The name ends in a comma",
            "armsInterventionsModule.armGroups[0].label", "Control Group,", "1",
        ],
    ]  # fmt: skip
    assert "0 errors, 1 warning, 1 note. They are not counted among the issues about the data." in page.text


def test_a_page_with_all_issues_says_so(page: SimpleNamespace):
    assert "All 4 issues are on this page and in issues.csv." in page.text


def test_a_long_value_stands_whole_in_a_cell_that_scrolls(run: Run, parse: Parse):
    value = "肝" * 500
    page = parse(report_html(replace(run, issues=(replace(run.issues[0], value=value),))))
    assert page.tables[ONE_BY_ONE][1][9] == value
    assert ("div", {"class": "long"}) in page.elements


@pytest.fixture
def room_for_50(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdisc_aclf.report.issues.ROWS", 50)


@pytest.mark.usefixtures("room_for_50")
def test_a_page_that_cannot_hold_all_says_how_many_it_leaves_to_the_file(run: Run, parse: Parse):
    many = tuple(found("RAW-WIDTH", value) for value in range(1200))
    page = parse(report_html(replace(run, issues=(*many, found("rare")))))
    rules = Counter(cells[1] for cells in page.tables[ONE_BY_ONE][1:])
    assert rules == {"RAW-WIDTH": 49, "rare": 1}
    assert "This page holds 50 of 1,201 issues" in page.text
    assert "all 1,201 are in issues.csv" in page.text


@pytest.mark.usefixtures("room_for_50")
def test_counts_speak_of_all_issues_and_not_of_those_on_the_page(run: Run, parse: Parse):
    many = tuple(found("RAW-WIDTH", value) for value in range(1207))
    page = parse(report_html(replace(run, issues=many)))
    assert "0 errors, 0 warnings, 1,207 notes" in page.text
    assert page.tables["Issues by rule"][1] == ["note", "RAW-WIDTH", "", "1,207", "1,207"]


@settings(deadline=None)
@given(st.lists(st.sampled_from("ABC")), st.integers(0, 40))
def test_the_kept_issues_are_in_order_and_no_rule_gives_way_to_a_longer_one(rules: list[str], limit: int):
    issues = [found(rule, at) for at, rule in enumerate(rules)]
    kept = first_of_each_rule(issues, limit)
    places = [int(issue.value) for issue in kept]
    assert places == sorted(places)
    assert len(kept) == min(limit, len(issues))
    here, all_of = Counter(issue.rule for issue in kept), Counter(rules)
    for rule, other in ((one, two) for one in all_of for two in all_of):
        assert here[rule] >= min(all_of[rule], here[other] - 1)
