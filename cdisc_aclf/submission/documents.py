"""What goes with the datasets: the annotated CRF, and a Define-XML of each standard that points into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdisc_aclf import __version__
from cdisc_aclf.define.describe.document import describe
from cdisc_aclf.define.describe.results import with_results
from cdisc_aclf.define.model.document import Define
from cdisc_aclf.documents.acrf.annotate import annotated
from cdisc_aclf.documents.acrf.write import acrf_pdf
from cdisc_aclf.documents.guide.draft import analysis_guide, data_guide
from cdisc_aclf.documents.guide.model import Guide
from cdisc_aclf.documents.references import with_crf, with_guide
from cdisc_aclf.model.dictionary import DICTIONARIES
from cdisc_aclf.model.document import Document
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.package import ACRF, GUIDES
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spec import ADAM, SDTM
from cdisc_aclf.study.definition import DICTIONARY, StudyDefinition
from cdisc_aclf.submission.stamp import time_stamp

_WRITERS = {SDTM: data_guide, ADAM: analysis_guide}
_CRF = Document("LF.ACRF", ACRF, "Annotated Case Report Form")


@dataclass(frozen=True, slots=True)
class Documents:
    """What goes with the datasets of a run.

    Args:
        acrf: the annotated CRF as PDF.
        defines: what Define-XML says of the datasets of each standard, `sdtm` and `adam`.
        guides: the reviewer's guide of each standard.
    """

    acrf: bytes
    defines: Mapping[str, Define]
    guides: Mapping[str, Guide]


def documents(definition: StudyDefinition, run: Run) -> Documents:
    """The annotated CRF, the Define-XML documents and the text of the reviewer's guides of a run.

    Raises:
        DefinitionError: a spec does not say what a document has to say, or has a character that the font lacks.
    """
    visits = definition.references["visits"].drop_nulls("visitnum")
    names = dict(visits.select("visitnum", "visit").rows())
    say = definition.language
    forms = (
        annotated(form, definition.standard, definition.ct, definition.references, names, say)
        for form in definition.forms.values()
    )
    title = f"{run.study.id} ({run.trial.identification.nct_id})"
    crf, pages = acrf_pdf(tuple(forms), title=title, say=say, notice=run.synthetic or "", stamp=time_stamp())
    standards = [*dict.fromkeys(data.spec.standard for data in run.datasets.values())]
    defines = {standard: _described(definition, run, standard) for standard in standards}
    if SDTM in defines:
        defines[SDTM] = with_crf(defines[SDTM], replace(_CRF, title=say(_CRF.title)), pages)
    if ADAM in defines:
        defines[ADAM] = with_results(defines[ADAM], definition.outcomes, say)
    lineage = {step.name.upper(): step.needs for step in definition.plan.steps}
    return Documents(
        acrf=crf,
        defines={standard: with_guide(define, _guide(standard, say)) for standard, define in defines.items()},
        guides={standard: _WRITERS[standard](run, lineage, __version__) for standard in standards},
    )


def _guide(standard: str, say: Language) -> Document:
    name, title = GUIDES[standard]
    return Document(f"LF.{name.removesuffix('.pdf')}", name, say(title))


def _described(definition: StudyDefinition, run: Run, standard: str) -> Define:
    """Define-XML of a standard; which dictionary codes a variable is read off the signatures of the mappings."""
    dictionaries = {
        f"{step.name.upper()}{level}": DICTIONARIES[need.removeprefix(DICTIONARY)].title
        for step in definition.plan.steps
        for need in step.needs
        if need.startswith(DICTIONARY)
        for level in DICTIONARIES[need.removeprefix(DICTIONARY)].levels
    }
    return describe(run, standard, ct=definition.ct, methods=definition.methods, dictionaries=dictionaries)
