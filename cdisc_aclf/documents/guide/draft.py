"""Reviewer's guides, drafted from a run: what the specs and the data know, and marks where a person must write.

The headings are those of the templates of PHUSE: Clinical Study Data Reviewer's Guide (cSDRG) and Analysis Data
Reviewer's Guide (ADRG). Every number is counted in the run; every table names its source.
"""

from collections.abc import Iterator, Mapping

from cdisc_aclf.documents.guide.model import Guide, Heading, Table, Text
from cdisc_aclf.model.language import ENCODED, Language
from cdisc_aclf.model.run import Run
from cdisc_aclf.model.spec import ADAM, SDTM
from cdisc_aclf.report.html.tally import about_data, by_rule, size_of

_ENGLISH_ONLY = "Translate the title of the study and the arms: the registry record has them in English only."

Lineage = Mapping[str, tuple[str, ...]]
"""What each dataset is made from: names of forms, tables and datasets."""


def data_guide(run: Run, lineage: Lineage, version: str) -> Guide:
    """The Clinical Study Data Reviewer's Guide of the SDTM datasets.

    Args:
        run: what was made.
        lineage: inputs of each dataset, read off the signatures of the mappings.
        version: of this program.
    """
    return _whole(_data_guide(run, lineage, version), run.language)


def analysis_guide(run: Run, lineage: Lineage, version: str) -> Guide:
    """The Analysis Data Reviewer's Guide of the ADaM datasets.

    Args:
        run: what was made.
        lineage: inputs of each dataset, read off the signatures of the mappings.
        version: of this program.
    """
    return _whole(_analysis_guide(run, lineage, version), run.language)


def _data_guide(run: Run, lineage: Lineage, version: str) -> Iterator[Heading | Text | Table]:
    say = run.language
    yield Heading("1", say("Introduction"))
    yield Heading("1.1", say("Purpose"))
    yield Text(say("This guide gives context for the tabulation datasets of the study beyond what define.xml says."))
    yield from _standards(run, "1.2", version)
    yield from _protocol(run, "2")
    yield Heading("2.3", say("Trial design datasets"))
    yield _datasets(run, SDTM, "Trial Design")
    yield Heading("3", say("Subject data descriptions"))
    yield Heading("3.1", say("Overview"))
    yield Text(
        say("Describe whether the study is ongoing, the data cut, and data that were collected and not submitted."),
        by_hand=True,
    )
    yield _accounts(run)
    yield Heading("3.2", say("Traceability"))
    yield Text(say("Each dataset is made from the CRF forms, reference tables and datasets named here."))
    yield _lineage(run, lineage, SDTM)
    yield Heading("3.3", say("Annotated CRFs"))
    yield Text(say("acrf.pdf has every form once; fields that are not submitted say why."))
    yield Heading("3.4", say("SDTM subject domains"))
    yield _datasets(run, SDTM)
    yield from _conformance(run, "4", SDTM)
    yield from _decisions(run, say("Appendix I"))


def _analysis_guide(run: Run, lineage: Lineage, version: str) -> Iterator[Heading | Text | Table]:
    say = run.language
    yield Heading("1", say("Introduction"))
    yield Heading("1.1", say("Purpose"))
    yield Text(say("This guide gives context for the analysis datasets of the study beyond what define.xml says."))
    yield from _standards(run, "1.2", version)
    yield Heading("1.3", say("Source data used for analysis dataset creation"))
    yield Text(say("Analysis datasets are made from the SDTM datasets of this submission alone."))
    yield from _protocol(run, "2")
    yield Heading("3", say("Analysis considerations related to multiple analysis datasets"))
    yield Text(
        say("Core variables, treatment variables, windows, record selection and imputation follow the decisions below.")
    )
    yield from _decisions(run, "3.1")
    yield Text(say("Name deviations from the statistical analysis plan."), by_hand=True)
    yield Heading("4", say("Analysis data creation and processing issues"))
    yield Heading("4.1", say("Data dependencies"))
    yield _lineage(run, lineage, ADAM)
    yield Heading("5", say("Analysis dataset descriptions"))
    yield _datasets(run, ADAM)
    yield from _conformance(run, "6", ADAM)
    yield Heading("7", say("Submission of programs"))
    yield Text(say("State which programs are submitted and the environment in which they were run."), by_hand=True)


def _whole(blocks: Iterator[Heading | Text | Table], say: Language) -> Guide:
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
        Heading("", say("To be written by a person")),
        Table((say("Section"), say("What")), (15, 85), tuple(open_points), say("this guide")),
    )


def _standards(run: Run, number: str, version: str) -> Iterator[Heading | Text | Table]:
    say = run.language
    yield Heading(number, say("Study data standards and dictionary inventory"))
    rows = (*run.study.standards.items(), (say("program"), f"cdisc_aclf {version}"))
    yield _table(run, {"Standard": 40, "Version": 60}, rows, "specs/study.toml [standards]")
    yield Text(say(ENCODED))
    if run.dictionaries:
        yield Text(say("Dictionaries of this run: {}.").format(", ".join(run.dictionaries)))
    else:
        yield Text(say("No dictionary was given: this is a draft."))
    yield Text(say("State the versions of MedDRA and WHODrug."), by_hand=True)


