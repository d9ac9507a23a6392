"""The command line: what it takes, what it prints, and the exit code that scripts rely on."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_aclf import __version__
from cdisc_aclf.errors import AclfError, UsageError
from cdisc_aclf.first_study import first_study
from cdisc_aclf.model.finding import Finding, Severity

if TYPE_CHECKING:  # the imports that take time stand where they are needed, so that --help is quick
    from cdisc_aclf.house import House
    from cdisc_aclf.model.run import Run

NEVER = "never"
TRACEBACK = "CDISC_ACLF_TRACEBACK"

EPILOG = """\
exit codes:
  0  clean: no finding about the data at or above --fail-on
  1  findings about the data at or above --fail-on
  2  the command line asks for something that cannot be
  3  an input cannot be read
  4  the study folder (specs, mappings) is wrong
  5  an error of the program, an interruption, or the disk refused

examples:
  cdisc-aclf demo
  cdisc-aclf simulate --subjects 20 --seed 1 --out try
  cdisc-aclf check --raw try/raw --dictionary try/dictionaries
  cdisc-aclf build --raw try/raw --dictionary meddra=llt.csv --dictionary whodrug=drugs.csv --out package
  cdisc-aclf terms --package "SDTM Terminology.txt"
  cdisc-aclf build --raw try/raw --draft --subject-data --out package --fail-on never --json
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error is one line on stderr."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a half-written folder is cleared away
    try:
        given = _parser().parse_args(arguments)
        return int(given.command(given))
    except AclfError as error:
        return _failed(error, str(error), error.exit_code)
    except KeyboardInterrupt as error:
        return _failed(error, "interrupted", AclfError.exit_code)
    except OSError as error:
        return _failed(error, f"the system refuses: {error}", AclfError.exit_code)
    except Exception as error:  # noqa: BLE001 - the last place where a bug can become one line and exit code 5
        kind = type(error).__name__
        return _failed(error, f"a bug of this program: {kind}: {error} (set {TRACEBACK}=1 to see where)", 5)


