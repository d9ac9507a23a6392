"""What is printed of an outcome, and the exit code that it makes."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from cdisc_aclf.cli.arguments import NEVER
from cdisc_aclf.model.issue import Finding, Severity


def line_of(finding: Finding) -> str:
    """A Finding in one line: how bad, where, what, by which rule."""
    place = f"{finding.form}:{finding.record}" if finding.form else finding.dataset
    about = " ".join(filter(None, (finding.subject, finding.dataset, finding.variable)))
    return f"{finding.severity:<8}{place}: {about} {finding.value!r}: {finding.message} ({finding.rule})"


def say(text: str) -> None:
    """Print; a reader that goes away early does not change the verdict."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def list_findings(findings: Sequence[Finding], judged: str, *, as_json: bool) -> None:
    """Print every Finding about files, and how many there are."""
    if as_json:
        say(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
        return
    for finding in findings:
        place = " ".join(filter(None, (finding.form, finding.dataset, finding.key, finding.variable)))
        say(f"{finding.severity:<8}{finding.rule:<14}{place}: {finding.value!r}: {finding.message}")
    say(f"{judged}: {len(findings)} findings")


def exit_code(findings: Iterable[Finding], given: argparse.Namespace) -> int:
    """1 where a Finding is as bad as `--fail-on` says, else 0."""
    if given.fail_on == NEVER:
        return 0
    return int(any(finding.severity.at_least(Severity(given.fail_on)) for finding in findings))
