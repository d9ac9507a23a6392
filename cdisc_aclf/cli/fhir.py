"""fhir push, fhir check: a package into a FHIR server, and any FHIR JSON against the standard."""

import argparse
import json
import os
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from cdisc_aclf.cli.arguments import EPILOG, Commands, add_command, add_verdict, count
from cdisc_aclf.cli.verdict import exit_code, list_issues, say
from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.push.outcome import Done, Outcome, Withdrawn
from cdisc_aclf.model.issue import Severity
from cdisc_aclf.study.shipped import first_study

TOKEN = "CDISC_ACLF_FHIR_TOKEN"  # noqa: S105 - the name of the variable, not a token


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    fhir = commands.add_parser(
        "fhir",
        help="load a package into a FHIR server (push), validate FHIR JSON against the standard (check)",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = fhir.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = add_command(commands, "check", _check, "validate resources and bundles, whoever wrote them, against FHIR")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE", help=".json or .ndjson")
    check.add_argument("--fhir", choices=["r5", "r4b"], default="r5", help="version (default: %(default)s)")
    check.add_argument("--open", action="store_true", help="relative references may lead out of a bundle")
    add_verdict(check, fail_on=Severity.ERROR)
    push = add_command(
        commands,
        "push",
        _push,
        f"load a package into a FHIR server; the variable {TOKEN} holds its bearer token, where it wants one",
    )
    push.add_argument("--server", required=True, metavar="URL", help="base URL of the FHIR endpoint")
    push.add_argument(
        "--package", type=Path, default=Path("build/demo/package"), help="package of a build (default: %(default)s)"
    )
    push.add_argument("--fhir", choices=["r5", "r4b"], default="r5", help="version to load (default: %(default)s)")
    push.add_argument(
        "--insecure", action="store_true", help="send the token over plain http to another host than this one"
    )
    push.add_argument("--dry-run", action="store_true", help="read the server, say what would be done, change nothing")
    push.add_argument(
        "--max-entries", type=count, default=50, help="entries that the server takes at once (default: %(default)s)"
    )
    push.add_argument(
        "--withdrawn",
        choices=[each.value for each in Withdrawn],
        default=Withdrawn.KEEP.value,
        help="what to do with a resource of an earlier cut that is not in this one (default: %(default)s)",
    )
    push.add_argument(
        "--retries",
        type=partial(count, least=0),
        default=5,
        help="how often a request is tried again (default: %(default)s)",
    )
    push.add_argument("--state", type=Path, help="journal of what was accepted (default: PACKAGE.push.jsonl)")
    push.add_argument("--report", type=Path, help="what became of each resource (default: PACKAGE.push.csv)")
    push.add_argument("--json", action="store_true", help="print the outcome as JSON")


def _push(given: argparse.Namespace) -> int:
    from cdisc_aclf.fhir.push.report import outcomes_csv
    from cdisc_aclf.fhir.push.server import FhirServer
    from cdisc_aclf.fhir.push.transfer import load
    from cdisc_aclf.files.ownership import refuse_to_overwrite
    from cdisc_aclf.files.save import new_file

    package = given.package.resolve()
    report = given.report or package.with_name(f"{package.name}.push.csv")
    journal = given.state or package.with_name(f"{package.name}.push.jsonl")
    refuse_to_overwrite(report, first_line=outcomes_csv([]), inputs=[package])
    refuse_to_overwrite(journal, first_line='{"server":', inputs=[package, report])
    outcomes: list[Outcome] = []
    try:
        made = load(
            package / "fhir" / given.fhir,
            FhirServer(
                given.server,
                token=os.environ.get(TOKEN, "").strip(),
                insecure=given.insecure,
                retries=given.retries,
            ),
            journal=journal,
            size=given.max_entries,
            withdrawn=Withdrawn(given.withdrawn),
            is_dry=given.dry_run,
        )
        outcomes.extend(made)
    finally:
        if outcomes:
            with new_file(report, replace=True) as file:
                file.write(outcomes_csv(outcomes).encode())
            _say(outcomes, report, as_json=given.json)
    return int(any(outcome.done.is_open for outcome in outcomes))


def _check(given: argparse.Namespace) -> int:
    from cdisc_aclf.fhir.read.json_file import read_fhir_json
    from cdisc_aclf.fhir.read.spec import read_fhir
    from cdisc_aclf.fhir.validate.bundle import validate_bundle
    from cdisc_aclf.fhir.validate.resources import Validator

    spec, version = read_fhir(first_study()), FhirVersion(given.fhir.upper())
    validator = Validator(spec, version, every=True)
    issues = []
    for path in given.files:
        for place, resource in read_fhir_json(path):
            if resource["resourceType"] == "Bundle":
                found = validate_bundle(resource, spec, version=version, validator=validator, closed=not given.open)
            else:
                found, _ = validator.validate(resource)
            issues += [replace(issue, form=place) for issue in found]
    list_issues(issues, f"{len(given.files)} files", as_json=given.json)
    return exit_code(issues, given)


def _say(outcomes: list[Outcome], report: Path, *, as_json: bool) -> None:
    from cdisc_aclf.fhir.push.report import counts, line_of_outcome

    open_ = [outcome for outcome in outcomes if outcome.done.is_open]
    if as_json:
        say(
            json.dumps(
                {"done": counts(outcomes), "open": [asdict(each) for each in open_]}, ensure_ascii=False, indent=1
            )
        )
        return
    lines = [line_of_outcome(each) for each in open_ if each.done in {Done.REFUSED, Done.HELD_BACK}]
    told = ", ".join(f"{number} {done}" for done, number in counts(outcomes).items())
    say("\n".join([*lines, f"{len(outcomes)} resources: {told}", f"report: {report}"]))
