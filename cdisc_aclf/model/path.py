"""The one place that makes paths of an output out of names."""

import re
from pathlib import PurePosixPath

from cdisc_aclf.errors import DefinitionError

_LONGEST = 200  # bytes: 255 is what file systems take, and a hidden name beside it is longer
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, with any extension (Microsoft, Naming Files, Paths, and Namespaces)."""


def part_problem(name: str) -> str:
    """Why a name cannot be a part of a path on every system; empty where it can.

    Examples:
        >>> part_problem("PL21"), part_problem("../../x"), part_problem("aux.xpt")
        ('', "has '/', which no name of a file may have", 'is a name that Windows keeps for a device')
    """
    if found := _FORBIDDEN.search(name):
        return f"has {found[0]!r}, which no name of a file may have"
    if not name or set(name) <= {"."}:
        return "is empty or made of full stops"
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a blank, or ends with a full stop"
    if _RESERVED.fullmatch(name):
        return "is a name that Windows keeps for a device"
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "has half of a surrogate pair"
    return f"has {size} bytes, more than {_LONGEST}" if size > _LONGEST else ""


def output_path(*parts: str) -> PurePosixPath:
    """A path below an output, made of names that data or specs may have given.

    Raises:
        DefinitionError: a name could lead elsewhere, or cannot be a file on every system.

    Examples:
        >>> print(output_path("m5", "datasets", "pl21"))
        m5/datasets/pl21
        >>> output_path("raw", "../record")
        Traceback (most recent call last):
        cdisc_aclf.errors.DefinitionError: specs: the name '../record' has '/', which no name of a file may have
    """
    for part in parts:
        if problem := part_problem(part):
            raise DefinitionError("specs", f"the name {part!r} {problem}")
    return PurePosixPath(*parts)
