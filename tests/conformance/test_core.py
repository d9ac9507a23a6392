"""CDISC's rules engine over the datasets; needs ../shared and a Python 3.12 with the engine, named in CORE_PYTHON."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.first_study import first_study
from cdisc_aclf.read.study import read_explained

ENGINE = Path(__file__).resolve().parents[2].parent / "shared" / "standards" / "core" / "check_with_core.py"
PYTHON = os.environ.get("CORE_PYTHON", "")

pytestmark = pytest.mark.skipif(
    not (ENGINE.exists() and PYTHON), reason="needs ../shared/standards and CORE_PYTHON with cdisc-rules-engine"
)


@pytest.mark.parametrize("data", ["clean", "dirty"])
def test_the_rules_engine_finds_nothing_that_is_not_explained(data: str, tmp_path: Path):
    export, package, result = tmp_path / "export", tmp_path / "package", tmp_path / "core.json"
    assert main(["simulate", "--out", str(export), *(["--clean"] if data == "clean" else [])]) == 0
    dictionaries = str(export / "dictionaries")
    given = ["--raw", str(export / "raw"), "--dictionary", dictionaries, "--out", str(package), "--fail-on", "never"]
    assert main(["build", *given]) == 0
    datasets = package / "m5/datasets/pl21/tabulations/sdtm"
    arguments = [
        PYTHON,
        str(ENGINE),
        "sdtmig",
        "3.4",
        "sdtmct-2025-03-28",
        str(datasets),
        "--define",
        str(datasets / "define.xml"),
        "--json",
        str(result),
    ]
    subprocess.run(arguments, check=False, capture_output=True)
    rules = json.loads(result.read_text("utf-8"))
    assert sum(rule["status"] == "passed" for rule in rules) > 200
    found = {(rule["rule"], dataset) for rule in rules if rule["status"] == "issues" for dataset in rule["where"]}
    explained = {
        (rule.rule, dataset)
        for rule in read_explained(first_study())
        for dataset in rule.datasets
        if rule.data == "any" or data == "dirty"
    }
    assert found - explained == set()
