from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.model.terminology import CodeList, Term
from cdisc_aclf.study.ct_package import read_package

HEADER = (
    "Code\tCodelist Code\tCodelist Extensible (Yes/No)\tCodelist Name\tCDISC Submission Value\t"
    "CDISC Synonym(s)\tCDISC Definition\tNCI Preferred Term\n"
)
TEXT = (
    HEADER
    + 'C66742\t\tNo\tNo Yes Response\tNY\tNo Yes Response\tA "quoted" definition.\tCDISC NY\n'
    + "C49487\tC66742\t\tNo Yes Response\tN\tNo\tThe non-affirmative response.\tNo\n"
    + "C49488\tC66742\t\tNo Yes Response\tY\tYes\tThe affirmative response.\tYes\n"
    + "C71620\t\tYes\tUnit\tUNIT\tUnit\tUnits.\tCDISC UNIT\n"
    + "C48508\tC71620\t\tUnit\tumol/L\tumol/L\tMicromole per litre.\tMicromole per Liter\n"
)
ODM = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:nciodm="http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC">
 <Study OID="CT"><MetaDataVersion OID="CT.2025-03-28" Name="CT">
  <CodeList OID="CL.C66742.NY" Name="No Yes Response" DataType="text" nciodm:ExtCodeID="C66742"
            nciodm:CodeListExtensible="No">
   <Description><TranslatedText xml:lang="en">A term.</TranslatedText></Description>
   <EnumeratedItem CodedValue="N" nciodm:ExtCodeID="C49487">
    <nciodm:PreferredTerm>No</nciodm:PreferredTerm>
   </EnumeratedItem>
   <EnumeratedItem CodedValue="Y" nciodm:ExtCodeID="C49488"/>
   <nciodm:CDISCSubmissionValue>NY</nciodm:CDISCSubmissionValue>
  </CodeList>
  <CodeList OID="CL.C71620.UNIT" Name="Unit" DataType="text" nciodm:ExtCodeID="C71620" nciodm:CodeListExtensible="Yes">
   <EnumeratedItem CodedValue="umol/L" nciodm:ExtCodeID="C48508"/>
   <nciodm:CDISCSubmissionValue>UNIT</nciodm:CDISCSubmissionValue>
  </CodeList>
 </MetaDataVersion></Study>
</ODM>
"""


@pytest.mark.parametrize("content", [TEXT, "\ufeff" + TEXT, ODM], ids=["text", "text with a mark", "ODM"])
def test_both_forms_of_a_package_give_the_same_codelists(content: str, tmp_path: Path):
    path = tmp_path / "package"
    path.write_text(content, "utf-8")
    assert read_package(path) == {
        "NY": CodeList(
            name="NY",
            ccode="C66742",
            label="No Yes Response",
            extensible=False,
            terms=(Term("N", "C49487"), Term("Y", "C49488")),
        ),
        "UNIT": CodeList(name="UNIT", ccode="C71620", label="Unit", extensible=True, terms=(Term("umol/L", "C48508"),)),
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a\tb\n1\t2\n", "no column Code"),
        (b"", "no column Code"),
        (HEADER.encode(), "holds no codelist"),
        (HEADER.encode() + b"C1\tC2\n", ":2: has another number of cells"),
        (b"<ODM", "is not XML"),
        (b"<ODM/>", "holds no codelist"),
        (b"\xff\xfeC", "not UTF-8"),
    ],
)
def test_a_file_in_neither_form_is_refused_by_name(content: bytes, said: str, tmp_path: Path):
    path = tmp_path / "package.txt"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_package(path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def test_a_missing_package_is_refused_by_name(tmp_path: Path):
    with pytest.raises(InputError, match=r"ct.txt: the terminology package cannot be opened"):
        read_package(tmp_path / "ct.txt")


def test_an_entity_in_the_xml_is_not_resolved(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    path = tmp_path / "package.xml"
    path.write_text(
        ODM.replace("<ODM ", f'<!DOCTYPE ODM [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n<ODM ').replace(
            ">NY</nciodm", ">&x;</nciodm"
        )
    )
    assert "SECRET" not in repr(read_package(path))
