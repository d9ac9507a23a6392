"""A form that says everything twice makes issues, and no subject twice."""

import shutil
from pathlib import Path

import pytest

from cdisc_aclf.errors import AclfError
from cdisc_aclf.model.run import Run
from cdisc_aclf.pipelines.convert import convert
from cdisc_aclf.study.definition import StudyDefinition, open_study
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.study.specs import read_forms

FORMS = read_forms(first_study())
ONCE = sorted(name for name, form in FORMS.items() if form.key == ("subject",) and name != "demographics")


@pytest.fixture(scope="module")
def definition() -> StudyDefinition:
    return open_study(first_study())


def converted(definition: StudyDefinition, raw: Path) -> Run:
    dictionaries = {path.stem: path for path in (raw.parent / "dictionaries").glob("*.csv")}
    return convert(definition, raw, dictionaries=dictionaries, progress=lambda _: None)


def subjects(run: Run, definition: StudyDefinition) -> dict[str, list[str]]:
    """Who is in each dataset that has one record per subject."""
    once = [name for name, spec in definition.datasets.items() if spec.key == ("USUBJID",)]
    return {name: run.datasets[name].frame["USUBJID"].to_list() for name in once}


@pytest.fixture(scope="module")
def whole(definition: StudyDefinition, clean: Path) -> dict[str, list[str]]:
    found = subjects(converted(definition, clean / "raw"), definition)
    assert {"DM", "ADSL"} <= found.keys()
    return found


def doubled(clean: Path, folder: Path, form: str) -> tuple[Path, int]:
    export = Path(shutil.copytree(clean, folder / "export"))
    path = export / "raw" / f"{form}.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *rows, *rows, ""]), "utf-8")
    return export / "raw", len(rows)


@pytest.mark.parametrize("form", ONCE)
def test_what_happens_once_and_is_entered_twice_is_one_issue_and_one_subject(
    definition: StudyDefinition, whole: dict[str, list[str]], clean: Path, tmp_path: Path, form: str
):
    raw, rows = doubled(clean, tmp_path, form)
    run = converted(definition, raw)
    assert subjects(run, definition) == whole
    repeated = [issue for issue in run.issues if issue.rule == "RAW-KEY"]
    assert [issue.form for issue in repeated] == [form] * rows


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"demographics", *ONCE}))
def test_no_form_that_is_doubled_makes_a_subject_twice(
    definition: StudyDefinition, whole: dict[str, list[str]], clean: Path, tmp_path: Path, form: str
):
    raw, _ = doubled(clean, tmp_path, form)
    assert subjects(converted(definition, raw), definition) == whole


def test_one_number_for_two_subjects_is_refused_with_both_lines(
    definition: StudyDefinition, clean: Path, tmp_path: Path
):
    raw, _ = doubled(clean, tmp_path, "demographics")
    with pytest.raises(AclfError, match=r"demographics.csv:\d+: two subjects with one id: .* is also on line \d+"):
        converted(definition, raw)
