"""Reviewer's guides, drafted from a run: what the specs and the data know, and marks where a person must write.

The headings are those of the templates of PHUSE: Clinical Study Data Reviewer's Guide (cSDRG) and Analysis Data
Reviewer's Guide (ADRG). Every number is counted in the run; every table names its source.
"""

from collections.abc import Iterator, Mapping

from cdisc_aclf.model.guide import Guide, Heading, Table, Text
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spec import ADAM, SDTM
from cdisc_aclf.report.tally import about_data, by_rule, size_of

Lineage = Mapping[str, tuple[str, ...]]
"""What each dataset is made from: names of forms, tables and datasets."""


def data_guide(run: Run, lineage: Lineage, version: str) -> Guide:
    """The Clinical Study Data Reviewer's Guide of the SDTM datasets.

    Args:
        run: what was made.
        lineage: inputs of each dataset, read off the signatures of the mappings.
        version: of this program.
    """
    return _whole(_data_guide(run, lineage, version))


def analysis_guide(run: Run, lineage: Lineage, version: str) -> Guide:
    """The Analysis Data Reviewer's Guide of the ADaM datasets.

    Args:
        run: what was made.
        lineage: inputs of each dataset, read off the signatures of the mappings.
        version: of this program.
    """
    return _whole(_analysis_guide(run, lineage, version))


def _data_guide(run: Run, lineage: Lineage, version: str) -> Iterator[Heading | Text | Table]:
    yield Heading("1", "Introduction")
    yield Heading("1.1", "Purpose")
    yield Text("This guide gives context for the tabulation datasets of the study beyond what define.xml says.")
    yield from _standards(run, "1.2", version)
    yield from _protocol(run, "2")
    yield Heading("2.3", "Trial design datasets")
    yield _datasets(run, SDTM, "Trial Design")
    yield Heading("3", "Subject data descriptions")
    yield Heading("3.1", "Overview")
    yield Text(
        "Describe whether the study is ongoing, the data cut, and data that were collected and not submitted.",
        by_hand=True,
    )
    yield _accounts(run)
    yield Heading("3.2", "Traceability")
    yield Text("Each dataset is made from the CRF forms, reference tables and datasets named here.")
    yield _lineage(run, lineage, SDTM)
    yield Heading("3.3", "Annotated CRFs")
    yield Text("acrf.pdf has every form once; fields that are not submitted say why.")
    yield Heading("3.4", "SDTM subject domains")
    yield _datasets(run, SDTM)
    yield from _conformance(run, "4", SDTM)
    yield from _decisions(run, "Appendix I")


def _analysis_guide(run: Run, lineage: Lineage, version: str) -> Iterator[Heading | Text | Table]:
    yield Heading("1", "Introduction")
    yield Heading("1.1", "Purpose")
    yield Text("This guide gives context for the analysis datasets of the study beyond what define.xml says.")
    yield from _standards(run, "1.2", version)
    yield Heading("1.3", "Source data used for analysis dataset creation")
    yield Text("Analysis datasets are made from the SDTM datasets of this submission alone.")
    yield from _protocol(run, "2")
    yield Heading("3", "Analysis considerations related to multiple analysis datasets")
    yield Text(
        "Core variables, treatment variables, windows, record selection and imputation follow the decisions below."
    )
    yield from _decisions(run, "3.1")
    yield Text("Name deviations from the statistical analysis plan.", by_hand=True)
    yield Heading("4", "Analysis data creation and processing issues")
    yield Heading("4.1", "Data dependencies")
    yield _lineage(run, lineage, ADAM)
    yield Heading("5", "Analysis dataset descriptions")
    yield _datasets(run, ADAM)
    yield from _conformance(run, "6", ADAM)
    yield Heading("7", "Submission of programs")
    yield Text("State which programs are submitted and the environment in which they were run.", by_hand=True)


def _whole(blocks: Iterator[Heading | Text | Table]) -> Guide:
    """The guide, with the list of what a person has to write at its end."""
    guide = list(blocks)
    number, open_points = "", []
    for block in guide:
        if isinstance(block, Heading):
            number = block.number
        elif isinstance(block, Text) and block.by_hand:
            open_points.append((number, block.text))
    return (
        *guide,
        Heading("", "To be written by a person"),
        Table(("Section", "What"), (15, 85), tuple(open_points), "this guide"),
    )


