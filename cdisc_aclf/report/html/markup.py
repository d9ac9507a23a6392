"""HTML by function calls: whatever is not Markup already is escaped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_VOID = frozenset({"col", "input", "meta", "wbr"})
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Markup(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


Child = str | int
"""Text, a number (written with thousands separators) or Markup."""


def markup(*children: Child) -> Markup:
    """Join children, escaped where they are not Markup; what HTML cannot hold shows as the replacement character.

    Examples:
        >>> markup("ALT <", 40000, Markup("<wbr>"))
        'ALT &lt;40,000<wbr>'
    """
    return Markup("".join(child if isinstance(child, Markup) else _escaped(child) for child in children))


def element(name: str, /, *children: Child, **attributes: str) -> Markup:
    """One element. In the name of an attribute an underscore is a hyphen, and at the end it is dropped (`class_`).

    Examples:
        >>> element("td", "<script>", class_="value", data_rule="SD-TERM")
        '<td class="value" data-rule="SD-TERM">&lt;script&gt;</td>'
        >>> element("input", type="search")
        '<input type="search">'
    """
    named = [f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for key, value in attributes.items()]
    start = f"<{name}{''.join(named)}>"
    return Markup(start if name in _VOID else f"{start}{markup(*children)}</{name}>")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and the class of its cells."""

    title: str
    style: str = "text"


def row(columns: Sequence[Column], cells: Sequence[Child], **attributes: str) -> Markup:
    """A row of a table; its first cell is its heading.

    Examples:
        >>> row((Column("Dataset"), Column("Records", "number")), ("LB", 1200))
        '<tr><th class="text" scope="row">LB</th><td class="number">1,200</td></tr>'
    """
    (first, head), *others = zip(columns, cells, strict=True)
    heading = element("th", head, class_=first.style, scope="row")
    data = [element("td", cell, class_="number zero" if cell == 0 else column.style) for column, cell in others]
    return element("tr", heading, *data, **attributes)


def table(caption: Child, columns: Sequence[Column], rows: Iterable[Markup], total: Markup | None = None) -> Markup:
    """A table with a caption, a heading for each column, and a last row for the totals where there is one.

    Examples:
        >>> table("Sizes", [Column("Dataset")], [])[:50]
        '<div class="table"><table><caption>Sizes</caption>'
    """
    heads = element("tr", *[element("th", column.title, class_=column.style, scope="col") for column in columns])
    parts = [element("caption", caption), element("thead", heads), element("tbody", *rows)]
    if total is not None:
        parts.append(element("tfoot", total))
    return element("div", element("table", *parts), class_="table")


def _escaped(text: Child) -> str:
    if isinstance(text, int):
        return f"{text:,}"
    return escape(_UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text))
