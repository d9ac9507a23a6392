"""The counts that the page, the terminal and the JSON summary share."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD
from cdisc_aclf.model.issue import PROTOCOL, Issue, Severity
from cdisc_aclf.model.run import FormReconciliation, Run, SubmittedDataset

STAMP = "SYNTHETIC DATA - not from patients"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a dataset is; `subjects` is None where it has none (trial design)."""

    records: int
    subjects: int | None
    variables: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """Issues of one rule; `message` is that of the first, `messages` how many different ones there are."""

    rule: str
    severity: Severity
    message: str
    messages: int
    issues: int
    records: int


def about_data(run: Run) -> tuple[Issue, ...]:
    """The Issues about the data, as they come."""
    return tuple(issue for issue in run.issues if issue.form != PROTOCOL)


def about_record(run: Run) -> tuple[Issue, ...]:
    """The Issues about the registry record, as they come."""
    return tuple(issue for issue in run.issues if issue.form == PROTOCOL)


def by_severity(issues: Iterable[Issue]) -> dict[Severity, int]:
    """How many Issues there are of each severity, worst first.

    Examples:
        >>> counts = by_severity([Issue(rule="SD-TERM", severity=Severity.ERROR, message="not a term")])
        >>> {str(severity): count for severity, count in counts.items()}
        {'error': 1, 'warning': 0, 'note': 0}
    """
    counts = Counter(issue.severity for issue in issues)
    return {severity: counts[severity] for severity in reversed(Severity)}


def by_rule(issues: Iterable[Issue]) -> list[RuleTally]:
    """One tally per rule and severity: worst first, then the rule with most Issues, then by name."""
    groups: dict[tuple[str, Severity], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.rule, issue.severity), []).append(issue)
    tallies = [
        RuleTally(
            rule=rule,
            severity=severity,
            message=group[0].message,
            messages=len({issue.message for issue in group}),
            issues=len(group),
            records=sum(issue.count for issue in group),
        )
        for (rule, severity), group in groups.items()
    ]
    worst = list(reversed(Severity))
    return sorted(tallies, key=lambda tally: (worst.index(tally.severity), -tally.issues, tally.rule))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples:
        >>> counted(1, "error"), counted(1200, "note")
        ('1 error', '1,200 notes')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def severities(issues: Iterable[Issue]) -> str:
    """How many errors, warnings and notes, in words."""
    return ", ".join(counted(count, severity) for severity, count in by_severity(issues).items())


def advice(issues: Iterable[Issue]) -> str:
    """What the Issues ask for, in one sentence.

    Examples:
        >>> advice([])
        'no rule found anything to say'
        >>> advice([Issue(rule="SD-TERM", severity=Severity.ERROR, message="not a term")])
        'look at the errors before you submit'
    """
    asks = {
        Severity.ERROR: "look at the errors before you submit",
        Severity.WARNING: "read the warnings before you submit",
        Severity.NOTE: "nothing speaks against submission; read the notes",
    }
    worst = next((severity for severity, count in by_severity(issues).items() if count), None)
    return asks[worst] if worst else "no rule found anything to say"


def size_of(dataset: SubmittedDataset) -> Size:
    """Records, subjects and variables as they are written, without the trace column."""
    frame = dataset.frame.select(pl.exclude(RAW_RECORD))
    subjects = frame["USUBJID"].n_unique() if "USUBJID" in frame.columns else None
    return Size(frame.height, subjects, frame.width)


def balance(reconciled: FormReconciliation) -> int:
    """Records that the reconciled does not explain; 0 unless the program is wrong."""
    return reconciled.records - reconciled.submitted - reconciled.waiting - reconciled.left_out - reconciled.lost
