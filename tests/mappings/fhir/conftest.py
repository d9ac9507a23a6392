"""The mappings of this study to FHIR, called by name as the plan calls them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.model.frame import RAW_RECORD
from cdisc_aclf.model.trial import Trial
from cdisc_aclf.pipelines.registry import tables_of
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.mappings import load_mappings
from cdisc_aclf.study.specs import read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def trial() -> Trial:
    return read_trial(ROOT / "specs" / read_study(ROOT).record)


@pytest.fixture(scope="session")
def apply(trial: Trial) -> Callable[..., Any]:
    """Call a mapping with the facts of this study; keywords replace or add to them.

    For another trial the tables of this study are empty.
    """
    mappings = {mapping.name: mapping for mapping in load_mappings(ROOT / "mappings" / "fhir")}
    facts = {"study": read_study(ROOT), "trial": trial, "ct": read_terminology(ROOT)}
    references = read_references(ROOT)

    def apply(name: str, **given: object) -> pl.DataFrame | list[dict[str, Any]]:
        mapping = mappings[name]
        values: dict[str, Any] = facts | given
        tables = tables_of(values["trial"], trial, references)
        values = {f"ref_{name}": table for name, table in tables.items()} | values
        return mapping.function(**{need: values[need] for need in mapping.needs})

    return apply


@pytest.fixture(scope="session")
def rows(apply: Callable[..., Any]) -> Callable[..., list[dict[str, str]]]:
    """Rows of an element frame without what is null; a dataset that is not given is empty."""
    sdtm = read_standard(ROOT, "sdtm").datasets
    schemas = {
        name.lower(): {variable.name: variable.dtype for variable in spec.variables} | {RAW_RECORD: pl.String}
        for name, spec in sdtm.items()
    }

    def rows(mapping: str, **records: list[dict[str, object]]) -> list[dict[str, str]]:
        frames = {name: pl.DataFrame(records.get(name, []), schema=schema) for name, schema in schemas.items()}
        elements = apply(mapping, **frames).drop(RAW_RECORD)
        return [{path: text for path, text in row.items() if text is not None} for row in elements.to_dicts()]

    return rows


@pytest.fixture(scope="session")
def resources() -> set[str]:
    """Names of the mappings that need no subject data."""
    return {name for name, spec in read_fhir(ROOT).resources.items() if not spec.is_about_subjects}
