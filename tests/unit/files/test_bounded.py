import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import exact_number, json_problem, refuse_irregular, whole_file
from cdisc_aclf.files.hashes import hashes_below


def test_a_pipe_and_a_device_are_refused_without_being_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="is a pipe, a device or a socket and no file"):
            whole_file(path)
    with pytest.raises(InputError, match="is a pipe"):
        hashes_below(tmp_path)


def test_a_folder_is_no_file_and_what_is_absent_is_for_the_reader_to_say(tmp_path: Path):
    with pytest.raises(InputError, match="is a folder and no file"):
        refuse_irregular(tmp_path)
    refuse_irregular(tmp_path / "absent")


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_refused(tmp_path: Path):
    path = tmp_path / "record.json"
    path.write_bytes(b"x" * 1024)
    assert len(whole_file(path, largest=1024)) == 1024
    with pytest.raises(InputError, match="has more than 0 MiB"):
        whole_file(path, largest=1023)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300))
def test_a_number_that_a_double_holds_keeps_each_of_its_digits(number: Decimal):
    if abs(number.adjusted()) <= 400:
        assert exact_number(str(number)).as_tuple() == number.as_tuple()


@pytest.mark.parametrize("text", ["1e401", "1e-401", "-2E999999999", "1e999999999999999999"])
def test_a_number_of_more_places_than_any_measurement_has_is_refused(text: str):
    with pytest.raises((ValueError, ArithmeticError)):
        exact_number(text)


@pytest.mark.parametrize("text", ["0", "0e999999999", "1e400", "1e-400", "-0.0"])
def test_a_zero_and_the_last_places_within_the_bound_are_numbers(text: str):
    assert exact_number(text) == Decimal(text)


def nested(levels: int) -> object:
    value: object = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def test_a_hundred_levels_are_work_and_one_more_is_refused():
    assert json_problem(nested(99)) == ""
    assert json_problem(nested(100)) == "is nested more than 100 levels deep"


def test_a_key_that_is_no_text_is_named():
    assert json_problem({"a": [{1: "x"}]}) == "has the key 1, which is no text"
