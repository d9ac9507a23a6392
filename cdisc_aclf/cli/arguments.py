"""What several commands take."""

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_aclf.errors import UsageError
from cdisc_aclf.model.issue import Severity

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it
else:
    Commands = object

NEVER = "never"
CHOSEN = "as study.toml chooses"

EPILOG = """\
exit codes:
  0  clean: no issue about the data at or above --fail-on
  1  issues about the data at or above --fail-on
  2  the command line asks for something that cannot be
  3  an input cannot be read
  4  the study folder (specs, mappings) is wrong
  5  an error of the program, an interruption, or the disk refused

examples:
  cdisc-aclf demo
  cdisc-aclf demo --profile fda
  cdisc-aclf simulate --subjects 20 --seed 1 --out try
  cdisc-aclf check --raw try/raw --dictionary try/dictionaries
  cdisc-aclf build --raw try/raw --dictionary meddra=llt.csv --dictionary whodrug=drugs.csv --out package
  cdisc-aclf verify package
  cdisc-aclf audit package --profile pmda
  cdisc-aclf exchange lb.xpt lb.dsjc
  cdisc-aclf terms --package "SDTM Terminology.txt"
  cdisc-aclf build --raw try/raw --draft --subject-data --out package --fail-on never --json
  cdisc-aclf fhir check package/fhir/r5/bundle.json
  cdisc-aclf fhir push --server http://localhost:8080/fhir --package package --dry-run
"""


def add_command(
    commands: Commands, name: str, command: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """Add a command; `command` gets what was given and returns the exit code."""
    parser = commands.add_parser(
        name, help=text, description=text, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(command=command)
    return parser


def count(text: str, *, least: int = 1) -> int:
    """A whole number; the command line stops at anything else."""
    if not (text.isdecimal() and text.isascii()) or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} on")
    return int(text)


def add_study(parser: argparse.ArgumentParser) -> None:
    """`--study`: another study than the one that ships."""
    parser.add_argument(
        "--study", type=Path, default=None, help="study folder (default: the one that ships with the program)"
    )


def add_profile(parser: argparse.ArgumentParser, default: str) -> None:
    """`--profile`: the authority; `default` says which one it is without."""
    parser.add_argument("--profile", default="", help=f"authority, a row of profiles.csv (default: {default})")


def refuse_unknown_profile(name: str, known: Collection[str]) -> None:
    """The command line stops at an authority that the study does not know."""
    if name not in known:
        raise UsageError("--profile", f"{name!r} is none of {', '.join(known)}")


def add_replace_changed(parser: argparse.ArgumentParser) -> None:
    """`--replace-changed`: the one way in which more than an untouched output of an earlier run is replaced."""
    parser.add_argument(
        "--replace-changed",
        action="store_true",
        help="replace an earlier output although a file in it was added or changed since",
    )


def add_input(parser: argparse.ArgumentParser) -> None:
    """The study, the export and its dictionaries."""
    add_study(parser)
    add_profile(parser, CHOSEN)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the export, one file per form")
    parser.add_argument(
        "--dictionary",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="a dictionary, e.g. meddra=llt.csv, or a folder of NAME.csv",
    )
    parser.add_argument(
        "--subject-data", action="store_true", help="make the FHIR resources about subjects too, not the study alone"
    )
    parser.add_argument("--draft", action="store_true", help="go on without a dictionary; coded variables stay null")


def add_simulation(parser: argparse.ArgumentParser) -> None:
    """How many subjects, and the seed."""
    parser.add_argument("--subjects", type=int, default=20, help="how many are randomised (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default: %(default)s)")


def add_verdict(parser: argparse.ArgumentParser, *, fail_on: str) -> None:
    """What makes the exit code 1, and how the outcome is told."""
    parser.add_argument(
        "--fail-on",
        choices=[*(severity.value for severity in Severity), NEVER],
        default=fail_on,
        help="exit with 1 from this severity on (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