def _standards(run: Run, number: str, version: str) -> Iterator[Heading | Text | Table]:
    yield Heading(number, "Study data standards and dictionary inventory")
    rows = [*run.study.standards.items(), ("program", f"cdisc_aclf {version}")]
    yield Table(("Standard", "Version"), (40, 60), tuple(rows), "specs/study.toml [standards]")
    given = ", ".join(run.dictionaries)
    yield Text(f"Dictionaries of this run: {given}." if given else "No dictionary was given: this is a draft.")
    yield Text("State the versions of MedDRA and WHODrug.", by_hand=True)


def _protocol(run: Run, number: str) -> Iterator[Heading | Text | Table]:
    identification = run.trial.identification
    yield Heading(number, "Protocol description")
    yield Heading(f"{number}.1", "Protocol number and title")
    titles = (identification.official_title, identification.brief_title)
    yield Text(f"{run.study.id} ({identification.nct_id}): {next(filter(None, titles), '')}")
    yield Text("Name the protocol version and its amendments.", by_hand=True)
    yield Heading(f"{number}.2", "Protocol design")
    arms = [(arm.label or "", arm.type or "", arm.description or "") for arm in run.trial.arms]
    yield Table(("Arm", "Type", "Description"), (20, 20, 60), tuple(arms), f"registry record {identification.nct_id}")


def _datasets(run: Run, standard: str, kind: str = "") -> Table:
    rows = []
    for name, dataset in run.datasets.items():
        if dataset.spec.standard == standard and kind in {"", dataset.spec.observation_class}:
            size = size_of(dataset)
            subjects = "-" if size.subjects is None else f"{size.subjects:,}"
            rows.append((name, dataset.spec.label, dataset.spec.structure, f"{size.records:,}", subjects))
    columns = ("Dataset", "Label", "Structure", "Records", "Subjects")
    return Table(columns, (12, 26, 40, 11, 11), tuple(rows), f"specs/{standard}/datasets.csv; the datasets themselves")


def _accounts(run: Run) -> Table:
    rows = tuple(
        (
            account.form.label,
            f"{account.records:,}",
            f"{account.submitted:,}",
            f"{account.left_out:,}",
            account.form.left_out,
        )
        for account in run.accounts
    )
    columns = ("Form", "Raw records", "Submitted", "Left out", "Why")
    return Table(columns, (26, 12, 12, 10, 40), rows, "the export; specs/raw/forms.csv")


def _lineage(run: Run, lineage: Lineage, standard: str) -> Table:
    rows = tuple(
        (name, ", ".join(lineage[name]))
        for name, dataset in run.datasets.items()
        if dataset.spec.standard == standard and name in lineage
    )
    return Table(("Dataset", "Made from"), (15, 85), rows, "signatures of mappings/")


def _conformance(run: Run, number: str, standard: str) -> Iterator[Heading | Text | Table]:
    names = {name for name, dataset in run.datasets.items() if dataset.spec.standard == standard}
    found = [finding for finding in about_data(run) if finding.dataset in names or (standard == SDTM and finding.form)]
    yield Heading(number, "Data conformance summary")
    yield Heading(f"{number}.1", "Conformance inputs")
    yield Text("Every dataset was held against its specification, controlled terminology and the study's own checks.")
    yield Text("Name the version of the validation software and the date of its run.", by_hand=True)
    yield Heading(f"{number}.2", "Issues summary")
    issues = tuple((tally.rule, str(tally.severity), f"{tally.findings:,}", tally.message) for tally in by_rule(found))
    yield Table(("Rule", "Severity", "Findings", "What"), (26, 12, 12, 50), issues, "report/findings.csv of this run")
    if issues:
        yield Text("Explain each issue that stays in the data.", by_hand=True)
    explained = tuple(
        (rule.rule, " ".join(rule.datasets), rule.reason) for rule in run.explained if {*rule.datasets} & names
    )
    if explained:
        yield Heading(f"{number}.3", "Rules that fire although the data are right")
        yield Table(("Rule", "Datasets", "Why"), (20, 20, 60), explained, "specs/explained.csv")


def _decisions(run: Run, number: str) -> Iterator[Heading | Text | Table]:
    yield Heading(number, "Decisions")
    rows = tuple((name.replace("_", " "), one.taken, one.why) for name, one in run.study.decisions.items())
    yield Table(("Decision", "What was chosen", "Why"), (18, 41, 41), rows, "specs/study.toml [decisions]")
