"""The page: read, plan, map, conform, validate. `documents` describe what comes out, `publish` writes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from cdisc_aclf.datasets.analysis import validate_analysis
from cdisc_aclf.datasets.conform import Dataset, conform, conform_analysis, continued
from cdisc_aclf.datasets.participation import validate_participation
from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.errors import UsageError
from cdisc_aclf.fhir.registry.compare import validate_record
from cdisc_aclf.fhir.resources import Made, count, identified, read_back, record_of, validate_made
from cdisc_aclf.fhir.round_trip import validate_round_trip
from cdisc_aclf.model.dictionary import DICTIONARIES
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.model.spec import DatasetSpec, Qualifier, ValueSpec
from cdisc_aclf.model.study import SYNTHETIC, Study
from cdisc_aclf.raw.export import read_export
from cdisc_aclf.raw.reconciliation import reconcile
from cdisc_aclf.raw.validate import validate_forms
from cdisc_aclf.registry.consistency import contradictions
from cdisc_aclf.study.checks import validate_check
from cdisc_aclf.study.definition import DICTIONARY, StudyDefinition
from cdisc_aclf.study.dictionary import no_dictionary, read_dictionary
from cdisc_aclf.study.plan import Node, run
from cdisc_aclf.submission.divide import divided

Progress = Callable[[str], None]


def convert(  # noqa: PLR0913 each is a choice that the command line offers
    definition: StudyDefinition,
    raw_folder: Path,
    *,
    dictionaries: Mapping[str, Path],
    draft: bool = False,
    subject_data: bool = False,
    validate_every: bool = False,
    progress: Progress = print,
) -> Run:
    """Read an export, map it, and validate everything that comes out against the specs.

    Args:
        definition: the study folder.
        raw_folder: one file per CRF form.
        dictionaries: file of each dictionary by name, e.g. `meddra`.
        draft: leave coded variables null where a dictionary is missing, with an Issue.
        subject_data: make the FHIR resources about subjects too, not those about the study alone.
        validate_every: show every FHIR resource to fhir.resources, not one of each structure.
        progress: told what is being done.

    Raises:
        InputError: the export cannot be read.
        DefinitionError: a mapping does not give what the spec lists.
        UsageError: a dictionary is missing and this is no draft.
    """
    coded, issues = _dictionaries(definition, dictionaries, draft=draft)
    progress("reading the export")
    raw = read_export(raw_folder, definition.forms)
    issues += contradictions(definition.trial, definition.known_terms)
    issues += validate_forms(raw, definition.forms, _known_values(definition))
    values: dict[str, Any] = {
        "study": definition.study,
        "trial": definition.trial,
        "ct": definition.ct,
        **{f"raw_{name}": form for name, form in raw.items()},
        **{f"ref_{name}": table for name, table in definition.references.items()},
        **coded,
    }
    datasets: dict[str, Dataset] = {}
    made: dict[str, Frame | list[dict[str, object]]] = {}
    for step in definition.plan.steps:
        if resource := definition.fhir.resources.get(step.name):
            if subject_data or not resource.is_about_subjects:
                values[step.name] = made[step.name] = run(step, values)
            continue
        if step.name in definition.checks:
            values[step.name] = run(step, values)
            issues += _checked(definition, step, values[step.name])
            continue
        progress(f"mapping {step.name.upper()}")
        dataset = _mapped(definition, step, values)
        datasets[step.name.upper()] = dataset
        values[step.name] = dataset.frame
        issues += validate(dataset.frame, dataset.spec, definition.ct)
    progress("validating datasets against each other")
    submitted = {name: datasets[name] for name in definition.standard.datasets}
    analysed = {name: datasets[name] for name in definition.analysis.datasets}
    frames = {name: dataset.frame for name, dataset in submitted.items()}
    tabulated, analyses = (
        {name: (data.spec, data.frame) for name, data in made_of.items()} for made_of in (submitted, analysed)
    )
    issues += validate_participation(tabulated) + validate_analysis(analyses, tabulated)
    reconciliation, lost = reconcile(raw, definition.forms, definition.standard, frames)
    progress("validating FHIR resources against their specs")
    synthetic, strange = _environment(definition.study, raw)
    issues += strange
    issues += validate_made(made, definition.fhir, frames, synthetic=synthetic, every=validate_every)
    resources = identified(made)
    back = record_of(resources, definition.fhir, definition.references["fhir_codes"])
    issues += validate_record(definition.record, back, definition.fhir.record_unmapped)[0]
    if subject_data:
        progress("reading the resources back into datasets")
        issues += _round_trip(definition, resources, values, tabulated)
    supplements, broken = _supplements(definition, submitted)
    written, written_analyses = (
        {name: SubmittedDataset(data.spec, data.submitted()) for name, data in made_of.items()}
        for made_of in (submitted, analysed)
    )
    whole_or_parts = divided(
        written | supplements | written_analyses, definition.standard.parts, definition.study.profile
    )
    return Run(
        study=definition.study,
        trial=definition.trial,
        synthetic=synthetic,
        forms=definition.forms,
        reconciliation=reconciliation,
        datasets={name: data for name, data in whole_or_parts.items() if data.frame.height},
        resources=count(resources, definition.fhir),
        issues=_worst_first(issues + lost + broken),
        dictionaries=tuple(sorted(dictionaries)),
        made=resources,
        explained=definition.explained,
        figures=definition.figures,
        language=definition.language,
    )


def _round_trip(
    definition: StudyDefinition,
    made: Made,
    values: Mapping[str, Any],
    tabulated: Mapping[str, tuple[DatasetSpec, Frame]],
) -> list[Issue]:
    needs = {need for step in definition.back.steps for need in step.needs}
    elements = read_back(made, definition.fhir, needs)
    back = {step.name.upper(): run(step, {**values, **elements}) for step in definition.back.steps}
    file = str(definition.study.folder / "specs" / "fhir" / "round_trip_unmapped.csv")
    return validate_round_trip(tabulated, back, definition.fhir.dataset_unmapped, definition.ct, file=file)


def _mapped(definition: StudyDefinition, step: Node, values: Mapping[str, Any]) -> Dataset:
    name, frame = step.name.upper(), run(step, values)
    if spec := definition.analysis.datasets.get(name):
        return conform_analysis(frame, spec, mapping=step.file)
    return conform(
        frame, definition.standard.datasets[name], definition.standard.qualifiers_of(name), mapping=step.file
    )


def _checked(definition: StudyDefinition, step: Node, rows: Frame) -> list[Issue]:
    check = definition.checks[step.name]
    return validate_check(rows, check, definition.datasets.get(check.about), file=step.file)


def _supplements(
    definition: StudyDefinition, datasets: Mapping[str, Dataset]
) -> tuple[dict[str, SubmittedDataset], list[Issue]]:
    supplements, issues = {}, []
    for name, dataset in datasets.items():
        spec = replace(
            definition.standard.supplement_of(name), values=_values_of(dataset, definition.standard.qualifiers_of(name))
        )
        if dataset.supplement.height:
            issues += validate(dataset.supplement, spec, definition.ct)
            supplements[spec.name] = SubmittedDataset(spec, dataset.supplement.select(spec.names).sort(spec.key))
    return supplements, issues


def _values_of(dataset: Dataset, qualifiers: Sequence[Qualifier]) -> tuple[ValueSpec, ...]:
    """What QVAL holds by QNAM: each qualifier, and the rest of each variable whose text went on."""
    known = {each.qnam: each for each in qualifiers} | {each.name: each for each in dataset.spec.variables}
    names = dataset.supplement["QNAM"].unique().sort() if dataset.supplement.height else ()
    of = {name: known[name if name in known else continued(name, known) or name] for name in names}
    return tuple(
        ValueSpec(
            variable="QVAL",
            where="QNAM",
            equals=name,
            codelists=each.codelists,
            origin=each.origin,
            source=each.source,
            method=each.method,
            comment=each.comment,
            label=each.label,
        )
        for name, each in of.items()
    )


def _dictionaries(
    definition: StudyDefinition, files: Mapping[str, Path], *, draft: bool
) -> tuple[dict[str, Frame], list[Issue]]:
    if unknown := sorted(set(files) - set(definition.dictionaries)):
        raise UsageError(
            "", f"no mapping asks for the dictionary {unknown[0]}; known: {', '.join(definition.dictionaries)}"
        )
    missing = [name for name in definition.dictionaries if name not in files]
    if missing and not draft:
        raise UsageError("", f"give --dictionary {missing[0]}=FILE, or --draft to leave coded variables null")
    frames = {f"{DICTIONARY}{name}": read_dictionary(path, DICTIONARIES[name]) for name, path in files.items()}
    issues = [
        Issue(
            rule="DICTIONARY-MISSING",
            severity=Severity.WARNING,
            message="no dictionary was given: every variable that it fills is null in this draft",
            variable=name,
        )
        for name in missing
    ]
    return frames | {f"{DICTIONARY}{name}": no_dictionary(DICTIONARIES[name]) for name in missing}, issues


def _known_values(definition: StudyDefinition) -> dict[str, Mapping[str, str]]:
    """The collected values of every list that a raw column names, each with its term."""
    known = dict(definition.ct.collected)
    for form in definition.forms.values():
        for column in form.columns:
            table, _, key = column.codelist.partition(".")
            if key:
                values = definition.references[table][key].drop_nulls().to_list()
                known[column.codelist] = dict(zip(values, values, strict=True))
    return known


def _environment(study: Study, raw: Mapping[str, Frame]) -> tuple[str | None, list[Issue]]:
    """`SYNTHETIC` where every record says so; whatever else is not known to be real is still treated as real."""
    named = pl.concat([form["environment"] for form in raw.values()]).value_counts().sort("environment")
    found = dict(named.rows())
    if set(found) == {SYNTHETIC}:
        return SYNTHETIC, []
    return None, [
        Issue(
            rule="RAW-ENVIRONMENT",
            severity=Severity.ERROR,
            message=f"neither {study.real_environment} throughout nor {SYNTHETIC} throughout: treated as real data",
            variable="environment",
            value=environment or "",
            count=count,
        )
        for environment, count in found.items()
        if environment != study.real_environment
    ]


def _worst_first(issues: list[Issue]) -> tuple[Issue, ...]:
    order = list(reversed(Severity))
    return tuple(sorted(issues, key=lambda issue: order.index(issue.severity)))
