"""What the study says of each of its checks."""

from dataclasses import dataclass

from cdisc_aclf.model.finding import Rule


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check, a row of `specs/checks.csv`.

    Args:
        rule: named as the function in `mappings/checks/`.
        about: the dataset (`EX`) or the form (`infusion`) whose rows the function returns, or `protocol`.
        variable: the variable or column that is named in the Finding.
        source: where the rule comes from.
    """

    rule: Rule
    about: str
    variable: str
    source: str
