"""CDISC's rules engine over the datasets; needs ../shared and a Python 3.12 with the engine, named in CORE_PYTHON."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.shipped import first_study

ENGINE = Path(__file__).resolve().parents[2].parent / "shared" / "standards" / "core" / "check_with_core.py"
PYTHON = os.environ.get("CORE_PYTHON", "")

pytestmark = pytest.mark.skipif(
    not (ENGINE.exists() and PYTHON), reason="needs ../shared/standards and CORE_PYTHON with cdisc-rules-engine"
)


ANALYSIS = """
import sys
sys.path.insert(0, sys.argv[1])
import check_with_core as engine
given, sys.argv = engine.load, sys.argv[1:]
# the cache has the rules of ADaMIG 1.3 and its time-to-event details, not those of the guide itself
engine.load = lambda name: given(name) if name != "standards_details.pkl" else {
    "standards/adam/adamig-1-3": {**given(name)["standards/adam/adam-tte-1-0"], "name": "ADaMIG", "version": "1-3"},
    **given(name),
}
engine.main()
"""
"""The runner for ADaM, with what its cache lacks."""


def built(data: str, profile: str, folder: Path) -> Path:
    """The folder of a study's datasets in a package of the synthetic study."""
    export, package = folder / "export", folder / "package"
    assert main(["simulate", "--out", str(export), *(["--clean"] if data == "clean" else [])]) == 0
    dictionaries = str(export / "dictionaries")
    given = ["--raw", str(export / "raw"), "--dictionary", dictionaries, "--out", str(package), "--fail-on", "never"]
    assert main(["build", *given, "--profile", profile]) == 0
    return package / "m5/datasets/pl21"


@pytest.mark.parametrize(("data", "profile"), [("clean", "nmpa"), ("dirty", "fda")])
def test_the_rules_engine_finds_nothing_that_is_not_explained(data: str, profile: str, tmp_path: Path):
    datasets, result = built(data, profile, tmp_path) / "tabulations/sdtm", tmp_path / "core.json"
    arguments = ["sdtmig", "3.4", "sdtmct-2025-03-28", str(datasets), "--define", str(datasets / "define.xml")]
    subprocess.run([PYTHON, str(ENGINE), *arguments, "--json", str(result)], check=False, capture_output=True)
    rules = json.loads(result.read_text("utf-8"))
    assert sum(rule["status"] == "passed" for rule in rules) > 200
    found = {(rule["rule"], dataset) for rule in rules if rule["status"] == "issues" for dataset in rule["where"]}
    explained = {
        (rule.rule, dataset)
        for rule in open_study(first_study(), profile).explained
        for dataset in rule.datasets
        if rule.data == "any" or data == "dirty"
    }
    assert found - explained == set()


def test_the_analysis_rules_of_the_engine_find_nothing(tmp_path: Path):
    datasets, result = built("dirty", "fda", tmp_path) / "analysis/adam/datasets", tmp_path / "core.json"
    arguments = [str(ENGINE.parent), "adamig", "1.3", "adamct-2025-03-28", str(datasets), "--json", str(result)]
    done = subprocess.run([PYTHON, "-c", ANALYSIS, *arguments], check=False, capture_output=True, text=True)
    rules = json.loads(result.read_text("utf-8")) if result.exists() else done.stderr
    assert [rule["rule"] for rule in rules if rule["status"] == "issues"] == []
    assert sum(rule["status"] == "passed" for rule in rules) >= 9
