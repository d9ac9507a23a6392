import pytest

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.report.html.tally import advice, by_rule

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def found(rule: str, severity: Severity) -> Issue:
    return Issue(rule=rule, severity=severity, message="")


def test_rules_come_worst_first_then_most_frequent_then_by_name():
    issues = [
        *[found("often", NOTE)] * 9,
        found("a-warning", WARNING),
        found("once-b", ERROR),
        found("once-a", ERROR),
        *[found("twice", ERROR)] * 2,
    ]
    assert [tally.rule for tally in by_rule(issues)] == ["twice", "once-a", "once-b", "a-warning", "often"]


def test_a_rule_with_two_severities_has_two_tallies():
    tallies = by_rule([found("date", ERROR), found("date", NOTE), found("date", NOTE)])
    assert [(tally.severity, tally.issues) for tally in tallies] == [(ERROR, 1), (NOTE, 2)]


@pytest.mark.parametrize(
    ("severities", "what"),
    [
        ([NOTE, ERROR, WARNING], "look at the errors before you submit"),
        ([NOTE, WARNING], "read the warnings before you submit"),
        ([NOTE], "nothing speaks against submission; read the notes"),
        ([], "no rule found anything to say"),
    ],
)
def test_the_worst_issue_decides_what_to_do(severities: list[Severity], what: str):
    assert advice([found("rule", severity) for severity in severities]) == what
