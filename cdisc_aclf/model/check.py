"""What the study says of each of its checks."""

from dataclasses import dataclass

from cdisc_aclf.model.finding import Severity


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check, a row of `specs/checks.csv`.

    Args:
        name: the function in `mappings/checks/`; also the rule of its Findings.
        severity: how bad a broken check is.
        about: the dataset (`EX`) or the form (`infusion`) whose rows the function returns.
        variable: the variable or column that is named in the Finding.
        message: a sentence for a data manager.
        source: where the rule comes from.
    """

    name: str
    severity: Severity
    about: str
    variable: str
    message: str
    source: str
