"""What Define-XML says of a small study, expected by hand from its specs and its data."""

from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.define.describe.document import describe
from cdisc_aclf.define.model.document import Define, Origin, by_oid
from cdisc_aclf.define.validate.links import validate_links
from cdisc_aclf.model.document import Document
from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.model.spec import DatasetSpec, MethodSpec, ValueSpec, VariableSpec
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import CodeList, Term, Terminology
from cdisc_aclf.model.trial import Identification, Trial

COLLECTED, ASSIGNED, DERIVED = ("Collected", "Investigator"), ("Assigned", "Sponsor"), ("Derived", "Sponsor")


def variable(name: str, kind: str = "text", core: str = "Exp", **facts: object) -> VariableSpec:
    given: dict[str, object] = {
        "role": "Timing", "codelists": (), "origin": "Assigned", "source": "Sponsor", "method": "", "comment": "",
    }  # fmt: skip
    return VariableSpec(name=name, label=name.capitalize(), data_type=kind, length=200, core=core, **(given | facts))


VS = DatasetSpec(
    name="VS",
    label="Vital Signs",
    observation_class="Findings",
    structure="One record per measurement",
    key=("USUBJID", "VSTESTCD", "VSDTC"),
    variables=(
        variable("DOMAIN", core="Req", role="Identifier", codelists=("DOMAIN",)),
        variable("USUBJID", core="Req", role="Identifier"),
        variable("VSTESTCD", core="Req", codelists=("VSTESTCD",)),
        variable("VSTEST", codelists=("VSTEST",)),
        variable("VSORRES", origin="Collected", source="Investigator"),
        variable("VSORRESU", codelists=("UNIT",), origin="Collected", source="Investigator"),
        variable("VSSTRESN", "float", origin="Derived", method="NUMBER"),
        variable("VSDTC", "datetime"),
        variable("VSREASND"),
        variable("VSDECOD", method="CODING"),
    ),
    file="specs/sdtm/vs.csv",
    values=(
        ValueSpec(variable="VSORRES", where="VSTESTCD", equals="", codelists=()),
        ValueSpec(
            variable="VSORRES",
            where="VSTESTCD",
            equals="MOOD",
            codelists=("MOOD",),
            origin=DERIVED[0],
            source=DERIVED[1],
            method="GUESS",
            comment="by eye",
        ),
        ValueSpec(variable="VSORRES", where="VSTESTCD", equals="PULSE", codelists=()),
        ValueSpec(variable="VSORRESU", where="VSTESTCD", equals="", codelists=()),
    ),
)
TS = DatasetSpec(
    name="TS",
    label="Trial Summary",
    observation_class="Trial Design",
    structure="One record per value",
    key=("TSSEQ",),
    variables=(variable("TSSEQ", "integer"),),
    file="sdtm/ts.csv",
)
RECORDS = {
    "DOMAIN": ["VS"] * 3,
    "USUBJID": ["1", "1", "2"],
    "VSTESTCD": ["MOOD", "TEMP", "TEMP"],
    "VSTEST": ["Mood", "Temperature", "Temperature"],
    "VSORRES": ["good", "36.5", "101"],
    "VSORRESU": [None, "C", "F"],
    "VSSTRESN": [None, 36.5, 38.333],
    "VSDTC": ["2026-01-10", "2026-01-10", "2026-01"],
    "VSREASND": pl.Series([None] * 3, dtype=pl.String),
    "VSDECOD": ["a", "b", "c"],
}
TEMPERATURE, MOOD = "C25206", "X.MOOD"
LISTS = (
    CodeList(
        name="DOMAIN",
        ccode="C66734",
        label="Domain",
        extensible=True,
        terms=(Term("AE", "C49562", "Events"), Term("VS", "C49622", "Vital Signs")),
    ),
    CodeList(
        name="VSTESTCD",
        ccode="C66741",
        label="Code",
        extensible=True,
        terms=(Term("TEMP", TEMPERATURE), Term("MOOD", MOOD, is_extension=True)),
    ),
    CodeList(
        name="VSTEST",
        ccode="C67153",
        label="Name",
        extensible=True,
        terms=(Term("Temperature", TEMPERATURE), Term("Mood", MOOD, "", True)),
    ),
    CodeList(
        name="UNIT",
        ccode="C71620",
        label="Unit",
        extensible=True,
        terms=(Term("C", "C42559"), Term("F", "C44277"), Term("kg", "C28252")),
    ),
    CodeList(name="MOOD", ccode="", label="Mood", extensible=False, terms=(Term("good", "", "Good"), Term("bad", ""))),
)
CT = Terminology({codelist.name: codelist for codelist in LISTS}, {})


