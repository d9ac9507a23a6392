"""Tables of the study folder: forms, datasets and their variables, references, checks, explained rules."""

from collections import defaultdict
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_frame, read_table
from cdisc_aclf.model.check import CheckSpec, Explained
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Rule, Severity
from cdisc_aclf.model.label import LABEL_BYTES
from cdisc_aclf.model.spec import (
    ADAM,
    DTYPES,
    MOMENTS,
    SDTM,
    ColumnSpec,
    DatasetSpec,
    FormSpec,
    Qualifier,
    StandardSpec,
    ValueSpec,
    VariableSpec,
)
from cdisc_aclf.model.trial import KnownTerm
from cdisc_aclf.study.parts import read_parts

IGNORED = "ignored: "
_VALUE = ("dataset", "variable", "where", "equals", "codelist", "origin", "source", "method", "comment")
_QUALIFIER = ("dataset", "qnam", "label", "codelist", "origin", "source", "evaluator", "method", "comment")
_EXTENSION = "extension"
"""What `codelists.csv` has in place of a code for a term that the sponsor adds."""
_VARIABLE = ("variable", "label", "type", "length", "core", "role", "codelist", "origin", "source", "method", "comment")


def read_forms(folder: Path) -> dict[str, FormSpec]:
    """Read `specs/raw/`: what the CRF asks and where each answer goes.

    Raises:
        DefinitionError: a form has no file, or a column neither a target nor a reason to be ignored.
    """
    raw = folder / "specs" / "raw"
    forms = {}
    for row in read_table(raw / "forms.csv", ("form", "label", "label_zh", "key", "left_out", "visits")):
        path = raw / f"{row['form']}.csv"
        columns = tuple(
            _column(column, f"{path}:{line}")
            for line, column in enumerate(
                read_table(path, ("column", "label", "label_zh", "type", "codelist", "target")), start=2
            )
        )
        forms[row["form"]] = FormSpec(
            name=row["form"],
            label=row["label"],
            label_zh=row["label_zh"],
            key=tuple(row["key"].split()),
            left_out=row["left_out"],
            columns=columns,
            file=str(path),
            visits=tuple(row["visits"].split()),
        )
    return forms


def _column(row: dict[str, str], where: str) -> ColumnSpec:
    target = row["target"]
    reason = target.removeprefix(IGNORED) if target.startswith(IGNORED) else ""
    targets = () if reason else tuple(target.split())
    if not (reason or targets) or not all("." in name for name in targets):
        raise DefinitionError(where, f"target {target!r} is neither DATASET.VARIABLE nor '{IGNORED}why'")
    return ColumnSpec(
        name=row["column"],
        label=row["label"],
        label_zh=row["label_zh"],
        kind=row["type"],
        codelist=row["codelist"],
        targets=targets,
        ignored=reason,
    )


def read_standard(folder: Path, standard: str) -> StandardSpec:
    """Read `specs/<standard>/`: datasets, variables, value-level metadata and, of SDTM, supplemental qualifiers.

    A study may have no ADaM datasets yet: without a folder `specs/adam/` there are none.

    Raises:
        DefinitionError: a table is missing or a type is unknown.
    """
    specs = folder / "specs" / standard
    if standard == ADAM and not specs.exists():
        return StandardSpec(datasets={}, qualifiers=(), suppqual=())
    datasets = {}
    values: dict[str, list[ValueSpec]] = defaultdict(list)
    for row in read_table(specs / "values.csv", _VALUE):
        values[row["dataset"]].append(
            ValueSpec(
                variable=row["variable"],
                where=row["where"],
                equals=row["equals"],
                codelists=tuple(row["codelist"].split()),
                origin=row["origin"],
                source=row["source"],
                method=row["method"],
                comment=row["comment"],
            )
        )
    table = specs / "datasets.csv"
    for line, row in enumerate(read_table(table, ("dataset", "label", "class", "structure", "key")), start=2):
        path = specs / f"{row['dataset'].lower()}.csv"
        datasets[row["dataset"]] = DatasetSpec(
            name=row["dataset"],
            label=_label(row, f"{table}:{line}"),
            observation_class=row["class"],
            structure=row["structure"],
            key=tuple(row["key"].split()),
            variables=_variables(path),
            file=str(path),
            values=tuple(values[row["dataset"]]),
        )
    if standard != SDTM:
        return StandardSpec(datasets=datasets, qualifiers=(), suppqual=())
    qualifiers = tuple(
        Qualifier(
            dataset=row["dataset"],
            qnam=row["qnam"],
            label=_label(row, f"{specs / 'supplemental.csv'}:{line}"),
            origin=row["origin"],
            evaluator=row["evaluator"],
            codelists=tuple(row["codelist"].split()),
            source=row["source"],
            method=row["method"],
            comment=row["comment"],
        )
        for line, row in enumerate(read_table(specs / "supplemental.csv", _QUALIFIER), start=2)
    )
    parts = read_parts(specs / "parts.csv", datasets)
    return StandardSpec(
        datasets=datasets, qualifiers=qualifiers, suppqual=_variables(specs / "suppqual.csv"), parts=parts
    )


