"""What the PDFs of a package share: paper, font, properties, and the foot of each page.

All text is embedded, so that it looks and can be searched the same everywhere.
"""

from datetime import datetime
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from cdisc_aclf.documents.fold import folded
from cdisc_aclf.model.font import FONT_FILE

FONT = "NotoSansSC"


class Sheets(FPDF):
    """A4 pages with a notice and their number at the foot."""

    def __init__(self, *, title: str, language: str, notice: str, stamp: datetime) -> None:
        """Start without any page.

        Args:
            title: stands in the properties of the file.
            language: BCP 47 tag of the text.
            notice: printed at the foot of every page; may be empty.
            stamp: time of creation, so that two runs give the same bytes.
        """
        super().__init__(format="A4")
        self.notice = notice
        self._widths: dict[tuple[str, float], float] = {}
        self.set_creation_date(stamp)
        self.set_title(title)
        self.set_lang(language)
        self.set_producer("cdisc_aclf")
        self.add_font(FONT, fname=FONT_FILE)
        self.letters = cast("TTFFont", self.fonts[FONT.lower()])

    def fold(self, text: str, size: float, width: float) -> str:
        """Chinese text with its line breaks; where lines of other text end is left to fpdf.

        Args:
            text: what is printed.
            size: of the font, in points.
            width: of the line, in mm.
        """

        def measure(unit: str) -> float:
            if (unit, size) not in self._widths:
                self._widths[unit, size] = self.get_string_width(unit)
            return self._widths[unit, size]

        self.set_font(FONT, size=size)
        return folded(text, width, measure)

    def rendered(self) -> bytes:
        """The file; no page can follow."""
        content = bytes(self.output())
        self.letters.ttfont.close()
        return content

    def footer(self) -> None:
        """Print notice and number."""
        self.set_y(-12)
        self.set_font(FONT, size=7.5)
        self.set_text_color(90)
        self.cell(0, 5, self.notice, new_x=XPos.LMARGIN, new_y=YPos.TOP)
        self.cell(0, 5, f"{self.page_no()}", align="R")
        self.set_text_color(0)