def _failed(error: BaseException, line: str, code: int) -> int:
    if os.environ.get(TRACEBACK):
        raise error
    print(f"cdisc-aclf: {' '.join(line.split())}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cdisc-aclf",
        description="Turn a registry record and a raw CRF export into SDTM and FHIR, and say what is wrong.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cdisc-aclf {__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = _verb(verbs, "demo", _demo, "simulate the first study and build it")
    _simulation(demo)
    demo.add_argument("--out", type=Path, default=Path("build/demo"), help="folder to write (default: %(default)s)")
    _judgement(demo, fail_on=NEVER)

    build = _verb(verbs, "build", _build, "convert an export: datasets, FHIR bundle, report")
    _input(build)
    build.add_argument("--out", type=Path, required=True, help="folder to write; an earlier output is replaced")
    _judgement(build, fail_on=Severity.ERROR)

    check = _verb(verbs, "check", _check, "hold an export against the study and write nothing")
    _input(check)
    _judgement(check, fail_on=Severity.ERROR)

    plan = _verb(verbs, "plan", _plan, "print the order of the mappings and what each is made from")
    _study(plan)
    plan.add_argument("--json", action="store_true", help="print as JSON")

    terms = _verb(verbs, "terms", _terms, "hold the study's terms against a terminology package")
    _study(terms)
    terms.add_argument("--package", type=Path, required=True, help="package as NCI EVS publishes it: text or ODM")
    _judgement(terms, fail_on=Severity.ERROR)

    simulate = _verb(verbs, "simulate", _simulate, "write a synthetic export of the study's CRF")
    _study(simulate)
    _simulation(simulate)
    simulate.add_argument("--out", type=Path, required=True, help="folder to write")
    simulate.add_argument("--clean", action="store_true", help="without planted faults")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: object, text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(
        name, help=text, description=text, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(command=command)
    return parser


def _study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--study", type=Path, default=None, help="study folder (default: the one that ships with the program)"
    )


def _input(parser: argparse.ArgumentParser) -> None:
    _study(parser)
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


def _simulation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--subjects", type=int, default=20, help="how many are randomised (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default: %(default)s)")


def _judgement(parser: argparse.ArgumentParser, *, fail_on: str) -> None:
    parser.add_argument(
        "--fail-on",
        choices=[*(severity.value for severity in Severity), NEVER],
        default=fail_on,
        help="exit with 1 from this severity on (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def _demo(given: argparse.Namespace) -> int:
    from cdisc_aclf.simulate import simulate

    export = given.out / "export"
    simulate(first_study(), export, subjects=given.subjects, seed=given.seed, clean=False)
    given.study, given.raw, given.draft, given.subject_data = None, export / "raw", False, True
    given.dictionary = [str(export / "dictionaries")]
    given.out = given.out / "package"
    return _build(given)


def _build(given: argparse.Namespace) -> int:
    from cdisc_aclf.house import open_house
    from cdisc_aclf.publish import MARK, publish, time_stamp
    from cdisc_aclf.save import refuse_to_overwrite

    refuse_to_overwrite(given.out, mark=MARK)
    time_stamp()
    house = open_house(given.study or first_study())
    run = _converted(house, given)
    publish(run, house.fhir, given.out)
    code = _said(run, given)
    if not given.json:
        _print(f"\nreport: {given.out / 'report' / 'index.html'}")
    return code


def _check(given: argparse.Namespace) -> int:
    from cdisc_aclf.house import open_house

    house = open_house(given.study or first_study())
    return _said(_converted(house, given), given, each=True)


def _converted(house: "House", given: argparse.Namespace) -> "Run":
    from cdisc_aclf.build import convert

    return convert(
        house,
        given.raw,
        dictionaries={name: file for text in given.dictionary for name, file in _dictionaries(text).items()},
        draft=given.draft,
        subject_data=given.subject_data,
        progress=(lambda _: None) if given.quiet else (lambda text: print(text, file=sys.stderr)),
    )


def _dictionaries(text: str) -> dict[str, Path]:
    if (folder := Path(text)).is_dir():
        return {file.stem: file for file in sorted(folder.glob("*.csv"))}
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise UsageError("--dictionary", f"{text!r} is neither NAME=FILE nor a folder of NAME.csv")
    return {name: Path(file)}


def _said(run: "Run", given: argparse.Namespace, *, each: bool = False) -> int:
    from cdisc_aclf.report.summary import summary, summary_text
    from cdisc_aclf.report.tally import about_data

    found = about_data(run)
    if given.json:
        listed = {"list": [asdict(finding) for finding in run.findings]} if each else {}
        _print(json.dumps(summary(run) | listed, ensure_ascii=False, indent=1))
    else:
        worth_a_line = [finding for finding in found if each and finding.severity.at_least(Severity.WARNING)]
        _print("\n".join([*map(_line, worth_a_line), summary_text(run)]))
    return _code(found, given)


def _line(finding: Finding) -> str:
    place = f"{finding.form}:{finding.record}" if finding.form else finding.dataset
    about = " ".join(filter(None, (finding.subject, finding.dataset, finding.variable)))
    return f"{finding.severity:<8}{place}: {about} {finding.value!r}: {finding.message} ({finding.rule})"


def _print(text: str) -> None:
    """Print; a reader that goes away early does not change the verdict."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _code(findings: Iterable[Finding], given: argparse.Namespace) -> int:
    if given.fail_on == NEVER:
        return 0
    return int(any(finding.severity.at_least(Severity(given.fail_on)) for finding in findings))


def _plan(given: argparse.Namespace) -> int:
    from cdisc_aclf.house import open_house

    steps = [(step.name, step.needs) for step in open_house(given.study or first_study()).plan.steps]
    if given.json:
        print(json.dumps([{"name": name, "needs": needs} for name, needs in steps], indent=1))
        return 0
    width = max(len(name) for name, _ in steps)
    for name, needs in steps:
        print(f"{name:<{width}}  <- {', '.join(needs)}")
    return 0


def _terms(given: argparse.Namespace) -> int:
    from cdisc_aclf.read.ct_package import read_package
    from cdisc_aclf.read.study import read_terminology
    from cdisc_aclf.validate.terminology import judge_terminology

    kept = read_terminology(given.study or first_study()).codelists
    findings = judge_terminology(kept, read_package(given.package))
    if given.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.severity:<8}{finding.rule:<14}{finding.variable}: {finding.value}: {finding.message}")
        print(f"{sum(len(codelist.terms) for codelist in kept.values())} terms in {len(kept)} codelists")
    return _code(findings, given)


def _simulate(given: argparse.Namespace) -> int:
    from cdisc_aclf.simulate import simulate

    simulate(given.study or first_study(), given.out, subjects=given.subjects, seed=given.seed, clean=given.clean)
    print(f"synthetic export: {given.out / 'raw'}\nplanted faults: {given.out / 'truth.csv'}")
    return 0
