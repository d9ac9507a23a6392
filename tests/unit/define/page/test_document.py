"""The page of a Define-XML document: what people look up is on it, escaped, linked and searchable."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cdisc_aclf.define.model.document import Define
from cdisc_aclf.define.page.document import define_html
from cdisc_aclf.model.language import Language


class Page(HTMLParser):
    """Ids, links and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found["href"])] if "href" in found else []

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture
def page(document: Define) -> Page:
    return Page(define_html(document, synthetic=False, say=Language()))


def test_every_link_within_the_page_leads_somewhere_and_every_place_is_there_once(page: Page):
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)


def test_documents_and_datasets_lie_beside_the_page_and_pages_are_reached(page: Page):
    outside = {link for link in page.links if not link.startswith("#")}
    assert outside == {
        "acrf.pdf", "acrf.pdf#page=3", "acrf.pdf#page=5", "vs.xpt",
        "csdrg.pdf", "csdrg.pdf#page=6", "csdrg.pdf#page=7", "csdrg.pdf#nameddest=a1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "SDTMIG IG 3.4 Final",
        "CDISC/NCI SDTM CT 2025-03-28",
        "VS Vital Signs About VS. FINDINGS One record per measurement Tabulation VSTESTCD vs.xpt",
        "VSTESTCD Short Name 1 text 5 Topic Tests TEMP (Temperature), MOOD (Mood) Assigned (Sponsor)",
        "VSORRES when VSTESTCD = TEMP (Temperature) float 4.1 Collected (Investigator) Annotated CRF 3 5 Temperature",
        "VSSTRESN Number float 4.1 4.1 Derived (Sponsor) Number As a number.",
        "VSREASND Reason text 1 MedDRA 28.0 Not Available About REASON.",
        "TEMP Temperature C25206",
        "MOOD Mood extension",
        "Number Computation As a number. Guide a1",
        "Table 1 Temperature by arm Guide 6",
        "VS : VSSTRESN VSTESTCD = TEMP (Temperature)",
        "Mean of all records. Guide 7 proc means; run;",
    ],
)
def test_what_the_document_says_is_on_the_page(page: Page, said: str):
    assert said in page.text


def test_no_text_becomes_markup(document: Define):
    bad = "<script>alert(1)</script>"
    [dataset] = document.datasets
    html = define_html(
        replace(document, study_text=bad, datasets=(replace(dataset, label=bad),)), synthetic=False, say=Language()
    )
    assert bad not in html
    assert bad in Page(html).text


def test_the_page_needs_nothing_but_itself(document: Define):
    html = define_html(document, synthetic=False, say=Language())
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []
    assert "default-src &#x27;none&#x27;" in html


def test_synthetic_data_are_called_so_on_screen_and_on_paper(document: Define):
    assert "SYNTHETIC DATA" in Page(define_html(document, synthetic=True, say=Language())).text
    assert "SYNTHETIC DATA" not in Page(define_html(document, synthetic=False, say=Language())).text


def test_a_document_with_broken_links_is_shown_as_far_as_it_goes(document: Define):
    broken = replace(
        document, variables=document.variables[:2], codelists=(), documents=(), where_clauses=(), methods=()
    )
    page = Page(define_html(broken, synthetic=False, say=Language()))
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "CL.TEST" in page.text
