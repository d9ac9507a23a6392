"""demo, build, check: from an export to datasets, FHIR and the report."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_aclf.cli.arguments import (
    CHOSEN,
    NEVER,
    Commands,
    add_command,
    add_input,
    add_profile,
    add_replace_changed,
    add_simulation,
    add_verdict,
    count,
    refuse_unknown_profile,
)
from cdisc_aclf.cli.verdict import exit_code, line_of, say, say_cleared, say_renamed, tell
from cdisc_aclf.errors import UsageError
from cdisc_aclf.model.issue import Severity
from cdisc_aclf.study.shipped import first_study

FORMER_STRUCTURE = "shape"
"""What `--validate structure` was called in 0.1.0."""

if TYPE_CHECKING:  # the imports that take time stand where they are needed, so that --help is quick
    from cdisc_aclf.model.run import Run
    from cdisc_aclf.study.definition import StudyDefinition


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    demo = add_command(commands, "demo", _demo, "simulate the first study and build it")
    add_simulation(demo)
    add_profile(demo, CHOSEN)
    add_replace_changed(demo)
    demo.add_argument("--out", type=Path, default=Path("build/demo"), help="folder to write (default: %(default)s)")
    _add_bundle_size(demo)
    _add_validate(demo)
    add_verdict(demo, fail_on=NEVER)

    build = add_command(commands, "build", _build, "convert an export: datasets, FHIR bundle, report")
    add_input(build)
    build.add_argument("--out", type=Path, required=True, help="folder to write; an earlier output is replaced")
    add_replace_changed(build)
    _add_bundle_size(build)
    _add_validate(build)
    add_verdict(build, fail_on=Severity.ERROR)

    check = add_command(commands, "check", _check, "validate an export against the study and write nothing")
    add_input(check)
    _add_validate(check)
    add_verdict(check, fail_on=Severity.ERROR)


def _add_validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--validate",
        choices=["structure", "every", FORMER_STRUCTURE],
        metavar="{structure,every}",
        default="structure",
        help="show fhir.resources one FHIR resource of each structure, or every one (default: %(default)s)",
    )


def _add_bundle_size(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle-size", type=count, default=500, help="entries of a FHIR transaction (default: %(default)s)"
    )


def _demo(given: argparse.Namespace) -> int:
    from cdisc_aclf.files.ownership import refuse_to_replace
    from cdisc_aclf.pipelines.simulate import simulate
    from cdisc_aclf.submission.publish import SUMMARY

    export = given.out / "export"
    say_cleared(export)
    refuse_to_replace(given.out / "package", mark=SUMMARY, replace_changed=given.replace_changed)
    simulate(
        first_study(),
        export,
        subjects=given.subjects,
        seed=given.seed,
        clean=False,
        replace_changed=given.replace_changed,
    )
    given.study, given.raw, given.draft, given.subject_data = None, export / "raw", False, True
    given.dictionary = [str(export / "dictionaries")]
    given.out = given.out / "package"
    return _build(given)


def _build(given: argparse.Namespace) -> int:
    from cdisc_aclf.files.ownership import refuse_to_replace
    from cdisc_aclf.submission.documents import documents
    from cdisc_aclf.submission.manifest.package import sources_of
    from cdisc_aclf.submission.publish import SUMMARY, publish
    from cdisc_aclf.submission.stamp import time_stamp

    say_cleared(given.out)
    read = (given.raw, *sources_of(given.study or first_study()), *_dictionaries(given).values())
    refuse_to_replace(given.out, mark=SUMMARY, inputs=read, replace_changed=given.replace_changed)
    time_stamp()
    definition = _definition(given)
    run = _converted(definition, given)
    described = documents(definition, run)
    publish(
        run,
        described,
        definition.fhir,
        given.out,
        bundle_size=given.bundle_size,
        inputs=_inputs(given),
        replace_changed=given.replace_changed,
    )
    code = _said(run, given)
    if not given.json:
        say(f"\nreport: {given.out / 'report' / 'index.html'}")
    return code


def _check(given: argparse.Namespace) -> int:
    from cdisc_aclf.submission.documents import documents

    definition = _definition(given)
    run = _converted(definition, given)
    documents(definition, run)  # what `build` would refuse in them is refused here
    return _said(run, given, each=True)


def _definition(given: argparse.Namespace) -> "StudyDefinition":
    from cdisc_aclf.study.definition import open_study
    from cdisc_aclf.study.profile import read_profiles

    study = given.study or first_study()
    if given.profile:
        refuse_unknown_profile(given.profile, read_profiles(study))
    return open_study(study, given.profile)


def _converted(definition: "StudyDefinition", given: argparse.Namespace) -> "Run":
    from cdisc_aclf.pipelines.convert import convert

    if given.validate == FORMER_STRUCTURE:
        say_renamed(f"--validate {FORMER_STRUCTURE}", "--validate structure")
    return convert(
        definition,
        given.raw,
        dictionaries=_dictionaries(given),
        draft=given.draft,
        subject_data=given.subject_data,
        validate_every=given.validate == "every",
        progress=(lambda _: None) if given.quiet else tell,
    )


def _inputs(given: argparse.Namespace) -> dict[str, Path]:
    """What went in, by names that say nothing of where it was."""
    raw = {f"raw/{path.name}": path for path in given.raw.iterdir() if path.is_file()}
    return raw | {f"dictionaries/{name}{path.suffix}": path for name, path in _dictionaries(given).items()}


def _dictionaries(given: argparse.Namespace) -> dict[str, Path]:
    return {name: file for text in given.dictionary for name, file in _named(text).items()}


def _named(text: str) -> dict[str, Path]:
    if (folder := Path(text)).is_dir():
        return {file.stem: file for file in sorted(folder.glob("*.csv"))}
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise UsageError("--dictionary", f"{text!r} is neither NAME=FILE nor a folder of NAME.csv")
    return {name: Path(file)}


def _said(run: "Run", given: argparse.Namespace, *, each: bool = False) -> int:
    from cdisc_aclf.report.html.tally import about_data
    from cdisc_aclf.report.summary import summary, summary_text

    found = about_data(run)
    if given.json:
        listed = {"list": [asdict(issue) for issue in run.issues]} if each else {}
        say(json.dumps(summary(run) | listed, ensure_ascii=False, indent=1))
    else:
        worth_a_line = [issue for issue in found if each and issue.severity.at_least(Severity.WARNING)]
        say("\n".join([*map(line_of, worth_a_line), summary_text(run)]))
    return exit_code(found, given)
