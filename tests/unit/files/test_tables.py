from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table, read_toml


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "arms.csv"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_every_cell_is_text_as_written(table: Path):
    write(table, 'code,label,empty\nNO,007 ,\n"a,b","say ""hi""",12:30\n')
    assert read_table(table) == [
        {"code": "NO", "label": "007 ", "empty": ""},
        {"code": "a,b", "label": 'say "hi"', "empty": "12:30"},
    ]


def test_a_cell_in_quotes_may_go_over_lines(table: Path):
    assert read_table(write(table, 'code,label\nA,"one\ntwo"\n')) == [{"code": "A", "label": "one\ntwo"}]


def test_line_ends_of_windows_are_line_ends(table: Path):
    assert read_table(write(table, "code,label\r\nA,对照组\r\n")) == [{"code": "A", "label": "对照组"}]


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x85"])
def test_only_line_ends_end_a_row(table: Path, separator: str):
    assert read_table(write(table, f"code,label\nA,one{separator}two\n")) == [
        {"code": "A", "label": f"one{separator}two"}
    ]


def test_a_table_may_have_a_header_only(table: Path):
    assert read_table(write(table, "code,label\n"), ("code",)) == []


def test_a_missing_file_is_named(table: Path):
    with pytest.raises(DefinitionError, match=r"arms.csv: the study needs this file and it is missing"):
        read_table(table)


def test_a_missing_column_is_named_with_those_that_are_there(table: Path):
    write(table, "code,label\n")
    with pytest.raises(DefinitionError, match=r"arms.csv:1: no column armcd, arm; the header has code, label"):
        read_table(table, ("armcd", "label", "arm"))


def test_an_empty_file_has_no_columns(table: Path):
    with pytest.raises(DefinitionError, match=r"arms.csv:1: no column armcd"):
        read_table(write(table, ""), ("armcd",))


@pytest.mark.parametrize(("row", "cells"), [("B", 1), ("B,b,c", 3), ("", 0)])
def test_a_row_of_another_width_is_named_by_its_line(table: Path, row: str, cells: int):
    write(table, f"code,label\nA,a\n{row}\nC,c\n")
    with pytest.raises(DefinitionError, match=rf"arms.csv:3: {cells} cells, the header has 2"):
        read_table(table)


def test_another_encoding_is_named_by_its_first_byte(table: Path):
    write(table, "code,label\nA,对照组\n", "gb18030")
    with pytest.raises(DefinitionError, match=r"arms.csv: not UTF-8 at byte 13"):
        read_table(table)


def test_toml_keeps_its_types(tmp_path: Path):
    path = write(tmp_path / "study.toml", '[study]\nid = "PL21"\nsubjects = 20\n')
    assert read_toml(path) == {"study": {"id": "PL21", "subjects": 20}}


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [("[study\n", "utf-8", "at line 1"), ('id = "组"', "gb18030", "can't decode")],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str, encoding: str, said: str):
    path = write(tmp_path / "study.toml", text, encoding)
    with pytest.raises(DefinitionError, match=rf"study.toml: .*{said}"):
        read_toml(path)


def test_a_missing_toml_file_is_named(tmp_path: Path):
    with pytest.raises(DefinitionError, match=r"study.toml: the study needs this file and it is missing"):
        read_toml(tmp_path / "study.toml")
