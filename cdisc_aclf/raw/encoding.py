"""Bytes to text, in the encodings that Chinese sites export; nothing is guessed that two of them could mean."""

import codecs
from pathlib import Path

from cdisc_aclf.errors import InputError

SHOWN = 10
"""How many lines an error names."""


def decode(content: bytes, path: Path) -> str:
    r"""Decode UTF-8, with or without byte order mark, or GB18030.

    A file that is not UTF-8 as a whole is validated line by line. A line counts as UTF-8 when it decodes as such with a
    character of three bytes or more: a level-1 hanzi of GB18030 starts with B0 to D7 and cannot look like that.

    Args:
        content: the whole file.
        path: the file, for the message.

    Raises:
        InputError: UTF-16, NUL bytes, a line in neither encoding, or lines of both.

    Examples:
        >>> decode("性别,男".encode("gb18030"), Path("dm.csv"))
        '性别,男'
        >>> decode("性别\n".encode() + "男".encode("gb18030"), Path("dm.csv"))
        Traceback (most recent call last):
        cdisc_aclf.errors.InputError: dm.csv:2: mixed encodings: the file is UTF-8, but GB18030 on line 2
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{path}", "is UTF-16; save it as UTF-8 CSV")
    if (nul := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise InputError(f"{path}:{line}", "holds a NUL byte, so it is no text file; save it as UTF-8 CSV")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        _check_lines(content.split(b"\n"), path)
        text = content.decode("gb18030")
    return text.removeprefix("\ufeff")


def _check_lines(lines: list[bytes], path: Path) -> None:
    utf8, gb18030 = [], []
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        as_utf8 = _text(line, "utf-8")
        if as_utf8 and max(as_utf8) > "\u07ff":
            utf8.append(number)
        elif _text(line, "gb18030"):
            gb18030.append(number)
        else:
            raise InputError(f"{path}:{number}", "is neither UTF-8 nor GB18030")
    if utf8:
        usual, odd, found = ("UTF-8", "GB18030", gb18030) if len(gb18030) <= len(utf8) else ("GB18030", "UTF-8", utf8)
        raise InputError(f"{path}:{found[0]}", f"mixed encodings: the file is {usual}, but {odd} on {_named(found)}")


def _text(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _named(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"line {shown}{more}" if len(lines) == 1 else f"lines {shown}{more}"
