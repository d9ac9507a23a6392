"""The annotated case report form as PDF.

Colours, bookmarks and wording follow CDISC's Metadata Submission Guidelines 2.0, section 3: each dataset of a page has
its colour, bookmarks lead to the forms by visit and by form, and each form is annotated once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import cast

from fpdf.enums import XPos, YPos

from cdisc_aclf.documents.acrf.model import AnnotatedForm, Annotation, Field
from cdisc_aclf.documents.sheets import FONT, Sheets
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.language import Language

_COLOURS = ((191, 255, 255), (255, 255, 150), (150, 255, 150), (255, 190, 155), (222, 200, 255))
_PLAIN = (235, 235, 235)
_HOW_TO_READ = "Boxes name the SDTM variables that hold an answer. [NOT SUBMITTED] and [DERIVES] say why there is none."
_LEFT, _MIDDLE, _RIGHT, _BOTTOM, _LINE = 15.0, 92.0, 195.0, 275.0, 4.6  # mm

Pages = Mapping[tuple[str, str], tuple[int, ...]]
"""Pages on which a variable of a dataset is annotated."""


@lru_cache(maxsize=4)  # the forms of a study are the same for every export
def acrf_pdf(
    forms: tuple[AnnotatedForm, ...], *, title: str, say: Language, notice: str, stamp: datetime
) -> tuple[bytes, Pages]:
    """Render the annotated case report form.

    Args:
        forms: in the order of the study.
        title: stands on the first page and in the properties of the file.
        say: the language of cover and bookmarks.
        notice: printed at the foot of every page, e.g. that the data are synthetic; may be empty.
        stamp: time of creation, so that two runs give the same bytes.

    Returns:
        The PDF, and on which pages each variable of each dataset is annotated (page 1 is the first one).

    Raises:
        DefinitionError: a label has a character that the font does not have.
    """
    pdf = _Pages(title=title, language=say.tag, notice=notice, stamp=stamp)
    pages: dict[tuple[str, str], list[int]] = {}
    starts = {}
    pdf.cover(title, forms, say)
    for form in forms:
        starts[form.label] = pdf.page_no() + 1
        pdf.form(form, pages)
    pdf.bookmarks(forms, starts, say)
    content = pdf.rendered()
    if pdf.missing:
        raise DefinitionError("specs/raw", f"the font of the annotated CRF has no {' '.join(sorted(pdf.missing))}")
    return content, {place: tuple(numbers) for place, numbers in pages.items()}


class _Pages(Sheets):
    """A field is never broken over two pages."""

    def __init__(self, *, title: str, language: str, notice: str, stamp: datetime) -> None:
        super().__init__(title=title, language=language, notice=notice, stamp=stamp)
        self.missing = set[str]()
        self.set_auto_page_break(auto=False)

    def cover(self, title: str, forms: Sequence[AnnotatedForm], say: Language) -> None:
        self.add_page()
        self._say(title, 20, _LEFT, 40, _RIGHT - _LEFT)
        self._say(say("Annotated Case Report Form"), 12, _LEFT, self.get_y() + 3, _RIGHT - _LEFT)
        self._say(say(_HOW_TO_READ), 9, _LEFT, self.get_y() + 8, _RIGHT - _LEFT)
        y = self.get_y() + 6
        for number, form in enumerate(forms, start=1):
            self._say(f"{number}   {form.label}   {form.other_label}", 9, _LEFT, y, _RIGHT - _LEFT)
            y = self.get_y() + 0.5

    def form(self, form: AnnotatedForm, pages: dict[tuple[str, str], list[int]]) -> None:
        colours = {name: _COLOURS[at % len(_COLOURS)] for at, (name, _) in enumerate(form.datasets)}
        y = self._head(form, colours)
        for number, field in enumerate(form.fields, start=1):
            if y + self._height(field) > _BOTTOM:
                y = self._head(form, colours)
            top = y
            self._say(f"{number}", 8, _LEFT, y, 8)
            self._say(field.label, 9, _LEFT + 8, y, _MIDDLE - _LEFT - 10)
            self._say(field.other_label, 8.5, _LEFT + 8, self.get_y(), _MIDDLE - _LEFT - 10)
            for answer in field.answers:
                self._say(f"□ {answer}", 8, _LEFT + 12, self.get_y(), _MIDDLE - _LEFT - 14)
            bottom, y = self.get_y(), top
            for note in field.annotations:
                y = self._box(note, y, colours.get(note.dataset, _PLAIN))
                for variable in note.variables if note.dataset else ():
                    of_variable = pages.setdefault((note.dataset, variable), [])
                    if self.page_no() not in of_variable:
                        of_variable.append(self.page_no())
            y = max(bottom, y) + 1.5
            self.set_draw_color(200)
            self.line(_LEFT, y, _RIGHT, y)
            y += 1.5

    def bookmarks(self, forms: Sequence[AnnotatedForm], starts: Mapping[str, int], say: Language) -> None:
        visits = dict.fromkeys(visit for form in forms for visit in form.visits)
        last = self.page
        for heading, groups in (
            (say("By visit"), {**{visit: [form for form in forms if visit in form.visits] for visit in visits},
                          say("At any time"): [form for form in forms if not form.visits]}),
            (say("By form"), {"": list(forms)}),
        ):  # fmt: skip
            self._bookmark(heading, 0, 1)
            for visit, members in groups.items():
                if visit and members:
                    self._bookmark(visit, 1, starts[members[0].label])
                for form in members:
                    self._bookmark(form.label, 2 if visit else 1, starts[form.label])
        self.page = last

    def _bookmark(self, name: str, level: int, page: int) -> None:
        self.page = page
        self.set_y(10)
        self.start_section(name, level=level, strict=False)

    def _head(self, form: AnnotatedForm, colours: Mapping[str, tuple[int, int, int]]) -> float:
        self.add_page()
        self._say(f"{form.label}   {form.other_label}", 13, _LEFT, 12, _RIGHT - _LEFT)
        y = self.get_y() + 1
        for name, label in form.datasets:
            y = self._box(Annotation(name, f"{name} ({label})"), y, colours[name], left=_LEFT)
        self.set_draw_color(60)
        self.line(_LEFT, y + 1, _RIGHT, y + 1)
        return y + 3

    def _height(self, field: Field) -> float:
        width = _MIDDLE - _LEFT - 10
        notes = sum(_LINE * self._lines(note.text, 7.5, _RIGHT - _MIDDLE - 2) + 1 for note in field.annotations)
        label = 4.5 * self._lines(field.label, 9, width) + 4.25 * self._lines(field.other_label, 8.5, width)
        return max(notes, label + sum(4.0 * self._lines(answer, 8, width - 8) for answer in field.answers)) + 3

    def _lines(self, text: str, size: float, width: float) -> int:
        text = self.fold(text, size, width - 2 * self.c_margin)
        lines = self.multi_cell(width, text=text, dry_run=True, output="LINES") if text else []
        return len(cast("list[str]", lines))

    def _box(self, note: Annotation, y: float, colour: tuple[int, int, int], left: float = _MIDDLE) -> float:
        self.set_fill_color(*colour)
        self.set_draw_color(0)
        self._say(note.text, 7.5, left, y, min(self._width(note.text), _RIGHT - left), boxed=True)
        return self.get_y() + 1

    def _width(self, text: str) -> float:
        self.set_font(FONT, size=7.5)
        return float(self.get_string_width(text)) + 2 * self.c_margin + 1

    def _say(self, text: str, size: float, x: float, y: float, width: float, *, boxed: bool = False) -> None:
        self.missing |= {letter for letter in text if ord(letter) not in self.letters.cmap}
        text = self.fold(text, size, width - 2 * self.c_margin)
        self.set_text_color(0)
        self.set_xy(x, y)
        self.multi_cell(
            width, _LINE if boxed else size * 0.5, text, border=1 if boxed else 0, fill=boxed, align="L",
            new_x=XPos.LEFT, new_y=YPos.NEXT,
        )  # fmt: skip
