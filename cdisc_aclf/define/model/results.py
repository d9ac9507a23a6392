"""Analysis results metadata (ARM 1.0 for Define-XML): what a table shows, and from which data."""

from dataclasses import dataclass

from cdisc_aclf.model.document import Pages
from cdisc_aclf.model.label import Translated


@dataclass(frozen=True, slots=True)
class AnalysisDataset:
    """An arm:AnalysisDataset: what of a dataset an analysis uses; OIDs."""

    dataset: str
    where: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisResult(Translated):
    """An arm:AnalysisResult (ARM 1.0).

    Args:
        oid: its OID.
        text: what the result is.
        reason: AnalysisReason, e.g. `SPECIFIED IN PROTOCOL`.
        purpose: AnalysisPurpose, e.g. `PRIMARY OUTCOME MEASURE`.
        parameter: OID of PARAMCD; empty where the analysis has no parameter.
        datasets: what of which datasets it uses.
        documentation: how it is analysed.
        code: the program, or its part that matters; empty where there is none.
        context: language and version of the code.
        pages: documents that say more.
        text_zh: `text` in Chinese, where it stands beside the English one.
        documentation_zh: the same of `documentation`.
    """

    oid: str
    text: str
    reason: str
    purpose: str
    parameter: str
    datasets: tuple[AnalysisDataset, ...]
    documentation: str = ""
    code: str = ""
    context: str = ""
    pages: tuple[Pages, ...] = ()
    text_zh: str = ""
    documentation_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDisplay(Translated):
    """An arm:ResultDisplay: a table or figure, and the results it shows."""

    oid: str
    name: str
    text: str
    results: tuple[AnalysisResult, ...]
    pages: tuple[Pages, ...] = ()
    text_zh: str = ""