def _protocol(run: Run, number: str) -> Iterator[Heading | Text | Table]:
    identification, say = run.trial.identification, run.language
    yield Heading(number, say("Protocol description"))
    yield Heading(f"{number}.1", say("Protocol number and title"))
    titles = (identification.official_title, identification.brief_title)
    yield Text(f"{run.study.id} ({identification.nct_id}): {next(filter(None, titles), '')}")
    if say.is_chinese:
        yield Text(say(_ENGLISH_ONLY), by_hand=True)
    yield Text(say("Name the protocol version and its amendments."), by_hand=True)
    yield Heading(f"{number}.2", say("Protocol design"))
    arms = tuple((arm.label or "", arm.type or "", arm.description or "") for arm in run.trial.arms)
    source = say("registry record {}").format(identification.nct_id)
    yield _table(run, {"Arm": 20, "Type": 20, "Description": 60}, arms, source)


def _datasets(run: Run, standard: str, kind: str = "") -> Table:
    rows = []
    for name, dataset in run.datasets.items():
        spec = dataset.spec
        if spec.standard == standard and kind in {"", spec.observation_class}:
            size = size_of(dataset)
            subjects = "-" if size.subjects is None else f"{size.subjects:,}"
            rows.append((name, spec.submitted_label, run.language(spec.structure), f"{size.records:,}", subjects))
    columns = {"Dataset": 12, "Label": 26, "Structure": 40, "Records": 11, "Subjects": 11}
    source = run.language("specs/{}/datasets.csv; the datasets themselves").format(standard)
    return _table(run, columns, tuple(rows), source)


def _accounts(run: Run) -> Table:
    say = run.language
    rows = tuple(
        (
            reconciled.form.label_zh if say.is_chinese else reconciled.form.label,
            f"{reconciled.records:,}",
            f"{reconciled.submitted:,}",
            f"{reconciled.left_out:,}",
            say(reconciled.form.left_out),
        )
        for reconciled in run.reconciliation
    )
    columns = {"Form": 26, "Raw records": 12, "Submitted": 12, "Left out": 10, "Why": 40}
    return _table(run, columns, rows, say("the export; specs/raw/forms.csv"))


def _lineage(run: Run, lineage: Lineage, standard: str) -> Table:
    rows = tuple(
        (name, ", ".join(lineage[name]))
        for name, dataset in run.datasets.items()
        if dataset.spec.standard == standard and name in lineage
    )
    return _table(run, {"Dataset": 15, "Made from": 85}, rows, run.language("signatures of mappings/"))


def _conformance(run: Run, number: str, standard: str) -> Iterator[Heading | Text | Table]:
    say = run.language
    names = {name for name, dataset in run.datasets.items() if dataset.spec.standard == standard}
    found = [issue for issue in about_data(run) if issue.dataset in names or (standard == SDTM and issue.form)]
    yield Heading(number, say("Data conformance summary"))
    yield Heading(f"{number}.1", say("Conformance inputs"))
    yield Text(
        say("Every dataset was validated against its specification, controlled terminology and the study's own checks.")
    )
    yield Text(say("Name the version of the validation software and the date of its run."), by_hand=True)
    yield Heading(f"{number}.2", say("Issues summary"))
    issues = tuple(
        (tally.rule, str(tally.severity), f"{tally.issues:,}", say.of_issue(tally.message)) for tally in by_rule(found)
    )
    columns = {"Rule": 26, "Severity": 12, "Issues": 12, "What": 50}
    yield _table(run, columns, issues, say("report/issues.csv of this run"))
    if issues:
        yield Text(say("Explain each issue that stays in the data."), by_hand=True)
    explained = tuple(
        (rule.rule, " ".join(rule.datasets), say(rule.reason)) for rule in run.explained if {*rule.datasets} & names
    )
    if explained:
        yield Heading(f"{number}.3", say("Rules that fire although the data are right"))
        yield _table(run, {"Rule": 20, "Datasets": 20, "Why": 60}, explained, "specs/explained.csv")


def _decisions(run: Run, number: str) -> Iterator[Heading | Text | Table]:
    say = run.language
    yield Heading(number, say("Decisions"))
    rows = tuple((name, one.taken(say), say(one.why)) for name, one in run.study.decisions.items())
    yield _table(run, {"Decision": 20, "What was chosen": 40, "Why": 40}, rows, "specs/study.toml [decisions]")


def _table(run: Run, columns: Mapping[str, int], rows: tuple[tuple[str, ...], ...], source: str) -> Table:
    """A table of headings with their shares of the width."""
    return Table(tuple(map(run.language, columns)), tuple(columns.values()), rows, source)
