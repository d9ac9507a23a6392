"""The study's own checks: rows that a check returned, as Issues."""

import polars as pl

from cdisc_aclf.datasets.where import issues_at
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.check import CheckSpec
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.spec import DatasetSpec


def validate_check(rows: Frame, check: CheckSpec, spec: DatasetSpec | None, *, file: str) -> list[Issue]:
    """One Issue per row that a check returned.

    Args:
        rows: the rows that break the check: a dataset's or a form's columns, or groups with a `count`; rows about a
            form or the protocol as a whole have no trace column.
        check: what `specs/checks.csv` says of the check.
        spec: the dataset that the check is about, None for a form and for the protocol.
        file: the file of the check, for the message.

    Raises:
        DefinitionError: the rows lack the variable that `specs/checks.csv` names.
    """
    if check.variable not in rows.columns:
        raise DefinitionError(file, f"{check.rule.name} returns no {check.variable}, which specs/checks.csv names")
    if spec is None and RAW_RECORD not in rows.columns:
        rows = rows.with_columns(pl.lit(f"{check.about}:").alias(RAW_RECORD))
    return issues_at(rows, spec, range(rows.height), check.rule, check.variable)
