"""From an export to a run: read, map, conform, validate. `documents` describe what comes out, `publish` writes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from cdisc_aclf.model.spec import DatasetSpec, Qualifier, StandardSpec, ValueSpec
from cdisc_aclf.model.study import SYNTHETIC, Study
from cdisc_aclf.raw.export import read_export
from cdisc_aclf.raw.reconciliation import reconcile
from cdisc_aclf.raw.validate import validate_forms
from cdisc_aclf.registry.consistency import contradictions
from cdisc_aclf.study.checks import validate_check
from cdisc_aclf.study.definition import DICTIONARY, StudyDefinition
from cdisc_aclf.study.dictionary import no_dictionary, read_dictionary
from cdisc_aclf.study.plan import Kind, Node, run
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
    synthetic, strange = _environment(definition.study, raw)
    issues += contradictions(definition.trial, definition.known_terms) + strange
    issues += validate_forms(raw, definition.forms, _known_values(definition))
    mapped = _map(definition, _given(definition, raw, coded), subject_data=subject_data, progress=progress)
    tabulated = {name: (data.spec, data.frame) for name, data in mapped.of(definition.standard).items()}
    analyses = {name: (data.spec, data.frame) for name, data in mapped.of(definition.analysis).items()}
    progress("validating datasets against each other")
    issues += mapped.issues + validate_participation(tabulated) + validate_analysis(analyses, tabulated)
    frames = {name: frame for name, (_, frame) in tabulated.items()}
    reconciliation, lost = reconcile(raw, definition.forms, definition.standard, frames)
    progress("validating FHIR resources against their specs")
    issues += validate_made(mapped.made, definition.fhir, frames, synthetic=synthetic, every=validate_every)
    resources = identified(mapped.made)
    back = record_of(resources, definition.fhir, definition.references["fhir_codes"])
    issues += validate_record(definition.record, back, definition.fhir.record_unmapped)[0]
    if subject_data:
        progress("reading the resources back into datasets")
        issues += _round_trip(definition, resources, mapped.values, tabulated)
    submitted, broken = _submitted(definition, mapped)
    return Run(
        study=definition.study,
        trial=definition.trial,
        synthetic=synthetic,
        forms=definition.forms,
        reconciliation=reconciliation,
        datasets=submitted,
        resources=count(resources, definition.fhir),
        issues=_worst_first(issues + lost + broken),
        dictionaries=tuple(sorted(dictionaries)),
        made=resources,
        explained=definition.explained,
        figures=definition.figures,
        language=definition.language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mapped:
    """What the mappings of a study made, in the order of the plan.

    Args:
        values: everything that a parameter of a mapping may name.
        datasets: each conformed to its spec.
        made: FHIR resources by name of their mapping.
        issues: of each dataset against its schema, and of the study's checks.
    """

    values: dict[str, Any]
    datasets: dict[str, Dataset] = field(default_factory=dict)
    made: dict[str, Frame | list[dict[str, object]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def of(self, standard: StandardSpec) -> dict[str, Dataset]:
        """The datasets of a standard, in the order of its specs."""
        return {name: self.datasets[name] for name in standard.datasets}


def _map(definition: StudyDefinition, given: dict[str, Any], *, subject_data: bool, progress: Progress) -> _Mapped:
    """Run every step of the plan; a dataset is conformed and validated before the next step sees it."""
    mapped = _Mapped(values=given)
    for step in definition.plan.steps:
        match step.kind:
            case Kind.RESOURCE:
                if subject_data or not definition.fhir.resources[step.name].is_about_subjects:
                    mapped.values[step.name] = mapped.made[step.name] = run(step, mapped.values)
            case Kind.CHECK:
                mapped.values[step.name] = rows = run(step, mapped.values)
                mapped.issues.extend(_checked(definition, step, rows))
            case Kind.DATASET:
                progress(f"mapping {step.name.upper()}")
                dataset = _conformed(definition, step, run(step, mapped.values))
                mapped.datasets[step.name.upper()], mapped.values[step.name] = dataset, dataset.frame
                mapped.issues.extend(validate(dataset.frame, dataset.spec, definition.ct))
    return mapped


def _given(definition: StudyDefinition, raw: Mapping[str, Frame], coded: Mapping[str, Frame]) -> dict[str, Any]:
    """What is there before any mapping runs, by the name that a parameter has for it."""
    return {
        "study": definition.study,
        "trial": definition.trial,
        "ct": definition.ct,
        **{f"raw_{name}": form for name, form in raw.items()},
        **{f"ref_{name}": table for name, table in definition.references.items()},
        **coded,
    }


def _submitted(definition: StudyDefinition, mapped: _Mapped) -> tuple[dict[str, SubmittedDataset], list[Issue]]:
    """The datasets as they leave: SDTM, its SUPP--, ADaM, each in parts where it is too large, none without records."""
    supplements, broken = _supplements(definition, mapped.of(definition.standard))
    tabulations, analyses = (
        {name: SubmittedDataset(data.spec, data.submitted()) for name, data in mapped.of(standard).items()}
        for standard in (definition.standard, definition.analysis)
    )
    parts = divided(tabulations | supplements | analyses, definition.standard.parts, definition.study.profile)
    return {name: data for name, data in parts.items() if data.frame.height}, broken


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


def _conformed(definition: StudyDefinition, step: Node, frame: Frame) -> Dataset:
    name = step.name.upper()
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