def _variables(path: Path) -> tuple[VariableSpec, ...]:
    variables = []
    for line, row in enumerate(read_table(path, _VARIABLE), start=2):
        if row["type"] not in DTYPES:
            raise DefinitionError(f"{path}:{line}", f"type {row['type']!r} is none of {', '.join(DTYPES)}")
        if (shown := row.get("format", "")) and shown not in MOMENTS:
            raise DefinitionError(f"{path}:{line}", f"format {shown!r} is none of {', '.join(MOMENTS)}")
        if not row["length"].isdigit():
            raise DefinitionError(f"{path}:{line}", f"length {row['length']!r} is not a number of bytes")
        variables.append(
            VariableSpec(
                name=row["variable"],
                label=_label(row, f"{path}:{line}"),
                data_type=row["type"],
                length=int(row["length"]),
                core=row["core"],
                role=row["role"],
                codelists=tuple(row["codelist"].split()),
                origin=row["origin"],
                source=row["source"],
                method=row["method"],
                comment=row["comment"],
                format=shown,
                filled=row.get("filled", ""),
                predecessor=row.get("predecessor", ""),
            )
        )
    return tuple(variables)


def _label(row: dict[str, str], where: str) -> str:
    if (size := len(row["label"].encode())) > LABEL_BYTES:
        raise DefinitionError(where, f"label of {size} bytes, a transport file holds {LABEL_BYTES}: {row['label']}")
    return row["label"]


def read_references(folder: Path) -> dict[str, Frame]:
    """Read `specs/reference/*.csv` as frames of text; an empty cell is null."""
    return {path.stem: read_frame(path) for path in sorted((folder / "specs" / "reference").glob("*.csv"))}


def read_checks(folder: Path) -> dict[str, CheckSpec]:
    """Read `checks.csv`: what each function of `mappings/checks/` is about.

    Raises:
        DefinitionError: the table is missing, or a severity is unknown.
    """
    path = folder / "specs" / "checks.csv"
    columns = ("check", "severity", "about", "variable", "message", "source")
    return {
        row["check"]: CheckSpec(
            Rule(row["check"], _severity(row["severity"], f"{path}:{line}"), row["message"]),
            row["about"],
            row["variable"],
            row["source"],
        )
        for line, row in enumerate(read_table(path, columns), start=2)
    }


def read_explained(folder: Path, language: str) -> tuple[Explained, ...]:
    """Read `explained.csv`: rules of CDISC's engine that fire although the data are right.

    Args:
        folder: the study.
        language: of the labels; a rule that fires on those of another one is left out.

    Raises:
        DefinitionError: the table is missing.
    """
    path = folder / "specs" / "explained.csv"
    return tuple(
        Explained(
            rule=row["rule"],
            datasets=tuple(row["datasets"].split()),
            data=row["data"],
            language=row["language"],
            reason=row["reason"],
        )
        for row in read_table(path, ("rule", "datasets", "data", "language", "reason"))
        if row["language"] in {"", language}
    )


def read_known_terms(folder: Path) -> tuple[KnownTerm, ...]:
    """Read `protocol/known_terms.csv`: wording of the registry record that people who know the study contradict.

    Raises:
        DefinitionError: the table is missing, or a severity is unknown.
    """
    path = folder / "specs" / "protocol" / "known_terms.csv"
    return tuple(
        KnownTerm(
            rule=row["rule"],
            severity=_severity(row["severity"], f"{path}:{line}"),
            text=row["text"],
            message=row["message"],
        )
        for line, row in enumerate(read_table(path, ("rule", "severity", "text", "message")), start=2)
    )


def _severity(text: str, where: str) -> Severity:
    if text not in list(Severity):
        raise DefinitionError(where, f"severity {text!r} is none of {', '.join(Severity)}")
    return Severity(text)
