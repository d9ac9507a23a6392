"""An export without faults, which several contracts are tried on."""

from pathlib import Path

import pytest

from cdisc_aclf.cli import main


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "export"
    assert main(["simulate", "--clean", "--subjects", "4", "--out", str(folder)]) == 0
    return folder
