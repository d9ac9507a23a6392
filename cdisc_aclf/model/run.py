"""What one run made of the data: the report and the exit code are drawn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdisc_aclf.model.check import Explained
from cdisc_aclf.model.figure import FigureSpec
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.spec import DatasetSpec, FormSpec
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReconciliation:
    """Where the records of one form went: submitted + waiting + left out + lost = records.

    Args:
        form: the form's spec.
        records: rows of the export.
        submitted: rows that a dataset names as its source.
        waiting: rows in no dataset because the form's datasets have no spec yet, named in `waits_for`.
        waits_for: those datasets.
        left_out: rows in no dataset for the reason that `forms.csv` states.
        lost: rows in no dataset without a reason; each is an Issue.
    """

    form: FormSpec
    records: int
    submitted: int
    waiting: int
    waits_for: tuple[str, ...]
    left_out: int
    lost: int


@dataclass(frozen=True, slots=True)
class SubmittedDataset:
    """A dataset as it is written: its spec, the variables that are in it, and how many records."""

    spec: DatasetSpec
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that a run found and made.

    Args:
        study: the study folder's facts.
        trial: the registry record.
        synthetic: what the export says in `environment` where that is not real data; None for real data.
        forms: spec of each raw form.
        reconciliation: where the records of each form went.
        datasets: what is submitted, in the order of the specs: SDTM, its SUPP--, then ADaM.
        resources: number of FHIR resources by type.
        issues: all of them, worst first.
        dictionaries: the dictionaries that were given, by name.
        made: FHIR resources by name of their mapping: nested dicts, or a frame of elements with one row per resource.
        explained: rules of CDISC's engine that fire although the data are right, for the reviewer.
        figures: what the report draws from the analysis data.
        language: in which its documents are written.
    """

    study: Study
    trial: Trial
    synthetic: str | None
    forms: Mapping[str, FormSpec]
    reconciliation: tuple[FormReconciliation, ...]
    datasets: Mapping[str, SubmittedDataset]
    resources: Mapping[str, int]
    issues: tuple[Issue, ...]
    dictionaries: tuple[str, ...]
    made: Mapping[str, Frame | list[dict[str, object]]] = field(default_factory=dict)
    explained: tuple[Explained, ...] = ()
    figures: tuple[FigureSpec, ...] = ()
    language: Language = field(default_factory=Language)
