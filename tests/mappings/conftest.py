"""The stories: raw forms of a few subjects, small enough to read, mapped once for all tests of this folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset, conform, conform_analysis
from cdisc_aclf.study.mappings import load_checks, load_mappings
from cdisc_aclf.study.plan import make_plan, run
from cdisc_aclf.study.specs import read_forms, read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
STORIES = Path(__file__).parent / "stories"
TOLD = ("dm", "se", "sv", "ex", "lb", "ae", "ds", "cm", "pr", "mh", "dv", "ss", "dd", "relrec", "vs", "mb", "rs")
DICTIONARY = pl.DataFrame(
    [
        ("Sleepy liver", "101", "Liver drowsiness", "11", "Drowsy organs", "21", "Organ moods", "31", "Moods", "41"),
        ("肝困", "102", "Liver drowsiness", "11", "Drowsy organs", "21", "Organ moods", "31", "Moods", "41"),
    ],
    schema=["llt", "llt_code", "pt", "pt_code", "hlt", "hlt_code", "hlgt", "hlgt_code", "soc", "soc_code"],
    orient="row",
)
DRUGS = pl.DataFrame(
    [("Veltorin", "VELTOR", "VELTS", "X99")], schema=["drug", "decod", "atc", "atc_code"], orient="row"
)
"""Invented terms: no dictionary is shipped."""


def _forms() -> dict[str, pl.DataFrame]:
    """Every form of the CRF: what a story does not say is null, a form without a file has no records."""
    forms = {}
    for name, spec in read_forms(ROOT).items():
        path = STORIES / f"{name}.csv"
        told = pl.read_csv(path, infer_schema=False) if path.exists() else pl.DataFrame({"subject": []})
        row = pl.int_range(2, pl.len() + 2).cast(pl.String)
        usual = {"environment": pl.lit("PROD"), "site": pl.lit("01"), "record": row}
        silent = [column.name for column in spec.columns if column.name not in told.columns]
        forms[name] = told.cast(pl.String).with_columns(
            *(usual.get(column, pl.lit(None, pl.String)).alias(column) for column in silent),
            raw_record=pl.lit(f"{name}:") + row,
        )
    return forms


@pytest.fixture(scope="session")
def stories() -> Mapping[str, Dataset]:
    """The conformed datasets by name, those of SDTM and then those of ADaM."""
    standard, analysis = read_standard(ROOT, "sdtm"), read_standard(ROOT, "adam")
    values = {
        "study": read_study(ROOT),
        "ct": read_terminology(ROOT),
        "dict_meddra": DICTIONARY,
        "dict_whodrug": DRUGS,
        **{f"raw_{name}": form for name, form in _forms().items()},
        **{f"ref_{name}": table for name, table in read_references(ROOT).items()},
    }
    mappings = [mapping for mapping in load_mappings(ROOT / "mappings" / "sdtm") if mapping.name in TOLD]
    mappings += load_mappings(ROOT / "mappings" / "adam")
    needs = {need for mapping in mappings for need in mapping.needs}
    checks = {check.name: check for check in load_checks(ROOT / "mappings" / "checks") if check.name in needs}
    datasets = {}
    for step in make_plan([*mappings, *checks.values()], values).steps:
        if step.name in checks:
            values[step.name] = run(step, values)
            continue
        name, frame = step.name.upper(), run(step, values)
        if spec := analysis.datasets.get(name):
            datasets[name] = conform_analysis(frame, spec, mapping=step.file)
        else:
            spec = standard.datasets[name]
            datasets[name] = conform(frame, spec, standard.qualifiers_of(name), mapping=step.file)
        values[step.name] = datasets[name].frame
    return MappingProxyType(datasets)


@pytest.fixture(scope="session")
def story(stories: Mapping[str, Dataset]) -> Callable[..., list[tuple[object, ...]]]:
    """What a dataset says of one subject: the given variables of each of its records, in their order."""

    def story(dataset: str, subject: str, *variables: str) -> list[tuple[object, ...]]:
        frame = stories[dataset.removeprefix("SUPP")]
        records = frame.supplement if dataset.startswith("SUPP") else frame.frame
        return records.filter(pl.col("USUBJID") == f"PL21-{subject}").select(variables).rows()

    return story
