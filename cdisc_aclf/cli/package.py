"""verify, audit, exchange: commands about files that are there already."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_aclf.cli.arguments import Commands, add_command, add_profile, add_verdict, refuse_unknown_profile
from cdisc_aclf.cli.verdict import exit_code, list_issues, say
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.study.shipped import first_study

DEFAULT_PROFILE = "fda"

if TYPE_CHECKING:
    from collections.abc import Sequence


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    verify = add_command(commands, "verify", _verify, "compare every file of a package with its manifest, offline")
    verify.add_argument("package", type=Path, help="folder of the package")
    add_verdict(verify, fail_on=Severity.ERROR)

    audit = add_command(
        commands, "audit", _audit, "validate any package: do its parts agree, does it keep the standards"
    )
    audit.add_argument("package", type=Path, help="folder with transport files or Dataset-JSON, whoever built it")
    audit.add_argument("--study", type=Path, default=None, help="study folder whose specs describe the datasets")
    add_profile(audit, "as built, or fda")
    add_verdict(audit, fail_on=Severity.ERROR)

    exchange = add_command(commands, "exchange", _exchange, "write a dataset in another format, every value kept")
    exchange.add_argument("given", type=Path, help=".xpt, .sas7bdat, .json, .ndjson, .dsjc or .parquet")
    exchange.add_argument("wanted", type=Path, help=".xpt, .json, .ndjson, .dsjc or .parquet; must not be there yet")


def _verify(given: argparse.Namespace) -> int:
    from cdisc_aclf.submission.manifest.package import verify

    return _said(verify(given.package), given)


def _audit(given: argparse.Namespace) -> int:
    from cdisc_aclf.study.definition import open_study
    from cdisc_aclf.study.profile import read_profiles
    from cdisc_aclf.submission.audit.package import audit
    from cdisc_aclf.submission.manifest.package import profile_of

    profiles = read_profiles(given.study or first_study())
    name = given.profile or profile_of(given.package) or DEFAULT_PROFILE
    refuse_unknown_profile(name, profiles)
    definition = open_study(given.study, name) if given.study else None
    return _said(audit(given.package, profiles[name], definition), given)


def _exchange(given: argparse.Namespace) -> int:
    from cdisc_aclf.formats.transport import exchange
    from cdisc_aclf.submission.stamp import time_stamp

    exchange(given.given, given.wanted, stamp=time_stamp())
    say(f"{given.wanted}")
    return 0


def _said(issues: "Sequence[Issue]", given: argparse.Namespace) -> int:
    list_issues(issues, f"{given.package}", as_json=given.json)
    return exit_code(issues, given)
