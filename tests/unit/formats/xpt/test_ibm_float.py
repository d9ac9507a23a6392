from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.formats.xpt.ibm_float import LIMIT, SMALLEST, ibm_double

LARGEST = float(np.nextafter(LIMIT, 0))


def word(value: float) -> bytes:
    return ibm_double(np.array([value])).tobytes()


def decoded(eight: bytes) -> Fraction:
    """The definition: (-1)**sign * 0.fraction * 16**(exponent - 64)."""
    bits = int.from_bytes(eight, "big")
    sign, exponent, fraction = bits >> 63, (bits >> 56) & 0x7F, bits & (2**56 - 1)
    return (-1) ** sign * Fraction(fraction, 2**56) * Fraction(16) ** (exponent - 64)


@pytest.mark.parametrize(
    ("value", "published"),
    [
        (1.0, "4110000000000000"),
        (-118.625, "C276A00000000000"),
        (0.0, "0000000000000000"),
        (0.1, "401999999999999A"),
        # what SAS 9.3 for Windows wrote for these values
        (98.6, "4262999999999998"),
        (95.4, "425F666666666668"),
        (56.7, "4238B33333333334"),
        (2517.0, "439D500000000000"),
    ],
)
def test_a_number_has_the_published_bytes(value: float, published: str):
    assert word(value) == bytes.fromhex(published)


def test_the_particles_of_one_dose_have_the_bytes_worked_out_by_hand():
    # 2e11 is 2E90EDD000 in hexadecimal: ten digits before the point, so the exponent is 64 + 10 = 4A
    assert word(2e11) == bytes.fromhex("4A2E90EDD0000000")


def test_minus_zero_is_zero_because_its_bytes_would_read_as_a_special_missing_value():
    assert word(-0.0) == bytes(8)


def test_missing_is_a_point_and_seven_zero_bytes():
    assert word(float("nan")) == b"." + bytes(7)


@given(st.floats(SMALLEST, LARGEST), st.sampled_from([1, -1]))
def test_no_digit_of_a_double_is_lost(size: float, sign: int):
    assert decoded(word(sign * size)) == sign * Fraction(size)


@given(st.integers(-(2**53), 2**53))
def test_no_digit_of_a_whole_number_is_lost(number: int):
    assert decoded(word(float(number))) == number


@given(st.floats(SMALLEST, LARGEST))
def test_the_first_hexadecimal_digit_of_the_fraction_is_never_zero(size: float):
    assert word(size)[1] >> 4


@pytest.mark.parametrize("value", [SMALLEST, LARGEST, -SMALLEST, -LARGEST])
def test_the_ends_of_the_range_are_exact(value: float):
    assert decoded(word(value)) == Fraction(value)
