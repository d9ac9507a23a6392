"""Rules across datasets that hold for every study: subjects are in DM, dates lie within their participation."""

from collections.abc import Mapping

import polars as pl

from cdisc_aclf.datasets.where import issues_at
from cdisc_aclf.model.dates import comparable
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.spec import DatasetSpec

SUBJECT = Rule("SD-SUBJECT", Severity.ERROR, "the subject is not in DM")
CONSENT = Rule("SD-BEFORE-CONSENT", Severity.ERROR, "before informed consent (RFICDTC)")
PARTICIPATION = Rule("SD-AFTER-PARTICIPATION", Severity.ERROR, "after death or the last participation (RFPENDTC)")

_FROM_CONSENT_ON = frozenset({"AE", "DS", "DV", "EC", "EX"})
"""Events and Interventions of the study itself; what others record may have begun or ended before consent."""
_AFTERWARDS = frozenset({"DD", "SS"})
"""Findings about subjects who have died or left, so that they may be collected after participation."""


def validate_participation(datasets: Mapping[str, tuple[DatasetSpec, Frame]]) -> list[Issue]:
    """Validate every dataset about subjects against DM.

    SD-SUBJECT: USUBJID is in DM (CDISC CORE-000201). SD-BEFORE-CONSENT: no date before RFICDTC, but history, earlier
    drugs and procedures have begun before (SDTMIG 3.4, MH and CM); when they were asked for (--DTC) is validated.
    SD-AFTER-PARTICIPATION: no date after RFPENDTC (FDA FB3406, FB3407), but of survival status and death details. Dates
    are compared at the precision that both have, of `2026---15` the year; a text that is no date is left to the schema.

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
            if variable.data_type != "datetime" or variable.role != "Timing":
                continue
            if not _may_precede_consent(spec, variable.name):
                broken.append((CONSENT, variable.name, _before(variable.name, "RFICDTC")))
            if name not in _AFTERWARDS:
                broken.append((PARTICIPATION, variable.name, _before("RFPENDTC", variable.name)))
        for rule, column, breaks in broken:
            rows = dated.select(breaks.fill_null(value=False).arg_true()).to_series()
            found += issues_at(frame, spec, rows, rule, column)
    return found


def _may_precede_consent(spec: DatasetSpec, variable: str) -> bool:
    tells_of_life = spec.observation_class in {"Events", "Interventions"} and spec.name not in _FROM_CONSENT_ON
    return tells_of_life and variable.endswith(("STDTC", "ENDTC"))


def _before(one: str, other: str) -> pl.Expr:
    first, second = comparable(one, other)
    return first < second
