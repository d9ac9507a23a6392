"""From specs and datasets to a Define-XML 2.1 document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdisc_aclf.describe.codelists import CodeLists
from cdisc_aclf.describe.datasets import Describer
from cdisc_aclf.model.define import Define, MethodDef, Standard
from cdisc_aclf.model.document import Document
from cdisc_aclf.model.oid import metadata_oid, study_oid
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spec import ADAM, SDTM, MethodSpec
from cdisc_aclf.model.terminology import Terminology

_PACKAGE, _GUIDE = "STD.CT", "STD.IG"


@dataclass(frozen=True, slots=True)
class _Guide:
    """How Define-XML names a standard (its codelists STDNAM and STDPSET), and what its datasets are for."""

    name: str
    key: str
    publishing_set: str
    terminology: str
    purpose: str
    text: str


_GUIDES: Mapping[str, _Guide] = {
    SDTM: _Guide("SDTMIG", "sdtmig", "SDTM", "sdtmct", "Tabulation", "Tabulation datasets (SDTM)"),
    ADAM: _Guide("ADaMIG", "adamig", "ADaM", "adamct", "Analysis", "Analysis datasets (ADaM)"),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Guides:
    """The documents beside a define.xml, and where in the annotated CRF a variable is collected.

    Args:
        crf: the annotated CRF; None where there is none.
        others: reviewers' guides.
        pages: physical pages of the annotated CRF, from 1, by dataset and variable.
    """

    crf: Document | None = None
    others: tuple[Document, ...] = ()
    pages: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)


def describe(
    run: Run,
    standard: str,
    *,
    ct: Terminology,
    methods: Mapping[str, MethodSpec],
    dictionaries: Mapping[str, str],
    guides: Guides,
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
        guides: documents beside the define.xml.
    """
    guide = _GUIDES[standard]
    study, trial = run.study, run.trial.identification
    codelists = CodeLists(ct, _PACKAGE)
    versions = study.facts.get("TSVCDVER", {})
    describer = Describer(
        codelists,
        dictionaries={variable: (name, "".join(versions.get(name, ()))) for variable, name in dictionaries.items()},
        crf=guides.crf.id if guides.crf else "",
        pages=guides.pages,
    )
    made = [dataset for dataset in run.datasets.values() if dataset.spec.standard == standard]
    datasets = [describer.dataset(each.spec, each.frame, purpose=guide.purpose, standard=_GUIDE) for each in made]
    items = [item for dataset in datasets for item in dataset.items]
    used = {item.method for item in (*items, *(item for values in describer.value_lists for item in values.items))}
    stamp = "" if run.synthetic is None else f"{run.synthetic} data, no record is about a person. "
    return Define(
        study_oid=study_oid(study.id),
        study_name=study.id,
        study_text=stamp + (trial.official_title or trial.brief_title or study.id),
        protocol=trial.org_study_id.id if trial.org_study_id else study.id,
        oid=metadata_oid(study.id, standard),
        name=f"Study {study.id}, {guide.text}",
        standards=(
            Standard(_GUIDE, guide.name, "IG", study.standards[guide.key]),
            Standard(
                _PACKAGE, "CDISC/NCI", "CT", study.standards[guide.terminology], publishing_set=guide.publishing_set
            ),
        ),
        crf=(guides.crf.id,) if guides.crf else (),
        supplements=tuple(document.id for document in guides.others),
        value_lists=tuple(describer.value_lists),
        where_clauses=tuple(describer.where_clauses.values()),
        datasets=tuple(sorted(datasets, key=lambda dataset: (_CLASSES.index(dataset.observation_class), dataset.name))),
        variables=tuple(describer.variables),
        codelists=codelists.definitions,
        methods=tuple(
            MethodDef(f"MT.{method.name}", method.name.replace("_", " "), method.kind, method.text)
            for method in methods.values()
            if f"MT.{method.name}" in used
        ),
        comments=tuple(describer.comments),
        documents=(*_given(guides.crf), *guides.others),
    )


def _given(document: Document | None) -> Sequence[Document]:
    return () if document is None else (document,)
