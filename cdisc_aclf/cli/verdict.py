"""What is printed of an outcome, and the exit code that it makes."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from cdisc_aclf.cli.arguments import NEVER
from cdisc_aclf.model.issue import Issue, Severity


def line_of(issue: Issue) -> str:
    """An Issue in one line: how bad, where, what, by which rule."""
    place = f"{issue.form}:{issue.record}" if issue.form else issue.dataset
    about = " ".join(filter(None, (issue.subject, issue.dataset, issue.variable)))
    return f"{issue.severity:<8}{place}: {about} {issue.value!r}: {issue.message} ({issue.rule})"


def say(text: str) -> None:
    """Print; a reader that goes away early does not change the verdict."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_cleared(out: Path) -> None:
    """Clear away what a killed run left beside an output, and say so on stderr."""
    from cdisc_aclf.files.save import clear_leftovers

    for line in clear_leftovers(out):
        print(f"cdisc-aclf: {line}", file=sys.stderr)


def say_renamed(former: str, name: str) -> None:
    """Say on stderr that a command or a choice has another name now; the former one works for one version."""
    print(f"cdisc-aclf: {former} is called {name} now; the former name goes with the next version", file=sys.stderr)


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
