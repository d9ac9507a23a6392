"""The Findings on the page: by rule, one by one, and those about the registry record."""

import re
from collections import Counter
from collections.abc import Sequence

from cdisc_aclf.model.issue import Finding, Severity
from cdisc_aclf.model.run import Run
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table
from cdisc_aclf.report.html.tally import RuleTally, about_data, about_record, by_rule, counted, severities

ROWS = 5000
"""Findings that the page holds at most: browsers stay quick, and all of them are in `findings.csv`."""

_LONG = 200  # characters beyond which a cell scrolls
_RULES = (
    Column("Severity", "severity"),
    Column("Rule", "rule"),
    Column("Message"),
    Column("Findings", "number"),
    Column("Records", "number"),
)
_FINDINGS = (
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


def findings_section(run: Run) -> Markup:
    """Rules that found something, the filter, and the Findings one by one."""
    findings = about_data(run)
    if not findings:
        return element("p", "No rule found anything to say about the data.")
    shown = first_of_each_rule(findings, ROWS)
    rules = [row(_RULES, _rule_cells(tally)) for tally in by_rule(findings)]
    whole = len(shown) == len(findings)
    one_by_one = element(
        "div",
        _filter(findings),
        element("p", _extent(len(shown), len(findings)), class_="remark" if whole else "cut"),
        table("Findings one by one, the worst first", _FINDINGS, map(_finding_row, shown)),
        id="findings-list",
    )
    return markup(table("Findings by rule", _RULES, rules), one_by_one)


def record_section(run: Run) -> Markup:
    """What the registry record contradicts in itself."""
    findings = about_record(run)
    if not findings:
        return element("p", "The rules found no contradiction in the registry record.")
    rows = [
        row(_RECORD, (_badge(f.severity), code(f.rule), f.message, code(f.record), _value(f.value), f.count))
        for f in findings
    ]
    return markup(
        element(
            "p", f"{severities(findings)}. They are not counted among the findings about the data.", class_="remark"
        ),
        table("Contradictions in the registry record", _RECORD, rows),
    )


def first_of_each_rule(findings: Sequence[Finding], limit: int) -> list[Finding]:
    """At most `limit` Findings in their order: the first of every rule, then the second of every rule, and so on.

    So a rule with thousands of Findings hides no other rule.

    Examples:
        >>> finding = lambda rule, value: Finding(rule=rule, severity=Severity.NOTE, message="", value=value)
        >>> findings = [finding("A", "1"), finding("A", "2"), finding("A", "3"), finding("B", "4")]
        >>> [kept.value for kept in first_of_each_rule(findings, 3)]
        ['1', '2', '4']
    """
    seen: Counter[str] = Counter()
    turns = []
    for finding in findings:
        turns.append(seen[finding.rule])
        seen[finding.rule] += 1
    kept = sorted(range(len(findings)), key=turns.__getitem__)[:limit]
    return [findings[at] for at in sorted(kept)]


def filter_link(text: str | int, **wanted: str) -> Markup:
    """A link to the Findings that sets their filter, e.g. `severity="error", place="dataset:LB"`."""
    return element("a", text, href="#findings-list", **{f"data_{name}": value for name, value in wanted.items()})


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
    return _badge(tally.severity), link, message, tally.findings, tally.records


def _finding_row(finding: Finding) -> Markup:
    cells = (
        _badge(finding.severity),
        code(finding.rule),
        finding.message,
        finding.dataset,
        code(finding.form),
        finding.record,
        finding.subject,
        _breakable(finding.key),
        finding.variable,
        _value(finding.value),
        finding.count,
    )
    return row(
        _FINDINGS, cells, data_severity=finding.severity, data_rule=finding.rule,
        data_dataset=finding.dataset, data_form=finding.form,
    )  # fmt: skip


def _filter(findings: Sequence[Finding]) -> Markup:
    """The form is of use with JavaScript alone, which shows it."""
    datasets = dict.fromkeys(finding.dataset for finding in findings if finding.dataset)
    forms = dict.fromkeys(finding.form for finding in findings if finding.form)
    rules = dict.fromkeys(finding.rule for finding in findings)
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
        return f"All {counted(total, 'finding')} are on this page and in findings.csv."
    return (
        f"This page holds {shown:,} of {total:,} findings: the first ones of every rule. The filter and the search see "
        f"these alone; all {total:,} are in findings.csv."
    )


def _badge(severity: Severity) -> Markup:
    return element("span", severity, class_=f"badge {severity}")


def _value(text: str) -> str:
    return text if len(text) <= _LONG else element("div", text, class_="long")
