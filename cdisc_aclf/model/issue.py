"""What is wrong with the data, and where."""

from dataclasses import dataclass
from enum import StrEnum

PROTOCOL = "protocol"
"""What an Issue about the registry record has in place of a CRF form."""


class Severity(StrEnum):
    """How bad an Issue is; `--fail-on` compares with `at_least`.

    Examples:
        >>> Severity.ERROR.at_least(Severity.WARNING)
        True
        >>> Severity.NOTE.at_least(Severity.WARNING)
        False
    """

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    def at_least(self, other: "Severity") -> bool:
        """Whether this severity is as bad as `other`, or worse."""
        order = list(Severity)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing that is wrong or noteworthy, with the place where a person can look it up.

    Args:
        rule: identifier of the rule or constraint that was broken, e.g. `SD-CODELIST`.
        severity: note, warning or error.
        message: a sentence for a data manager.
        dataset: SDTM or ADaM dataset, or FHIR resource type; empty for an Issue about raw data.
        form: CRF form, or `PROTOCOL` for the registry record.
        record: row of the raw record in the file of its form (the header is row 1), or position in the registry record.
        subject: USUBJID, or the subject identifier of the CRF where there is no USUBJID.
        key: natural key of the record, e.g. `LBTESTCD=ALT, LBDTC=2026-01-10`.
        variable: submitted variable or raw column.
        value: the value as it stands.
        count: how many records the Issue speaks of.
    """

    rule: str
    severity: Severity
    message: str
    dataset: str = ""
    form: str = ""
    record: str = ""
    subject: str = ""
    key: str = ""
    variable: str = ""
    value: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be broken: the name that Issues carry, how bad it is, and a sentence for a data manager."""

    name: str
    severity: Severity
    message: str

    def found(self, *, dataset: str = "", form: str = "", variable: str = "", value: str = "", count: int = 1) -> Issue:
        """The rule as it is broken at a place.

        Examples:
            >>> Rule("AU-NAME", Severity.ERROR, "another name").found(dataset="LB", value="LBX").message
            'another name'
        """
        return Issue(
            rule=self.name,
            severity=self.severity,
            message=self.message,
            dataset=dataset,
            form=form,
            variable=variable,
            value=value,
            count=count,
        )
