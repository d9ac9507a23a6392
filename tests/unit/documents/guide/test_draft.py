"""Reviewer's guides: the headings of the templates, numbers with their source, and what a person must write."""

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from cdisc_aclf.documents.guide.draft import analysis_guide, data_guide
from cdisc_aclf.documents.guide.model import Guide, Heading, Table, Text
from cdisc_aclf.documents.guide.write import guide_pdf
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.run import Run

LINEAGE = {"DM": ("raw_demographics",), "LB": ("raw_lab", "dm")}


@pytest.fixture
def guide(run: Run) -> Guide:
    return data_guide(run, LINEAGE, "0.1.0")


def table(guide: Guide, first: str) -> Table:
    return next(block for block in guide if isinstance(block, Table) and block.columns[0] == first)


def test_the_sections_of_the_data_guide_are_those_of_the_template(guide: Guide):
    headings = [f"{block.number} {block.text}" for block in guide if isinstance(block, Heading)]
    assert headings[:12] == [
        "1 Introduction",
        "1.1 Purpose",
        "1.2 Study data standards and dictionary inventory",
        "2 Protocol description",
        "2.1 Protocol number and title",
        "2.2 Protocol design",
        "2.3 Trial design datasets",
        "3 Subject data descriptions",
        "3.1 Overview",
        "3.2 Traceability",
        "3.3 Annotated CRFs",
        "3.4 SDTM subject domains",
    ]


def test_records_and_subjects_of_each_dataset_are_those_of_the_run(run: Run, guide: Guide):
    listed = next(block for block in guide if isinstance(block, Table) and len(block.columns) == 5 and block.rows
                  and block.columns[0] == "Dataset" and block.rows[0][0] == "DM")  # fmt: skip
    assert [row[3] for row in listed.rows] == [f"{data.frame.height:,}" for data in run.datasets.values()]


def test_every_table_names_its_source(run: Run, guide: Guide):
    for block in (*guide, *analysis_guide(run, LINEAGE, "0.1.0")):
        if isinstance(block, Table):
            assert block.source


def test_what_a_person_must_write_is_listed_at_the_end_with_its_section(guide: Guide):
    marked = [block.text for block in guide if isinstance(block, Text) and block.by_hand]
    [*_, last] = guide
    assert isinstance(last, Table)
    assert [what for _, what in last.rows] == marked
    assert ("2.1", "Name the protocol version and its amendments.") in last.rows


def test_the_lineage_is_that_of_the_mappings(guide: Guide):
    made_from = [block for block in guide if isinstance(block, Table) and block.columns == ("Dataset", "Made from")]
    assert ("LB", "raw_lab, dm") in made_from[0].rows


def test_a_guide_is_a_pdf_with_bookmarks_and_the_same_bytes_each_time(guide: Guide):
    stamp = datetime(2026, 1, 10, tzinfo=UTC)
    one, two = (
        guide_pdf(guide, title="PL21: guide", say=Language(), notice="SYNTHETIC", stamp=stamp) for _ in range(2)
    )
    assert one == two
    reader = PdfReader(io.BytesIO(one))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert "To be written: Name the protocol version and its amendments." in text
    assert "Source: specs/study.toml [standards]" in text
    assert reader.outline[0]["/Title"] == "1 Introduction"  # type: ignore[index, call-overload]
