"""Break one thing in a Define-XML document, or in the file that it describes, and exactly that is found."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from cdisc_aclf.define.model.document import CodedTerm, Define, Origin, Standard
from cdisc_aclf.define.validate.data import validate_described
from cdisc_aclf.define.validate.facts import validate_facts
from cdisc_aclf.define.validate.links import validate_links
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.model.document import Document, Pages
from cdisc_aclf.model.issue import Issue

Change = Callable[[Define], Define]
FILES = {"acrf.pdf", "csdrg.pdf", "vs.xpt"}
COLUMNS = (
    Column("VSTESTCD", "Short Name", "char", 5),
    Column("VSORRES", "Result", "char", 4),
    Column("VSSTRESN", "Number", "num", 8),
    Column("VSREASND", "Reason", "char", 1),
)
FRAME = pl.DataFrame(
    {
        "VSTESTCD": ["MOOD", "TEMP"],
        "VSORRES": ["good", "36.5"],
        "VSSTRESN": [None, 36.5],
        "VSREASND": pl.Series([None, None], dtype=pl.String),
    }
)
FILE = SasDataset("VS", "Vital Signs", COLUMNS, FRAME)


def names(found: list[Issue]) -> list[tuple[str, str, str]]:
    return [(issue.rule, issue.variable, issue.value) for issue in found]


def at(kind: str, position: int, **facts: object) -> Change:
    def change(document: Define) -> Define:
        parts = list(getattr(document, kind))
        parts[position] = replace(parts[position], **facts)
        return replace(document, **{kind: tuple(parts)})

    return change


def item(position: int, **facts: object) -> Change:
    def change(document: Define) -> Define:
        [dataset] = document.datasets
        items = list(dataset.items)
        items[position] = replace(items[position], **facts)
        return replace(document, datasets=(replace(dataset, items=tuple(items)),))

    return change


def result(**facts: object) -> Change:
    def change(document: Define) -> Define:
        [display] = document.displays
        return replace(document, displays=(replace(display, results=(replace(display.results[0], **facts),)),))

    return change


def condition(**facts: object) -> Change:
    def change(document: Define) -> Define:
        [clause] = document.where_clauses
        [only] = clause.conditions
        return replace(document, where_clauses=(replace(clause, conditions=(replace(only, **facts),)),))

    return change


def value(**facts: object) -> Change:
    def change(document: Define) -> Define:
        [values] = document.value_lists
        return replace(document, value_lists=(replace(values, items=(replace(values.items[0], **facts),)),))

    return change


def without(kind: str, position: int) -> Change:
    return lambda document: replace(
        document, **{kind: tuple(each for at, each in enumerate(getattr(document, kind)) if at != position)}
    )


def twice(kind: str) -> Change:
    return lambda document: replace(document, **{kind: (*getattr(document, kind), getattr(document, kind)[0])})


def test_a_whole_document_has_no_broken_link_and_describes_its_file(document: Define):
    assert validate_links(document, files=FILES) == []
    assert validate_described(document, {"VS": FILE}) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda document: replace(document, crf=("LF.NONE",)), ("DX-ORPHAN", "MDV.X", "LF.NONE")),
        (lambda document: replace(document, supplements=("LF.NONE",)), ("DX-ORPHAN", "MDV.X", "LF.NONE")),
        (at("standards", 0, comment="COM.NONE"), ("DX-ORPHAN", "STD.IG", "COM.NONE")),
        (item(0, item="IT.NONE"), ("DX-ORPHAN", "IG.VS", "IT.NONE")),
        (item(2, method="MT.NONE"), ("DX-ORPHAN", "IT.VS.VSSTRESN", "MT.NONE")),
        (value(where=("WC.NONE",)), ("DX-ORPHAN", "IT.VS.VSORRES.TEMP", "WC.NONE")),
        (value(item="IT.NONE"), ("DX-ORPHAN", "VL.VS.VSORRES", "IT.NONE")),
        (value(method="MT.NONE"), ("DX-ORPHAN", "IT.VS.VSORRES.TEMP", "MT.NONE")),
        (condition(item="IT.NONE"), ("DX-ORPHAN", "WC.TEMP", "IT.NONE")),
        (at("where_clauses", 0, comment="COM.NONE"), ("DX-ORPHAN", "WC.TEMP", "COM.NONE")),
        (at("datasets", 0, standard="STD.NONE"), ("DX-ORPHAN", "IG.VS", "STD.NONE")),
        (at("datasets", 0, comment="COM.NONE"), ("DX-ORPHAN", "IG.VS", "COM.NONE")),
        (at("variables", 0, codelist="CL.NONE"), ("DX-ORPHAN", "IT.VS.VSTESTCD", "CL.NONE")),
        (at("variables", 1, value_list="VL.NONE"), ("DX-ORPHAN", "IT.VS.VSORRES", "VL.NONE")),
        (at("variables", 4, comment="COM.NONE"), ("DX-ORPHAN", "IT.VS.VSREASND", "COM.NONE")),
        (at("codelists", 0, standard="STD.NONE"), ("DX-ORPHAN", "CL.TEST", "STD.NONE")),
        (at("codelists", 0, comment="COM.NONE"), ("DX-ORPHAN", "CL.TEST", "COM.NONE")),
        (at("methods", 0, pages=(Pages("LF.NONE"),)), ("DX-ORPHAN", "MT.N", "LF.NONE")),
        (at("comments", 1, pages=(Pages("LF.NONE"),)), ("DX-ORPHAN", "COM.IG", "LF.NONE")),
        (at("displays", 0, pages=(Pages("LF.NONE"),)), ("DX-ORPHAN", "RD.1", "LF.NONE")),
        (result(parameter="IT.NONE"), ("DX-ORPHAN", "AR.1", "IT.NONE")),
        (without("codelists", 1), ("DX-ORPHAN", "IT.VS.VSREASND", "CL.MEDDRA")),
        (without("documents", 0), ("DX-ORPHAN", "IT.VS.VSORRES", "LF.CRF")),
        (item(2, method=""), ("DX-UNUSED", "MethodDef", "MT.N")),
        (at("variables", 0, codelist=""), ("DX-UNUSED", "CodeList", "CL.TEST")),
        (at("variables", 1, value_list=""), ("DX-UNUSED", "ValueListDef", "VL.VS.VSORRES")),
        (at("variables", 4, comment=""), ("DX-UNUSED", "CommentDef", "COM.REASON")),
        (
            lambda document: replace(document, documents=(*document.documents, Document("LF.MORE", "csdrg.pdf", ""))),
            ("DX-UNUSED", "leaf", "LF.MORE"),
        ),
        (twice("methods"), ("DX-TWICE", "MethodDef", "MT.N")),
        (twice("variables"), ("DX-TWICE", "ItemDef", "IT.VS.VSTESTCD")),
        (twice("codelists"), ("DX-TWICE", "CodeList", "CL.TEST")),
        (twice("documents"), ("DX-TWICE", "leaf", "LF.CRF")),
        (twice("displays"), ("DX-TWICE", "AnalysisResult", "AR.1")),
        (item(1, key=1), ("DX-TWICE", "IG.VS", "KeySequence 1")),
        (item(1, order=1), ("DX-TWICE", "IG.VS", "OrderNumber 1")),
        (at("variables", 3, name="VSORRES"), ("DX-TWICE", "IG.VS", "VSORRES")),
        (at("codelists", 0, terms=(CodedTerm("A"), CodedTerm("A"))), ("DX-TWICE", "CL.TEST", "A")),
        (
            lambda document: replace(
                document, standards=(*document.standards, Standard(oid="", name="SDTMIG", kind="IG", version="3.4"))
            ),
            ("DX-OID", "Standard", ""),
        ),
        (at("documents", 0, href="crf.pdf"), ("DX-FILE", "LF.CRF", "crf.pdf")),
        (at("datasets", 0, file=Document("LF.VS", "VS.xpt", "")), ("DX-FILE", "LF.VS", "VS.xpt")),
    ],
)
def test_a_broken_link_is_found(document: Define, change: Change, found: tuple[str, str, str]):
    assert found in names(validate_links(change(document), files=FILES))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (at("variables", 0, origins=()), ("DX-ORIGIN", "IT.VS.VSTESTCD", "")),
        (at("variables", 0, origins=(Origin("CRF"),)), ("DX-ORIGIN", "IT.VS.VSTESTCD", "CRF")),
        (
            at("variables", 0, origins=(Origin("Protocol", "Subject"),)),
            ("DX-ORIGIN", "IT.VS.VSTESTCD", "Protocol Subject"),
        ),
        (item(2, method=""), ("DX-METHOD", "IT.VS.VSSTRESN", "")),
        (at("variables", 0, length=None), ("DX-SIZE", "IT.VS.VSTESTCD", "text")),
        (at("variables", 3, digits=None), ("DX-SIZE", "IT.VS.VSSTRESN", "float")),
        (at("codelists", 0, terms=(CodedTerm("TEMP"),)), ("DX-CODE", "CL.TEST", "TEMP")),
    ],
)
def test_a_fact_that_is_missing_or_impossible_is_found(document: Define, change: Change, found: tuple[str, str, str]):
    assert validate_facts(document) == []
    assert found in names(validate_facts(change(document)))


def test_a_document_of_define_xml_2_0_has_origins_of_its_own(document: Define):
    older = at("variables", 0, origins=(Origin("CRF"),))(replace(document, standards=()))
    assert validate_facts(older) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (at("datasets", 0, name="QS"), ("DX-DATASET", "", "")),
        (at("datasets", 0, label="Vitals"), ("DX-LABEL", "", "Vital Signs")),
        (at("variables", 0, name="TESTCD"), ("DX-VARIABLE", "VSTESTCD", "")),
        (at("variables", 0, label="Long Name"), ("DX-LABEL", "VSTESTCD", "Short Name")),
        (at("variables", 0, data_type="integer"), ("DX-TYPE", "VSTESTCD", "char")),
        (at("variables", 3, data_type="text"), ("DX-TYPE", "VSSTRESN", "num")),
        (at("variables", 1, length=3), ("DX-LENGTH", "VS.VSORRES", "36.5")),
        (at("variables", 3, digits=0), ("DX-LENGTH", "VS.VSSTRESN", "36.5")),
        (at("variables", 2, digits=0), ("DX-LENGTH", "VS.VSORRES.TEMP", "36.5")),
        (item(2, mandatory=True), ("DX-MANDATORY", "VSSTRESN", "")),
        (at("codelists", 0, terms=(CodedTerm("TEMP"),)), ("DX-TERM", "VS.VSTESTCD", "MOOD")),
        (condition(values=("MOOD",)), ("DX-TYPE", "VS.VSORRES.TEMP", "good")),
        (condition(comparator="NE"), ("DX-TYPE", "VS.VSORRES.TEMP", "good")),
        (at("variables", 2, data_type="text", codelist="CL.TEST"), ("DX-TERM", "VS.VSORRES.TEMP", "36.5")),
    ],
)
def test_a_difference_between_document_and_file_is_found(document: Define, change: Change, found: tuple[str, str, str]):
    assert found in names(validate_described(change(document), {"VS": FILE}))


@pytest.mark.parametrize(
    ("comparator", "limit", "count"),
    [("LT", "36.5", 0), ("LE", "36.5", 1), ("GT", "36.5", 0), ("GE", "36.5", 1), ("GE", "", 0), ("GE", "high", 0)],
)
def test_a_where_clause_may_compare_numbers(document: Define, comparator: str, limit: str, count: int):
    document = condition(item="IT.VS.VSSTRESN", comparator=comparator, values=(limit,))(document)
    document = at("variables", 2, data_type="text", length=3)(document)
    assert len(validate_described(document, {"VS": FILE})) == count


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        (FRAME.select("VSORRES", "VSTESTCD", "VSSTRESN", "VSREASND"), "DX-ORDER"),
        (FRAME[[1, 0]], "DX-SORT"),
        (FRAME[[1, 1]], "DX-KEY"),
        (FRAME.drop("VSREASND"), "DX-VARIABLE"),
        (FRAME.with_columns(VSTESTCD=pl.Series(["MOOD", None])), "DX-MANDATORY"),
    ],
)
def test_a_file_that_is_otherwise_than_described_is_found(document: Define, frame: pl.DataFrame, found: str):
    columns = {column.name: column for column in COLUMNS}
    file = SasDataset("VS", "Vital Signs", tuple(columns[name] for name in frame.columns), frame)
    assert found in [issue.rule for issue in validate_described(document, {"VS": file})]


def test_a_file_that_nobody_described_is_found(document: Define):
    assert names(validate_described(document, {"VS": FILE, "QS": FILE})) == [("DX-DATASET", "", "")]
