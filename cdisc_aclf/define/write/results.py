"""Analysis results metadata in XML (ARM 1.0 for Define-XML 2.1)."""

from collections.abc import Sequence

from lxml import etree

from cdisc_aclf.define.model.results import AnalysisResult, ResultDisplay
from cdisc_aclf.define.model.xmlns import ARM, DEF
from cdisc_aclf.define.write.parts import add, add_pages, add_text, writable


def add_displays(version: etree._Element, displays: Sequence[ResultDisplay]) -> None:
    """The arm:AnalysisResultDisplays at the end of a MetaDataVersion, where there are any."""
    if not displays:
        return
    parent = add(version, f"{ARM}AnalysisResultDisplays")
    for display in displays:
        element = add(parent, f"{ARM}ResultDisplay", OID=display.oid, Name=display.name)
        add_text(element, display.text, display.text_zh)
        add_pages(element, display.pages)
        for result in display.results:
            _add_result(element, result)


def _add_result(display: etree._Element, result: AnalysisResult) -> None:
    element = add(
        display,
        f"{ARM}AnalysisResult",
        OID=result.oid,
        ParameterOID=result.parameter,
        AnalysisReason=result.reason,
        AnalysisPurpose=result.purpose,
    )
    add_text(element, result.text, result.text_zh)
    datasets = add(element, f"{ARM}AnalysisDatasets")
    for used in result.datasets:
        dataset = add(datasets, f"{ARM}AnalysisDataset", ItemGroupOID=used.dataset)
        if used.where:
            add(dataset, f"{DEF}WhereClauseRef", WhereClauseOID=used.where)
        for variable in used.variables:
            add(dataset, f"{ARM}AnalysisVariable", ItemOID=variable)
    if result.documentation:
        documentation = add(element, f"{ARM}Documentation")
        add_text(documentation, result.documentation, result.documentation_zh)
        add_pages(documentation, result.pages)
    if result.code:
        add(add(element, f"{ARM}ProgrammingCode", Context=result.context), f"{ARM}Code").text = writable(result.code)
