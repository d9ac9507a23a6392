"""The Chinese of texts: each English one has one, and whoever lacks one is named."""

from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.language import Language
from cdisc_aclf.study.language import read_language


def read(folder: Path, *rows: str) -> Language:
    path = folder / "specs" / "text_zh.csv"
    path.parent.mkdir()
    path.write_text("\n".join(["text,text_zh", *rows, ""]), "utf-8")
    return read_language(folder, "zh")


def test_texts_of_the_study_and_words_of_the_program_are_looked_up_alike(tmp_path: Path):
    say = read(tmp_path, "One record per subject,每名受试者一条记录")
    assert say("One record per subject") == say.beside("One record per subject") == "每名受试者一条记录"
    assert say("Introduction") == "引言"
    assert (say.is_chinese, say.tag) == (True, "zh-Hans")


def test_english_needs_no_table_and_has_nothing_beside_it(tmp_path: Path):
    say = read_language(tmp_path, "en")
    assert (say("anything"), say.beside("anything"), say.tag) == ("anything", "", "en")


def test_a_text_without_chinese_names_the_table_to_open_and_the_text(tmp_path: Path):
    say = read(tmp_path)
    with pytest.raises(DefinitionError, match=r"specs/text_zh\.csv: no Chinese for 'One record per subject'"):
        say("One record per subject")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("Age.,年龄。", "Age.,岁数。"), r"'Age\.' has two rows"),
        (("Sex.,性别。", "Introduction,绪论"), "'Introduction' has two rows"),
        (("Sex.,性别。", "Age.,"), r"'Age\.' has no Chinese"),
        (("Sex.,性别。", "Age.,年龄。 "), "blank at its edge"),
    ],
)
def test_a_row_without_one_clear_text_is_refused(tmp_path: Path, rows: tuple[str, ...], message: str):
    with pytest.raises(DefinitionError, match=rf"text_zh\.csv:3.*{message}"):
        read(tmp_path, *rows)
