"""verify, exchange: commands about files that are there already."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_aclf.cli.arguments import Verbs, add_judgement, add_verb
from cdisc_aclf.cli.verdict import exit_code, say
from cdisc_aclf.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


def add_to(verbs: Verbs) -> None:
    """Add the commands of this module."""
    verify = add_verb(verbs, "verify", _verify, "hold every file of a package against its manifest, offline")
    verify.add_argument("package", type=Path, help="folder of the package")
    add_judgement(verify, fail_on=Severity.ERROR)

    exchange = add_verb(verbs, "exchange", _exchange, "write a dataset in another format, every value kept")
    exchange.add_argument("given", type=Path, help=".xpt, .sas7bdat, .json, .ndjson, .dsjc or .parquet")
    exchange.add_argument("wanted", type=Path, help=".xpt, .json, .ndjson, .dsjc or .parquet; must not be there yet")


def _verify(given: argparse.Namespace) -> int:
    from cdisc_aclf.package import verify

    return _said(verify(given.package), given)


def _exchange(given: argparse.Namespace) -> int:
    from cdisc_aclf.publish import time_stamp
    from cdisc_aclf.transport import exchange

    exchange(given.given, given.wanted, stamp=time_stamp())
    say(f"{given.wanted}")
    return 0


def _said(findings: "Sequence[Finding]", given: argparse.Namespace) -> int:
    if given.json:
        say(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            about = " ".join(filter(None, (finding.dataset, finding.variable, finding.value)))
            say(f"{finding.severity:<8}{finding.rule:<14}{about}: {finding.message}")
        say(f"{given.package}: {len(findings)} findings")
    return exit_code(findings, given)
