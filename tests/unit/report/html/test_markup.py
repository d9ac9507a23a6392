import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row, table


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=50))
def test_no_text_can_open_an_element_or_end_an_attribute(text: str):
    html = element("td", text, title=text)
    assert html.count("<") == html.count(">") == 2
    assert html.count('"') == 2


def test_markup_is_not_escaped_again():
    assert markup(element("b", "<"), Markup("&amp;")) == "<b>&lt;</b>&amp;"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9f", "\ud800"])
def test_what_html_cannot_hold_shows_as_the_replacement_character(character: str):
    assert markup(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_line_breaks_tabs_and_chinese_stay():
    assert markup("a\n\t肝 ≥ 2") == "a\n\t肝 ≥ 2"


def test_void_elements_have_no_end():
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_numbers_have_thousands_separators():
    assert element("b", 1234567) == "<b>1,234,567</b>"


def test_a_row_heads_itself_and_a_table_heads_its_columns():
    columns = (Column("Dataset"), Column("Records", "number"))
    assert table("Sizes", columns, [row(columns, ("LB", 2))], row(columns, ("All", 2))) == (
        '<div class="table"><table><caption>Sizes</caption>'
        '<thead><tr><th class="text" scope="col">Dataset</th><th class="number" scope="col">Records</th></tr></thead>'
        '<tbody><tr><th class="text" scope="row">LB</th><td class="number">2</td></tr></tbody>'
        '<tfoot><tr><th class="text" scope="row">All</th><td class="number">2</td></tr></tfoot></table></div>'
    )


def test_a_zero_is_marked_so_that_the_eye_finds_the_others():
    assert row((Column("Dataset"), Column("Errors", "number")), ("LB", 0)).endswith(
        '<td class="number zero">0</td></tr>'
    )


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        row((Column("Dataset"), Column("Records")), ("LB",))
