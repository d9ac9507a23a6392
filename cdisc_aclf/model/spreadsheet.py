"""Text for files that a spreadsheet may open."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"\s*[=+\-@].|[\t\r].", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one.

    Numbers and single signs, which are laboratory results, stay as they are. (OWASP, CSV Injection.)

    Examples:
        >>> harmless("=HYPERLINK(A1)"), harmless("-5.0"), harmless("+"), harmless("1+1")
        ("'=HYPERLINK(A1)", '-5.0', '+', '1+1')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""A table as CSV (RFC 4180) whose cells are harmless: a header with the names, then one record per row.

    Examples:
        >>> csv_text(["term", "count"], [("@SUM(A1)", 1)])
        "term,count\r\n'@SUM(A1),1\r\n"
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
