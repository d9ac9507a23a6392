"""The annotated CRF as PDF."""

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from cdisc_aclf.documents.acrf.model import AnnotatedForm, Annotation, Field
from cdisc_aclf.documents.acrf.write import acrf_pdf
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.language import Language

STAMP = datetime(2026, 1, 10, tzinfo=UTC)
PULSE = Field("Pulse", "脉搏", ("是", "否"), (Annotation("VS", "VSORRES when VSTESTCD = PULSE", ("VSORRES",)),))
VITALS = AnnotatedForm(
    label="Vital signs",
    other_label="生命体征",
    visits=("DAY 1", "DAY 4"),
    datasets=(("VS", "Vital Signs"),),
    fields=(PULSE,),
)
DIED = (Annotation("DM", "DTHDTC", ("DTHDTC",)), Annotation("", "[NOT SUBMITTED] x"))
DEATH = AnnotatedForm(
    label="Death",
    other_label="死亡",
    visits=(),
    datasets=(("DM", "Demographics"),),
    fields=(Field("Date of death", "死亡日期", (), DIED),),
)


def rendered(*forms: AnnotatedForm, notice: str = "SYNTHETIC") -> PdfReader:
    pdf, _ = acrf_pdf(forms, title="PL21", say=Language(), notice=notice, stamp=STAMP)
    return PdfReader(io.BytesIO(pdf))


def outline(reader: PdfReader) -> list[tuple[int, str, int | None]]:
    found: list[tuple[int, str, int | None]] = []

    def walk(items: list[object], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, level + 1)
            else:
                found.append((level, item["/Title"], reader.get_destination_page_number(item)))  # type: ignore[index, arg-type]

    walk(reader.outline, 0)  # type: ignore[arg-type]
    return found


def test_bookmarks_lead_by_visit_and_by_form_to_the_one_page_of_each_form():
    assert outline(rendered(VITALS, DEATH)) == [
        (0, "By visit", 0),
        (1, "DAY 1", 1), (2, "Vital signs", 1),
        (1, "DAY 4", 1), (2, "Vital signs", 1),
        (1, "At any time", 2), (2, "Death", 2),
        (0, "By form", 0),
        (1, "Vital signs", 1), (1, "Death", 2),
    ]  # fmt: skip


def test_labels_in_both_languages_answers_annotations_and_the_notice_can_be_searched():
    text = rendered(VITALS, DEATH).pages[1].extract_text()
    for words in ("Pulse", "脉搏", "□ 是", "VSORRES when VSTESTCD = PULSE", "VS (Vital Signs)", "SYNTHETIC"):
        assert words in text


def test_the_pages_of_a_variable_are_those_on_which_it_is_annotated():
    many = AnnotatedForm(
        label="Vital signs", other_label="生命体征", visits=(), datasets=(("VS", "Vital Signs"),), fields=(PULSE,) * 40
    )
    _, pages = acrf_pdf((VITALS, many), title="PL21", say=Language(), notice="", stamp=STAMP)
    reader = rendered(VITALS, many)
    shown = [number for number, page in enumerate(reader.pages, start=1) if "VSORRES" in page.extract_text()]
    assert pages == {("VS", "VSORRES"): tuple(shown)}
    assert len(shown) > 2


def test_every_font_is_embedded():
    reader = rendered(VITALS)
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor


def test_the_same_forms_and_time_give_the_same_bytes():
    one, two = (
        acrf_pdf.__wrapped__((VITALS,), title="PL21", say=Language(), notice="", stamp=STAMP)[0] for _ in range(2)
    )
    assert one == two
    assert re.search(rb"/CreationDate \(D:20260110000000", one)


def test_a_character_that_the_font_lacks_is_refused_and_named():
    form = AnnotatedForm(label="Vital signs", other_label="生命体征𠀀", visits=(), datasets=(), fields=())
    with pytest.raises(DefinitionError, match="𠀀"):
        acrf_pdf((form,), title="PL21", say=Language(), notice="", stamp=STAMP)
