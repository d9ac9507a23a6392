"""A small study folder, and what happens when one thing in it is wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import MethodSpec, Qualifier, ValueSpec
from cdisc_aclf.model.study import Decision
from cdisc_aclf.study.methods import read_methods
from cdisc_aclf.study.specs import read_checks, read_forms, read_known_terms, read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

VARIABLES = "variable,label,type,length,core,role,codelist,origin,source,method,comment\n"
FILES = {
    "study.toml": """
[study]
id = "PL21"
country = "CHN"
time_zone = "+08:00"
real_environment = "PROD"
record = "protocol/record.txt"
fhir_base = "https://example.org"
[standards]
sdtmig = "3.4"
[decisions.age]
choice = "at consent"
why = "limits"
rejected = "later"
""",
    "raw/forms.csv": "form,label,label_zh,key,left_out,visits\nlab,Laboratory,实验室,subject record,no dose,1 2\n",
    "raw/lab.csv": "column,label,label_zh,type,codelist,target\n"
    "subject,Subject,受试者,text,,DM.SUBJID *.USUBJID\n"
    "initials,Initials,缩写,text,,ignored: identifies a person\n",
    "sdtm/datasets.csv": "dataset,label,class,structure,key\nDM,Demographics,Special,One per subject,USUBJID\n",
    "sdtm/dm.csv": VARIABLES
    + "SEX,Sex,text,1,Req,Record Qualifier,SEX NY,Collected,Investigator,,a remark\n"
    + "AGE,Age,integer,8,Exp,Record Qualifier,,Derived,Sponsor,AGE,\n",
    "sdtm/values.csv": "dataset,variable,where,equals,codelist,origin,source,method,comment\n"
    "DM,SEX,AGE,1,NY,Derived,Sponsor,AGE,\n",
    "sdtm/supplemental.csv": "dataset,qnam,label,codelist,origin,source,evaluator,method,comment\n"
    "DM,ETHGRP,Ethnic Group,NY,Collected,Investigator,,,\n",
    "sdtm/suppqual.csv": VARIABLES + "QNAM,Name,text,8,Req,Topic,,Assigned,Sponsor,,\n",
    "codelists.csv": "codelist,ccode,name,extensible,term,term_ccode\n"
    "NY,C66742,No Yes Response,No,N,C49487\nNY,C66742,No Yes Response,No,Y,C49488\n"
    "UNIT,C71620,Unit,Yes,own,extension\n",
    "decodes.csv": "codelist,term,decode\nNY,Y,Yes\n",
    "packages.csv": "codelist,package\nUNIT,adam\n",
    "collected.csv": "codelist,collected,term\nNY,是,Y\nNY,否,N\n",
    "reference/arms.csv": "armcd,arm,drug\nCTRL,Control Group,\n",
    "checks.csv": "check,severity,about,variable,message,source\nvisit_missed,note,SV,SVOCCUR,not there,SDTMIG\n",
    "protocol/known_terms.csv": "rule,severity,text,message\nTRIAL-WORD,warning,Chronic,write Acute\n",
}
READERS: dict[str, Callable[[Path], object]] = {
    "study.toml": read_study,
    "raw/forms.csv": read_forms,
    "raw/lab.csv": read_forms,
    "sdtm/datasets.csv": lambda folder: read_standard(folder, "sdtm"),
    "sdtm/dm.csv": lambda folder: read_standard(folder, "sdtm"),
    "sdtm/values.csv": lambda folder: read_standard(folder, "sdtm"),
    "sdtm/supplemental.csv": lambda folder: read_standard(folder, "sdtm"),
    "sdtm/suppqual.csv": lambda folder: read_standard(folder, "sdtm"),
    "codelists.csv": read_terminology,
    "decodes.csv": read_terminology,
    "packages.csv": read_terminology,
    "collected.csv": read_terminology,
    "checks.csv": read_checks,
    "protocol/known_terms.csv": read_known_terms,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "specs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def change(folder: Path, name: str, before: str, after: str) -> None:
    assert before in FILES[name]
    (folder / "specs" / name).write_text(FILES[name].replace(before, after), "utf-8")


def test_the_study_knows_its_facts_and_the_decisions_that_a_person_took(folder: Path):
    study = read_study(folder)
    assert (study.id, study.country, study.time_zone, study.real_environment) == ("PL21", "CHN", "+08:00", "PROD")
    assert (study.record, study.fhir_base, study.folder) == ("protocol/record.txt", "https://example.org", folder)
    assert study.standards == {"sdtmig": "3.4"}
    assert study.decisions == {"age": Decision(choice="at consent", why="limits", rejected="later")}


def test_a_form_knows_its_key_and_where_each_column_goes(folder: Path):
    form = read_forms(folder)["lab"]
    assert (form.label_zh, form.key, form.left_out) == ("实验室", ("subject", "record"), "no dose")
    assert form.visits == ("1", "2")
    assert form.file == str(folder / "specs/raw/lab.csv")
    subject, initials = form.columns
    assert (subject.targets, subject.ignored) == (("DM.SUBJID", "*.USUBJID"), "")
    assert (initials.targets, initials.ignored) == ((), "identifies a person")


def test_a_dataset_knows_its_variables_qualifiers_and_value_level_terms(folder: Path):
    standard = read_standard(folder, "sdtm")
    dm = standard.datasets["DM"]
    assert (dm.key, dm.names, dm.file) == (("USUBJID",), ("SEX", "AGE"), str(folder / "specs/sdtm/dm.csv"))
    sex, age = dm.variables
    assert (sex.length, sex.core, sex.codelists, sex.is_text, sex.comment) == (
        1,
        "Req",
        ("SEX", "NY"),
        True,
        "a remark",
    )
    assert (age.dtype, age.codelists, age.method) == (pl.Int64, (), "AGE")
    [value] = dm.values
    assert value == ValueSpec(
        variable="SEX", where="AGE", equals="1", codelists=("NY",), origin="Derived", source="Sponsor", method="AGE"
    )
    assert standard.qualifiers_of("DM") == (
        Qualifier(
            dataset="DM",
            qnam="ETHGRP",
            label="Ethnic Group",
            origin="Collected",
            evaluator="",
            codelists=("NY",),
            source="Investigator",
        ),
    )
    assert standard.qualifiers_of("LB") == ()
    assert [each.name for each in standard.suppqual] == ["QNAM"]


def test_terms_keep_their_order_codes_and_whether_others_may_be_added(folder: Path):
    ct = read_terminology(folder)
    assert (ct.codelists["NY"].values, ct.codelists["NY"].extensible) == (("N", "Y"), False)
    assert (ct.codelists["NY"].ccode, ct.codelists["NY"].terms[0].ccode) == ("C66742", "C49487")
    assert (ct.codelists["UNIT"].extensible, ct.codelists["UNIT"].terms[0].ccode) == (True, "")
    assert [(term.decode, term.is_extension) for term in ct.codelists["NY"].terms] == [("", False), ("Yes", False)]
    assert ct.codelists["UNIT"].terms[0].is_extension
    assert (ct.codelists["NY"].package, ct.codelists["UNIT"].package) == ("sdtm", "adam")
    assert ct.collected == {"NY": {"是": "Y", "否": "N"}}


def test_a_reference_table_is_text_and_an_empty_cell_is_null(folder: Path):
    assert read_references(folder)["arms"].rows(named=True) == [{"armcd": "CTRL", "arm": "Control Group", "drug": None}]


def test_a_reference_table_without_rows_keeps_its_columns(folder: Path):
    (folder / "specs/reference/arms.csv").write_text("armcd,arm\n")
    assert read_references(folder)["arms"].schema == {"armcd": pl.String, "arm": pl.String}


def test_a_check_knows_its_severity_and_what_it_is_about(folder: Path):
    check = read_checks(folder)["visit_missed"]
    assert (check.rule.name, check.rule.severity, check.rule.message) == ("visit_missed", "note", "not there")
    assert (check.about, check.variable, check.source) == ("SV", "SVOCCUR", "SDTMIG")


def test_a_known_term_knows_its_rule_and_text(folder: Path):
    [term] = read_known_terms(folder)
    assert (term.rule, term.severity, term.text, term.message) == ("TRIAL-WORD", "warning", "Chronic", "write Acute")


@pytest.mark.parametrize("name", READERS)
def test_a_missing_file_is_named(folder: Path, name: str):
    (folder / "specs" / name).unlink()
    with pytest.raises(DefinitionError, match=rf"{name}: the study needs this file and it is missing"):
        READERS[name](folder)


@pytest.mark.parametrize("name", [name for name in READERS if name.endswith(".csv")])
def test_a_table_without_its_columns_is_named(folder: Path, name: str):
    header, _, rows = FILES[name].partition("\n")
    columns = header.split(",")
    for column in columns:
        another = ",".join("another" if each == column else each for each in columns)
        (folder / "specs" / name).write_text(f"{another}\n{rows}", "utf-8")
        with pytest.raises(DefinitionError, match=rf"{name}:1: no column {column}; the header has"):
            READERS[name](folder)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[study]", "[trial]", r"no table \[study\]"),
        ('id = "PL21"\n', "", r"\[study\] has no 'id'"),
        ("[standards]", "[norms]", r"no table \[standards\]"),
        ('rejected = "later"\n', "", r"\[decisions.age\] has no 'rejected'"),
        (
            'rejected = "later"',
            'rejected = "later"\nwho = "me"',
            r"\[decisions.age\] has 'who': a decision has choice, why and rejected",
        ),
        ("[standards]", "standards = 5\n[norms]", r"no table \[standards\]"),
        ('id = "PL21"', "id = 21", r"\[study\] id is no text"),
        ('id = "PL21"', 'id = "../../x"', r"\[study\] id '../../x' has '/', which no name of a file may have"),
        ('rejected = "later"', "rejected = 5", r"\[decisions.age\] rejected is no text"),
        ("[study]", "[study", "at line 2"),
        ('rejected = "later"', 'rejected = "later"\noption = "now"', "age. option 'now' is none of nothing"),
        ('rejected = "later"', 'rejected = "later"\noptions = ["now"]', "age. option '' is none of now"),
        (
            'rejected = "later"',
            'rejected = "later"\noption = "never"\noptions = ["now", "then"]',
            "age. option 'never' is none of now, then",
        ),
    ],
)
def test_a_fact_that_every_study_needs_is_asked_for(folder: Path, before: str, after: str, said: str):
    change(folder, "study.toml", before, after)
    with pytest.raises(DefinitionError, match=rf"study.toml: .*{said}"):
        read_study(folder)


def test_all_that_is_wrong_with_the_file_is_named_at_once(folder: Path):
    text = FILES["study.toml"].replace('id = "PL21"\n', "").replace('rejected = "later"\n', "")
    (folder / "specs" / "study.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=r"\[study\] has no 'id'; \[decisions.age\] has no 'rejected'"):
        read_study(folder)


def test_an_option_is_asked_for_by_the_name_of_its_decision(folder: Path):
    change(folder, "study.toml", 'rejected = "later"', 'rejected = "later"\noption = "now"\noptions = ["now", "then"]')
    study = read_study(folder)
    assert study.option("age") == "now"
    with pytest.raises(DefinitionError, match=r"study.toml: no option in \[decisions.sex\]"):
        study.option("sex")


@pytest.mark.parametrize("target", ["", "ignored:", "ignored: ", "DM", "DM.SEX SEX", "ignore: why"])
def test_a_column_goes_to_a_variable_or_says_why_it_does_not(folder: Path, target: str):
    change(folder, "raw/lab.csv", "ignored: identifies a person", target)
    with pytest.raises(
        DefinitionError, match=r"raw/lab.csv:3: target .* is neither DATASET.VARIABLE nor 'ignored: why'"
    ):
        read_forms(folder)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("sdtm/dm.csv", "integer", "number", r"dm.csv:3: type 'number' is none of text, datetime"),
        ("sdtm/dm.csv", "text,1", "text,one", r"dm.csv:2: length 'one' is not a number of bytes"),
        ("sdtm/suppqual.csv", "text,8", "char,8", r"suppqual.csv:2: type 'char' is none of"),
    ],
)
def test_an_unknown_type_or_length_is_named_by_its_line(folder: Path, name: str, before: str, after: str, said: str):
    change(folder, name, before, after)
    with pytest.raises(DefinitionError, match=said):
        read_standard(folder, "sdtm")


@pytest.mark.parametrize(
    ("name", "label", "line"),
    [
        ("sdtm/datasets.csv", "Demographics", 2),
        ("sdtm/dm.csv", "Age", 3),
        ("sdtm/supplemental.csv", "Ethnic Group", 2),
        ("sdtm/suppqual.csv", "Name", 2),
    ],
)
def test_a_label_holds_40_bytes_however_few_characters(folder: Path, name: str, label: str, line: int):
    change(folder, name, f",{label},", f",{'年' * 13}x,")
    read_standard(folder, "sdtm")
    change(folder, name, f",{label},", f",{'年' * 13}xy,")
    with pytest.raises(DefinitionError, match=rf"{name}:{line}: label of 41 bytes"):
        read_standard(folder, "sdtm")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("own,extension", "own,", "4: own has no code and is not marked as 'extension'"),
        ("N,C49487", "N,extension", "2: N extends NY, which cannot be extended"),
    ],
)
def test_a_term_of_a_published_codelist_has_a_code_or_is_marked_as_added(
    folder: Path, before: str, after: str, said: str
):
    change(folder, "codelists.csv", before, after)
    with pytest.raises(DefinitionError, match=f"codelists.csv:{said}"):
        read_terminology(folder)


def test_every_method_is_described_and_used(folder: Path):
    path = folder / "specs" / "methods.csv"
    path.write_text("method,type,description\nAGE,Computation,Years.\n")
    standard = read_standard(folder, "sdtm")
    assert read_methods(folder, [standard]) == {"AGE": MethodSpec("AGE", "Computation", "Years.")}
    path.write_text("method,type,description\nAGE,Computation,Years.\nSEX,Computation,None.\n")
    with pytest.raises(DefinitionError, match=r"methods.csv:3: nothing is computed by the method SEX"):
        read_methods(folder, [standard])
    path.write_text("method,type,description\n")
    with pytest.raises(DefinitionError, match=r"methods.csv: no method AGE, which .*dm.csv names"):
        read_methods(folder, [standard])


@pytest.mark.parametrize(("name", "severity"), [("checks.csv", "note"), ("protocol/known_terms.csv", "warning")])
def test_an_unknown_severity_is_named_by_its_line(folder: Path, name: str, severity: str):
    change(folder, name, severity, "bad")
    with pytest.raises(DefinitionError, match=rf"{name}:2: severity 'bad' is none of note, warning, error"):
        READERS[name](folder)


def test_a_study_without_reference_tables_has_none(folder: Path):
    shutil.rmtree(folder / "specs/reference")
    assert read_references(folder) == {}
