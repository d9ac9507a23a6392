"""Lines of Chinese text: broken between any two characters, but neither within a name nor before a comma."""

import re
from collections.abc import Callable

_CHINESE = re.compile(r"[\u2e80-\u9fff]")
_UNIT = re.compile(r"[（“《【]*(?:[!-~]+|[^\s（“《【])[，。；：、！？）”》】…—]*|[（“《【]+|\s+")
"""What stays on one line: a run of ASCII (a name, a number) or one other character, with the marks that cling to it."""


def folded(text: str, width: float, measure: Callable[[str], float]) -> str:
    """Break a text where a line is full; one without Chinese is left to whoever breaks at blanks.

    Args:
        text: one paragraph, or several with line breaks between them.
        width: of a line.
        measure: the width of a piece of text; that of two pieces is the sum of theirs.

    Returns:
        The text with line breaks; where one takes the place of blanks, they are gone. A unit that is wider than a line
        stands alone.

    Examples:
        >>> folded("基线为ADSL.AGE（周岁），见方案", 8, len).splitlines()
        ['基线为', 'ADSL.AGE', '（周岁），见方案']
        >>> folded("no Chinese in it", 8, len)
        'no Chinese in it'
    """
    if not _CHINESE.search(text):
        return text
    return "\n".join(line for paragraph in text.split("\n") for line in _lines(paragraph, width, measure))


def _lines(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line, used = [], "", 0.0
    for unit in _UNIT.findall(paragraph):
        size = measure(unit)
        if line.strip() and used + size > width and not unit.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + unit, used + size
    return [*lines, line.rstrip()]
