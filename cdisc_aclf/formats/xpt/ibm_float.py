"""IEEE doubles to the IBM/370 doubles of a SAS transport file."""

import numpy as np
from numpy.typing import NDArray

LIMIT = 2.0**252
"""First magnitude that is too large: an IBM double is a fraction below 1 times at most 16**63."""

SMALLEST = 2.0**-260
"""Smallest magnitude with all its digits: 1/16 times 16**-64."""

_MISSING = np.uint64(0x2E << 56)


def ibm_double(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Convert numbers to the eight bytes that SAS calls a number in transport files.

    An IBM double is sign (1 bit), exponent of 16 plus 64 (7 bits), fraction below 1 (56 bits). The 53
    significant bits of an IEEE double fit with the at most 3 zero bits that lead a hexadecimal fraction, so
    no digit is lost. Minus zero is written as zero: its IBM form would read as a special missing value.
    Layout: SAS technical paper TS-140, "Numeric Data Fields" and "Missing Values".

    Args:
        values: magnitudes in `[SMALLEST, LIMIT)`, zero, or NaN for missing; the caller refuses others.

    Returns:
        Big-endian words of the same shape; NaN is the SAS missing value `.`, 0x2E and seven zero bytes.

    Examples:
        >>> ibm_double(np.array([1.0, -118.625, np.nan])).tobytes().hex(" ", 8)
        '4110000000000000 c276a00000000000 2e00000000000000'
    """
    bits = values.view(np.uint64)
    # With IEEE exponent e, and e + 1 = 4q + r: 1.f * 2**(e - 1023) = (1.f * 2**r / 16) * 16**(q - 255)
    exponent = ((bits >> 52) & 0x7FF) + 1
    fraction = ((bits & 0xFFFFFFFFFFFFF) | (1 << 52)) << (exponent & 3)
    words = (bits & (1 << 63)) | (((exponent >> 2) - 191) << 56) | fraction
    words[values == 0] = 0
    words[np.isnan(values)] = _MISSING
    return words.astype(">u8")
