"""The form of codes from systems that are too large, or too licensed, to list: LOINC, SNOMED CT and UCUM."""

import re
from functools import cache

from cdisc_aclf.fhir.model.definitions import UcumAtoms

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"

_GROUP = re.compile(r"\(((?:[^()\[\]{}]|\[[^\]]*\]|\{[^{}]*\})+)\)")
_OPERATOR = re.compile(r"[./](?![^\[{]*[\]}])")  # outside of brackets and of an annotation
_COMPONENT = re.compile(r"(?:[0-9]+|(?P<atom>[^\s{}]+?)(?:[+-]?[0-9]+)?)?(?P<note>\{[!-z|~]*\})?")
_LOINC_PART = re.compile(r"L[AP][0-9]+-[0-9]|MTHU[0-9]+")
_DIHEDRAL = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
             "5987604321", "6598710432", "7659821043", "8765932104", "9876543210")  # fmt: skip
_SHIFT = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def is_loinc(code: str) -> bool:
    """Whether a LOINC number ends in its check digit (LOINC Users' Guide: modulus 10, as Luhn has it).

    Examples:
        >>> is_loinc("718-7"), is_loinc("718-8"), is_loinc("7187")
        (True, False, False)
    """
    if not re.fullmatch(r"[1-9][0-9]{0,6}-[0-9]", code):
        return False
    number, _, check = code.partition("-")
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[::-2]]
    return (sum(doubled) + sum(map(int, number[-2::-2])) + int(check)) % 10 == 0


def is_loinc_part(code: str) -> bool:
    """Whether a code has the form of a LOINC answer, part or interim term, which has no test of its own.

    Examples:
        >>> is_loinc_part("LA6568-5"), is_loinc_part("718-7")
        (True, False)
    """
    return _LOINC_PART.fullmatch(code) is not None


@cache
def is_snomed(code: str) -> bool:
    """Whether an identifier ends in its check digit (SNOMED CT, Verhoeff); an expression is not looked into.

    Examples:
        >>> is_snomed("22298006"), is_snomed("22298007"), is_snomed("22298006:363698007=80891009")
        (True, False, True)
    """
    if re.search(r"[|:,(={]", code):
        return True
    if not re.fullmatch(r"[1-9][0-9]{5,17}", code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_DIHEDRAL[check][int(_SHIFT[place % 8][int(digit)])])
    return check == 0


@cache
def is_ucum(code: str, atoms: UcumAtoms) -> bool:
    """Whether the grammar of UCUM allows a unit (The Unified Code for Units of Measure, sections 2.1 to 2.3).

    Examples:
        >>> metric, others = frozenset({"g", "L", "mol", "m[Hg]"}), frozenset({"10*", "h", "%"})
        >>> atoms = UcumAtoms(frozenset({"m", "u"}), metric, others)
        >>> [is_ucum(code, atoms) for code in ("umol/L", "10*9/L", "mm[Hg]", "{score}", "/h", "mL/(24.h)", "1", "%")]
        [True, True, True, True, True, True, True, True]
        >>> [is_ucum(code, atoms) for code in ("umol/l", "mh", "g/", "g//L", "(g", "g L", "", "score")]
        [False, False, False, False, False, False, False, False]
    """
    while group := _GROUP.search(code):
        if not _is_term(group[1], atoms):
            return False
        code = f"{code[: group.start()]}1{code[group.end() :]}"
    return _is_term(code, atoms)


def _is_term(text: str, atoms: UcumAtoms) -> bool:
    return all(_is_component(part, atoms) for part in _OPERATOR.split(text.removeprefix("/")))


def _is_component(text: str, atoms: UcumAtoms) -> bool:
    parts = _COMPONENT.fullmatch(text)
    if not parts or not text:
        return False
    atom = parts["atom"]
    return (
        atom is None
        or atom in atoms.metric
        or atom in atoms.others
        or any(atom[:size] in atoms.prefixes and atom[size:] in atoms.metric for size in (1, 2))
    )
