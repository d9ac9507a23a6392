"""A registry record as a file: JSON or a Python literal, read by key, with every surprise named."""

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import exact_number, json_problem, whole_file

T = TypeVar("T")

LARGEST_RECORD = 64 << 20
"""Bytes of a record; the largest of the registry with results have about 20 MiB."""

NOT_A_RECORD = {
    "studies": "a page of search results of the API",
    "FullStudiesResponse": "an answer of the former API (2019 to 2024)",
    "StudyFieldsResponse": "an answer of the former API (2019 to 2024)",
    "FullStudy": "a record of the former API (2019 to 2024)",
    "resourceType": "FHIR",
}
"""What people have at hand in place of a record, by the key that tells it."""

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKUP = re.compile(r"(?P<bullet>^ *\* )|[\\`*_<>^~\[\]]", re.MULTILINE)
_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(markdown: str) -> str:
    r"""Undo the backslash before ASCII punctuation (CommonMark 2.4), which the registry puts there.

    Examples:
        >>> plain(r"score \< 7.4, 2×10\^11")
        'score < 7.4, 2×10^11'
    """
    return _ESCAPED.sub(r"\1", markdown)


def escaped(text: str) -> str:
    r"""Put back what `plain` undid, as the registry does in its markup fields: a bullet is no character to escape.

    Examples:
        >>> print(escaped("* score < 7.4, 2×10^11 (* p)"))
        * score \< 7.4, 2×10\^11 (\* p)
    """
    return _MARKUP.sub(lambda found: found["bullet"] or f"\\{found[0]}", text)


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a record: typed answers by key, None or () where the record says nothing.

    Args:
        file: the file, for messages.
        path: dotted place in the record; empty at the top.
        content: what stands there.
        asked: every path that was asked for, shared by the nodes of one record.

    Examples:
        >>> node = Node("t.json", "", {"phase": "NA", "count": 20, "extra": 1})
        >>> node.text("phase"), node.count("count"), node.text("absent")
        ('NA', 20, None)
        >>> list(node.unread())
        ['extra']
    """

    file: str
    path: str
    content: dict[str, object]
    asked: set[str] = field(default_factory=set)

    def text(self, key: str) -> str | None:
        """Return a text without its escapes."""
        return None if (text := self.markdown(key)) is None else plain(text)

    def markdown(self, key: str) -> str | None:
        """Return a text as it stands."""
        value = self._value(key)
        return None if value is None else self._as_text(key, value)

    def needed(self, key: str) -> str:
        """Return a text that every record has.

        Raises:
            InputError: it is absent or empty.
        """
        text = self.text(key)
        if not text:
            raise InputError(self.file, f"no {self._at(key)}")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts without their escapes."""
        return tuple(plain(self._as_text(f"{key}[{i}]", item)) for i, item in enumerate(self._items(key)))

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self._value(key)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(key, "true or false", value)

    def count(self, key: str) -> int | None:
        """Return a whole number that is not negative."""
        value = self._value(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        raise self._wrong(key, "a count", value)

    def decimal(self, key: str) -> Decimal | None:
        """Return a number with the digits that the file gives."""
        value = self._value(key)
        if value is None:
            return None
        number = Decimal(repr(value)) if type(value) in {int, float} else value
        if isinstance(number, Decimal) and number.is_finite():
            return number
        raise self._wrong(key, "a number", value)

    def iso_date(self, key: str) -> str | None:
        """Return a date that exists: `2026`, `2026-01` or `2026-01-12`."""
        text = self.text(key)
        if text is None:
            return None
        try:
            if _ISO_DATE.fullmatch(text):
                date.fromisoformat((text + "-01-01")[:10])
                return text
        except ValueError:
            pass
        raise InputError(self.file, f"{self._at(key)} should be a date such as 2026-01, but is {text[:40]!r}")

    def node(self, key: str) -> "Node":
        """Return the object under the key; an empty one where there is none."""
        value = self._value(key)
        return self._object(key, {} if value is None else value)

    def one(self, key: str, read: Callable[["Node"], T]) -> T | None:
        """Read the object under the key, if there is one."""
        return None if self._value(key) is None else read(self.node(key))

    def nodes(self, key: str) -> tuple["Node", ...]:
        """Return the objects of the list under the key."""
        return tuple(self._object(f"{key}[{i}]", item) for i, item in enumerate(self._items(key)))

    def each(self, key: str, read: Callable[["Node"], T]) -> tuple[T, ...]:
        """Read every object of the list under the key."""
        return tuple(read(node) for node in self.nodes(key))

    def unread(self) -> Iterator[str]:
        """Yield the keys under this node that nobody asked for; what lies below them is not named."""
        for key, value in self.content.items():
            if self._at(key) not in self.asked:
                yield self._at(key)
            elif isinstance(value, dict):
                yield from self._object(key, value).unread()
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, dict):
                        yield from self._object(f"{key}[{index}]", item).unread()

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else str(key)

    def _value(self, key: str) -> object:
        self.asked.add(self._at(key))
        return self.content.get(key)

    def _items(self, key: str) -> list[object]:
        value = self._value(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise self._wrong(key, "a list", value)

    def _as_text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._wrong(key, "a text", value)
        if _LONE_SURROGATE.search(value):
            raise InputError(self.file, f"{self._at(key)} holds half a character (a lone surrogate)")
        return value

    def _object(self, key: str, value: object) -> "Node":
        if isinstance(value, dict):
            return Node(self.file, self._at(key), value, self.asked)
        raise self._wrong(key, "an object", value)

    def _wrong(self, key: str, expected: str, value: object) -> InputError:
        shown = f"a {type(value).__name__}" if isinstance(value, dict | list | tuple | set) else ascii(value)[:40]
        return InputError(self.file, f"{self._at(key)} should be {expected}, but is {shown}")


def load(path: Path) -> Node:
    """Return the record that a file holds, as JSON or as a Python literal; text before the first `{` is allowed.

    Raises:
        InputError: the file cannot be read, is not UTF-8, or holds neither form of an object.
    """
    try:
        raw = whole_file(path, largest=LARGEST_RECORD)
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}", "not UTF-8 text") from error
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        raise InputError(str(path), "is a list, and no record: take one study out of it")
    before, brace, after = text.partition("{")
    if not brace:
        raise InputError(str(path), "holds no record: nothing begins with {")
    return Node(str(path), "", _parse(path, brace + after, before.count("\n")))


