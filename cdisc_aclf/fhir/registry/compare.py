"""Whether a registry record comes back from the resources that were made of it, value for value."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from cdisc_aclf.model.issue import PROTOCOL, Issue, Severity


def record_values(part: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a record with its place.

    Examples:
        >>> list(record_values({"hasResults": False, "keywords": ["a", "b"]}))
        [('hasResults', False), ('keywords[0]', 'a'), ('keywords[1]', 'b')]
    """
    if isinstance(part, dict):
        for name, value in part.items():
            yield from record_values(value, f"{path}.{name}" if path else name)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from record_values(value, f"{path}[{place}]")
    else:
        yield path, part


def validate_record(
    record: Mapping[str, object], back: Mapping[str, object], lost: Mapping[str, str]
) -> tuple[list[Issue], int]:
    """Validate a record against what was read back.

    Args:
        record: as the registry gives it.
        back: as it was read from the resources.
        lost: fields that are known not to come back; each stands for all below it.

    Returns:
        One Issue per value that is lost without being listed, changed or invented; and how many values came back.

    Examples:
        >>> issues, count = validate_record({"a": 1, "b": {"c": 2}, "d": 3}, {"a": 1, "d": 4}, {"b": "no place"})
        >>> [(issue.record, issue.value) for issue in issues], count
        ([('d', '3')], 1)
    """
    found = dict(record_values(back))
    issues, count = [], 0
    for path, value in record_values(record):
        if path in found and _is_same(value, found.pop(path)):
            count += 1
        elif not _is_listed(path, lost):
            issues.append(_issue(path, value, "does not come back from the FHIR R5 resources and is not listed"))
    issues += [_issue(path, value, "stands in the FHIR R5 resources alone") for path, value in found.items()]
    return issues, count


def _is_same(value: object, back: object) -> bool:
    """Numbers are the same where every digit is; a literal of Python gives a float."""
    return type(_exact(value)) is type(_exact(back)) and _exact(value) == _exact(back)


def _exact(value: object) -> object:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _is_listed(path: str, lost: Mapping[str, str]) -> bool:
    field = re.sub(r"\[\d+\]", "[]", path)
    return any(field == name or field.startswith((f"{name}.", f"{name}[]")) for name in lost)


def _issue(path: str, value: object, message: str) -> Issue:
    return Issue(
        rule="FHIR-RECORD", severity=Severity.WARNING, message=message, form=PROTOCOL, record=path, value=str(value)
    )
