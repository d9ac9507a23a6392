"""The eligibility text of a record, split into criteria."""

import re
from collections import Counter
from dataclasses import dataclass, field

from cdisc_aclf.model.protocol import Criterion, CriterionKind
from cdisc_aclf.registry.record import plain

_BULLET = re.compile(r"\s*(?:(?:[*•·–-]|\d{1,3}[.)])\s+|\d{1,3}、\s*)(?=\S)")
_KIND = re.compile(r"(non[-\s]?)?(inclusion|exclusion)", re.IGNORECASE)
_TITLE = re.compile(
    rf"\W*(?:\w[\w-]*\s+(?={_KIND.pattern}\s+criteri))?{_KIND.pattern}(?:\s+criteri(?:a|on))?\W*", re.IGNORECASE
)
_LONG_TITLE = re.compile(rf"\W*(?:\w[\w-]*\s+){{0,3}}{_KIND.pattern}\b[^:：]{{0,60}}[:：]", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    lines: list[str]
    leads: bool = False


@dataclass(slots=True)
class _Section:
    kind: CriterionKind | None = None
    title: str = ""
    blocks: list[_Block] = field(default_factory=list)


def criteria(markdown: str) -> tuple[Criterion, ...]:
    r"""Return the criteria of an eligibility text, numbered within inclusion and exclusion; no word is lost.

    A bullet (`*`, `-`, `1.`, `1)`) begins a criterion, and so does a paragraph. What is indented below a
    bullet, or follows it on the next line, stays inside its criterion as a further line. An unindented
    line that ends in a colon is a heading of what comes after it. Text above the first inclusion or
    exclusion heading has no kind.

    Args:
        markdown: the text as the registry gives it, with its escapes.

    Examples:
        >>> text = "Inclusion Criteria:\n\n* Score \\< 7.4.\n* Either:\n  * A\n\nExclusion Criteria:\n\n1. B"
        >>> [(item.kind.value, item.number, item.text) for item in criteria(text)]
        [('inclusion', 1, 'Score < 7.4.'), ('inclusion', 2, 'Either:\n* A'), ('exclusion', 1, 'B')]
    """
    found: list[Criterion] = []
    numbers: Counter[CriterionKind | None] = Counter()
    for section in _sections(markdown):
        headings: list[str] = []
        after_heading = False
        for block in section.blocks:
            text = plain("\n".join(block.lines))
            if block.leads and block is not section.blocks[-1]:
                headings = [*headings, text] if after_heading else [text]
                after_heading = True
                continue
            after_heading = False
            numbers[section.kind] += 1
            heading = " ".join(filter(None, [section.title, *headings])) or None
            found.append(Criterion(kind=section.kind, number=numbers[section.kind], text=text, heading=heading))
    return tuple(found)


def _sections(markdown: str) -> list[_Section]:
    sections = [_Section()]
    indent: int | None = None  # of the bullet that is open
    directly_below = False
    for line in markdown.splitlines():
        bullet = _BULLET.match(line)
        words = (line[bullet.end() :] if bullet else line).strip()
        depth = len(line) - len(line.lstrip())
        blocks = sections[-1].blocks
        if not words:
            directly_below = False
            continue
        if _TITLE.fullmatch(words):
            sections.append(_Section(_kind(words)))
            indent = None
        elif not bullet and (title := _LONG_TITLE.match(words)):
            after = words[title.end() :].strip()
            own_words = "" if _TITLE.fullmatch(title[0]) else plain(title[0])
            sections.append(_Section(_kind(title[0]), own_words, [_Block([after])] if after else []))
            indent = None
        elif indent is not None and (depth > indent or (directly_below and not bullet and words[-1] not in ":：")):
            blocks[-1].lines.append(line.strip())
        else:
            blocks.append(_Block([words], leads=not bullet and words[-1] in ":："))
            indent = depth if bullet else None
        directly_below = True
    return sections


def _kind(title: str) -> CriterionKind | None:
    """Return what the title speaks of; None for both ("Inclusion/exclusion criteria")."""
    kinds = {
        CriterionKind.EXCLUSION if negated else CriterionKind(word.lower()) for negated, word in _KIND.findall(title)
    }
    return kinds.pop() if len(kinds) == 1 else None
