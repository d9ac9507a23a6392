"""What a run made of the data, for programs (JSON, CSV) and for the terminal."""

from collections.abc import Iterable
from dataclasses import asdict, fields

from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.package import dataset_file
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spreadsheet import csv_text
from cdisc_aclf.report.html.tally import (
    STAMP,
    about_data,
    about_record,
    advice,
    by_rule,
    by_severity,
    severities,
    size_of,
)

_LINES = 25
_TOP_RULES = 10
_DATASETS_PER_LINE = 4


def issues_csv(issues: Iterable[Issue]) -> str:
    """All Issues as CSV (RFC 4180): a header with the names of the fields, then one record each.

    A value that a spreadsheet would take for a formula stands behind an apostrophe; `--json` has it byte for byte.

    Examples:
        >>> from cdisc_aclf.model.issue import Severity
        >>> issue = Issue(rule="RAW-NUMBER", severity=Severity.ERROR, message="no number", form="lab", value="+")
        >>> for line in issues_csv([issue]).splitlines():
        ...     print(line)
        rule,severity,message,dataset,form,record,subject,key,variable,value,count
        RAW-NUMBER,error,no number,,lab,,,,,+,1
    """
    return csv_text([field.name for field in fields(Issue)], (tuple(asdict(issue).values()) for issue in issues))


def summary(run: Run) -> dict[str, object]:
    """The counts of a run as plain values that JSON can hold, in a stable order.

    `issues` is about the data and `record_issues` about the registry record; `records` of a rule are those that
    its Issues speak of.

    Examples:
        >>> from pathlib import Path
        >>> from cdisc_aclf.model.study import Study
        >>> from cdisc_aclf.model.trial import Identification, Trial
        >>> study = Study(
        ...     id="PL21", country="CHN", time_zone="+08:00", real_environment="PROD", record="record.txt",
        ...     fhir_base="https://example.org", standards={"sdtmig": "3.4"}, decisions={}, folder=Path(),
        ... )
        >>> trial = Trial(identification=Identification(nct_id="NCT07409259"))
        >>> run = Run(
        ...     study=study,
        ...     trial=trial,
        ...     synthetic=None,
        ...     forms={},
        ...     reconciliation=(),
        ...     datasets={},
        ...     resources={"ResearchStudy": 1},
        ...     issues=(),
        ...     dictionaries=(),
        ... )
        >>> summary(run)["study"], summary(run)["resources"]
        ('PL21', {'ResearchStudy': 1})
    """
    return {
        "study": run.study.id,
        "trial": run.trial.identification.nct_id,
        "synthetic": run.synthetic,
        "standards": dict(run.study.standards),
        "dictionaries": list(run.dictionaries),
        "datasets": {
            name: {"file": str(dataset_file(run.study.id, dataset.spec)), **asdict(size_of(dataset))}
            for name, dataset in run.datasets.items()
        },
        "resources": dict(sorted(run.resources.items())),
        "issues": _issues(about_data(run)),
        "record_issues": _issues(about_record(run)),
        "forms": {
            reconciled.form.name: {
                "records": reconciled.records,
                "submitted": reconciled.submitted,
                "waiting": reconciled.waiting,
                "waits_for": list(reconciled.waits_for),
                "left_out": reconciled.left_out,
                "lost": reconciled.lost,
            }
            for reconciled in run.reconciliation
        },
    }


def summary_text(run: Run) -> str:
    """The outcome of a run for a terminal: at most 25 lines of ASCII for up to 60 datasets.

    Examples:
        >>> from pathlib import Path
        >>> from cdisc_aclf.model.study import Study
        >>> from cdisc_aclf.model.trial import Identification, Trial
        >>> study = Study(
        ...     id="PL21", country="CHN", time_zone="+08:00", real_environment="PROD", record="record.txt",
        ...     fhir_base="https://example.org", standards={"sdtmig": "3.4"}, decisions={}, folder=Path(),
        ... )
        >>> trial = Trial(identification=Identification(nct_id="NCT07409259"))
        >>> print(
        ...     summary_text(
        ...         Run(
        ...             study=study,
        ...             trial=trial,
        ...             synthetic=None,
        ...             forms={},
        ...             reconciliation=(),
        ...             datasets={},
        ...             resources={},
        ...             issues=(),
        ...             dictionaries=(),
        ...         )
        ...     )
        ... )
        PL21 (NCT07409259)
        0 errors, 0 warnings, 0 notes: no rule found anything to say.
    """
    lines = [f"{run.study.id} ({run.trial.identification.nct_id})"]
    if run.synthetic is not None:
        lines.append(f"{STAMP} (environment: {run.synthetic})")
    lines.append(f"{severities(about_data(run))}: {advice(about_data(run))}.")
    if about_record(run):
        lines.append(f"The registry record itself: {severities(about_record(run))}.")
    if run.datasets:
        lines += ["", "Records", *_datasets(run)]
    if rules := by_rule(about_data(run)):
        shown = rules[: max(1, min(_TOP_RULES, _LINES - len(lines) - 3))]
        width = max(len(tally.rule) for tally in shown)
        lines += ["", "Issues by rule"]
        lines += [f"  {tally.issues:>7,}  {tally.severity:<7}  {tally.rule:<{width}}".rstrip() for tally in shown]
        if len(shown) < len(rules):
            lines.append(f"  and {len(rules) - len(shown)} more rules")
    return "\n".join(lines).encode("ascii", "backslashreplace").decode("ascii")


def _datasets(run: Run) -> list[str]:
    sizes = [f"{name:<8}{size_of(dataset).records:>8,}" for name, dataset in run.datasets.items()]
    starts = range(0, len(sizes), _DATASETS_PER_LINE)
    return [f"  {'    '.join(sizes[start : start + _DATASETS_PER_LINE])}" for start in starts]


def _issues(issues: tuple[Issue, ...]) -> dict[str, object]:
    return {
        "by_severity": {str(severity): count for severity, count in by_severity(issues).items()},
        "by_rule": [
            {
                "rule": tally.rule,
                "severity": str(tally.severity),
                "issues": tally.issues,
                "records": tally.records,
            }
            for tally in by_rule(issues)
        ],
    }
