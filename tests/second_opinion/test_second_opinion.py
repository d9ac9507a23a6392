"""ADaM computed twice: our datasets against SQL that was written from the specs, in another engine.

`SECOND_OPINION_STUDIES` says how many simulated studies are compared with each other; two in an ordinary run. Of every
second study some days, months and times are not known.
"""

import math
import os
import random
import warnings
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.pipelines.simulate import simulate
from cdisc_aclf.report.kaplan_meier import kaplan_meier
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.shipped import first_study

with warnings.catch_warnings():  # what it imports is not ours to mend
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

HERE = Path(__file__).parent
SEEDS = range(1, 1 + int(os.environ.get("SECOND_OPINION_STUDIES", "2")))
DEFINITION = open_study(first_study())
KEYS = {
    "adsl.sql": ["USUBJID"],
    "adlb.sql": ["USUBJID", "LBSEQ"],
    "scores.sql": ["USUBJID", "VISITNUM", "PARAMCD"],
    "adtte.sql": ["USUBJID", "PARAMCD"],
}
DATES = {"death": "death_date", "procedure": "start_date", "disposition": "end_date", "adverse_event": "start_date"}
TIMES = {"lab": "sample_time", "infusion": "start_time", "randomisation": "randomisation_time"}
YEAR, MONTH, DAY = len("2026"), len("2026-01"), len("2026-01-10")


@pytest.fixture(scope="module", params=SEEDS)
def study(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mapping[str, pl.DataFrame], Path]:
    """The datasets of a simulated study with faults, and a folder of the same as Parquet for the other engine."""
    folder = tmp_path_factory.mktemp("study")
    simulate(first_study(), folder / "export", subjects=20, seed=request.param, clean=False)
    if request.param % 2 == 0:
        forget(folder / "export" / "raw", random.Random(request.param))  # noqa: S311 - no secret
    dictionaries = {path.stem: path for path in (folder / "export" / "dictionaries").iterdir()}
    run = convert(DEFINITION, folder / "export" / "raw", dictionaries=dictionaries, progress=lambda _: None)
    frames = {name: dataset.frame for name, dataset in run.datasets.items()}
    for name, spec in DEFINITION.datasets.items():
        # no dataset without records and no permissible variable without values is written
        schema = {variable.name: variable.dtype for variable in spec.variables}
        written = frames.get(name, pl.DataFrame(schema=schema))
        nulls = [
            pl.lit(None, dtype).alias(variable) for variable, dtype in schema.items() if variable not in written.columns
        ]
        written.with_columns(nulls).write_parquet(folder / f"{name}.parquet")
    return frames, folder


def forget(raw: Path, chance: random.Random) -> None:
    """Cut dates to their month or year or leave them out, and leave out times."""
    for form, column in (DATES | TIMES).items():
        kept = (DAY, DAY, DAY, MONTH, YEAR, 0) if form in DATES else (DAY, DAY, 0)
        frame = pl.read_csv(raw / f"{form}.csv", infer_schema=False)
        texts = [text and (text[: chance.choice(kept)] or None) for text in frame[column]]
        frame.with_columns(pl.Series(column, texts, pl.String)).write_csv(raw / f"{form}.csv")


def recomputed(folder: Path, query: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    with duckdb.connect() as engine:
        engine.execute((HERE / "dates.sql").read_text("utf-8"))
        for file in folder.glob("*.parquet"):
            if file.stem in DEFINITION.standard.datasets:
                engine.read_parquet(str(file)).create_view(file.stem)
        engine.execute(f"CREATE VIEW SUBJECT AS {(HERE / 'adsl.sql').read_text('utf-8')}")
        rows = engine.sql((HERE / query).read_text("utf-8"))
        keys = len(KEYS[query])
        return {row[:keys]: row[keys:] for row in rows.fetchall()}


def ours(frame: pl.DataFrame, keys: list[str], values: list[str]) -> dict[tuple[object, ...], tuple[object, ...]]:
    return {row[: len(keys)]: row[len(keys) :] for row in frame.select(*keys, *values).rows()}


def differing(
    one: dict[tuple[object, ...], tuple[object, ...]], other: dict[tuple[object, ...], tuple[object, ...]]
) -> list[str]:
    """Keys on one side alone, and records that differ by more than the last bits of a double."""
    alone = [f"{key} is on one side alone" for key in one.keys() ^ other.keys()]
    return alone + [
        f"{key}: {one[key]} and {other[key]}"
        for key in one.keys() & other.keys()
        if not all(map(same, one[key], other[key]))
    ]


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float | Decimal):
        return math.isclose(one, float(other), rel_tol=1e-9, abs_tol=1e-8)
    return one == other


def test_dates_and_populations_of_subjects_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    values = ["RANDDT", "TRTSDT", "TRTEDT", "LSTALVDT", "DTHDT", "DTHDTF", "EOSDT", "EOSSTT", "DCSREAS"]
    found = ours(frames["ADSL"], KEYS["adsl.sql"], [*values, "RANDFL", "FASFL", "SAFFL", "COMPLFL"])
    assert found
    assert differing(found, recomputed(folder, "adsl.sql")) == []


def test_laboratory_values_baseline_change_and_windows_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    found = ours(frames["ADLB"], KEYS["adlb.sql"], ["AVAL", "ABLFL", "BASE", "CHG", "PCHG", "AVISIT", "ANL01FL"])
    assert found
    assert differing(found, recomputed(folder, "adlb.sql")) == []


def test_scores_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    scores = frames["ADRS"].filter(pl.col("PARAMCD").is_in(["COSSH2", "CPTOT", "SYMTOT"]))
    found = ours(scores, KEYS["scores.sql"], ["AVAL"])
    assert found
    assert differing(found, recomputed(folder, "scores.sql")) == []


def test_times_to_events_and_censoring_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    found = ours(frames["ADTTE"], KEYS["adtte.sql"], ["AVAL", "CNSR", "ADTF"])
    assert found
    assert differing(found, recomputed(folder, "adtte.sql")) == []


def test_survival_curves_of_both_arms_are_those_of_lifelines(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, _ = study
    for (code, arm), group in frames["ADTTE"].group_by("PARAMCD", "TRTP", maintain_order=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = KaplanMeierFitter().fit(group["AVAL"].to_list(), (group["CNSR"] == 0).to_list())
        curve = kaplan_meier(group, by="TRTP")
        counted = theirs.event_table.loc[curve["time"].to_list()]
        for name, column in (("at_risk", "at_risk"), ("events", "observed"), ("censored", "censored")):
            assert curve[name].to_list() == counted[column].to_list(), (code, arm, name)
        for time, survival, lower, upper in curve.select("time", "survival", "lower", "upper").rows():
            assert same(survival, float(theirs.survival_function_at_times(time).iloc[0])), (code, arm, time)
            if lower is not None:
                assert all(map(same, (lower, upper), theirs.confidence_interval_.loc[time])), (code, arm, time)
