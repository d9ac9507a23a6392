"""The Issues on the page: by rule, one by one, and those about the registry record."""

import re
from collections import Counter
from collections.abc import Sequence

from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import Run
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table
from cdisc_aclf.report.html.tally import RuleTally, about_data, about_record, by_rule, counted, severities

ROWS = 5000
"""Issues that the page holds at most: browsers stay quick, and all of them are in `issues.csv`."""

_LONG = 200  # characters beyond which a cell scrolls
_RULES = (
    Column("Severity", "severity"),
    Column("Rule", "rule"),
    Column("Message"),
    Column("Issues", "number"),
    Column("Records", "number"),
)
_ISSUES = (
    Column("Severity", "severity"),
    Column("Rule", "rule"),
    Column("Message", "message"),
    Column("Dataset", "code dataset"),
    Column("Form", "form"),
    Column("Row", "number"),
    Column("Subject", "code subject"),
    Column("Key", "key"),
    Column("Variable", "code variable"),
    Column("Value", "value"),
    Column("Count", "number"),
)
_RECORD = (
    Column("Severity", "severity"),
    Column("Rule", "rule"),
    Column("What contradicts what"),
    Column("Position in the record", "position"),
    Column("Value", "value"),
    Column("Count", "number"),
)


def issues_section(run: Run) -> Markup:
    """Rules that found something, the filter, and the Issues one by one."""
    issues = about_data(run)
    if not issues:
        return element("p", "No rule found anything to say about the data.")
    shown = first_of_each_rule(issues, ROWS)
    rules = [row(_RULES, _rule_cells(tally)) for tally in by_rule(issues)]
    whole = len(shown) == len(issues)
    one_by_one = element(
        "div",
        _filter(issues),
        element("p", _extent(len(shown), len(issues)), class_="remark" if whole else "cut"),
        table("Issues one by one, the worst first", _ISSUES, map(_issue_row, shown)),
        id="issues-list",
    )
    return markup(table("Issues by rule", _RULES, rules), one_by_one)


def record_section(run: Run) -> Markup:
    """What the registry record contradicts in itself."""
    issues = about_record(run)
    if not issues:
        return element("p", "The rules found no contradiction in the registry record.")
    rows = [
        row(_RECORD, (_badge(f.severity), code(f.rule), f.message, code(f.record), _value(f.value), f.count))
        for f in issues
    ]
    return markup(
        element("p", f"{severities(issues)}. They are not counted among the issues about the data.", class_="remark"),
        table("Contradictions in the registry record", _RECORD, rows),
    )


def first_of_each_rule(issues: Sequence[Issue], limit: int) -> list[Issue]:
    """At most `limit` Issues in their order: the first of every rule, then the second of every rule, and so on.

    So a rule with thousands of Issues hides no other rule.

    Examples:
        >>> issue = lambda rule, value: Issue(rule=rule, severity=Severity.NOTE, message="", value=value)
        >>> issues = [issue("A", "1"), issue("A", "2"), issue("A", "3"), issue("B", "4")]
        >>> [kept.value for kept in first_of_each_rule(issues, 3)]
        ['1', '2', '4']
    """
    seen: Counter[str] = Counter()
    turns = []
    for issue in issues:
        turns.append(seen[issue.rule])
        seen[issue.rule] += 1
    kept = sorted(range(len(issues)), key=turns.__getitem__)[:limit]
    return [issues[at] for at in sorted(kept)]


def filter_link(text: str | int, **wanted: str) -> Markup:
    """A link to the Issues that sets their filter, e.g. `severity="error", place="dataset:LB"`."""
    return element("a", text, href="#issues-list", **{f"data_{name}": value for name, value in wanted.items()})


def code(text: str) -> Markup:
    """A name in fixed width that may break within."""
    return element("code", _breakable(text))


def _breakable(text: str) -> Markup:
    """Text that may break after an underscore, a full stop or an equals sign."""
    first, *others = re.split(r"(?<=[_.=])", text)
    return markup(first, *[markup(element("wbr"), piece) for piece in others])


def _rule_cells(tally: RuleTally) -> tuple[str | int, ...]:
    others = tally.messages - 1
    message = markup(
        tally.message, element("span", f" and {counted(others, 'other wording')}", class_="quiet") if others else ""
    )
    link = filter_link(code(tally.rule), rule=tally.rule)
    return _badge(tally.severity), link, message, tally.issues, tally.records


def _issue_row(issue: Issue) -> Markup:
    cells = (
        _badge(issue.severity),
        code(issue.rule),
        issue.message,
        issue.dataset,
        code(issue.form),
        issue.record,
        issue.subject,
        _breakable(issue.key),
        issue.variable,
        _value(issue.value),
        issue.count,
    )
    return row(
        _ISSUES, cells, data_severity=issue.severity, data_rule=issue.rule,
        data_dataset=issue.dataset, data_form=issue.form,
    )  # fmt: skip


def _filter(issues: Sequence[Issue]) -> Markup:
    """The form is of use with JavaScript alone, which shows it."""
    datasets = dict.fromkeys(issue.dataset for issue in issues if issue.dataset)
    forms = dict.fromkeys(issue.form for issue in issues if issue.form)
    rules = dict.fromkeys(issue.rule for issue in issues)
    places = markup(
        _option("", "All datasets and forms"),
        element("optgroup", *[_option(f"dataset:{name}", name) for name in sorted(datasets)], label="Dataset"),
        element("optgroup", *[_option(f"form:{name}", name) for name in sorted(forms)], label="Form"),
    )
    levels = [_option(severity, severity.capitalize()) for severity in reversed(Severity)]
    return element(
        "form",
        _field("Severity", element("select", _option("", "All severities"), *levels, name="severity")),
        _field("Dataset or form", element("select", places, name="place")),
        _field(
            "Rule",
            element("select", _option("", "All rules"), *[_option(name, name) for name in sorted(rules)], name="rule"),
        ),
        _field("Search in all cells", element("input", type="search", name="search", autocomplete="off")),
        element("button", "Clear", type="reset"),
        element("output", name="shown", aria_live="polite"),
        id="filter",
        hidden="",
    )


def _field(label: str, control: Markup) -> Markup:
    return element("label", element("span", label), control)


def _option(value: str, text: str) -> Markup:
    return element("option", text, value=value)


def _extent(shown: int, total: int) -> str:
    if shown == total:
        return f"All {counted(total, 'issue')} are on this page and in issues.csv."
    return (
        f"This page holds {shown:,} of {total:,} issues: the first ones of every rule. The filter and the search see "
        f"these alone; all {total:,} are in issues.csv."
    )


def _badge(severity: Severity) -> Markup:
    return element("span", severity, class_=f"badge {severity}")


def _value(text: str) -> str:
    return text if len(text) <= _LONG else element("div", text, class_="long")
