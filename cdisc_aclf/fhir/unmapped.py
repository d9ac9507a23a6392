"""What each form of the data cannot say, as a table to publish beside it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields

from cdisc_aclf.fhir.model.spec import UnmappedElement


def unmapped_csv(losses: Iterable[UnmappedElement]) -> str:
    """Every loss as CSV (RFC 4180): a header with the names of the fields, then one record each.

    Examples:
        >>> status = UnmappedElement("R5", "R4B", "ResearchStudy.status", "no such element")
        >>> for line in unmapped_csv([status]).splitlines():
        ...     print(line)
        origin,form,element,why
        R5,R4B,ResearchStudy.status,no such element
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(UnmappedElement)])
    writer.writeheader()
    writer.writerows(asdict(loss) for loss in losses)
    return text.getvalue()
