"""Text that is longer than a variable."""

import unicodedata
from collections.abc import Sequence

LIMIT = 200
"""Bytes of a character variable in XPT version 5."""

_JOINER = "\N{ZERO WIDTH JOINER}"


def split_text(text: str) -> list[str]:
    """Split into parts of at most 200 bytes of UTF-8 that `join_text` puts together again (SDTMIG 3.4, 4.5.3.2).

    A part ends at a blank between two ASCII characters, which is left out, or beside a character that is not ASCII:
    Chinese has no blanks between words. Only an ASCII word of over 200 bytes is cut inside; that cut comes back as a
    blank. No part begins or ends with a blank, which a transport file could not keep. A mark, a variation selector or
    a joiner stays with the character that it belongs to, unless these alone fill a part.

    Examples:
        >>> [len(part.encode()) for part in split_text("肝" * 70)]
        [198, 12]
        >>> [len(part) for part in split_text("word " * 50 + "end")]
        [199, 53]
    """
    parts = []
    text = text.strip(" ")
    while len(text.encode()) > LIMIT:
        end, start = _seam(text)
        parts.append(text[:end].rstrip(" "))
        text = text[start:].lstrip(" ")
    return [*parts, text]


def join_text(parts: Sequence[str]) -> str:
    """Put parts together: with a blank between two ASCII characters, with nothing beside any other character.

    Examples:
        >>> join_text(["word", "word 肝", "肝"])
        'word word 肝肝'
    """
    text = ""
    for part in parts:
        text += f" {part}" if text and part and (text[-1] + part[0]).isascii() else part
    return text


def _seam(text: str) -> tuple[int, int]:
    """Where the first part ends and where the rest begins."""
    fits = len(text.encode()[:LIMIT].decode(errors="ignore"))
    inside = []
    for cut in range(fits, 0, -1):
        before, after, beyond = text[cut - 1], text[cut], text[cut + 1 : cut + 2]
        if before == " " or _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
            continue
        if after == " ":
            if beyond != " " and (before + beyond).isascii():
                return cut, cut + 1
        elif not (before + after).isascii():
            return cut, cut
        else:
            inside.append(cut)
    cut = max(inside, default=fits)
    return cut, cut
