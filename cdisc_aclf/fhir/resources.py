"""The FHIR resources of a run: their JSON, the rule of it, and how many there are."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import FhirSpec, FhirVersion, ResourceSpec, elements_name
from cdisc_aclf.fhir.read.elements import read_elements
from cdisc_aclf.fhir.registry.record import read_record
from cdisc_aclf.fhir.validate.frame import validate_frame
from cdisc_aclf.fhir.validate.resources import Validator, validate_resources
from cdisc_aclf.fhir.validate.rows import duplicates, other_results
from cdisc_aclf.fhir.write.r4b import as_r4b, elements_in_r4b
from cdisc_aclf.fhir.write.resources import Entry, frame_entries, resource_entries
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.issue import Issue

Made = Mapping[str, Frame | list[dict[str, object]]]


def identified(made: Made) -> Made:
    """What the mappings returned, without the rows that have no id.

    Nothing can refer to such a resource and no server can put it; `validate_made` reports it.

    Examples:
        >>> identified({"encounter": pl.DataFrame({"id": ["1", None]})})["encounter"].rows()
        [('1',)]
    """
    return {name: each.drop_nulls("id") if isinstance(each, Frame) else each for name, each in made.items()}


def entries(
    made: Made, spec: FhirSpec, *, synthetic: str | None, version: FhirVersion = FhirVersion.R5
) -> Iterator[Entry]:
    """Every resource as `Type/id` and its JSON, in the order of `specs/fhir/resources.csv`.

    Args:
        made: what the mappings returned, by name.
        spec: resources and their elements.
        synthetic: what the export says of data that are not real; None for real data.
        version: of FHIR.
    """
    for name, resource in spec.resources.items():
        match made.get(name):
            case None:
                continue
            case list() as nested:
                written = as_r4b(nested, resource, spec) if version is FhirVersion.R4B else nested
                yield from resource_entries(written, synthetic=synthetic)
            case elements:
                placed = elements_in_r4b(resource, spec) if version is FhirVersion.R4B else resource
                yield from frame_entries(elements, placed, synthetic=synthetic)


def sources(made: Made, spec: FhirSpec, *, record: str) -> Frame:
    """Which record every resource was made from: `resource` as `Type/id`, and `source`.

    Args:
        made: what the mappings returned, by name.
        spec: resources by mapping.
        record: what the registry record is called; the source of every resource that is not about subjects.

    Returns:
        `source` is the trace of the raw rows, e.g. `lab:17`, empty where a mapping dropped it.

    Examples:
        >>> from cdisc_aclf.fhir.model.spec import ResourceSpec
        >>> patient = ResourceSpec(
        ...     name="patient", type="Patient", is_about_subjects=True, elements=(), file="patient.csv"
        ... )
        >>> made = {"patient": pl.DataFrame({"id": ["1"], "raw_record": ["demographics:2"]})}
        >>> sources(
        ...     made, FhirSpec(resources={"patient": patient}, value_sets={}, ucum=frozenset()), record="NCT00000000"
        ... ).rows()
        [('Patient/1', 'demographics:2')]
    """
    parts = [pl.DataFrame(schema={"resource": pl.String, "source": pl.String})]
    for name, resource in spec.resources.items():
        match made.get(name):
            case None:
                continue
            case list() as nested:
                ids = pl.DataFrame({"id": [each["id"] for each in nested]}, schema={"id": pl.String})
                source = pl.lit(record)
            case elements:
                ids = elements
                source = pl.col(RAW_RECORD) if RAW_RECORD in elements.columns else pl.lit(None, pl.String)
        parts.append(ids.select(resource=pl.format("{}/{}", pl.lit(resource.type), "id"), source=source))
    return pl.concat(parts).with_columns(pl.col("source").fill_null(""))


def count(made: Made, spec: FhirSpec) -> dict[str, int]:
    """How many resources there are of each type."""
    counts: Counter[str] = Counter()
    for name, resources in made.items():
        counts[spec.resources[name].type] += len(resources)
    return dict(sorted(counts.items()))


def record_of(made: Made, spec: FhirSpec, codes: Frame) -> dict[str, object]:
    """The registry record, read from the JSON of the R5 resources about the study.

    Args:
        made: what the mappings returned, by name.
        spec: resources and their elements.
        codes: the table that the concepts were coded with.
    """
    study = {name: each for name, each in made.items() if not spec.resources[name].is_about_subjects}
    texts = (text for _, text in entries(study, spec, synthetic=None))
    return read_record([json.loads(text, parse_float=Decimal) for text in texts], codes.to_dicts())


def validate_made(
    made: Made, spec: FhirSpec, datasets: Mapping[str, Frame], *, synthetic: str | None, every: bool = False
) -> list[Issue]:
    """Validate every resource against FHIR in both versions, and its digits against the datasets they come from.

    Args:
        made: what the mappings returned, by name.
        spec: resources, elements, value sets, units, and the tables of the standard.
        datasets: conformed datasets with their trace column.
        synthetic: as in `entries`.
        every: show every resource to fhir.resources, not one of each structure.

    Returns:
        Issues in R5, then those that R4B alone has.
    """
    issues = _validated(
        made, spec, datasets, synthetic=synthetic, validator=Validator(spec, FhirVersion.R5, every=every)
    )
    seen = {(issue.rule, issue.dataset, issue.key, issue.value) for issue in issues}
    of_r4b = _validated(
        made, spec, datasets, synthetic=synthetic, validator=Validator(spec, FhirVersion.R4B, every=every)
    )
    return issues + [
        replace(issue, message=f"{issue.message} [{FhirVersion.R4B}]")
        for issue in of_r4b
        if (issue.rule, issue.dataset, issue.key, issue.value) not in seen
    ]


def read_back(made: Made, spec: FhirSpec, types: Collection[str]) -> dict[str, Frame]:
    """The JSON of R5 read again: one frame per type, under the name that a mapping asks for.

    Args:
        made: what the mappings returned, by name.
        spec: resources and their elements.
        types: names that are asked for, e.g. `fhir_observation`; others are left alone.
    """
    wanted = {resource.type for resource in spec.resources.values() if elements_name(resource.type) in types}
    texts = (text for _, text in entries(made, spec, synthetic=None))
    return {elements_name(name): frame for name, frame in read_elements(texts, wanted).items()}


def _validated(
    made: Made, spec: FhirSpec, datasets: Mapping[str, Frame], *, synthetic: str | None, validator: Validator
) -> list[Issue]:
    version, nested = validator.version, {name: each for name, each in made.items() if isinstance(each, list)}
    of_frames = {name: each for name, each in made.items() if isinstance(each, Frame)}
    names = [f"{each['resourceType']}/{each['id']}" for parts in nested.values() for each in parts]
    of_rows = [
        elements.select(pl.lit(f"{spec.resources[name].type}/") + pl.col("id")).to_series()
        for name, elements in of_frames.items()
    ]
    ids = pl.concat([pl.Series("literal", names, dtype=pl.String), *of_rows])
    texts = (text for _, text in entries(nested, spec, synthetic=synthetic, version=version))
    issues = validate_resources(texts, spec, validator=validator, known=ids)
    for name, elements in of_frames.items():
        resource = spec.resources[name]
        placed = elements_in_r4b(resource, spec) if version is FhirVersion.R4B else resource

        def render(rows: Frame, placed: ResourceSpec = placed) -> Iterator[str]:
            return (text for _, text in frame_entries(rows, placed, synthetic=synthetic))

        issues += validate_frame(elements, placed, spec, validator, ids=ids, render=render)
        if resource.result:
            issues += other_results(elements, resource, _collected(elements, resource.result, datasets))
    return issues + (duplicates(pl.concat(of_rows)) if of_rows else [])


def _collected(elements: Frame, result: str, datasets: Mapping[str, Frame]) -> pl.Series:
    dataset, _, variable = result.partition(".")
    source = datasets[dataset]
    if elements.height != source.height:
        raise DefinitionError(
            "specs/fhir/resources.csv", f"{result}: {source.height} records made {elements.height} resources"
        )
    return source[variable]
