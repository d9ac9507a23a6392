"""ADaM computed twice: our datasets against SQL that was written from the specs, in another engine.

`SECOND_OPINION_STUDIES` says how many simulated studies are held against each other; two in an ordinary run.
"""

import math
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cdisc_aclf.build import convert
from cdisc_aclf.first_study import first_study
from cdisc_aclf.house import open_house
from cdisc_aclf.simulate import simulate

HERE = Path(__file__).parent
SEEDS = range(1, 1 + int(os.environ.get("SECOND_OPINION_STUDIES", "2")))
HOUSE = open_house(first_study())


@pytest.fixture(scope="module", params=SEEDS)
def study(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mapping[str, pl.DataFrame], Path]:
    """The datasets of a simulated study with faults, and a folder of the same as Parquet for the other engine."""
    folder = tmp_path_factory.mktemp("study")
    simulate(first_study(), folder / "export", subjects=8, seed=request.param, clean=False)
    dictionaries = {path.stem: path for path in (folder / "export" / "dictionaries").iterdir()}
    run = convert(HOUSE, folder / "export" / "raw", dictionaries=dictionaries, progress=lambda _: None)
    frames = {name: dataset.frame for name, dataset in run.datasets.items()}
    for name, spec in HOUSE.datasets.items():
        # no dataset without records and no permissible variable without values is written
        schema = {variable.name: variable.dtype for variable in spec.variables}
        written = frames.get(name, pl.DataFrame(schema=schema))
        nulls = [
            pl.lit(None, dtype).alias(variable) for variable, dtype in schema.items() if variable not in written.columns
        ]
        written.with_columns(nulls).write_parquet(folder / f"{name}.parquet")
    return frames, folder


def recomputed(folder: Path, query: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    with duckdb.connect() as engine:
        for file in folder.glob("*.parquet"):
            engine.read_parquet(str(file)).create_view(file.stem)
        rows = engine.sql((HERE / query).read_text("utf-8"))
        keys = {"adlb.sql": 2, "scores.sql": 3, "adtte.sql": 2}[query]
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


def test_laboratory_values_baseline_and_change_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    found = ours(frames["ADLB"], ["USUBJID", "LBSEQ"], ["AVAL", "ABLFL", "BASE", "CHG", "PCHG"])
    assert found
    assert differing(found, recomputed(folder, "adlb.sql")) == []


def test_scores_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    scores = frames["ADRS"].filter(pl.col("PARAMCD").is_in(["COSSH2", "CPTOT", "SYMTOT"]))
    found = ours(scores, ["USUBJID", "VISITNUM", "PARAMCD"], ["AVAL"])
    assert found
    assert differing(found, recomputed(folder, "scores.sql")) == []


def test_times_to_events_and_censoring_are_those_of_sql(study: tuple[Mapping[str, pl.DataFrame], Path]):
    frames, folder = study
    found = ours(frames["ADTTE"], ["USUBJID", "PARAMCD"], ["AVAL", "CNSR"])
    assert found
    assert differing(found, recomputed(folder, "adtte.sql")) == []
