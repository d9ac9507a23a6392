"""The Chinese of every text: there, not left over, printable, and with the numbers and names of the English one."""

import ast
import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.font import FONT_FILE
from cdisc_aclf.study.definition import open_study

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cdisc_aclf"
STUDY, PROGRAM = ROOT / "specs" / "text_zh.csv", PACKAGE / "study" / "words_zh.csv"
WORD = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*", re.ASCII)


def rows(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["text"]: row["text_zh"] for row in csv.DictReader(file)}


def names_and_numbers(text: str) -> Counter[str]:
    """Words with a digit, an underscore or two capitals, and the values Y and N; the s of a plural does not count."""
    words = (re.sub(r"(?<=[A-Z])s$", "", word) for word in WORD.findall(text))
    return Counter(
        word for word in words if re.search(r"[0-9_]|[A-Z].*[A-Z]", word) or word in {"Y", "N"} or word == "CRF"
    )


@pytest.mark.parametrize("path", [STUDY, PROGRAM], ids=lambda path: path.name)
def test_every_number_and_every_name_of_a_text_is_in_its_translation(path: Path):
    differing = {
        text: chinese for text, chinese in rows(path).items() if names_and_numbers(text) != names_and_numbers(chinese)
    }
    assert differing == {}
    assert [text for text, chinese in rows(path).items() if text.count("{}") != chinese.count("{}")] == []


def test_names_and_numbers_are_told_from_words():
    assert names_and_numbers("Day 13 of AEs (ADSL.AGE, <0.5): Y, a Test and MT_A, 7.4 to 8.4.") == Counter(
        {"13": 1, "AE": 1, "ADSL.AGE": 1, "0.5": 1, "Y": 1, "MT_A": 1, "7.4": 1, "8.4": 1}
    )


def test_every_translation_is_chinese_and_in_the_font():
    known = TTFont(FONT_FILE).getBestCmap()
    for text, chinese in {**rows(STUDY), **rows(PROGRAM)}.items():
        assert not {letter for letter in chinese if ord(letter) not in known}, chinese
        if re.search(r"[a-z]{2}", text):  # the others are names alone
            assert re.search(r"[\u4e00-\u9fff]", chinese), text


def test_every_text_of_the_study_has_a_row_and_no_row_is_left_over():
    texts = {text for profile in ("fda", "nmpa") for _, text in open_study(ROOT, profile).texts()}
    assert texts == set(rows(STUDY))


def test_every_word_of_the_program_stands_in_its_code():
    written = {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(rows(PROGRAM)) - written == set()


def test_whatever_the_code_says_by_its_words_has_a_row():
    said = {
        node.args[0].value
        for package in ("define", "documents", "report", "submission")
        for path in (PACKAGE / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in {"say", "words", "language"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 50
    assert said - set(rows(PROGRAM)) == set()


@pytest.mark.parametrize(
    ("table", "text", "file"),
    [
        ("methods.csv", "DM.ARM (ADaMIG 1.3 section 3.2.4).", r"specs/methods\.csv"),
        ("study.toml", "AGE is in completed years at informed consent", r"specs/study\.toml"),
        ("raw/demographics.csv", "identifies a person; never submitted", r"specs/raw/.*\.csv"),
        ("sdtm/datasets.csv", "One record per I/E criterion", r"specs/sdtm/datasets\.csv"),
    ],
)
def test_a_text_of_the_study_that_changes_asks_for_its_translation(tmp_path: Path, table: str, text: str, file: str):
    for name in ("specs", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "specs" / table
    before = path.read_text("utf-8")
    assert text in before
    path.write_text(before.replace(text, f"{text} Now"), "utf-8")
    with pytest.raises(
        DefinitionError, match=rf"{file}: no row in specs/text_zh\.csv has the Chinese of '{re.escape(text)} Now'"
    ):
        open_study(tmp_path, "nmpa")
    assert open_study(tmp_path, "fda").language("anything") == "anything"
