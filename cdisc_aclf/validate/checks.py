"""The study's own checks: rows that a check returned, as Findings."""

import polars as pl

from cdisc_aclf.errors import HouseError
from cdisc_aclf.model.check import CheckSpec
from cdisc_aclf.model.finding import Finding
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.validate.where import places


def findings_of(rows: Frame, check: CheckSpec, spec: DatasetSpec | None, *, file: str) -> list[Finding]:
    """One Finding per row that a check returned.

    Args:
        rows: the rows that break the check, as the check returned them: a dataset's or a form's columns, or groups
            with a `count`.
        check: what `specs/checks.csv` says of the check.
        spec: the dataset that the check is about, None for a form.
        file: the file of the check, for the message.

    Raises:
        HouseError: the rows lack the variable that `specs/checks.csv` names.
    """
    if check.variable not in rows.columns:
        raise HouseError(file, f"{check.name} returns no {check.variable}, which specs/checks.csv names")
    if rows.is_empty():
        return []
    whole = rows.with_columns(pl.lit("").alias(name) for name in (RAW_RECORD, "USUBJID") if name not in rows.columns)
    if "subject" in rows.columns and "USUBJID" not in rows.columns:
        whole = whole.with_columns(USUBJID="subject")
    where = places(whole, spec, pl.int_range(rows.height, eager=True))
    values = rows[check.variable].cast(pl.String)
    counts = rows["count"] if "count" in rows.columns else pl.repeat(1, rows.height, eager=True)
    return [
        Finding(
            rule=check.name,
            severity=check.severity,
            message=check.message,
            dataset=spec.name if spec else "",
            form=place.form,
            record=place.record,
            subject=place.subject,
            key=place.key,
            variable=check.variable,
            value=value or "",
            count=count,
        )
        for place, value, count in zip(where, values, counts, strict=True)
    ]
