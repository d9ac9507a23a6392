import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.model.spreadsheet import csv_text, harmless

ATTACKS = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1+cmd", "-1+1", "\t=1+1", "\r=1", " =1+1", "-A1", "+A1", "=", "@"]


@pytest.mark.parametrize("text", ATTACKS[:-2])
def test_what_a_spreadsheet_would_calculate_stands_behind_an_apostrophe(text: str):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "+", "-", "-5", "+0.5", "-1,234.5", "1e-3", "-1E5", "2026-01-10", "a=b", "=", "@"]
)
def test_a_number_a_single_sign_and_ordinary_text_stay_as_they_are(text: str):
    assert harmless(text) == text


@given(st.text(max_size=12))
def test_a_cell_is_found_again_behind_its_apostrophe(text: str):
    assert harmless(text) in {text, f"'{text}"}


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_every_cell_is_read_back_as_it_was_written(rows: list[list[str]]):
    text = csv_text(["a", "b"], rows)
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [[harmless(cell) for cell in row] for row in rows]
