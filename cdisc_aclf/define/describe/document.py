"""From specs and datasets to a Define-XML 2.1 document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cdisc_aclf.define.describe.codelists import CodeLists
from cdisc_aclf.define.describe.datasets import Describer
from cdisc_aclf.define.model.document import Define, MethodDef, Standard
from cdisc_aclf.model.language import ENCODED
from cdisc_aclf.model.oid import metadata_oid, study_oid
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spec import ADAM, SDTM, MethodSpec
from cdisc_aclf.model.terminology import Terminology

_PACKAGE, _GUIDE = "STD.CT", "STD.IG"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guide:
    """How Define-XML names a standard (its codelists STDNAM and STDPSET), and what its datasets are for."""

    name: str
    key: str
    publishing_set: str
    terminology: str
    purpose: str
    text: str


_GUIDES: Mapping[str, _Guide] = {
    SDTM: _Guide(
        name="SDTMIG",
        key="sdtmig",
        publishing_set="SDTM",
        terminology="sdtmct",
        purpose="Tabulation",
        text="Tabulation datasets (SDTM)",
    ),
    ADAM: _Guide(
        name="ADaMIG",
        key="adamig",
        publishing_set="ADaM",
        terminology="adamct",
        purpose="Analysis",
        text="Analysis datasets (ADaM)",
    ),
}

_CLASSES = (
    "TRIAL DESIGN",
    "SPECIAL PURPOSE",
    "INTERVENTIONS",
    "EVENTS",
    "FINDINGS",
    "FINDINGS ABOUT",
    "RELATIONSHIP",
    "SUBJECT LEVEL ANALYSIS DATASET",
    "OCCURRENCE DATA STRUCTURE",
    "BASIC DATA STRUCTURE",
    "ADAM OTHER",
)
"""Order of the datasets (Define-XML 2.1, section 4.3.1)."""


def describe(
    run: Run,
    standard: str,
    *,
    ct: Terminology,
    methods: Mapping[str, MethodSpec],
    dictionaries: Mapping[str, str],
) -> Define:
    """Describe the datasets of one standard as they are written.

    What is enumerated (labels, origins, codelists, methods) comes from the specs; what the data decide (types of dates,
    lengths, digits, the values that value-level metadata speaks of) is read off the data. Datasets stand in the order
    of their classes, then by name.

    Args:
        run: what was made.
        standard: sdtm or adam.
        ct: the terms that the study ships.
        methods: by name.
        dictionaries: name of the external dictionary by variable, e.g. `AEDECOD` to `MedDRA`.
    """
    guide = _GUIDES[standard]
    study, trial, say = run.study, run.trial.identification, run.language
    codelists = CodeLists(ct, {name: f"{_PACKAGE}.{name.upper()}" for name in _GUIDES}, say)
    versions = study.facts.get("TSVCDVER", {})
    describer = Describer(
        codelists,
        dictionaries={variable: (name, "".join(versions.get(name, ()))) for variable, name in dictionaries.items()},
        say=say,
    )
    made = [dataset for dataset in run.datasets.values() if dataset.spec.standard == standard]
    datasets = [describer.dataset(each.spec, each.frame, purpose=guide.purpose, standard=_GUIDE) for each in made]
    items = [item for dataset in datasets for item in dataset.items]
    used = {item.method for item in (*items, *(item for values in describer.value_lists for item in values.items))}
    stamp = "" if run.synthetic is None else f"{say('{} data, no record is about a person.').format(run.synthetic)} "
    return Define(
        study_oid=study_oid(study.id),
        study_name=study.id,
        study_text=stamp + (trial.official_title or trial.brief_title or study.id),
        protocol=trial.org_study_id.id if trial.org_study_id else study.id,
        oid=metadata_oid(study.id, standard),
        name=say("Study {}, {}").format(study.id, say(guide.text)),
        text=say(ENCODED),
        standards=tuple(_standards(standard, study.standards, codelists)),
        value_lists=tuple(describer.value_lists),
        where_clauses=tuple(describer.where_clauses.values()),
        datasets=tuple(sorted(datasets, key=lambda dataset: (_CLASSES.index(dataset.observation_class), dataset.name))),
        variables=tuple(describer.variables),
        codelists=codelists.definitions,
        methods=tuple(
            MethodDef(
                oid=f"MT.{method.name}",
                name=method.name.replace("_", " "),
                kind=method.kind,
                text=method.text,
                text_zh=say.beside(method.text),
            )
            for method in methods.values()
            if f"MT.{method.name}" in used
        ),
        comments=tuple(describer.comments),
    )


def _standards(standard: str, versions: Mapping[str, str], codelists: CodeLists) -> Iterator[Standard]:
    """The guide, and the packages that the codelists are from."""
    guide = _GUIDES[standard]
    yield Standard(oid=_GUIDE, name=guide.name, kind="IG", version=versions[guide.key])
    used = {codelist.standard for codelist in codelists.definitions}
    for name, package in _GUIDES.items():
        oid = f"{_PACKAGE}.{name.upper()}"
        if oid in used:
            yield Standard(
                oid=oid,
                name="CDISC/NCI",
                kind="CT",
                version=versions[package.terminology],
                publishing_set=package.publishing_set,
            )
