"""The study folder: `specs/` as frozen facts."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_frame, read_table, read_toml
from cdisc_aclf.model.check import CheckSpec, Explained
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import Rule, Severity
from cdisc_aclf.model.label import LABEL_BYTES
from cdisc_aclf.model.path import part_problem
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
from cdisc_aclf.model.study import Decision, Study
from cdisc_aclf.model.terminology import CodeList, Term, Terminology
from cdisc_aclf.model.trial import KnownTerm
from cdisc_aclf.study.parts import read_parts
from cdisc_aclf.study.profile import read_submission

IGNORED = "ignored: "
_VALUE = ("dataset", "variable", "where", "equals", "codelist", "origin", "source", "method", "comment")
_QUALIFIER = ("dataset", "qnam", "label", "codelist", "origin", "source", "evaluator", "method", "comment")
_EXTENSION = "extension"
"""What `codelists.csv` has in place of a code for a term that the sponsor adds."""
_VARIABLE = ("variable", "label", "type", "length", "core", "role", "codelist", "origin", "source", "method", "comment")


def read_study(folder: Path, profile: str = "") -> Study:
    """Read `specs/study.toml`.

    Args:
        folder: the study folder.
        profile: the authority, where it is another one than the file chooses.

    Raises:
        DefinitionError: the file is missing, lacks a fact that every study needs, or has one that is no text.
    """
    path = folder / "specs" / "study.toml"
    content = read_toml(path)
    submission = content.get("submission", {}) | ({"profile": profile} if profile else {})
    try:
        facts = content["study"]
        if problem := part_problem(facts["id"]):
            raise DefinitionError(str(path), f"[study] id {facts['id']!r} {problem}")
        return Study(
            id=facts["id"],
            country=facts["country"],
            time_zone=facts["time_zone"],
            real_environment=facts["real_environment"],
            record=facts["record"],
            fhir_base=facts["fhir_base"],
            standards=dict(content["standards"]),
            decisions={name: _decision(name, decision, str(path)) for name, decision in content["decisions"].items()},
            folder=folder,
            facts=_facts(content.get("facts", {}), str(path)),
            **read_submission(submission, folder, str(path)),
        )
    except KeyError as missing:
        raise DefinitionError(str(path), f"no {missing} in [study], [standards] or [decisions]") from None
    except TypeError:
        raise DefinitionError(
            str(path), "every decision has exactly choice, why and rejected, and may have option and options"
        ) from None


def _decision(name: str, row: dict[str, Any], where: str) -> Decision:
    decision = Decision(**row | {"options": tuple(row.get("options", ()))})
    if decision.option not in (decision.options or ("",)):
        known = ", ".join(decision.options) or "nothing, as there are no options"
        raise DefinitionError(where, f"[decisions.{name}] option {decision.option!r} is none of {known}")
    return decision


def _facts(tables: dict[str, dict[str, str | list[str]]], where: str) -> dict[str, dict[str, tuple[str, ...]]]:
    facts: dict[str, dict[str, tuple[str, ...]]] = {}
    for variable, topics in tables.items():
        if not isinstance(topics, dict):
            raise DefinitionError(where, f"[facts] {variable} is no table: write [facts.{variable}]")
        facts[variable] = {}
        for topic, given in topics.items():
            values = tuple(given) if isinstance(given, list) else (given,)
            if not values or not all(isinstance(value, str) and value.strip() for value in values):
                raise DefinitionError(where, f"[facts.{variable}] {topic} is neither text nor a list of texts")
            facts[variable][topic] = values
    return facts


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


def read_terminology(folder: Path) -> Terminology:
    """Read `codelists.csv`, `decodes.csv`, `packages.csv` and `collected.csv`.

    Raises:
        DefinitionError: a table is missing, or a term of a CDISC codelist has no code and is no extension.
    """
    specs = folder / "specs"
    decodes = {
        (row["codelist"], row["term"]): row["decode"]
        for row in read_table(specs / "decodes.csv", ("codelist", "term", "decode"))
    }
    packages = {row["codelist"]: row["package"] for row in read_table(specs / "packages.csv", ("codelist", "package"))}
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    table, columns = specs / "codelists.csv", ("codelist", "ccode", "name", "extensible", "term", "term_ccode")
    for line, row in enumerate(read_table(table, columns), start=2):
        if row["ccode"] and not row["term_ccode"]:
            raise DefinitionError(f"{table}:{line}", f"{row['term']} has no code and is not marked as {_EXTENSION!r}")
        if row["term_ccode"] == _EXTENSION and row["extensible"] != "Yes":
            raise DefinitionError(
                f"{table}:{line}", f"{row['term']} extends {row['codelist']}, which cannot be extended"
            )
        rows[row["codelist"]].append(row)
    codelists = {
        name: CodeList(
            name=name,
            ccode=terms[0]["ccode"],
            label=terms[0]["name"],
            extensible=terms[0]["extensible"] == "Yes",
            terms=tuple(_term(row, decodes) for row in terms),
            package=packages.get(name, SDTM),
        )
        for name, terms in rows.items()
    }
    collected: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_table(specs / "collected.csv", ("codelist", "collected", "term")):
        collected[row["codelist"]][row["collected"]] = row["term"]
    return Terminology(codelists, dict(collected))


def _term(row: dict[str, str], decodes: Mapping[tuple[str, str], str]) -> Term:
    is_extension = row["term_ccode"] == _EXTENSION
    decode = decodes.get((row["codelist"], row["term"]), "")
    return Term(row["term"], "" if is_extension else row["term_ccode"], decode, is_extension)


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
