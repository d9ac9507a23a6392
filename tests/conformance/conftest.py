import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[3] / "shared" / "tools" / "fhir"


@pytest.fixture(scope="session")
def fhir_tools() -> Path:
    """The FHIR validator and server, installed once in the cache of the user."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm and TOOL.exists()):
        pytest.skip("node, npm or the FHIR tools are not here")
    cache = Path.home() / ".cache" / "cdisc_aclf-fhirtools"
    for file in filter(Path.is_file, TOOL.rglob("*")):
        copy = cache / file.relative_to(TOOL)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    if not (cache / "node_modules").exists():
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        if subprocess.run([npm, "install", *options], cwd=cache, check=False, capture_output=True).returncode:
            shutil.rmtree(cache / "node_modules", ignore_errors=True)
            pytest.skip("the FHIR tools cannot be installed without a network")
    return cache
