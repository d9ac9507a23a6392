"""A reviewer's guide as PDF, in the font of the annotated CRF."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout

from cdisc_aclf.model.guide import Guide, Heading, Table, Text

FONT = "NotoSansSC"
_BY_HAND = "TO BE WRITTEN: "


def guide_pdf(guide: Guide, *, title: str, notice: str, stamp: datetime) -> bytes:
    """Render a guide: a bookmark for each heading, what a person must write in a box, the source under each table.

    Args:
        guide: headings, texts and tables.
        title: stands on top and in the properties of the file.
        notice: printed at the foot of every page; may be empty.
        stamp: time of creation, so that two runs give the same bytes.

    Examples:
        >>> from datetime import UTC
        >>> stamp = datetime(2026, 1, 1, tzinfo=UTC)
        >>> guide_pdf([Heading("1", "Introduction")], title="Guide", notice="", stamp=stamp)[:5]
        b'%PDF-'
    """
    pdf = _Guide(title, notice, stamp)
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
    return bytes(pdf.output())


class _Guide(FPDF):
    def __init__(self, title: str, notice: str, stamp: datetime) -> None:
        super().__init__(format="A4")
        self.notice = notice
        self.set_creation_date(stamp)
        self.set_title(title)
        self.set_lang("en")
        self.set_producer("cdisc_aclf")
        self.set_margins(18, 16, 18)
        self.add_font(FONT, fname=Path(str(files(__package__) / "fonts" / "NotoSansSC-GB2312.ttf")))
        self.set_auto_page_break(auto=True, margin=18)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FONT, size=7.5)
        self.set_text_color(90)
        self.cell(0, 5, self.notice)
        self.set_x(self.l_margin)
        self.cell(0, 5, f"{self.page_no()}", align="R")
        self.set_text_color(0)

    def say(self, text: str, size: float, *, boxed: bool = False) -> None:
        self.set_font(FONT, size=size)
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
        self.say(f"{_BY_HAND if block.by_hand else ''}{block.text}", 9.5, boxed=block.by_hand)
        self.ln(1.5)

    def table_block(self, block: Table) -> None:
        self.set_font(FONT, size=7.5)
        if not block.rows:
            self.say("None.", 9)
            return
        self.set_fill_color(255)
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
                table.row(cells)
        self.say(f"Source: {block.source}", 7)
