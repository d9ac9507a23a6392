"""A package validated against its manifest, with nothing but the two at hand."""

from collections.abc import Mapping

from cdisc_aclf.files.ownership import MANIFEST
from cdisc_aclf.model.issue import Issue, Rule, Severity

CHANGED = Rule("PK-CHANGED", Severity.ERROR, "the bytes are not those that the manifest lists")
MISSING = Rule("PK-MISSING", Severity.ERROR, "the manifest lists the file, and it is not there")
SURPLUS = Rule("PK-SURPLUS", Severity.ERROR, "the file is there, and the manifest does not list it")
CHECKSUM_BROKEN = Rule("PK-CHECKSUM", Severity.ERROR, "the manifest is not the one that its checksum was made of")


def validate_files(listed: Mapping[str, str], found: Mapping[str, str]) -> list[Issue]:
    """Compare hashes by path.

    Args:
        listed: as the manifest says.
        found: of the files that are there.

    Returns:
        One Issue per file that was changed, is missing, or is surplus; `value` is its path.

    Examples:
        >>> [issue.rule for issue in validate_files({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": ""})]
        ['PK-CHANGED', 'PK-SURPLUS']
    """
    both = sorted(set(listed) & set(found))
    return [
        *(CHANGED.found(value=path) for path in both if listed[path] != found[path]),
        *(MISSING.found(value=path) for path in sorted(set(listed) - set(found))),
        *(SURPLUS.found(value=path) for path in sorted(set(found) - set(listed))),
    ]


def validate_checksum(checksum: bytes, expected: bytes) -> list[Issue]:
    """Compare the checksum that is there with the one that the manifest would get.

    Examples:
        >>> [issue.rule for issue in validate_checksum(b"", b"00  manifest.json")]
        ['PK-CHECKSUM']
    """
    return [] if checksum == expected else [CHECKSUM_BROKEN.found(value=MANIFEST)]
