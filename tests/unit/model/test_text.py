"""Long text is split between characters, whatever a reader sees as one."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdisc_aclf.model.text import LIMIT, join_text, split_text

# written with blanks, of one byte, of two, three and four in UTF-8, and of several code points
CHARACTERS = (
    "a", "7", " ", "é", "肝", "㐂", "𠮷", "😀", "e\u0301", "n\u0303\u0323", "क\u093f", "葛\U000e0100", "1\ufe0f\u20e3",
    "👩\u200d🔬", "가",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(CHARACTERS), max_size=400)
DENSE = st.lists(st.sampled_from([character for character in CHARACTERS if len(character) > 1]), min_size=30)


def parts_of_whole_characters(parts: list[str], characters: list[str]) -> bool:
    """Whether every part is made of whole ones, in their order; blanks may be missing at the edges of a part."""
    left = [character for character in characters if character != " "]
    for part in parts:
        rest = part.replace(" ", "")
        while rest:
            if not left or not rest.startswith(left[0]):
                return False
            rest = rest.removeprefix(left.pop(0))
    return not left


@settings(deadline=None, max_examples=200)
@given(TEXTS | DENSE)
@example(["肝"] * 66 + ["葛\U000e0100"])
@example(["a"] * 198 + ["e\u0301"] * 2)
@example(["👩\u200d🔬"] * 40)
def test_no_part_begins_or_ends_inside_a_character(characters: list[str]):
    parts = split_text("".join(characters))
    assert all(len(part.encode()) <= LIMIT for part in parts)
    assert parts_of_whole_characters(parts, characters)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from([each for each in CHARACTERS if not each.isascii()]), max_size=300))
def test_text_without_blanks_is_the_same_when_put_together_again(characters: list[str]):
    text = "".join(characters)
    assert join_text(split_text(text)) == text


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(codec="utf-8"), max_size=500))
def test_any_text_comes_in_parts_that_lose_no_character_but_blanks(text: str):
    parts = split_text(text)
    assert all(len(part.encode()) <= LIMIT for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_marks_that_fill_a_part_alone_are_cut_between_two_of_them():
    text = "e" + "\u0301" * 150
    parts = split_text(text)
    assert [len(part.encode()) for part in parts] == [199, 102]
    assert "".join(parts) == text
