"""plan, terms, simulate: commands about the study folder."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from cdisc_aclf.cli.arguments import Commands, add_command, add_replace_changed, add_simulation, add_study, add_verdict
from cdisc_aclf.cli.verdict import exit_code, say, say_cleared
from cdisc_aclf.model.issue import Severity
from cdisc_aclf.study.shipped import first_study


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    plan = add_command(commands, "plan", _plan, "print the order of the mappings and what each is made from")
    add_study(plan)
    plan.add_argument("--json", action="store_true", help="print as JSON")

    terms = add_command(commands, "terms", _terms, "compare the study's terms with a terminology package")
    add_study(terms)
    terms.add_argument("--package", type=Path, required=True, help="package as NCI EVS publishes it: text or ODM")
    add_verdict(terms, fail_on=Severity.ERROR)

    simulate = add_command(commands, "simulate", _simulate, "write a synthetic export of the study's CRF")
    add_study(simulate)
    add_simulation(simulate)
    simulate.add_argument("--out", type=Path, required=True, help="folder to write")
    add_replace_changed(simulate)
    simulate.add_argument("--clean", action="store_true", help="without planted faults")


def _plan(given: argparse.Namespace) -> int:
    from cdisc_aclf.study.definition import open_study

    steps = [(step.name, step.needs) for step in open_study(given.study or first_study()).plan.steps]
    if given.json:
        say(json.dumps([{"name": name, "needs": needs} for name, needs in steps], indent=1))
        return 0
    width = max(len(name) for name, _ in steps)
    for name, needs in steps:
        say(f"{name:<{width}}  <- {', '.join(needs)}")
    return 0


def _terms(given: argparse.Namespace) -> int:
    from cdisc_aclf.datasets.terminology import validate_terminology
    from cdisc_aclf.study.ct_package import read_package
    from cdisc_aclf.study.terminology import read_terminology

    kept = read_terminology(given.study or first_study()).codelists
    issues = validate_terminology(kept, read_package(given.package))
    if given.json:
        say(json.dumps([asdict(issue) for issue in issues], ensure_ascii=False, indent=1))
    else:
        for issue in issues:
            say(f"{issue.severity:<8}{issue.rule:<14}{issue.variable}: {issue.value}: {issue.message}")
        say(f"{sum(len(codelist.terms) for codelist in kept.values())} terms in {len(kept)} codelists")
    return exit_code(issues, given)


def _simulate(given: argparse.Namespace) -> int:
    from cdisc_aclf.pipelines.simulate import simulate

    say_cleared(given.out)
    simulate(
        given.study or first_study(),
        given.out,
        subjects=given.subjects,
        seed=given.seed,
        clean=given.clean,
        replace_changed=given.replace_changed,
    )
    say(f"synthetic export: {given.out / 'raw'}\nplanted faults: {given.out / 'truth.csv'}")
    return 0
