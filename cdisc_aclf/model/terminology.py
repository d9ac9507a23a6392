"""Controlled terms, and what sites write instead of them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A submission value and its NCI concept code; an empty code marks a term of the sponsor."""

    value: str
    ccode: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A codelist of CDISC controlled terminology, or of the sponsor where `ccode` is empty."""

    name: str
    ccode: str
    label: str
    extensible: bool
    terms: tuple[Term, ...]

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
            >>> codes = CodeList("LBTESTCD", "C65047", "", True, (Term("ALB", "C64431"),))
            >>> names = CodeList("LBTEST", "C67154", "", True, (Term("Albumin", "C64431"),))
            >>> ct = Terminology({"LBTESTCD": codes, "LBTEST": names}, {})
            >>> ct.names("LBTESTCD", "LBTEST")
            {'ALB': 'Albumin'}
        """
        by_concept = {term.ccode: term.value for term in self.codelists[names].terms}
        return {term.value: by_concept[term.ccode] for term in self.codelists[codes].terms if term.ccode in by_concept}