@pytest.fixture(scope="module")
def define() -> Define:
    study = Study(
        id="X", country="CHN", time_zone="+08:00", real_environment="PROD", record="", fhir_base="",
        standards={"sdtmig": "3.4", "sdtmct": "2025-03-28"}, decisions={}, folder=Path(),
        facts={"TSVCDVER": {"MedDRA": ("28.0",)}},
    )  # fmt: skip
    trial = Trial(identification=Identification(nct_id="NCT0", official_title="A study"))
    datasets = {
        "VS": SubmittedDataset(VS, pl.DataFrame(RECORDS)),
        "TS": SubmittedDataset(TS, pl.DataFrame({"TSSEQ": [1, 10]})),
    }
    return describe(
        Run(
            study=study,
            trial=trial,
            synthetic="SYNTHETIC",
            forms={},
            reconciliation=(),
            datasets=datasets,
            resources={},
            issues=(),
            dictionaries=(),
        ),
        "sdtm",
        ct=CT,
        methods={name: MethodSpec(name, "Computation", f"{name}.") for name in ("NUMBER", "GUESS", "CODING", "OTHER")},
        dictionaries={"VSDECOD": "MedDRA"},
    )


def test_every_link_of_a_description_leads_somewhere(define: Define):
    assert validate_links(define) == []


def test_a_description_names_study_standards_and_that_the_data_are_synthetic(define: Define):
    assert (define.oid, define.study_text) == ("MDV.X.SDTM", "SYNTHETIC data, no record is about a person. A study")
    assert [(each.name, each.kind, each.version, each.publishing_set) for each in define.standards] == [
        ("SDTMIG", "IG", "3.4", ""),
        ("CDISC/NCI", "CT", "2025-03-28", "SDTM"),
    ]


def test_datasets_stand_in_the_order_of_their_classes_and_say_whether_they_are_about_subjects(define: Define):
    trial, signs = define.datasets
    assert (trial.name, trial.observation_class, trial.is_reference, trial.repeating) == (
        "TS",
        "TRIAL DESIGN",
        True,
        False,
    )
    assert (signs.name, signs.observation_class, signs.is_reference, signs.repeating) == ("VS", "FINDINGS", False, True)
    assert signs.file == Document("LF.VS", "vs.xpt", "vs.xpt")


def test_variables_keep_their_order_and_keys_that_of_the_spec(define: Define):
    [_, signs] = define.datasets
    assert [item.item for item in signs.items] == [f"IT.VS.{name}" for name in RECORDS]
    assert {item.item: item.key for item in signs.items if item.key} == {
        "IT.VS.USUBJID": 1, "IT.VS.VSTESTCD": 2, "IT.VS.VSDTC": 3,
    }  # fmt: skip
    assert [item.item for item in signs.items if item.mandatory] == ["IT.VS.DOMAIN", "IT.VS.USUBJID", "IT.VS.VSTESTCD"]