def _parse(path: Path, text: str, lines_before: int) -> dict[str, object]:
    try:
        value: object = json.loads(text, parse_float=exact_number)
    except (ValueError, ArithmeticError, RecursionError) as not_json:
        try:
            value = _literal(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as not_literal:
            # The reader that got further is the one the file was meant for.
            line = max(getattr(not_json, "lineno", 1), getattr(not_literal, "lineno", None) or 1)
            what = f"neither JSON ({_reason(not_json)}) nor a Python literal ({_reason(not_literal)})"
            raise InputError(f"{path}:{lines_before + line}", what) from not_json
    if problem := json_problem(value):
        raise InputError(str(path), problem)
    if not isinstance(value, dict):
        raise InputError(f"{path}:{lines_before + 1}", "not an object of keys and values")
    for key, what in NOT_A_RECORD.items():
        if key in value:
            raise InputError(str(path), f"is {what}, and no record: take one study out of it")
    return value


def _literal(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # an escape unknown to Python stands for itself
        warnings.simplefilter("ignore", DeprecationWarning)  # the same, before Python 3.12
        return ast.literal_eval(text)


def _reason(error: Exception) -> str:
    text = str(getattr(error, "msg", error)).partition(": <")[0]  # what follows is a place in memory
    return text[:80] or type(error).__name__
