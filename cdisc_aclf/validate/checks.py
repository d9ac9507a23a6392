"""The study's own checks: rows that a check returned, as Findings."""

from cdisc_aclf.errors import HouseError
from cdisc_aclf.model.check import CheckSpec
from cdisc_aclf.model.finding import Finding
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.validate.where import findings_at


def judge_check(rows: Frame, check: CheckSpec, spec: DatasetSpec | None, *, file: str) -> list[Finding]:
    """One Finding per row that a check returned.

    Args:
        rows: the rows that break the check: a dataset's or a form's columns, or groups with a `count`.
        check: what `specs/checks.csv` says of the check.
        spec: the dataset that the check is about, None for a form.
        file: the file of the check, for the message.

    Raises:
        HouseError: the rows lack the variable that `specs/checks.csv` names.
    """
    if check.variable not in rows.columns:
        raise HouseError(file, f"{check.rule.name} returns no {check.variable}, which specs/checks.csv names")
    return findings_at(rows, spec, range(rows.height), check.rule, check.variable)
