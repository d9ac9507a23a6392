import shutil
from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import ElementSpec, UnmappedElement
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.files.tables import read_table

ROOT = Path(__file__).resolve().parents[4]
ELEMENTS = "path,type,required,value_set,target,fixed,with,r4b\nid,id,Y,,,,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study folder with one resource."""
    (tmp_path / "specs" / "fhir").mkdir(parents=True)
    (tmp_path / "specs" / "reference").mkdir()
    files = {
        "fhir/resources.csv": "mapping,resource,level,result\npatient,Patient,subject,DM.SEX\n",
        "fhir/patient.csv": ELEMENTS,
        "fhir/value_sets.csv": "value_set,system,code,source\ngender,urn:g,male,\ngender,urn:g,female,\n",
        "fhir/r4b_systems.csv": "r5,r4b\nurn:g,urn:h\n",
        "fhir/r4b_codes.csv": "element,r5,r4b\nPatient.gender,male,m\n",
        "fhir/round_trip_unmapped.csv": "dataset,variable,kept,why\nLB,LBDY,nothing,derived\n",
        "fhir/record_unmapped.csv": "field,why\nresultsSection,no place\n",
        "reference/ucum.csv": "unit,ucum\n10^9/L,10*9/L\n",
        "reference/fhir_codes.csv": "field,value,system,code,display\ntime,year,http://unitsofmeasure.org,a,years\n",
    }
    for name, text in files.items():
        (tmp_path / "specs" / name).write_text(text, "utf-8")
    for version in ("r5", "r4b"):
        shutil.copytree(ROOT / "specs" / "fhir" / version, tmp_path / "specs" / "fhir" / version)
    shutil.copy(ROOT / "specs" / "fhir" / "ucum.csv", tmp_path / "specs" / "fhir")
    return tmp_path


def read_with(folder: Path, row: str, *, table: str = "patient") -> None:
    path = folder / "specs" / "fhir" / f"{table}.csv"
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    read_fhir(folder)


def test_a_table_becomes_elements_value_sets_and_units(folder: Path):
    spec = read_fhir(folder)
    [patient] = spec.resources.values()
    assert (patient.type, patient.is_about_subjects, patient.result) == ("Patient", True, "DM.SEX")
    assert patient.elements == (
        ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
    )
    assert spec.value_sets == {"gender": {("urn:g", "male"), ("urn:g", "female")}}
    assert spec.ucum == {"10*9/L", "a"}


def test_a_concept_stands_for_its_four_leaves_and_the_value_set_for_its_codes(folder: Path):
    path = folder / "specs" / "fhir" / "patient.csv"
    path.write_text(ELEMENTS + "contact[].gender,CodeableConcept,,gender,,,,\n", "utf-8")
    elements = read_fhir(folder).resources["patient"].elements[1:]
    assert [(element.path, element.type, element.value_set) for element in elements] == [
        ("contact[].gender.coding[].system", "uri", ""),
        ("contact[].gender.coding[].code", "code", "gender"),
        ("contact[].gender.coding[].display", "string", ""),
        ("contact[].gender.text", "string", ""),
    ]


def test_a_leaf_has_its_place_in_r4b_or_the_reason_why_it_has_none(folder: Path):
    path = folder / "specs" / "fhir" / "patient.csv"
    rows = "contact[].gender,CodeableConcept,,gender,,,,kin[].sex\nactive,boolean,,,,,,lost: nobody asks\n"
    path.write_text(ELEMENTS + rows, "utf-8")
    spec = read_fhir(folder)
    elements = {element.path: element.r4b for element in spec.resources["patient"].elements}
    assert elements["contact[].gender.coding[].code"] == "kin[].sex.coding[].code"
    assert elements["id"] == ""
    assert list(spec.unmapped()) == [
        UnmappedElement("registry record", "R5", "resultsSection", "no place"),
        UnmappedElement("SDTM", "R5", "LB.LBDY", "derived"),
        UnmappedElement("R5", "R4B", "Patient.active", "nobody asks"),
    ]
    assert spec.r4b_systems == {"urn:g": "urn:h"}
    assert spec.r4b_codes == {("Patient.gender", "male"): "m"}


def test_a_range_of_positions_is_one_element_each_and_moves_the_other_cells_too(folder: Path):
    path = folder / "specs" / "fhir" / "patient.csv"
    path.write_text(
        ELEMENTS + "name[0-1].text,string,,,,,,lost: x\nname[0-1].use,string,,,,a,name[0-1].text,\n", "utf-8"
    )
    elements = read_fhir(folder).resources["patient"].elements[1:]
    assert [(element.path, element.present_with) for element in elements] == [
        ("name[0].text", ""), ("name[1].text", ""), ("name[0].use", "name[0].text"), ("name[1].use", "name[1].text"),
    ]  # fmt: skip


def test_a_leaf_that_only_r4b_has_stands_apart_and_names_its_column(folder: Path):
    path = folder / "specs" / "fhir" / "patient.csv"
    path.write_text(ELEMENTS + "r4b:name[0].text,string,Y,,,,,\n", "utf-8")
    patient = read_fhir(folder).resources["patient"]
    assert [element.path for element in patient.elements] == ["id"]
    assert [(element.path, element.column) for element in patient.other_elements] == [
        ("name[0].text", "r4b:name[0].text")
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("gender,kode,,,,,,", r"patient\.csv:3: type 'kode'"),
        ("gender,code,,sexes,,,,", r"patient\.csv:3: value_set 'sexes'"),
        ("gender,code,,,,male,sex,", r"patient\.csv:3: with 'sex'"),
        ("name[0].text,string,,,,,,\nname[1].text,markdown,,,,,,", r"patient\.csv: name\[1\]\.text differs"),
        ("gender,code", r"patient\.csv:3: 2 cells"),
    ],
)
def test_a_wrong_row_names_the_file_and_the_line(folder: Path, row: str, problem: str):
    with pytest.raises(DefinitionError, match=problem):
        read_with(folder, row)


def test_a_resource_is_about_the_study_or_about_subjects(folder: Path):
    with pytest.raises(DefinitionError, match=r"resources\.csv:3: level 'both'"):
        read_with(folder, "group,Group,both,", table="resources")


def test_a_resource_without_a_table_is_named(folder: Path):
    with pytest.raises(DefinitionError, match=r"group\.csv: the study needs this file"):
        read_with(folder, "group,Group,study,", table="resources")


def test_every_code_of_this_study_is_a_member_of_a_value_set_unless_its_system_is_open():
    members = set().union(*read_fhir(ROOT).value_sets.values())
    rows = read_table(ROOT / "specs" / "reference" / "fhir_codes.csv")
    outside = {row["system"] for row in rows if (row["system"], row["code"]) not in members}
    assert outside == {
        "http://loinc.org",
        "http://unitsofmeasure.org",
        "urn:iso:std:iso:3166",
        "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    }


def test_fixed_codes_of_this_study_are_members_of_their_value_sets():
    spec = read_fhir(ROOT)
    fixed = [
        element
        for resource in spec.resources.values()
        for element in resource.elements
        if element.fixed and element.value_set
    ]
    assert len(fixed) >= 5
    for element in fixed:
        assert element.fixed in {code for _, code in spec.value_sets[element.value_set]}, element.path
