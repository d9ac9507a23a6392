"""Controlled terms, and what sites write instead of them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A submission value and its NCI concept code, which is empty for a term of the sponsor.

    Args:
        value: the submission value.
        ccode: NCI concept code; a name of the study's own links a sponsor's short name and name of a test.
        decode: what the value stands for; empty where it speaks for itself.
        is_extension: whether the sponsor adds the term to a codelist of CDISC.
    """

    value: str
    ccode: str
    decode: str = ""
    is_extension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A codelist of CDISC controlled terminology, or of the sponsor where `ccode` is empty.

    `package` is the standard whose terminology package has it: sdtm or adam.
    """

    name: str
    ccode: str
    label: str
    extensible: bool
    terms: tuple[Term, ...]
    package: str = "sdtm"

    @property
    def values(self) -> tuple[str, ...]:
        """The submission values."""
        return tuple(term.value for term in self.terms)


@dataclass(frozen=True, slots=True)
class Terminology:
    """The codelists that the study uses, and the collected values that lead to their terms."""

    codelists: Mapping[str, CodeList]
    collected: Mapping[str, Mapping[str, str]]

    def names(self, codes: str, names: str) -> dict[str, str]:
        """The --TEST of each --TESTCD: terms of two codelists that share a concept code.

        Examples:
            >>> codes = CodeList(
            ...     name="LBTESTCD", ccode="C65047", label="", extensible=True, terms=(Term("ALB", "C64431"),)
            ... )
            >>> names = CodeList(
            ...     name="LBTEST", ccode="C67154", label="", extensible=True, terms=(Term("Albumin", "C64431"),)
            ... )
            >>> ct = Terminology({"LBTESTCD": codes, "LBTEST": names}, {})
            >>> ct.names("LBTESTCD", "LBTEST")
            {'ALB': 'Albumin'}
        """
        by_concept = {term.ccode: term.value for term in self.codelists[names].terms}
        return {term.value: by_concept[term.ccode] for term in self.codelists[codes].terms if term.ccode in by_concept}
