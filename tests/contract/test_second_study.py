"""A second study is another folder; no line of the package changes for it."""

import ast
import shutil
from pathlib import Path

import pytest

import cdisc_aclf
from cdisc_aclf.cli import main
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.study.shipped import first_study


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The first study under another id, with other arm codes and without one of its forms."""
    folder = tmp_path / "second"
    for part in ("specs", "mappings"):
        shutil.copytree(first_study() / part, folder / part)
    edits = {
        "specs/study.toml": ('id = "PL21"', 'id = "XY01"'),
        "specs/reference/arms.csv": ("EXO,", "ACTIVE,"),
    }
    for file, (old, new) in edits.items():
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")
    return folder


def test_another_folder_gives_another_study(second: Path, tmp_path: Path):
    export, package = tmp_path / "export", tmp_path / "package"
    assert main(["simulate", "--study", str(second), "--clean", "--subjects", "4", "--out", str(export)]) == 0
    given = ["--raw", str(export / "raw"), "--dictionary", str(export / "dictionaries"), "--quiet"]
    assert main(["build", "--study", str(second), *given, "--out", str(package)]) == 0
    dm = read_xpt(package / "m5/datasets/xy01/tabulations/sdtm/dm.xpt").frame
    assert set(dm["STUDYID"]) == {"XY01"}
    assert all(subject.startswith("XY01-") for subject in dm["USUBJID"])
    assert {"CTRL", "ACTIVE"} == set(dm["ARMCD"].drop_nulls())


def strings_of(code: ast.AST) -> list[str]:
    """The texts that the code works with, without docstrings."""
    said = {id(node.value) for node in ast.walk(code) if isinstance(node, ast.Expr)}
    nodes = (node for node in ast.walk(code) if isinstance(node, ast.Constant) and id(node) not in said)
    return [node.value for node in nodes if isinstance(node.value, str)]


@pytest.mark.parametrize("name", ["PL21", "NCT0", "exosome", "PT-MSCs", "COSSH", "Guangzhou"])
def test_no_code_of_the_package_names_the_first_study(name: str):
    package = Path(cdisc_aclf.__file__).parent
    strings = {file.name: strings_of(ast.parse(file.read_text("utf-8"))) for file in package.rglob("*.py")}
    assert [file for file, texts in strings.items() if any(name.lower() in text.lower() for text in texts)] == []
