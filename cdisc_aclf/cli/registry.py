"""registry, unmapped: a registry record alone as FHIR, and what FHIR cannot say."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from cdisc_aclf.cli.arguments import Commands, add_command, add_replace_changed, add_study, add_verdict
from cdisc_aclf.cli.verdict import exit_code, line_of, say, say_cleared, say_renamed
from cdisc_aclf.model.issue import Severity
from cdisc_aclf.study.shipped import first_study

FORMER_UNMAPPED = "losses"
"""What the command was called in 0.1.0."""


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    registry = add_command(commands, "registry", _registry, "turn a registry record alone into FHIR and back")
    add_study(registry)
    registry.add_argument("record", type=Path, help="record of ClinicalTrials.gov API v2: JSON or a Python literal")
    registry.add_argument("--out", type=Path, help="folder to write; an earlier output is replaced")
    add_replace_changed(registry)
    add_verdict(registry, fail_on=Severity.ERROR)

    unmapped = add_command(commands, "unmapped", _unmapped, "print what each version of FHIR cannot say, and why")
    former = commands.add_parser(FORMER_UNMAPPED)
    former.set_defaults(command=_former_unmapped)
    for parser in (unmapped, former):
        add_study(parser)
        parser.add_argument("--json", action="store_true", help="print as JSON")


def _registry(given: argparse.Namespace) -> int:
    from cdisc_aclf.files.ownership import refuse_to_replace
    from cdisc_aclf.pipelines.registry import RECORD, convert_record, save_record
    from cdisc_aclf.study.definition import open_study
    from cdisc_aclf.submission.manifest.package import sources_of
    from cdisc_aclf.submission.stamp import time_stamp

    if given.out:
        say_cleared(given.out)
        read = (given.record, *sources_of(given.study or first_study()))
        refuse_to_replace(given.out, mark=RECORD, inputs=read, replace_changed=given.replace_changed)
    definition = open_study(given.study or first_study())
    registered = convert_record(definition, given.record)
    if given.out:
        save_record(
            registered,
            definition,
            given.out,
            record=given.record,
            bundle_size=500,
            stamp=time_stamp(),
            replace_changed=given.replace_changed,
        )
    if given.json:
        counts = {"values": registered.values, "came_back": registered.came_back, "resources": registered.resources}
        say(json.dumps(counts | {"issues": [asdict(issue) for issue in registered.issues]}, indent=1))
        return exit_code(registered.issues, given)
    for issue in registered.issues:
        say(line_of(issue))
    say(", ".join(f"{number} {name}" for name, number in registered.resources.items() if number))
    say(
        f"{registered.came_back} of {registered.values} values come back from R5; cdisc-aclf unmapped says which do not"
    )
    return exit_code(registered.issues, given)


def _unmapped(given: argparse.Namespace) -> int:
    from cdisc_aclf.fhir.read.spec import read_fhir

    elements = list(read_fhir(given.study or first_study()).unmapped())
    if given.json:
        say(json.dumps([asdict(element) for element in elements], ensure_ascii=False, indent=1))
        return 0
    for element in elements:
        say(f"{element.origin} -> {element.form}  {element.element}: {element.why}")
    return 0


def _former_unmapped(given: argparse.Namespace) -> int:
    say_renamed(FORMER_UNMAPPED, "unmapped")
    return _unmapped(given)
