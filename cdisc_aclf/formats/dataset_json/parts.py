"""The text of a Dataset-JSON file in parts: its attributes, then lists of records, never the whole file at once."""

import codecs
import json
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import refuse_irregular

_SIZE = 1 << 20  # bytes in hand at a time
_LONGEST = 16 << 20
"""Characters of one record, or of the attributes: a few bytes may decompress to more than any memory holds."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(")?|[{}\[\]]', re.DOTALL)
_ROWS = re.compile(r"\s*:\s*(\[)|\s*:?\s*\Z")
_RECORDS = re.compile(r'(?:\s*+,?\s*+\[(?:[^"\[\]]++|"(?:[^"\\]++|\\.)*+")*+\])++', re.DOTALL)
_END = re.compile(r"\s*\]\s*\}\s*")

Parts = Iterator[list[Any]]
"""Lists of records, each record as JSON gave it."""


def json_parts(path: Path) -> tuple[dict[str, Any], Parts]:
    """Read the attributes, and the records when they are asked for, about a megabyte of text at a time.

    A file whose `rows` stand before its `columns` has to be read as a whole.

    Args:
        path: a JSON object with `rows`, or NDJSON; as it is, or compressed with zlib or gzip. The content tells which.

    Returns:
        The attributes but `rows`, and lists of records.

    Raises:
        InputError: no such file, damaged or cut short, not UTF-8, or no JSON. Faults in records are raised when they
            are reached.

    Examples:
        >>> json_parts(Path("lb.json"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.json: cannot be opened: No such file or directory
    """
    text = _text(path)
    read, at, depth = "", 0, 0
    for piece in text:
        read = _within(read + piece, path)
        for token in _TOKEN.finditer(read, at):
            rows = _ROWS.match(read, token.end()) if depth == 1 and token[0] == '"rows"' else None
            if (token[0][0] == '"' and not token[1]) or (rows and not rows[1]):
                break  # the piece ends inside of a text, or before it is clear whether this names the rows
            at = token.end()
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
            if rows and '"columns"' not in read[:at]:
                return _whole(read + "".join(text), path)
            if rows:
                head = read[: token.start()].rstrip().removesuffix(",") + "}"
                return _attributes(head, path), _of_array(chain([read[rows.end() :]], text), path)
            if depth == 0 and token[0] == "}":
                return _attributes(read[:at], path), _of_lines(chain([read[at:]], text), path)
    raise InputError(f"{path}", "is no JSON object, or is cut short")


def record_lines(path: Path) -> Iterator[bytes]:
    """The records of a file that has each on a line of its own, as this program writes them, without what parts them.

    Args:
        path: as in `json_parts`.

    Raises:
        InputError: no such file, damaged or cut short.
    """
    left, is_header = b"", True
    for piece in chain(_bytes(path), [b"\n"]):
        *lines, left = (left + piece).split(b"\n")
        for line in lines:
            if not is_header and line.startswith(b"["):
                yield line.removesuffix(b",")
            is_header = False


def parsed(text: str, place: str, otherwise: str = "is no JSON", *, number: Callable[[str], Any] = float) -> Any:  # noqa: ANN401 - JSON may hold anything
    """Read JSON by the letter: NaN and infinities, which Python would take, are none.

    Args:
        text: the JSON.
        place: file, or file and line, as a message names it.
        otherwise: what to say of other text.
        number: makes a number with a fraction or an exponent of its digits.

    Raises:
        InputError: it is no JSON.

    Examples:
        >>> parsed('{"value":NaN}', "lb.json")
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: lb.json: holds NaN, which is no JSON
    """

    def refuse(constant: str) -> NoReturn:
        raise InputError(place, f"holds {constant}, which is no JSON")

    try:
        return json.loads(text, parse_float=number, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(place, f"{otherwise}: {error}") from error


def _within(text: str, path: Path) -> str:
    if len(text) > _LONGEST:
        raise InputError(f"{path}", f"one record, or its attributes, has more than {_LONGEST >> 20} MiB of text")
    return text


def _text(path: Path) -> Iterator[str]:
    try:
        yield from codecs.iterdecode(_bytes(path), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}", f"is not UTF-8: {error.reason}") from error


def _bytes(path: Path) -> Iterator[bytes]:
    refuse_irregular(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}", f"cannot be opened: {error.strerror}") from error
    with file:
        first = file.read(2)
        stored = chain([first], iter(lambda: file.read(_SIZE), b""))
        is_zlib = len(first) == 2 and first[0] & 15 == 8 and int.from_bytes(first) % 31 == 0  # RFC 1950, section 2.2
        try:
            yield from _decompressed(stored, path) if is_zlib or first == b"\x1f\x8b" else stored
        except zlib.error as error:
            raise InputError(f"{path}", f"is compressed and damaged: {error}") from error


def _decompressed(stored: Iterator[bytes], path: Path) -> Iterator[bytes]:
    stream = zlib.decompressobj(wbits=47)  # zlib or gzip, whichever the first bytes say
    for piece in stored:
        left = piece
        while left:
            if stream.eof:  # gzip allows one stream after another
                stream = zlib.decompressobj(wbits=31)
            yield stream.decompress(left, _SIZE)
            left = stream.unconsumed_tail or stream.unused_data
    while not stream.eof and (rest := stream.decompress(stream.unconsumed_tail, _SIZE)):
        yield rest
    if not stream.eof:
        raise InputError(f"{path}", "is compressed and cut short")


def _attributes(text: str, path: Path) -> dict[str, Any]:
    content = _parsed(text, path)
    if not isinstance(content, dict):
        raise InputError(f"{path}", "begins with no JSON object")
    return content


def _whole(text: str, path: Path) -> tuple[dict[str, Any], Parts]:
    content = _attributes(text, path)
    rows = content.pop("rows")
    if not isinstance(rows, list):
        raise InputError(f"{path}", "rows is no list of records")
    return content, iter([rows] if rows else [])


def _of_array(text: Iterator[str], path: Path) -> Parts:
    left, read = "", 0
    for piece in text:
        left = _within(left + piece, path)
        found = _RECORDS.match(left)
        if found is None:
            continue
        listed = found[0].strip()
        if listed.startswith(",") != bool(read):
            break
        rows = _parsed(f"[{listed.removeprefix(',')}]", path, after=read)
        read += len(rows)
        left = left[found.end() :]
        yield rows
    if not _END.fullmatch(left):
        raise InputError(f"{path}", f"record {read + 1}, or what stands after the records, is wrong: {left[:40]!r}")


def _of_lines(text: Iterator[str], path: Path) -> Parts:
    left, read = "", 0
    for piece in chain(text, ["\n"]):
        *lines, left = (left + piece).split("\n")
        _within(left, path)
        filled = [line for line in lines if line.strip()]
        rows = _parsed(f"[{','.join(filled)}]", path, after=read)
        if len(rows) != len(filled):
            raise InputError(f"{path}", f"a line after record {read} is not one record")
        read += len(rows)
        if rows:
            yield rows


def _parsed(text: str, path: Path, *, after: int | None = None) -> Any:  # noqa: ANN401 - JSON may hold anything
    return parsed(text, f"{path}", "is no JSON" if after is None else f"is no JSON after record {after}")
