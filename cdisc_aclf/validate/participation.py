"""Rules across datasets that hold for every study: subjects are in DM, dates lie within their participation."""

from collections.abc import Mapping

import polars as pl

from cdisc_aclf.model.finding import Finding, Rule, Severity
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.spec import DatasetSpec
from cdisc_aclf.validate.where import findings_at

SUBJECT = Rule("SD-SUBJECT", Severity.ERROR, "the subject is not in DM")
CONSENT = Rule("SD-BEFORE-CONSENT", Severity.ERROR, "before informed consent (RFICDTC)")
PARTICIPATION = Rule("SD-AFTER-PARTICIPATION", Severity.ERROR, "after death or the last participation (RFPENDTC)")


def judge_participation(datasets: Mapping[str, tuple[DatasetSpec, Frame]]) -> list[Finding]:
    """Hold every dataset about subjects against DM.

    SD-SUBJECT: USUBJID is in DM (CDISC CORE-000201). SD-BEFORE-CONSENT: no date before RFICDTC. SD-AFTER-PARTICIPATION:
    no date after RFPENDTC (FDA FB3406, FB3407). Dates are compared at the precision that both have.

    Args:
        datasets: spec and conformed frame by name; DM is among them.
    """
    _, dm = datasets["DM"]
    found = []
    for name, (spec, frame) in datasets.items():
        if name == "DM" or "USUBJID" not in spec.names:
            continue
        dated = frame.join(dm.select("USUBJID", "RFICDTC", "RFPENDTC"), on="USUBJID", how="left", maintain_order="left")
        broken = [(SUBJECT, "USUBJID", ~pl.col("USUBJID").is_in(dm["USUBJID"].implode()))]
        for variable in spec.variables:
            if variable.data_type == "datetime" and variable.role == "Timing":
                broken.append((CONSENT, variable.name, _before(variable.name, "RFICDTC")))
                broken.append((PARTICIPATION, variable.name, _before("RFPENDTC", variable.name)))
        for rule, column, breaks in broken:
            rows = dated.select(breaks.fill_null(value=False).arg_true()).to_series()
            found += findings_at(frame, spec, rows, rule, column)
    return found


def _before(one: str, other: str) -> pl.Expr:
    length = pl.min_horizontal(pl.col(one).str.len_chars(), pl.col(other).str.len_chars())
    return pl.col(one).str.head(length) < pl.col(other).str.head(length)
