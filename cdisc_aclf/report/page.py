"""The report of a run: one HTML page that needs no network."""

from cdisc_aclf.model.issue import Severity
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.package import dataset_file
from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.report.analysis import analysis_section
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table
from cdisc_aclf.report.html.shell import whole_page
from cdisc_aclf.report.html.tally import STAMP, about_data, advice, by_severity, counted, size_of
from cdisc_aclf.report.issues import filter_link, issues_section, record_section
from cdisc_aclf.report.lineage import columns_section, reconciliation_section
from cdisc_aclf.report.subjects import subjects_section

_DATASETS = (
    Column("Dataset", "code"),
    Column("Label"),
    Column("Structure"),
    Column("Records", "number"),
    Column("Subjects", "number"),
    Column("Variables", "number"),
    Column("File", "code"),
    *(Column(f"{severity.capitalize()}s", "number") for severity in reversed(Severity)),
)
_RESOURCES = (Column("Resource", "code"), Column("Number", "number"))
_EXPLAINED = (Column("Rule", "code"), Column("Datasets", "code"), Column("Data"), Column("Why it may fire"))
_DECISIONS = (Column("Decision"), Column("What was chosen"), Column("Why"), Column("What was rejected"))


def report_html(run: Run) -> str:
    """Render what a data manager opens after a build: one page, the same bytes for the same run.

    Every value is escaped; style and script stand in the page, and a content security policy allows these two alone.
    Without JavaScript everything but the filter works. The page holds at most `issues.ROWS` Issues and says so
    when there are more; all of them are in `issues.csv`.

    Args:
        run: what the run found and made.

    Returns:
        HTML5, to be saved as UTF-8.

    Examples:
        >>> from pathlib import Path
        >>> from cdisc_aclf.model.study import Study
        >>> from cdisc_aclf.model.trial import Identification, Trial
        >>> study = Study(
        ...     id="PL21", country="CHN", time_zone="+08:00", real_environment="PROD", record="record.txt",
        ...     fhir_base="https://example.org", standards={"sdtmig": "3.4"}, decisions={}, folder=Path(),
        ... )
        >>> trial = Trial(identification=Identification(nct_id="NCT07409259"))
        >>> page = report_html(
        ...     Run(
        ...         study=study,
        ...         trial=trial,
        ...         synthetic=None,
        ...         forms={},
        ...         reconciliation=(),
        ...         datasets={},
        ...         resources={},
        ...         issues=(),
        ...         dictionaries=(),
        ...     )
        ... )
        >>> page[:31], "<h1>PL21 " in page
        ('<!doctype html><html lang="en">', True)
    """
    sections = {
        "subjects": ("Subjects", subjects_section(run)),
        "analysis": ("Analysis", analysis_section(run)),
        "datasets": ("Datasets", _datasets(run)),
        "resources": ("FHIR resources", _resources(run)),
        "issues": ("Issues", issues_section(run)),
        "records": ("Raw records", reconciliation_section(run)),
        "columns": ("Raw columns", columns_section(run)),
        "record": ("Registry record", record_section(run)),
        "decisions": ("Decisions", _decisions(run)),
        "explained": ("Rules of CDISC explained", _explained(run)),
    }
    links = [element("li", element("a", title, href=f"#{name}")) for name, (title, _) in sections.items()]
    main = [element("section", element("h2", title), content, id=name) for name, (title, content) in sections.items()]
    body = [
        _stamp(run),
        _header(run),
        element("nav", element("ul", *links), aria_label="Sections"),
        element("main", *main),
    ]
    shown = "real" if run.synthetic is None else "synthetic"
    return whole_page(f"{run.study.id}: build report", body, styles=["page.css"], script="page.js", class_=shown)


def _stamp(run: Run) -> Markup:
    if run.synthetic is None:
        return Markup()
    environment = markup("The environment of the export is ", element("b", run.synthetic), ".")
    return element("p", element("strong", STAMP), " ", environment, class_="stamp", role="note")


def _header(run: Run) -> Markup:
    identification = run.trial.identification
    standards = [element("span", name, " ", element("b", version)) for name, version in run.study.standards.items()]
    given = ", ".join(run.dictionaries) or "none given"
    errors, warnings, notes = (
        filter_link(counted(count, severity), severity=severity) if count else counted(count, severity)
        for severity, count in by_severity(about_data(run)).items()
    )
    verdict = markup(errors, ", ", warnings, ", ", notes, f": {advice(about_data(run))}.")
    return element(
        "header",
        element("p", "Build report", class_="kind"),
        element("h1", run.study.id, " ", element("span", identification.nct_id)),
        element("p", identification.official_title or identification.brief_title or "", class_="title"),
        element(
            "dl",
            *[element("dt", "Standards"), element("dd", *standards)],
            *[element("dt", "Dictionaries"), element("dd", given)],
        ),
        element("p", verdict, class_="verdict"),
    )


def _datasets(run: Run) -> Markup:
    if not run.datasets:
        return element("p", "This run made no dataset.")
    rows = [row(_DATASETS, _dataset_cells(name, dataset, run)) for name, dataset in run.datasets.items()]
    return table("Datasets as they are written", _DATASETS, rows)


def _dataset_cells(name: str, dataset: SubmittedDataset, run: Run) -> tuple[str | int, ...]:
    size = size_of(dataset)
    found = by_severity(issue for issue in about_data(run) if issue.dataset == name)
    links = [
        filter_link(count, place=f"dataset:{name}", severity=severity) if count else 0
        for severity, count in found.items()
    ]
    subjects = "-" if size.subjects is None else size.subjects
    spec = dataset.spec
    return (
        name,
        spec.label,
        spec.structure,
        size.records,
        subjects,
        size.variables,
        str(dataset_file(run.study.id, spec)),
        *links,
    )


def _resources(run: Run) -> Markup:
    if not run.resources:
        return element("p", "This run made no FHIR resource.")
    rows = [row(_RESOURCES, item) for item in sorted(run.resources.items())]
    return table("Resources by type", _RESOURCES, rows)


def _decisions(run: Run) -> Markup:
    rows = [
        row(_DECISIONS, (name.replace("_", " "), decision.taken(Language()), decision.why, decision.rejected))
        for name, decision in run.study.decisions.items()
    ]
    return table("Where the standards leave room", _DECISIONS, rows)


def _explained(run: Run) -> Markup:
    if not run.explained:
        return element("p", "No rule is explained.")
    rows = [row(_EXPLAINED, (rule.rule, " ".join(rule.datasets), rule.data, rule.reason)) for rule in run.explained]
    return table("Rules that CDISC's engine may report though the conversion is right", _EXPLAINED, rows)
