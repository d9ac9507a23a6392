"""Nothing lost: what became of every raw record and every raw column."""

from collections.abc import Mapping

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import FormReconciliation
from cdisc_aclf.model.spec import ANY, FormSpec, StandardSpec


def reconcile(
    raw: Mapping[str, Frame], forms: Mapping[str, FormSpec], standard: StandardSpec, mapped: Mapping[str, Frame]
) -> tuple[tuple[FormReconciliation, ...], list[Issue]]:
    """Count where the records of every form went.

    Args:
        raw: the forms with their trace column.
        forms: their specs.
        standard: knows which datasets there are.
        mapped: datasets with their trace column.

    Returns:
        One reconciliation per form, and an Issue (RAW-LOST) for every record that is in no dataset without a reason.
    """
    traces = [frame[RAW_RECORD].str.split(" ").explode() for frame in mapped.values()]
    sources = pl.concat(traces).unique()
    reconciliation, lost = [], []
    for name, form in forms.items():
        elsewhere = raw[name].filter(~pl.col(RAW_RECORD).is_in(sources.implode()))
        waits_for = _without_spec(form, standard)
        reason = "waiting" if waits_for else "left out" if form.left_out else "lost"
        counts = {reason: elsewhere.height}
        reconciliation.append(
            FormReconciliation(
                form=form,
                records=raw[name].height,
                submitted=raw[name].height - elsewhere.height,
                waiting=counts.get("waiting", 0),
                waits_for=waits_for,
                left_out=counts.get("left out", 0),
                lost=counts.get("lost", 0),
            )
        )
        if reason == "lost":
            lost += [_lost(name, row) for row in elsewhere.iter_rows(named=True)]
    return tuple(reconciliation), lost


def _without_spec(form: FormSpec, standard: StandardSpec) -> tuple[str, ...]:
    targets = {target.partition(".")[0].removeprefix("SUPP") for column in form.columns for target in column.targets}
    return tuple(sorted(targets - standard.datasets.keys() - {ANY}))


def _lost(form: str, row: dict[str, str]) -> Issue:
    return Issue(
        rule="RAW-LOST",
        severity=Severity.ERROR,
        message="the record is in no dataset, and forms.csv gives no reason why it may be left out",
        form=form,
        record=row[RAW_RECORD].partition(":")[2],
        subject=row["subject"] or "",
    )
