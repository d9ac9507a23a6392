"""The documents beside a define.xml: the annotated CRF with its pages, reviewers' guides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cdisc_aclf.define.model.document import Define, VariableDef
from cdisc_aclf.model.document import Document, Pages

Places = Mapping[tuple[str, str], Sequence[int]]
"""Pages of the annotated CRF, from 1, by dataset and variable; a qualifier by `SUPPAE` and its QNAM."""


def with_crf(define: Define, crf: Document, pages: Places) -> Define:
    """Name the annotated CRF, and say of what is collected on which pages of it.

    The values of a variable are on its page where it has one; where it has several, only the variable knows them.

    Args:
        define: the document.
        crf: the annotated CRF; its pages count from 1.
        pages: where each variable is annotated.

    Examples:
        >>> define = Define(study_oid="ST", study_name="", study_text="", protocol="", oid="MDV", name="")
        >>> with_crf(define, Document("LF.acrf", "acrf.pdf", "Annotated CRF"), {}).crf
        ('LF.acrf',)
    """
    # a dataset in parts is annotated as a whole
    wholes = {
        dataset.name: f"SUPP{dataset.domain}" if dataset.name.startswith("SUPP") else dataset.domain
        for dataset in define.datasets
    }
    return replace(
        define,
        crf=(crf.id,),
        documents=(crf, *define.documents),
        variables=tuple(_placed(variable, crf.id, pages, wholes) for variable in define.variables),
    )


def with_guide(define: Define, guide: Document) -> Define:
    """Name a document that a reviewer reads beside the define.xml."""
    return replace(define, supplements=(*define.supplements, guide.id), documents=(*define.documents, guide))


def _placed(variable: VariableDef, crf: str, pages: Places, wholes: Mapping[str, str]) -> VariableDef:
    dataset, _, value = variable.oid.removeprefix("IT.").partition(".")
    name, _, value = value.partition(".")
    found = pages.get((wholes.get(dataset, dataset), value if value and name == "QVAL" else name), ())
    if value and name != "QVAL" and len(found) > 1:
        return variable
    place = Pages(crf, tuple(str(page) for page in found))
    return replace(
        variable,
        origins=tuple(
            replace(origin, pages=(place,)) if found and origin.kind == "Collected" else origin
            for origin in variable.origins
        ),
    )
