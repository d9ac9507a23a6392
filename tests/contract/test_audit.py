"""Drifts planted in a package that nothing is said to have built: each is found, and nothing else is."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from cdisc_aclf.cli import main
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.formats.xpt.write import xpt_bytes
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.study.definition import open_study
from cdisc_aclf.study.profile import read_profiles
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.submission.audit.package import audit

FDA = read_profiles(first_study())["fda"]
STAMP = datetime(1960, 1, 1, tzinfo=UTC)
SDTM = "m5/datasets/pl21/tabulations/sdtm"
JSON = "dataset-json/m5/datasets/pl21/tabulations/sdtm"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    assert main(["simulate", "--clean", "--subjects", "2", "--out", str(folder / "export")]) == 0
    given = ["--raw", str(folder / "export/raw"), "--dictionary", str(folder / "export/dictionaries"), "--quiet"]
    given += ["--profile", "fda", "--out", str(folder / "package"), "--fail-on", "never"]
    assert main(["build", *given]) == 0
    return folder / "package"


@pytest.fixture
def package(built: Path, tmp_path: Path) -> Path:
    """The SDTM part alone, without the manifest that would tell of any change."""
    for part in (SDTM, JSON):
        shutil.copytree(built / part, tmp_path / "package" / part)
    return tmp_path / "package"


def rules(issues: list[Issue]) -> set[tuple[str, str, str]]:
    return {(issue.rule, issue.dataset, issue.variable) for issue in issues}


def test_our_own_package_is_clean_for_each_authority_and_by_its_specs(built: Path):
    assert audit(built, FDA, open_study(first_study(), "fda")) == []
    for name in read_profiles(first_study()):
        assert main(["audit", str(built), "--profile", name, "--fail-on", "note"]) == 0


def test_without_a_manifest_it_is_as_clean(package: Path):
    assert audit(package, FDA) == []


Change = Callable[[SasDataset], SasDataset]


def columns(change: Callable[[Column], Column], variable: str) -> Change:
    return lambda file: replace(
        file, columns=tuple(change(column) if column.name == variable else column for column in file.columns)
    )


def values(change: pl.Expr, variable: str, width: int = 0) -> Change:
    def changed(file: SasDataset) -> SasDataset:
        wide = columns(lambda column: replace(column, width=max(column.width, width)), variable)(file)
        return replace(wide, frame=file.frame.with_columns(change.alias(variable)))

    return changed


def without(variable: str) -> Change:
    return lambda file: replace(
        file,
        columns=tuple(column for column in file.columns if column.name != variable),
        frame=file.frame.drop(variable),
    )


def swapped(file: SasDataset) -> SasDataset:
    one, other, *rest = file.columns
    return replace(
        file,
        columns=(other, one, *rest),
        frame=file.frame.select(other.name, one.name, pl.all().exclude(one.name, other.name)),
    )


def as_text(file: SasDataset) -> SasDataset:
    text = columns(lambda column: replace(column, kind="char", width=2), "AGE")(file)
    return replace(text, frame=file.frame.with_columns(pl.col("AGE").cast(pl.Int64).cast(pl.String)))


def twice(file: SasDataset) -> SasDataset:
    return replace(file, frame=pl.concat([file.frame.head(1), file.frame]))


def longest(variable: str) -> pl.Expr:
    return pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("X")).otherwise(variable)


DRIFTS: dict[str, tuple[str, Change, set[tuple[str, str, str]]]] = {
    "the label of a variable": (
        "dm",
        columns(lambda column: replace(column, label="Age at Consent"), "AGE"),
        {("DX-LABEL", "DM", "AGE"), ("DJ-LABEL", "DM", "AGE")},
    ),
    "the label of the dataset": (
        "dm",
        lambda file: replace(file, label="Demography"),
        {("DX-LABEL", "DM", ""), ("DJ-LABEL", "DM", "")},
    ),
    "a label in Chinese": (
        "dm",
        columns(lambda column: replace(column, label="年龄"), "AGE"),
        {("AU-LABEL-ASCII", "DM", "AGE"), ("DX-LABEL", "DM", "AGE"), ("DJ-LABEL", "DM", "AGE")},
    ),
    "a width": (
        "dm",
        columns(lambda column: replace(column, width=column.width + 50), "ARM"),
        {("AU-WIDTH", "DM", "ARM")},
    ),
    "a variable that is missing": (
        "dm",
        without("COUNTRY"),
        {("DX-VARIABLE", "DM", "COUNTRY"), ("DJ-VARIABLES", "DM", "")},
    ),
    "a value outside of its codelist": (
        "dm",
        values(longest("SEX"), "SEX"),
        {("DX-TERM", "DM", "DM.SEX"), ("DJ-VALUE", "DM", "SEX")},
    ),
    "the order of the variables": ("dm", swapped, {("DX-ORDER", "DM", ""), ("DJ-VARIABLES", "DM", "")}),
    "the type of a variable": ("dm", as_text, {("DX-TYPE", "DM", "AGE"), ("DJ-TYPE", "DM", "AGE")}),
    "a record that is there twice": (
        "lb",
        twice,
        {
            ("AU-SEQUENCE", "LB", "LBSEQ"),
            ("DX-KEY", "LB", "USUBJID LBTESTCD LBSPEC VISITNUM LBDTC LBREFID"),
            ("DJ-RECORDS", "LB", ""),
        },
    ),
    "a digit": (
        "dm",
        values(pl.when(pl.int_range(pl.len()) == 0).then(pl.col("AGE") + 1).otherwise("AGE"), "AGE"),
        {("DJ-VALUE", "DM", "AGE")},
    ),
    "a domain": (
        "dm",
        values(pl.lit("DN"), "DOMAIN"),
        {("AU-DOMAIN", "DM", "DOMAIN"), ("DX-TERM", "DM", "DM.DOMAIN"), ("DJ-VALUE", "DM", "DOMAIN")},
    ),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_drift_in_a_transport_file_is_found_and_nothing_else(package: Path, drift: str):
    name, change, expected = DRIFTS[drift]
    path = package / SDTM / f"{name}.xpt"
    file = change(read_xpt(path))
    pieces = xpt_bytes(file.frame, name=file.name, label=file.label, columns=file.columns, stamp=STAMP)
    path.write_bytes(b"".join(pieces))
    assert rules(audit(package, FDA)) == expected


def test_a_text_of_201_bytes_that_another_program_wrote_is_found(package: Path):
    path = package / SDTM / "dm.xpt"
    file = read_xpt(path)
    frame = file.frame.with_columns(ARM=pl.lit("x" * 201))
    labels = [column.label for column in file.columns]
    pyreadstat.write_xport(
        frame, path, file_label=file.label, table_name="DM", column_labels=labels, file_format_version=5
    )
    found = audit(package, FDA)
    assert {("AU-LIMIT", "DM", ""), ("DJ-VALUE", "DM", "ARM")} <= rules(found)
    assert any("width 201 is not 1 to 200 bytes" in issue.value for issue in found)


def test_a_stray_file_is_found(package: Path):
    (package / SDTM / "dm.sas7bdat").write_bytes(b"")
    assert rules(audit(package, FDA)) == {("AU-STRAY", "", "")}


def test_a_file_name_that_ectd_does_not_take_is_found(package: Path):
    (package / SDTM / "dm.xpt").rename(package / SDTM / "DM.xpt")
    found = audit(package, FDA)
    assert ("AU-PATH", "", "") in rules(found)
    assert "DX-FILE" in {issue.rule for issue in found}


def test_a_file_under_the_name_of_another_is_found(package: Path):
    shutil.copy(package / SDTM / "dm.xpt", package / SDTM / "dn.xpt")
    assert ("AU-NAME", "DM", "") in rules(audit(package, FDA))


def test_a_transport_file_that_was_cut_is_found(package: Path):
    path = package / SDTM / "dm.xpt"
    path.write_bytes(path.read_bytes()[:-10])
    found = audit(package, FDA)
    assert [issue.form for issue in found if issue.rule == "AU-UNREADABLE"] == [f"{SDTM}/dm.xpt"]


def test_dataset_json_that_was_cut_or_is_gone_is_found(package: Path):
    path = package / JSON / "dm.dsjc"
    path.write_bytes(path.read_bytes()[:-10])
    (package / JSON / "lb.json").unlink()
    found = audit(package, FDA)
    assert [issue.form for issue in found if issue.rule == "AU-UNREADABLE"] == [f"{JSON}/dm.dsjc"]
    assert {issue.dataset for issue in found if issue.rule == "DJ-DATASET"} == {"DM", "LB"}


def test_a_digit_in_dataset_json_is_found_in_the_form_that_has_it(package: Path):
    path = package / JSON / "dm.json"
    content = json.loads(path.read_text("utf-8"))
    at = [column["name"] for column in content["columns"]].index("AGE")
    content["rows"][0][at] += 1
    path.write_text(json.dumps(content), "utf-8")
    (issue,) = audit(package, FDA)
    assert (issue.rule, issue.form, issue.variable) == ("DJ-VALUE", f"{JSON}/dm.json", "AGE")


def test_an_oid_that_the_define_does_not_have_is_found(package: Path):
    path = package / JSON / "dm.ndjson"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"IT.DM.AGE"', '"IT.DM.YEARS"').replace('"IG.DM"', '"IG.DEMO"'), "utf-8")
    assert rules(audit(package, FDA)) == {("DJ-OID", "DM", ""), ("DJ-OID", "DM", "AGE")}


def test_a_reference_to_nothing_in_the_define_is_found(package: Path):
    path = package / SDTM / "define.xml"
    text = path.read_text("utf-8")
    assert 'ItemOID="IT.DM.AGE"' in text
    path.write_text(text.replace('ItemOID="IT.DM.AGE"', 'ItemOID="IT.DM.AGES"'), "utf-8")
    assert ("DX-ORPHAN", "IG.DM") in {(issue.rule, issue.variable) for issue in audit(package, FDA)}


def test_a_dataset_beside_its_parts_is_found(package: Path):
    lb = read_xpt(package / SDTM / "lb.xpt")
    part = xpt_bytes(lb.frame.head(5), name="LBCH", label=lb.label, columns=lb.columns, stamp=STAMP)
    (package / SDTM / "lbch.xpt").write_bytes(b"".join(part))
    assert ("AU-SPLIT", "LBCH", "") in rules(audit(package, FDA))


def test_a_drift_from_the_specs_is_found_where_a_study_is_given(package: Path):
    path = package / SDTM / "dm.xpt"
    file = columns(lambda column: replace(column, label="Age at Consent"), "AGE")(read_xpt(path))
    file = values(pl.lit(46.5), "AGE")(without("COUNTRY")(swapped(file)))
    path.write_bytes(b"".join(xpt_bytes(file.frame, name="DM", label="People", columns=file.columns, stamp=STAMP)))
    found = {each for each in rules(audit(package, FDA, open_study(first_study(), "fda"))) if each[0].startswith("AS-")}
    assert found == {
        ("AS-LABEL", "DM", ""),
        ("AS-LABEL", "DM", "AGE"),
        ("AS-TYPE", "DM", "AGE"),
        ("AS-MISSING", "DM", "COUNTRY"),
        ("AS-ORDER", "DM", ""),
    }


def test_a_package_of_another_program_is_read_and_validated(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    frame = pl.DataFrame({"STUDYID": ["X1"] * 2, "DOMAIN": ["VS"] * 2, "USUBJID": ["X1-1"] * 2, "VSSEQ": [1.0, 1.0]})
    labels = ["Study Identifier", "Domain Abbreviation", "Unique Subject Identifier", "Sequence Number"]
    path = tmp_path / "vs.xpt"
    pyreadstat.write_xport(
        frame, path, file_label="Vital Signs", table_name="VS", column_labels=labels, file_format_version=5
    )
    assert main(["audit", str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(issue["rule"], issue["value"]) for issue in found] == [("AU-SEQUENCE", "X1-1 1"), ("AU-DEFINE", "")]


def test_half_a_day_in_a_date_does_not_come_back_and_is_found(tmp_path: Path):
    frame = pl.DataFrame({"USUBJID": ["X1-1"], "ADT": [24116.5]})
    described = (Column("USUBJID", "Subject", "char", 4), Column("ADT", "Analysis Date", "num", 8, "DATE9."))
    pieces = xpt_bytes(frame, name="ADSL", label="Subjects", columns=described, stamp=STAMP)
    (tmp_path / "adsl.xpt").write_bytes(b"".join(pieces))
    (found,) = (issue for issue in audit(tmp_path, FDA) if issue.rule == "AU-ROUNDTRIP")
    assert (found.dataset, found.value) == ("ADSL", "ADT: 24116.5 is no date")


def only_json(package: Path) -> Path:
    shutil.rmtree(package / "m5")
    return package / "dataset-json"


def test_a_package_of_dataset_json_alone_is_audited_by_what_stands_in_it(package: Path):
    found = audit(only_json(package), FDA, open_study(first_study(), "fda"))
    assert {issue.rule for issue in found} == {"AU-DEFINE"}


def test_a_drift_in_one_form_of_a_package_of_dataset_json_alone_is_found_in_that_form(package: Path):
    path = only_json(package) / "m5/datasets/pl21/tabulations/sdtm/dm.ndjson"
    header, first, *others = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, first.replace('"PL21"', '"PL22"'), *others]) + "\n", "utf-8")
    found = [issue for issue in audit(package / "dataset-json", FDA) if issue.rule != "AU-DEFINE"]
    assert {(issue.rule, issue.variable, Path(issue.form).name) for issue in found} == {
        ("DJ-VALUE", "STUDYID", "dm.ndjson")
    }


def test_a_subject_that_is_there_twice_in_dataset_json_alone_is_found(package: Path):
    folder = only_json(package) / "m5/datasets/pl21/tabulations/sdtm"
    for path in folder.iterdir():
        if path.name != "ae.ndjson":
            path.unlink()
    lines = (folder / "ae.ndjson").read_text("utf-8").splitlines()
    count = len(lines) - 1
    head = lines[0].replace(f'"records":{count}', f'"records":{count + 1}')
    assert head != lines[0]
    (folder / "ae.ndjson").write_text("\n".join([head, *lines[1:], lines[-1]]) + "\n", "utf-8")
    assert {issue.rule for issue in audit(package / "dataset-json", FDA)} == {"AU-DEFINE", "AU-SEQUENCE", "DJ-KEY"}


def test_a_folder_without_datasets_cannot_be_audited(tmp_path: Path):
    assert main(["audit", str(tmp_path)]) == 3
    assert main(["audit", str(tmp_path / "nowhere")]) == 3
    assert main(["audit", str(tmp_path), "--profile", "tga"]) == 2
