"""A registry record alone: its FHIR resources, validated, and the record read back from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cdisc_aclf.fhir.forms import save_forms
from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.registry.compare import record_values, validate_record
from cdisc_aclf.fhir.resources import Made, count, entries, record_of, sources
from cdisc_aclf.fhir.unmapped import unmapped_csv
from cdisc_aclf.fhir.validate.resources import validate_resources
from cdisc_aclf.files.save import replaced
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import PROTOCOL, Issue
from cdisc_aclf.model.trial import Trial
from cdisc_aclf.registry.consistency import contradictions
from cdisc_aclf.registry.record import load
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.definition import StudyDefinition
from cdisc_aclf.study.plan import Kind, run
from cdisc_aclf.submission.manifest.package import add_manifest, sources_of

RECORD = "record.json"

_GENERAL = frozenset({"fhir_codes", "ucum"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What was made of a registry record.

    Args:
        trial: the record.
        made: its resources by name of their mapping.
        resources: number of resources by type.
        issues: what is wrong with record and resources.
        back: the record as it was read from the R5 resources.
        values: how many values the record has.
        came_back: how many of them came back.
    """

    trial: Trial
    made: Made
    resources: Mapping[str, int]
    issues: tuple[Issue, ...]
    back: Mapping[str, object]
    values: int
    came_back: int


def tables_of(trial: Trial, own: Trial, references: Mapping[str, Frame]) -> dict[str, Frame]:
    """The tables that mappings may ask for: those of the study are empty for any other record than its own."""
    is_own = trial.identification.nct_id == own.identification.nct_id
    return {name: table if is_own or name in _GENERAL else table.clear() for name, table in references.items()}


def convert_record(definition: StudyDefinition, path: Path) -> Registered:
    """Make the resources about the study out of any record of ClinicalTrials.gov API v2.

    Args:
        definition: the study folder, whose mappings and tables of codes are used.
        path: the record, as JSON or as a Python literal.

    Raises:
        InputError: the file holds no such record.
        DefinitionError: a mapping makes what the specs do not list.
    """
    trial, record = read_trial(path), load(path).content
    tables = tables_of(trial, definition.trial, definition.references)
    values = {
        "study": definition.study,
        "trial": trial,
        "ct": definition.ct,
        **{f"ref_{name}": table for name, table in tables.items()},
    }
    made = {
        step.name: run(step, values)
        for step in definition.plan.steps
        if step.kind is Kind.RESOURCE and not definition.fhir.resources[step.name].is_about_subjects
    }
    issues = contradictions(trial)
    for version in FhirVersion:
        texts = (text for _, text in entries(made, definition.fhir, synthetic=None, version=version))
        validated = validate_resources(texts, definition.fhir, version=version)
        issues += [replace(issue, message=f"{version}: {issue.message}") for issue in validated]
    back = record_of(made, definition.fhir, definition.references["fhir_codes"])
    lost, came_back = validate_record(record, back, definition.fhir.record_unmapped)
    return Registered(
        trial=trial,
        made=made,
        resources=count(made, definition.fhir),
        issues=(*issues, *lost),
        back=back,
        values=len(list(record_values(record))),
        came_back=came_back,
    )


def save_record(  # noqa: PLR0913 - what it was read from, where it goes, and three choices of the command line
    registered: Registered,
    definition: StudyDefinition,
    out: Path,
    *,
    record: Path,
    bundle_size: int,
    stamp: datetime,
    replace_changed: bool = False,
) -> None:
    """Write the resources in every form and version as a package has them, and the record as read back.

    Args:
        registered: what was made.
        definition: the study folder.
        out: the folder; an earlier output there is replaced, anything else is left alone.
        record: the file that the record was read from.
        bundle_size: entries of a transaction.
        stamp: what the manifest of the bulk files states, with zone.
        replace_changed: replace an earlier output although something in it was added or changed.

    Raises:
        UsageError: `out` holds something that this program did not write.
    """
    read = (record, *sources_of(definition.study.folder))
    with replaced(out, mark=RECORD, inputs=read, replace_changed=replace_changed) as folder:
        for version in FhirVersion:
            save_forms(
                folder / "fhir" / version.lower(),
                [*entries(registered.made, definition.fhir, synthetic=None, version=version)],
                base=definition.study.fhir_base,
                synthetic=None,
                size=bundle_size,
                stamp=stamp,
            )
        source = f"{PROTOCOL}:{registered.trial.identification.nct_id}"
        sources(registered.made, definition.fhir, record=source).write_csv(folder / "fhir" / "sources.csv")
        (folder / "fhir" / "unmapped.csv").write_bytes(unmapped_csv(definition.fhir.unmapped()).encode())
        text = json.dumps(registered.back, ensure_ascii=False, indent=1, default=_number)
        (folder / RECORD).write_bytes(f"{text}\n".encode())
        add_manifest(
            folder,
            study=registered.trial.identification.nct_id,
            sources=definition.study.folder,
            inputs={"record": record},
            stamp=stamp.isoformat(),
        )


def _number(value: object) -> float:
    """A Decimal as JSON has it; latitude and longitude of a record have few enough digits for a float."""
    return float(str(value))