def test_types_and_lengths_are_those_of_the_data(define: Define):
    of = by_oid(define.variables)
    shapes = {name: (of[f"IT.VS.{name}"].data_type, of[f"IT.VS.{name}"].length, of[f"IT.VS.{name}"].digits)
              for name in ("VSTEST", "VSSTRESN", "VSDTC")}  # fmt: skip
    assert shapes == {"VSTEST": ("text", 11, None), "VSSTRESN": ("float", 6, 3), "VSDTC": ("partialDate", None, None)}
    assert of["IT.TS.TSSEQ"].length == 2


def test_a_variable_without_any_value_says_so(define: Define):
    assert by_oid(define.comments)[by_oid(define.variables)["IT.VS.VSREASND"].comment].text.startswith("No record")
    [_, signs] = define.datasets
    assert [item.item for item in signs.items if item.has_no_data] == ["IT.VS.VSREASND"]


def test_each_value_that_occurs_is_described_by_its_own_row_or_as_its_variable(define: Define):
    of = by_oid(define.variables)
    [first, second] = by_oid(define.value_lists)["VL.VS.VSORRES"].items
    assert (first.item, first.method, first.where) == ("IT.VS.VSORRES.MOOD", "MT.GUESS", ("WC.VS.VSTESTCD.MOOD",))
    assert (second.item, second.method, second.where) == ("IT.VS.VSORRES.TEMP", "", ("WC.VS.VSTESTCD.TEMP",))
    mood, temperature = of[first.item], of[second.item]
    assert (mood.label, mood.data_type, mood.length, mood.codelist) == ("Mood", "text", 4, "CL.MOOD")
    assert mood.origins == (Origin("Derived", "Sponsor"),)
    assert by_oid(define.comments)[mood.comment].text == "by eye"
    assert (temperature.label, temperature.data_type, temperature.length, temperature.digits) == (
        "Temperature",
        "float",
        4,
        1,
    )
    condition = by_oid(define.where_clauses)["WC.VS.VSTESTCD.TEMP"].conditions
    assert [(each.item, each.comparator, each.values) for each in condition] == [("IT.VS.VSTESTCD", "EQ", ("TEMP",))]


def test_units_of_one_test_are_those_that_occur_with_it(define: Define):
    lists = by_oid(define.codelists)
    [only] = by_oid(define.value_lists)["VL.VS.VSORRESU"].items
    assert [term.value for term in lists[by_oid(define.variables)[only.item].codelist].terms] == ["C", "F"]
    assert [term.value for term in lists["CL.UNIT"].terms] == ["C", "F", "kg"]


def test_an_identifier_has_the_terms_that_occur(define: Define):
    codelist = by_oid(define.codelists)[by_oid(define.variables)["IT.VS.DOMAIN"].codelist]
    assert [(term.value, term.decode, term.ccode) for term in codelist.terms] == [("VS", "Vital Signs", "C49622")]


def test_a_test_code_is_decoded_by_the_name_that_shares_its_concept_and_an_extension_has_no_code(define: Define):
    terms = by_oid(define.codelists)["CL.VSTESTCD"].terms
    assert [(term.value, term.decode, term.ccode, term.is_extension) for term in terms] == [
        ("TEMP", "Temperature", "C25206", False),
        ("MOOD", "Mood", "", True),
    ]


def test_a_codelist_is_decoded_as_a_whole_or_not_at_all(define: Define):
    assert [term.decode for term in by_oid(define.codelists)["CL.MOOD"].terms] == ["", ""]
    assert by_oid(define.codelists)["CL.MOOD"].standard == ""
    assert by_oid(define.codelists)["CL.UNIT"].standard == "STD.CT.SDTM"


def test_a_coded_variable_names_its_dictionary_and_the_version_that_a_person_gave(define: Define):
    codelist = by_oid(define.codelists)[by_oid(define.variables)["IT.VS.VSDECOD"].codelist]
    assert (codelist.dictionary, codelist.version) == ("MedDRA", "28.0")


def test_only_methods_that_something_uses_are_described(define: Define):
    assert [method.oid for method in define.methods] == ["MT.NUMBER", "MT.GUESS", "MT.CODING"]
