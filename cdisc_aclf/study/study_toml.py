"""`specs/study.toml`: ids, versions of standards, decisions, and facts that a person adds to the registry record."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_toml
from cdisc_aclf.model.path import part_problem
from cdisc_aclf.model.study import Decision, Study
from cdisc_aclf.study.profile import read_submission

_STUDY = ("id", "country", "time_zone", "real_environment", "record", "fhir_base")
_DECISION = tuple(field.name for field in fields(Decision))
_OPTIONAL = ("option", "options")


def read_study(folder: Path, profile: str = "") -> Study:
    """Read `specs/study.toml`.

    Args:
        folder: the study folder.
        profile: the authority, where it is another one than the file chooses.

    Raises:
        DefinitionError: the file is missing, lacks what every study needs, or has what is not of its kind; everything
            that is wrong in it is named at once.
    """
    path = folder / "specs" / "study.toml"
    content = read_toml(path)
    if problems := [*_study_problems(content), *_decision_problems(content)]:
        raise DefinitionError(str(path), "; ".join(problems))
    submission = content.get("submission", {}) | ({"profile": profile} if profile else {})
    return Study(
        **{name: content["study"][name] for name in _STUDY},
        standards=dict(content["standards"]),
        decisions={name: _decision(name, row, str(path)) for name, row in content["decisions"].items()},
        folder=folder,
        facts=_facts(content.get("facts", {}), str(path)),
        **read_submission(submission, folder, str(path)),
    )


def _study_problems(content: Mapping[str, Any]) -> Iterator[str]:
    for table in ("study", "standards", "decisions"):
        if not isinstance(content.get(table), dict):
            yield f"no table [{table}]"
    study = content.get("study")
    if not isinstance(study, dict):
        return
    for name in _STUDY:
        if not isinstance(study.get(name), str):
            yield f"[study] has no {name!r}" if name not in study else f"[study] {name} is no text"
    if isinstance(study.get("id"), str) and (problem := part_problem(study["id"])):
        yield f"[study] id {study['id']!r} {problem}"
    standards = content.get("standards")
    for name, version in standards.items() if isinstance(standards, dict) else ():
        if not isinstance(version, str):
            yield f"[standards] {name} is no text"


def _decision_problems(content: Mapping[str, Any]) -> Iterator[str]:
    decisions = content.get("decisions")
    for name, row in decisions.items() if isinstance(decisions, dict) else ():
        where = f"[decisions.{name}]"
        if not isinstance(row, dict):
            yield f"{where} is no table"
            continue
        for key in _DECISION:
            if key not in row and key not in _OPTIONAL:
                yield f"{where} has no {key!r}"
        for key, value in row.items():
            if key not in _DECISION:
                yield f"{where} has {key!r}: a decision has choice, why and rejected, and may have option and options"
            elif key != "options" and not isinstance(value, str):
                yield f"{where} {key} is no text"
            elif key == "options" and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
                yield f"{where} options is no list of texts"


def _decision(name: str, row: Mapping[str, Any], where: str) -> Decision:
    decision = Decision(**{**row, "options": tuple(row.get("options", ()))})
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
