"""What each form of the data cannot say, as a table to publish beside it."""

from collections.abc import Iterable
from dataclasses import asdict, fields

from cdisc_aclf.fhir.model.spec import UnmappedElement
from cdisc_aclf.model.spreadsheet import csv_text


def unmapped_csv(elements: Iterable[UnmappedElement]) -> str:
    """Every unmapped element as CSV (RFC 4180): a header with the names of the fields, then one record each.

    Examples:
        >>> status = UnmappedElement("R5", "R4B", "ResearchStudy.status", "no such element")
        >>> for line in unmapped_csv([status]).splitlines():
        ...     print(line)
        origin,form,element,why
        R5,R4B,ResearchStudy.status,no such element
    """
    names = [field.name for field in fields(UnmappedElement)]
    return csv_text(names, (tuple(asdict(element).values()) for element in elements))
