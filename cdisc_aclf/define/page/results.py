"""Analysis results on the page of a Define-XML document."""

from cdisc_aclf.define.model.document import Define
from cdisc_aclf.define.model.results import AnalysisResult, ResultDisplay
from cdisc_aclf.define.page.parts import Parts
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row

_RESULTS = (
    Column("Result"),
    Column("Purpose and reason"),
    Column("Parameter", "code"),
    Column("Data", "code"),
    Column("How it is analysed"),
)


def displays_section(define: Define, parts: Parts) -> Markup:
    """A table of results for each display; empty where the document has none.

    Args:
        define: the document.
        parts: its definitions and their places.
    """
    datasets = {dataset.oid: dataset.name for dataset in define.datasets}
    return markup(*(_display(display, datasets, parts) for display in define.displays))


def _display(display: ResultDisplay, datasets: dict[str, str], parts: Parts) -> Markup:
    rows = [row(_RESULTS, _cells(result, datasets, parts), id=parts.place(result.oid)) for result in display.results]
    caption = markup(element("b", display.name), " ", display.submitted_text, " ", parts.pages(display.pages))
    return element("div", parts.table(caption, _RESULTS, rows), id=parts.place(display.oid))


def _cells(result: AnalysisResult, datasets: dict[str, str], parts: Parts) -> tuple[Markup | str, ...]:
    parameter = parts.variables.get(result.parameter)
    used = []
    for each in result.datasets:
        names = [parts.link(oid, parts.variables[oid].name) for oid in each.variables if oid in parts.variables]
        listed = [markup(" ", name) for name in names]
        clause = parts.where([each.where]) if each.where else Markup()
        dataset = parts.link(each.dataset, datasets.get(each.dataset, each.dataset))
        used.append(element("p", dataset, ":", *listed, " " if clause else "", clause))
    code = element("pre", result.code) if result.code else Markup()
    return (
        result.submitted_text,
        markup(result.purpose, element("p", result.reason, class_="quiet")),
        parts.link(result.parameter, parameter.name) if parameter else "",
        markup(*used),
        markup(result.documentation_zh or result.documentation, " ", parts.pages(result.pages), code),
    )
