"""Analysis results metadata (ARM 1.0 for Define-XML): what a table shows, and from which data."""

from dataclasses import dataclass

from cdisc_aclf.model.document import Pages


@dataclass(frozen=True, slots=True)
class AnalysisDataset:
    """An arm:AnalysisDataset: what of a dataset an analysis uses; OIDs."""

    dataset: str
    where: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """An arm:AnalysisResult (ARM 1.0); `parameter` is the OID of PARAMCD, empty where there is none."""

    oid: str
    text: str
    reason: str
    purpose: str
    parameter: str
    datasets: tuple[AnalysisDataset, ...]
    documentation: str = ""
    code: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class ResultDisplay:
    """An arm:ResultDisplay: a table or figure, and the results it shows."""

    oid: str
    name: str
    text: str
    results: tuple[AnalysisResult, ...]
    pages: tuple[Pages, ...] = ()
