import polars as pl

from cdisc_aclf.model.check import CheckSpec
from cdisc_aclf.model.issue import PROTOCOL, Rule, Severity
from cdisc_aclf.study.checks import validate_check


def check(about: str, variable: str) -> CheckSpec:
    return CheckSpec(Rule("a_rule", Severity.NOTE, "a sentence"), about, variable, "a source")


def test_a_row_about_the_protocol_is_an_issue_about_the_protocol_and_no_record():
    [found] = validate_check(pl.DataFrame({"fact": ["STOPRULE"]}), check(PROTOCOL, "fact"), None, file="protocol.py")
    assert (found.form, found.record, found.dataset, found.subject) == ("protocol", "", "", "")
    assert (found.rule, found.variable, found.value) == ("a_rule", "fact", "STOPRULE")


def test_a_row_of_a_form_is_an_issue_about_its_record():
    rows = pl.DataFrame({"raw_record": ["visit:7"], "subject": ["01-001"], "visit": ["第1天"]})
    [found] = validate_check(rows, check("visit", "visit"), None, file="visits.py")
    assert (found.form, found.record, found.subject, found.value) == ("visit", "7", "01-001", "第1天")
