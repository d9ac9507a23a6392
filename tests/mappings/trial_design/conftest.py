"""The study folder, and a way to run one of its mappings or checks with other inputs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset, conform
from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.mappings import load_checks, load_mappings
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.specs import read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[3]
NOBODY = pl.DataFrame(schema={"ARMCD": pl.String, "RFICDTC": pl.String})


@pytest.fixture(scope="session")
def study_folder() -> SimpleNamespace:
    """Everything in the folder that the trial design datasets are made from."""
    study = read_study(ROOT)
    return SimpleNamespace(
        study=study,
        trial=read_trial(ROOT / "specs" / study.record),
        ct=read_terminology(ROOT),
        standard=read_standard(ROOT, "sdtm"),
        references=read_references(ROOT),
        steps={
            step.name: step
            for step in (*load_mappings(ROOT / "mappings" / "sdtm"), *load_checks(ROOT / "mappings" / "checks"))
        },
    )


@pytest.fixture(scope="session")
def given(study_folder: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """The inputs of a mapping as in the study folder, without data; `facts` replace those of study.toml."""

    def given(facts: dict[str, dict[str, tuple[str, ...]]] | None = None, **others: object) -> dict[str, Any]:
        study = study_folder.study if facts is None else replace(study_folder.study, facts=facts)
        tables = {f"ref_{name}": table for name, table in study_folder.references.items()}
        return tables | {"study": study, "trial": study_folder.trial, "ct": study_folder.ct, "dm": NOBODY} | others

    return given


@pytest.fixture(scope="session")
def conformed(study_folder: SimpleNamespace, given: Callable[..., dict[str, Any]]) -> Callable[..., Dataset]:
    """A dataset of which the schema finds nothing to say."""

    def conformed(name: str, **others: Any) -> Dataset:  # noqa: ANN401 - whatever the mapping asks for
        step, spec = study_folder.steps[name], study_folder.standard.datasets[name.upper()]
        dataset = conform(run(step, given(**others)), spec, (), mapping=step.file)
        assert validate(dataset.frame, spec, study_folder.ct) == []
        return dataset

    return conformed


@pytest.fixture(scope="session")
def mapped(conformed: Callable[..., Dataset]) -> Callable[..., pl.DataFrame]:
    """Every variable of the spec, as the checks see them."""
    return lambda name, **others: conformed(name, **others).frame


@pytest.fixture(scope="session")
def submitted(conformed: Callable[..., Dataset]) -> Callable[..., pl.DataFrame]:
    """The variables that are written."""
    return lambda name, **others: conformed(name, **others).submitted()


@pytest.fixture(scope="session")
def found(study_folder: SimpleNamespace, given: Callable[..., dict[str, Any]]) -> Callable[..., list[Any]]:
    """The first column of the rows that a check returns."""

    def found(name: str, **others: Any) -> list[Any]:  # noqa: ANN401 - whatever the check asks for
        return run(study_folder.steps[name], given(**others)).to_series().to_list()

    return found


@pytest.fixture(scope="session")
def foreign(study_folder: SimpleNamespace) -> dict[str, pl.DataFrame]:
    """The tables of a study folder that knows the record and nothing else."""
    tables = ("arms", "elements", "visits", "treatment")
    return {f"ref_{name}": study_folder.references[name].clear() for name in tables}
