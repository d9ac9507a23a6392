"""Rules across datasets that hold for every study: subjects are in DM, dates lie within their participation."""

from collections.abc import Mapping

import polars as pl

from cdisc_aclf.model.finding import Finding, Severity
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.validate.where import places


def judge_participation(datasets: Mapping[str, tuple[DatasetSpec, Frame]]) -> list[Finding]:
    """Hold every dataset against DM.

    SD-SUBJECT: USUBJID is in DM (CDISC CORE-000201). SD-BEFORE-CONSENT: no date before RFICDTC. SD-AFTER-PARTICIPATION:
    no date after RFPENDTC (FDA FB3406, FB3407). Dates are compared at the precision that both have.

    Args:
        datasets: spec and conformed frame by name; DM is among them.
    """
    _, dm = datasets["DM"]
    found = []
    for name, (spec, frame) in datasets.items():
        if name == "DM":
            continue
        lost = ~pl.col("USUBJID").is_in(dm["USUBJID"].implode())
        found += _broken(frame, spec, lost, "SD-SUBJECT", "USUBJID", "the subject is not in DM")
        dated = frame.join(dm.select("USUBJID", "RFICDTC", "RFPENDTC"), on="USUBJID", how="left", maintain_order="left")
        for variable in spec.variables:
            if variable.data_type == "datetime" and variable.role == "Timing":
                early, late = _before(variable.name, "RFICDTC"), _before("RFPENDTC", variable.name)
                found += _broken(
                    dated, spec, early, "SD-BEFORE-CONSENT", variable.name, "before informed consent (RFICDTC)"
                )
                found += _broken(
                    dated,
                    spec,
                    late,
                    "SD-AFTER-PARTICIPATION",
                    variable.name,
                    "after death or the last participation (RFPENDTC)",
                )
    return found


def _before(one: str, other: str) -> pl.Expr:
    length = pl.min_horizontal(pl.col(one).str.len_chars(), pl.col(other).str.len_chars())
    return pl.col(one).str.head(length) < pl.col(other).str.head(length)


def _broken(frame: Frame, spec: DatasetSpec, broken: pl.Expr, rule: str, variable: str, message: str) -> list[Finding]:
    rows = frame.select(broken.fill_null(value=False).arg_true()).to_series().cast(pl.Int64)
    return [
        Finding(
            rule=rule,
            severity=Severity.ERROR,
            message=message,
            dataset=spec.name,
            form=place.form,
            record=place.record,
            subject=place.subject,
            key=place.key,
            variable=variable,
            value=value or "",
        )
        for place, value in zip(places(frame, spec, rows), frame[variable].gather(rows), strict=True)
    ]
