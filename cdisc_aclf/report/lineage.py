"""Where each raw record and each raw column went."""

from collections import Counter

from cdisc_aclf.model.run import FormReconciliation, Run
from cdisc_aclf.model.spec import ColumnSpec, FormSpec
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table
from cdisc_aclf.report.html.tally import balance, counted
from cdisc_aclf.report.issues import code

_RECONCILIATION = (
    Column("Form"),
    Column("Records", "number"),
    Column("Submitted", "number"),
    Column("Waiting", "number"),
    Column("Left out", "number"),
    Column("Lost", "number"),
    Column("Unexplained", "number"),
    Column("Why"),
)
_COLUMNS = (
    Column("Column", "code"),
    Column("Label"),
    Column("Chinese label"),
    Column("Type"),
    Column("Goes to"),
)


def reconciliation_section(run: Run) -> Markup:
    """One row per form: submitted + waiting + left out + lost = records."""
    if not run.reconciliation:
        return element("p", "This run read no form.")
    total = [sum(numbers) for numbers in zip(*map(_numbers, run.reconciliation), strict=True)]
    rows = [
        row(
            _RECONCILIATION,
            (_form(reconciled.form), *_numbers(reconciled), _why(reconciled)),
            class_=_alarm(reconciled),
        )
        for reconciled in run.reconciliation
    ]
    return markup(
        table(
            "Where the records of each form went",
            _RECONCILIATION,
            rows,
            row(_RECONCILIATION, ("All forms", *total, "")),
        ),
        element(
            "p",
            "Submitted + waiting + left out + lost + unexplained = records. ",
            "A lost record is an issue; an unexplained one is a fault of this program.",
            class_="remark",
        ),
    )


def columns_section(run: Run) -> Markup:
    """One folded table per form."""
    note = markup(
        element("code", "*"), " stands for every dataset. A target waits while its dataset has no spec in this study."
    )
    return markup(element("p", note, class_="remark"), *[_columns_of(reconciled) for reconciled in run.reconciliation])


def _columns_of(reconciled: FormReconciliation) -> Markup:
    form, waits_for = reconciled.form, reconciled.waits_for
    statuses = Counter(_status(column, waits_for) for column in form.columns)
    counts = ", ".join(f"{statuses[status]} {status}" for status in ("mapped", "waiting", "ignored"))
    rows = [
        row(
            _COLUMNS,
            (column.name, column.label, _chinese(column.label_zh), column.kind, _goes_to(column, waits_for)),
            class_=_status(column, waits_for),
        )
        for column in form.columns
    ]
    summary = element(
        "summary",
        _form(form),
        element("span", f"{counted(len(form.columns), 'column')}: {counts}", class_="quiet"),
    )
    return element("details", summary, table(f"Where the columns of {form.name} went", _COLUMNS, rows))


def _status(column: ColumnSpec, waits_for: tuple[str, ...]) -> str:
    if column.ignored:
        return "ignored"
    return "waiting" if all(_waits(target, waits_for) for target in column.targets) else "mapped"


def _waits(target: str, waits_for: tuple[str, ...]) -> bool:
    return target.partition(".")[0].removeprefix("SUPP") in waits_for


def _goes_to(column: ColumnSpec, waits_for: tuple[str, ...]) -> Markup:
    if column.ignored:
        return element("span", "ignored: ", column.ignored, class_="quiet")
    return markup(
        *[
            element("span", code(target), " waits", class_="target waits")
            if _waits(target, waits_for)
            else element("span", code(target), class_="target")
            for target in column.targets
        ]
    )


def _form(form: FormSpec) -> Markup:
    return markup(element("b", form.label), " ", _chinese(form.label_zh), " ", code(form.name))


def _chinese(text: str) -> Markup:
    return element("span", text, lang="zh-Hans")


def _numbers(reconciled: FormReconciliation) -> tuple[int, ...]:
    return (
        reconciled.records,
        reconciled.submitted,
        reconciled.waiting,
        reconciled.left_out,
        reconciled.lost,
        balance(reconciled),
    )


def _why(reconciled: FormReconciliation) -> str:
    reasons = []
    if reconciled.waiting:
        reasons.append(f"Waiting for {', '.join(reconciled.waits_for)}.")
    if reconciled.left_out:
        reasons.append(f"Left out: {reconciled.form.left_out}.")
    if reconciled.lost:
        reasons.append("Lost: in no dataset and without a reason; see the issues.")
    return " ".join(reasons)


def _alarm(reconciled: FormReconciliation) -> str:
    return "alarm" if reconciled.lost or balance(reconciled) else "calm"
