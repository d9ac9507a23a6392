"""Synthetic studies that the tests of this folder look at; each is made once."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import polars as pl
import pytest

from cdisc_aclf.study.mappings import load_from_package

if TYPE_CHECKING:
    from mappings.simulation.study import Simulated

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def specs() -> dict[str, pl.DataFrame]:
    files = {
        **{path.stem: path for path in (ROOT / "specs" / "reference").glob("*.csv")},
        **{path.stem: path for path in (ROOT / "specs" / "simulation").glob("*.csv")},
        **{f"raw/{path.stem}": path for path in (ROOT / "specs" / "raw").glob("*.csv")},
        "collected": ROOT / "specs" / "collected.csv",
    }
    return {name: pl.read_csv(path, infer_schema=False) for name, path in files.items()}


@pytest.fixture(scope="session")
def rules(specs: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(specs["faults"].select("fault", "rule").iter_rows())


@pytest.fixture(scope="session")
def module() -> Callable[[str], ModuleType]:
    return lambda name: load_from_package(ROOT / "mappings" / "simulation", name)


@pytest.fixture(scope="session")
def simulate(specs: dict[str, pl.DataFrame], module: Callable[[str], ModuleType]) -> Callable[..., "Simulated"]:
    study = module("study")

    def simulate(subjects: int = 20, seed: int = 7, *, clean: bool = False) -> "Simulated":
        return study.simulate(subjects=subjects, seed=seed, clean=clean, specs=specs)

    return simulate


@pytest.fixture(scope="session")
def clean(simulate: Callable[..., "Simulated"]) -> "Simulated":
    return simulate(clean=True)


@pytest.fixture(scope="session")
def dirty(simulate: Callable[..., "Simulated"]) -> "Simulated":
    return simulate()


@pytest.fixture(scope="session")
def large(simulate: Callable[..., "Simulated"]) -> "Simulated":
    return simulate(400, 3, clean=True)
