"""Define-XML as written: what a reader gets back, and the places of the standard that are easy to miss."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from cdisc_aclf.define.model.document import Define
from cdisc_aclf.define.read import read_define
from cdisc_aclf.define.write.document import define_xml
from cdisc_aclf.errors import InputError

STAMP = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)
NAMES = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}


def written(document: Define, xpath: str) -> list[etree._Element]:
    found = etree.fromstring(define_xml(document, stamp=STAMP)).xpath(xpath, namespaces=NAMES)
    assert isinstance(found, list)
    return found


def test_everything_that_a_document_says_is_read_back(document: Define, tmp_path: Path):
    path = tmp_path / "define.xml"
    path.write_bytes(define_xml(document, stamp=STAMP))
    assert read_define(path) == document


def test_a_chinese_label_stands_before_the_english_one_and_both_are_read_back(document: Define, tmp_path: Path):
    dataset = replace(document.datasets[0], label_zh="生命体征")
    variables = (replace(document.variables[0], label_zh="短名称"), *document.variables[1:])
    bilingual = replace(document, datasets=(dataset,), variables=variables)
    texts = written(bilingual, "//odm:ItemGroupDef/odm:Description/odm:TranslatedText")
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [(text.get(language), text.text) for text in texts] == [("zh", "生命体征"), ("en", "Vital Signs")]
    path = tmp_path / "define.xml"
    path.write_bytes(define_xml(bilingual, stamp=STAMP))
    assert read_define(path) == bilingual


def test_methods_comments_and_results_stand_in_both_languages_and_are_read_back(document: Define, tmp_path: Path):
    [display, *others] = document.displays
    result = replace(display.results[0], text_zh="结果", documentation_zh="分析方法")
    bilingual = replace(
        document,
        methods=tuple(replace(method, text_zh="方法") for method in document.methods),
        comments=tuple(replace(comment, text_zh="备注") for comment in document.comments),
        displays=(replace(display, text_zh="展示", results=(result, *display.results[1:])), *others),
    )
    path = tmp_path / "define.xml"
    path.write_bytes(define_xml(bilingual, stamp=STAMP))
    assert read_define(path) == bilingual
    languages = written(bilingual, "//odm:MethodDef/odm:Description/odm:TranslatedText/@xml:lang")
    assert languages == ["zh", "en"] * len(document.methods)


def test_a_chinese_label_alone_is_the_label(document: Define, tmp_path: Path):
    path = tmp_path / "define.xml"
    alone = define_xml(document, stamp=STAMP).replace(b'xml:lang="en"', b'xml:lang="zh-CN"')
    path.write_bytes(alone)
    assert read_define(path) == document


def test_a_document_without_analysis_results_does_not_speak_of_them(document: Define):
    assert b"ns/arm/v1.0" in define_xml(document, stamp=STAMP)
    assert b"ns/arm/v1.0" not in define_xml(replace(document, displays=()), stamp=STAMP)


def test_an_extension_is_marked_and_has_no_code_of_nci(document: Define):
    [term] = written(document, "//odm:CodeListItem[@CodedValue='MOOD']")
    assert term.get("{http://www.cdisc.org/ns/def/v2.1}ExtendedValue") == "Yes"
    assert term.findall("odm:Alias", NAMES) == []
    [alias] = written(document, "//odm:CodeListItem[@CodedValue='TEMP']/odm:Alias")
    assert (alias.get("Context"), alias.get("Name")) == ("nci:ExtCodeID", "C25206")


def test_a_codelist_of_the_sponsor_says_that_it_is_not_standard(document: Define):
    own = replace(document.codelists[0], standard="", ccode="")
    [codelist] = written(replace(document, codelists=(own,)), "//odm:CodeList")
    assert codelist.get("{http://www.cdisc.org/ns/def/v2.1}IsNonStandard") == "Yes"


def test_terms_that_speak_for_themselves_are_enumerated(document: Define):
    plain = replace(
        document.codelists[0], terms=tuple(replace(term, decode="") for term in document.codelists[0].terms)
    )
    assert len(written(replace(document, codelists=(plain,)), "//odm:EnumeratedItem")) == 2


def test_what_xml_cannot_hold_is_replaced_and_what_it_marks_up_is_kept(document: Define, tmp_path: Path):
    path = tmp_path / "define.xml"
    path.write_bytes(define_xml(replace(document, study_text="a\x00b <i> & \ud800"), stamp=STAMP))
    assert read_define(path).study_text == "a\N{REPLACEMENT CHARACTER}b <i> & \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not XML"),
        (b"<ODM", "is not XML"),
        (b"<html/>", "is no Define-XML"),
        (b'<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><Study><MetaDataVersion/></Study></ODM>', "is no Define-XML"),
    ],
)
def test_what_is_no_define_xml_is_named(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "define.xml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_define(path)
    with pytest.raises(InputError, match="cannot be opened"):
        read_define(tmp_path / "none.xml")


def test_a_define_xml_2_0_is_read_as_far_as_it_says_the_same(document: Define, tmp_path: Path):
    path = tmp_path / "define.xml"
    path.write_bytes(define_xml(document, stamp=STAMP).replace(b"ns/def/v2.1", b"ns/def/v2.0"))
    assert read_define(path) == document


def test_an_external_entity_is_not_followed(tmp_path: Path):
    secret, path = tmp_path / "secret.txt", tmp_path / "define.xml"
    secret.write_text("secret")
    path.write_text(
        f'<!DOCTYPE ODM [<!ENTITY s SYSTEM "{secret}">]>'
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1"><Study OID="S">'
        '<GlobalVariables><StudyName>&s;</StudyName></GlobalVariables><MetaDataVersion def:DefineVersion="2.1.0"/>'
        "</Study></ODM>"
    )
    assert read_define(path).study_name == ""
