import sys
from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.study.mappings import load_checks, load_from_package, load_mappings, load_module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study" / "mappings" / "sdtm"
    folder.mkdir(parents=True)
    return folder


def test_a_mapping_is_the_function_named_as_its_file_and_needs_its_parameters(folder: Path):
    (folder / "lb.py").write_text("def _help(): ...\ndef lb(raw_lab, dm, *, study):\n    return raw_lab + dm + study\n")
    [mapping] = load_mappings(folder)
    assert (mapping.name, mapping.needs, mapping.file) == ("lb", ("raw_lab", "dm", "study"), str(folder / "lb.py"))
    assert mapping.function(1, 2, study=3) == 6


def test_mappings_come_in_the_order_of_their_names(folder: Path):
    for name in ("vs", "ae", "dm"):
        (folder / f"{name}.py").write_text(f"def {name}(): ...\n")
    (folder / "notes.txt").write_text("no Python")
    assert [mapping.name for mapping in load_mappings(folder)] == ["ae", "dm", "vs"]


@pytest.mark.parametrize("text", ["", "def labs(): ...\n", "lb = 3\n"])
def test_a_file_without_the_function_of_its_name_is_named(folder: Path, text: str):
    (folder / "lb.py").write_text(text)
    with pytest.raises(DefinitionError, match=r"lb.py: no function lb\(\); a mapping is named as its file"):
        load_mappings(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def lb(:\n", "SyntaxError"),
        ("import nothing_of_this_name\n", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_fails_while_it_is_imported_is_named_with_what_it_raised(folder: Path, text: str, said: str):
    (folder / "lb.py").write_text(text)
    with pytest.raises(DefinitionError, match=rf"lb.py: cannot be imported: {said}"):
        load_mappings(folder)


def test_the_checks_are_the_public_functions_that_a_file_defines_itself(folder: Path):
    (folder / "visits.py").write_text(
        "from os.path import join\ndef visit_missed(sv): ...\ndef _help(): ...\nclass Frame: ...\nLIMIT = 3\n"
    )
    (folder / "death.py").write_text("def death_twice(ds, dm): ...\n")
    assert [(check.name, check.needs) for check in load_checks(folder)] == [
        ("death_twice", ("ds", "dm")),
        ("visit_missed", ("sv",)),
    ]


def test_a_folder_without_files_has_no_mappings(folder: Path):
    assert load_mappings(folder) == ()
    assert load_checks(folder / "nowhere") == ()


def test_two_studies_may_have_a_mapping_of_one_name(tmp_path: Path):
    found = []
    for study, answer in (("first", 1), ("second", 2)):
        folder = tmp_path / study / "mappings" / "sdtm"
        folder.mkdir(parents=True)
        (folder / "dm.py").write_text(f"def dm():\n    return {answer}\n")
        found += load_mappings(folder)
    assert [mapping.function() for mapping in found] == [1, 2]


def test_a_mapping_does_not_hide_a_module_of_the_same_name(folder: Path):
    (folder / "json.py").write_text("def json(): ...\n")
    load_mappings(folder)
    assert sys.modules.get("json") is not load_module(folder / "json.py")


def test_a_missing_file_is_named(folder: Path):
    with pytest.raises(DefinitionError, match=r"lb.py: the study needs this file and it is missing"):
        load_module(folder / "lb.py")


def test_files_of_a_package_import_each_other(folder: Path):
    (folder / "__init__.py").touch()
    (folder / "facts.py").write_text("ANSWER = 42\n")
    (folder / "story.py").write_text("from .facts import ANSWER\n")
    assert load_from_package(folder, "story").ANSWER == 42


@pytest.mark.parametrize("place", ["pl21-0.9.1", "study 2", "研究", "a'b"])
def test_a_study_may_lie_in_a_folder_of_any_name(place: str, tmp_path: Path):
    folder = tmp_path / place / "simulation"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "study.py").write_text("from . import rules\nanswer = rules.answer\n")
    (folder / "rules.py").write_text("answer = 7\n")
    assert load_from_package(folder, "study").answer == 7


def test_a_folder_without_init_is_no_package(folder: Path):
    (folder / "story.py").touch()
    with pytest.raises(DefinitionError, match=r"__init__.py: the study needs this file and it is missing"):
        load_from_package(folder, "story")
