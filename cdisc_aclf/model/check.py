"""What the study says of each of its checks."""

from dataclasses import dataclass

from cdisc_aclf.model.issue import Rule


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check, a row of `specs/checks.csv`.

    Args:
        rule: named as the function in `mappings/checks/`.
        about: the dataset (`EX`) or the form (`infusion`) whose rows the function returns, or `protocol`.
        variable: the variable or column that is named in the Issue.
        source: where the rule comes from.
    """

    rule: Rule
    about: str
    variable: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A rule of CDISC's engine that fires although the data are right, a row of `specs/explained.csv`.

    Args:
        rule: the engine's id, e.g. `CORE-000767`.
        datasets: where it may fire.
        data: `any`, or `dirty` where only faults in the data make it fire.
        language: of the labels that make it fire; empty where they do not matter.
        reason: why, for the reviewer.
    """

    rule: str
    datasets: tuple[str, ...]
    data: str
    language: str
    reason: str
