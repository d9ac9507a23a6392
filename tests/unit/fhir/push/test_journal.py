from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.push.journal import Accepted, note, read_journal

HERE, THERE = "http://here/fhir", "http://there/fhir"


def test_the_last_word_on_a_resource_holds_and_its_place_is_that_of_the_first(tmp_path: Path):
    path = tmp_path / "deep" / "push.jsonl"
    note(path, HERE, [("Patient/1", Accepted("a", "1")), ("Patient/2", Accepted("b", "2"))])
    note(path, THERE, [("Patient/1", Accepted("z", "9"))])
    note(path, HERE, [("Patient/1", Accepted("c", "3"))])
    assert list(read_journal(path, HERE).items()) == [
        ("Patient/1", Accepted("c", "3")),
        ("Patient/2", Accepted("b", "2")),
    ]
    assert read_journal(path, THERE) == {"Patient/1": Accepted("z", "9")}


def test_what_was_deleted_is_forgotten(tmp_path: Path):
    path = tmp_path / "push.jsonl"
    note(path, HERE, [("Patient/1", Accepted("a", "1"))])
    note(path, HERE, [("Patient/1", None)])
    assert read_journal(path, HERE) == {}


def test_where_there_is_no_journal_nothing_was_accepted(tmp_path: Path):
    assert read_journal(tmp_path / "push.jsonl", HERE) == {}


def test_a_line_that_a_crash_cut_off_is_left_out_and_overwritten(tmp_path: Path):
    path = tmp_path / "push.jsonl"
    note(path, HERE, [("Patient/1", Accepted("a", "1")), ("Patient/2", Accepted("b", "2"))])
    path.write_bytes(path.read_bytes()[:-20])
    assert read_journal(path, HERE) == {"Patient/1": Accepted("a", "1")}
    note(path, HERE, [("Patient/3", Accepted("c", "3"))])
    assert list(read_journal(path, HERE)) == ["Patient/1", "Patient/3"]


@pytest.mark.parametrize("line", ["resource,source", '{"server":"http://here/fhir"}', "[]", "7"])
def test_a_file_that_is_no_journal_is_refused_with_its_line(line: str, tmp_path: Path):
    path = tmp_path / "push.jsonl"
    path.write_text(f"{line}\n{line}\n")
    with pytest.raises(InputError, match=r"push\.jsonl:1: is no line of a push journal"):
        read_journal(path, HERE)


def test_a_note_of_nothing_makes_no_file(tmp_path: Path):
    note(tmp_path / "push.jsonl", HERE, [])
    assert list(tmp_path.iterdir()) == []
