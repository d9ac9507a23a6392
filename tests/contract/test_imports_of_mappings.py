"""What import-linter cannot see: a study's files are loaded by path and belong to no package."""

import ast
import sys
from pathlib import Path

import pytest

import cdisc_aclf
from cdisc_aclf.study.shipped import first_study

MAPPINGS = first_study() / "mappings"
PACKAGE = Path(cdisc_aclf.__file__).parent
ALLOWED = ("cdisc_aclf.map", "cdisc_aclf.fhir.map", "cdisc_aclf.derive", "cdisc_aclf.model", "polars")


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.append(str(node.module))
    return names


@pytest.mark.parametrize("path", sorted(MAPPINGS.rglob("*.py")), ids=lambda path: str(path.relative_to(MAPPINGS)))
def test_a_mapping_imports_expressions_derivations_nouns_and_polars_only(path: Path):
    strangers = [
        name
        for name in imported(path)
        if not name.startswith(ALLOWED) and name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert strangers == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_the_package_imports_no_mapping(path: Path):
    assert not [name for name in imported(path) if name.partition(".")[0] == "mappings"]
