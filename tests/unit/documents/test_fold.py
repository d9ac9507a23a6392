"""Lines of Chinese text: names, numbers and characters stay whole, and no mark begins a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.documents.fold import folded

PIECES = st.lists(
    st.sampled_from(["受试者", "基线", "，", "。", "（", "）", " ", "ADSL.LSTALVDT", "3.4", "<0.5", "10^11", "，见"]),
    max_size=60,
)


def wide(text: str) -> int:
    """Two columns for a Chinese character or mark, one for any other."""
    return sum(1 if letter.isascii() else 2 for letter in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("两组的基线均为最后一个值", ["两组的基线均", "为最后一个值"]),
        ("CTCAE v5.0仅在抗凝时分级", ["CTCAE v5.0仅", "在抗凝时分级"]),
        ("存活者，见ADSL.LSTALVDT", ["存活者，见", "ADSL.LSTALVDT"]),
        ("两组受试者的，各一", ["两组受试者", "的，各一"]),
        ("受试者编号（见方案）", ["受试者编号", "（见方案）"]),
    ],
)
def test_a_line_is_broken_between_characters_but_not_within_a_name_or_before_a_mark(text: str, lines: list[str]):
    assert folded(text, 12, wide).split("\n") == lines


def test_text_without_chinese_is_left_as_it_is():
    assert folded("a text of more than one line", 5, wide) == "a text of more than one line"


def test_paragraphs_stay_apart():
    assert folded("基线\n\n访视", 20, wide) == "基线\n\n访视"


@settings(deadline=None)
@given(PIECES, st.integers(14, 40))
def test_no_character_is_lost_and_no_name_is_cut(pieces: list[str], width: int):
    text = "".join(pieces)
    lines = folded(text, width, wide).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for name in ("ADSL.LSTALVDT", "<0.5", "10^11"):
        assert sum(line.count(name) for line in lines) == text.count(name)


@settings(deadline=None)
@given(PIECES, st.integers(14, 40))
def test_no_line_but_the_first_begins_with_a_mark(pieces: list[str], width: int):
    text = "".join(piece for piece in pieces if piece != " ")
    _, *others = folded(text, width, wide).split("\n")
    assert not any(line.startswith(("，", "。", "）")) for line in others)
