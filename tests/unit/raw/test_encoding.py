import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import InputError
from cdisc_aclf.raw.encoding import decode

LEVEL_1_HANZI = "".join(
    bytes([lead, trail]).decode("gb2312")
    for lead in range(0xB0, 0xD8)
    for trail in range(0xA1, 0xFA if lead == 0xD7 else 0xFF)
)
LINES = ("subject,sex", "01,男", "02,男性", "03,女", "04,女性")
FILE = Path("dm.csv")


def refusal(content: bytes) -> str:
    with pytest.raises(InputError) as refused:
        decode(content, FILE)
    return str(refused.value)


def mixed(usual: str, odd: str, subjects: set[str]) -> bytes:
    return b"\n".join(line.encode(odd if line[:2] in subjects else usual) for line in LINES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_chinese_sites_are_read(encoding: str):
    text = "subject,sex\n01,男性\n02,女\n03,𠮷\n"
    assert decode(text.encode(encoding), FILE) == text


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.sampled_from(LEVEL_1_HANZI + "abc ,1")), max_size=8))
def test_common_chinese_in_gb18030_is_never_taken_for_another_encoding(lines: list[str]):
    text = "\n".join(["是", *lines])
    assert decode(text.encode("gb18030"), FILE) == text


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_utf_8_is_always_read_as_utf_8(text: str):
    assert decode(text.encode(), FILE) == text


def test_a_mixed_file_names_the_lines_of_the_rarer_encoding():
    mostly_utf8 = "dm.csv:3: mixed encodings: the file is UTF-8, but GB18030 on lines 3, 5"
    assert refusal(mixed("utf-8", "gb18030", {"02", "04"})) == mostly_utf8
    mostly_gb18030 = "dm.csv:3: mixed encodings: the file is GB18030, but UTF-8 on line 3"
    assert refusal(mixed("gb18030", "utf-8", {"02"})) == mostly_gb18030


def test_a_long_list_of_mixed_lines_is_cut():
    lines = [f"{number},男".encode("gb18030" if number % 2 else "utf-8") for number in range(30)]
    assert refusal(b"\n".join(lines)).endswith("GB18030 on lines 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 5 more")


def test_a_line_in_neither_encoding_is_named():
    assert refusal("01,男\n".encode() + b"02,\xff\n") == "dm.csv:2: is neither UTF-8 nor GB18030"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_is_named(mark: bytes):
    assert refusal(mark + b"s\0") == "dm.csv: is UTF-16; save it as UTF-8 CSV"


def test_a_nul_byte_is_named_by_its_line():
    assert refusal(b"a\nb\0\n") == "dm.csv:2: holds a NUL byte, so it is no text file; save it as UTF-8 CSV"
