"""What is printed of an outcome, and the exit code that it makes."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from unicodedata import category

from cdisc_aclf.cli.arguments import NEVER
from cdisc_aclf.model.issue import Issue, Severity

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
"""Categories of Unicode: control, format, private use, unassigned, surrogate."""


def line_of(issue: Issue) -> str:
    """An Issue in one line: how bad, where, what, by which rule."""
    place = f"{issue.form}:{issue.record}" if issue.form else issue.dataset
    about = " ".join(filter(None, (issue.subject, issue.dataset, issue.variable)))
    return f"{issue.severity:<8}{place}: {about} {issue.value!r}: {issue.message} ({issue.rule})"


def printable(text: str) -> str:
    r"""Text that a terminal shows and does not obey: characters that cannot be seen are escaped as JSON does.

    Line breaks, tabs and blanks of any width stay.

    Examples:
        >>> printable("term \x1b[2J\u202e")
        'term \\u001b[2J\\u202e'
    """
    return "".join(_escaped(each) if category(each) in _UNSEEN and each not in "\n\t" else each for each in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def say(text: str) -> None:
    """Print; neither a reader that goes away early nor a terminal that lacks a character changes the verdict."""
    try:
        print(printable(text), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Print to stderr, as `say` does to stdout."""
    with suppress(OSError):
        print(printable(text), file=sys.stderr, flush=True)


def say_cleared(out: Path) -> None:
    """Clear away what a killed run left beside an output, and say so on stderr."""
    from cdisc_aclf.files.save import clear_leftovers

    for line in clear_leftovers(out):
        tell(f"cdisc-aclf: {line}")


def say_renamed(former: str, name: str) -> None:
    """Say on stderr that a command or a choice has another name now; the former one works for one version."""
    tell(f"cdisc-aclf: {former} is called {name} now; the former name goes with the next version")


def list_issues(issues: Sequence[Issue], validated: str, *, as_json: bool) -> None:
    """Print every Issue about files, and how many there are."""
    if as_json:
        say(json.dumps([asdict(issue) for issue in issues], ensure_ascii=False, indent=1))
        return
    for issue in issues:
        place = " ".join(filter(None, (issue.form, issue.dataset, issue.key, issue.variable)))
        say(f"{issue.severity:<8}{issue.rule:<14}{place}: {issue.value!r}: {issue.message}")
    say(f"{validated}: {len(issues)} issues")


def exit_code(issues: Iterable[Issue], given: argparse.Namespace) -> int:
    """1 where an Issue is as bad as `--fail-on` says, else 0."""
    if given.fail_on == NEVER:
        return 0
    return int(any(issue.severity.at_least(Severity(given.fail_on)) for issue in issues))
