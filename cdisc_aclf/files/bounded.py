"""Foreign files within bounds: of what kind they are, how large, how deep, and how far a number reaches.

What a file says must not decide how much memory and time it takes; each bound is far beyond what the standards need.
"""

import stat
from decimal import Decimal
from pathlib import Path

from cdisc_aclf.errors import InputError

LARGEST = 512 << 20
"""Bytes of a file that is read as a whole."""

DEEPEST = 100
"""Objects and lists within each other."""

FURTHEST = 400
"""Decimal places before or after the point; a double ends at 308."""


def refuse_irregular(path: Path) -> None:
    """See that a path is a file and no pipe, device or folder, which could block or never end.

    Raises:
        InputError: it is none.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # whoever opens it says what is wrong
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe, a device or a socket"
        raise InputError(str(path), f"is {kind} and no file")


def whole_file(path: Path, *, largest: int = LARGEST) -> bytes:
    """The bytes of a file, as far as there are not too many.

    Raises:
        InputError: no regular file, or a larger one.
        OSError: it cannot be opened; the reader says what it was to be.
    """
    refuse_irregular(path)
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise InputError(str(path), f"has more than {largest >> 20} MiB, which no file of its kind needs")
    return content


def exact_number(text: str) -> Decimal:
    """A number of JSON with every digit that was written.

    Raises:
        ValueError: an exponent that would make gigabytes of digits of a few bytes.

    Examples:
        >>> exact_number("1.50")
        Decimal('1.50')
        >>> exact_number("1e999999999")
        Traceback (most recent call last):
        ValueError: the number 1e999999999 has more than 400 places
    """
    number = Decimal(text)
    if number and abs(number.adjusted()) > FURTHEST:
        raise ValueError(f"the number {text[:40]} has more than {FURTHEST} places")
    return number


def json_problem(value: object) -> str:
    """What keeps a value from being JSON that can be worked with; empty where nothing does.

    Examples:
        >>> json_problem({"a": [1, {"b": None}]}), json_problem({b"a": 1})
        ('', "has the key b'a', which is no text")
    """
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            return f"is nested more than {DEEPEST} levels deep"
        if isinstance(part, dict):
            if odd := next((key for key in part if not isinstance(key, str)), None):
                return f"has the key {odd!r}, which is no text"
            waiting += [(each, depth + 1) for each in part.values()]
        elif isinstance(part, list | tuple):
            waiting += [(each, depth + 1) for each in part]
    return ""
