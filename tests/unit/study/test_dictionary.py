from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.dictionary import MEDDRA, WHODRUG
from cdisc_aclf.study.dictionary import no_dictionary, read_dictionary

COLUMNS = ("llt", "llt_code", "pt", "pt_code", "hlt", "hlt_code", "hlgt", "hlgt_code", "soc", "soc_code")
HEADER = ",".join(COLUMNS)
ROW = "Sleepy liver,101,Liver drowsiness,11,Drowsy organs,21,Organ moods,31,Moods,41"
"""Invented terms: no dictionary is shipped."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "meddra.csv"


def test_a_row_is_a_lowest_level_term_with_the_levels_above_it_as_text(path: Path):
    path.write_text(f"{HEADER}\n{ROW}\n")
    frame = read_dictionary(path, MEDDRA)
    assert frame.rows() == [tuple(ROW.split(","))]
    assert frame.schema == dict.fromkeys(COLUMNS, pl.String)


def test_a_byte_order_mark_other_columns_and_another_order_do_not_matter(path: Path):
    header = ",".join(["version", *reversed(COLUMNS)])
    path.write_text(f"{header}\n27.1,{','.join(reversed(ROW.split(',')))}\n", "utf-8-sig")
    assert read_dictionary(path, MEDDRA).rows() == [tuple(ROW.split(","))]


def test_a_term_in_quotes_may_hold_a_comma(path: Path):
    path.write_text(f'{HEADER}\n"Liver, sleepy"{ROW[12:]}\n')
    assert read_dictionary(path, MEDDRA)["llt"].to_list() == ["Liver, sleepy"]


def test_a_missing_file_or_a_folder_is_one_clear_line(path: Path, tmp_path: Path):
    with pytest.raises(InputError, match=r"meddra.csv: the dictionary cannot be opened: No such file"):
        read_dictionary(path, MEDDRA)
    with pytest.raises(InputError, match="the dictionary cannot be opened"):
        read_dictionary(tmp_path, MEDDRA)


def test_another_encoding_is_named_by_its_first_byte(path: Path):
    path.write_bytes(f"{HEADER}\n肝困{ROW[12:]}\n".encode("gb18030"))
    with pytest.raises(InputError, match=rf"meddra.csv: the dictionary is not UTF-8 at byte {len(HEADER) + 1}"):
        read_dictionary(path, MEDDRA)


def test_missing_levels_are_named(path: Path):
    path.write_text("llt,llt_code,pt\n")
    with pytest.raises(InputError, match=r"meddra.csv:1: the dictionary has no column pt_code, hlt, "):
        read_dictionary(path, MEDDRA)


def test_an_empty_file_has_no_levels(path: Path):
    path.touch()
    with pytest.raises(InputError, match=r"meddra.csv:1: the dictionary has no column llt, "):
        read_dictionary(path, MEDDRA)


@pytest.mark.parametrize("code", ["", "A1", "1.5", "-1", "²"])
def test_a_code_that_is_no_number_is_named_by_its_line(path: Path, code: str):
    path.write_text(f"{HEADER}\n{ROW}\n{ROW.replace('101', code)}\n")
    with pytest.raises(InputError, match=rf"meddra.csv:3: llt_code '{code}' is not a code of digits"):
        read_dictionary(path, MEDDRA)


def test_a_row_that_is_too_short_is_named_by_its_line(path: Path):
    path.write_text(f"{HEADER}\nSleepy liver,101\n")
    with pytest.raises(InputError, match=r"meddra.csv:2: the row has fewer cells than the header"):
        read_dictionary(path, MEDDRA)


def test_a_draft_has_a_dictionary_without_terms():
    assert no_dictionary(MEDDRA).schema == dict.fromkeys(COLUMNS, pl.String)
    assert no_dictionary(MEDDRA).is_empty()


def test_a_dictionary_of_drugs_has_text_in_its_codes(path: Path):
    path.write_text("drug,decod,atc,atc_code\nVeltorin,VELTOR,VELTS,X99\n")
    assert read_dictionary(path, WHODRUG).rows() == [("Veltorin", "VELTOR", "VELTS", "X99")]
