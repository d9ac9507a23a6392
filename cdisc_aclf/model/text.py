"""Text that is longer than a variable."""

LIMIT = 200
"""Bytes of a character variable in XPT version 5."""


def split_text(text: str) -> list[str]:
    """Split into parts of at most 200 bytes of UTF-8, at the last blank that fits, else between characters.

    Examples:
        >>> [len(part.encode()) for part in split_text("肝" * 70)]
        [198, 12]
        >>> [len(part) for part in split_text("word " * 50 + "end")]
        [199, 53]
    """
    parts = []
    while len(text.encode()) > LIMIT:
        fits = text.encode()[:LIMIT].decode(errors="ignore")
        blank = len(fits) if text[len(fits)] == " " else fits.rfind(" ")
        cut = blank if blank > 0 else len(fits)
        parts.append(text[:cut].rstrip(" "))
        text = text[cut:].lstrip(" ")
    return [*parts, text] if text else parts
