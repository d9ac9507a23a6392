"""A reviewer's guide as PDF, in the font of the annotated CRF."""

from datetime import datetime

from fpdf import FontFace
from fpdf.enums import TableBordersLayout

from cdisc_aclf.documents.guide.model import Guide, Heading, Table, Text
from cdisc_aclf.documents.sheets import FONT, Sheets
from cdisc_aclf.model.language import Language

_CELL = 7.5
"""Size of the font in tables."""

_EDGE = 2.0
"""What a cell of a table leaves free of its width, in mm, beside padding and lines."""


def guide_pdf(guide: Guide, *, title: str, say: Language, notice: str, stamp: datetime) -> bytes:
    """Render a guide: a bookmark for each heading, what a person must write in a box, the source under each table.

    Args:
        guide: headings, texts and tables.
        title: stands on top and in the properties of the file.
        say: the language of the guide.
        notice: printed at the foot of every page; may be empty.
        stamp: time of creation, so that two runs give the same bytes.

    Examples:
        >>> from datetime import UTC
        >>> stamp = datetime(2026, 1, 1, tzinfo=UTC)
        >>> guide_pdf([Heading("1", "Introduction")], title="Guide", say=Language(), notice="", stamp=stamp)[:5]
        b'%PDF-'
    """
    pdf = _Guide(title=title, say=say, notice=notice, stamp=stamp)
    pdf.add_page()
    pdf.say(title, 18)
    for block in guide:
        match block:
            case Heading():
                pdf.heading(block)
            case Text():
                pdf.text_block(block)
            case Table():
                pdf.table_block(block)
    return pdf.rendered()


class _Guide(Sheets):
    def __init__(self, *, title: str, say: Language, notice: str, stamp: datetime) -> None:
        super().__init__(title=title, language=say.tag, notice=notice, stamp=stamp)
        self.words = say
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(auto=True, margin=18)

    def say(self, text: str, size: float, *, boxed: bool = False) -> None:
        text = self.fold(text, size, self.epw - 2 * self.c_margin)
        self.set_fill_color(255, 244, 214)
        self.multi_cell(
            0, size * 0.5, text, border=1 if boxed else 0, fill=boxed, align="L", new_x="LMARGIN", new_y="NEXT"
        )

    def heading(self, block: Heading) -> None:
        level = block.number.count(".")
        self.ln(4 if level else 6)
        if self.will_page_break(30):
            self.add_page()
        name = f"{block.number} {block.text}".strip()
        self.start_section(name, level=level, strict=False)
        self.say(name, 11 if level else 13.5)
        self.ln(1)

    def text_block(self, block: Text) -> None:
        text = self.words("To be written: {}").format(block.text) if block.by_hand else block.text
        self.say(text, 9.5, boxed=block.by_hand)
        self.ln(1.5)

    def table_block(self, block: Table) -> None:
        if not block.rows:
            self.say(self.words("None."), 9)
            return
        self.set_font(FONT, size=_CELL)
        self.set_fill_color(255)
        room = [self.epw * share / sum(block.widths) - _EDGE for share in block.widths]
        with self.table(
            col_widths=block.widths,
            headings_style=FontFace(emphasis="", fill_color=(235, 239, 243)),
            text_align="LEFT",
            line_height=4.2,
            padding=0.5,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        ) as table:
            table.row(block.columns)
            for cells in block.rows:
                table.row([self.fold(cell, _CELL, width) for cell, width in zip(cells, room, strict=True)])
        self.say(self.words("Source: {}").format(block.source), 7)
