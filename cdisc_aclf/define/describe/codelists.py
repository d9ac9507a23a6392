"""Codelists as Define-XML has them: each once, with its codes, decodes and extensions."""

import re
from collections.abc import Collection, Mapping, Sequence

from cdisc_aclf.define.model.document import CodedTerm, CodeListDef
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

_CCODE = re.compile(r"C\d+")


class CodeLists:
    """The codelists that variables and values refer to, gathered as they are asked for."""

    def __init__(self, ct: Terminology, packages: Mapping[str, str], say: Language) -> None:
        """Start without any.

        Args:
            ct: the terms that the study ships.
            packages: OID of the terminology package of each standard, `sdtm` and `adam`.
            say: the language of the sponsor's names; those of CDISC stay in English.
        """
        self._ct = ct
        self._say = say
        self._packages = packages
        self._made: dict[tuple[str, str, tuple[Term, ...]], CodeListDef] = {}
        self._dictionaries: dict[str, CodeListDef] = {}

    @property
    def definitions(self) -> tuple[CodeListDef, ...]:
        """Everything that was asked for, by OID; external dictionaries last."""
        own = sorted(self._made.values(), key=lambda codelist: codelist.oid)
        return (*own, *sorted(self._dictionaries.values(), key=lambda codelist: codelist.oid))

    def refer(self, name: str, data_type: str, *, only: Collection[str] | None = None, where: str = "") -> str:
        """The OID of a codelist, or of those of its terms that occur; empty where none occurs.

        Args:
            name: its name in `codelists.csv`.
            data_type: type of the variable: text, integer or float.
            only: terms to keep; None for all.
            where: what names the part of the codelist, where it is a part.
        """
        codelist = self._ct.codelists[name]
        terms = tuple(term for term in codelist.terms if only is None or term.value in only)
        if not terms:
            return ""
        key = (name, data_type, terms)
        if key not in self._made:
            apart = [where] if len(terms) < len(codelist.terms) else []
            apart += [data_type] if data_type != "text" else []
            self._made[key] = self._definition(codelist, terms, apart=apart, data_type=data_type)
        return self._made[key].oid

    def refer_to_dictionary(self, dictionary: str, version: str, data_type: str) -> str:
        """The OID of an external dictionary; one for its texts, another for its numbers."""
        oid = f"CL.{dictionary.upper()}" + ("" if data_type == "text" else f".{data_type}")
        self._dictionaries[oid] = CodeListDef(
            oid=oid, name=dictionary, data_type=data_type, dictionary=dictionary, version=version
        )
        return oid

    def _definition(
        self, codelist: CodeList, terms: Collection[Term], *, apart: Sequence[str], data_type: str
    ) -> CodeListDef:
        decodes = self._decodes(codelist)
        is_decoded = all(decodes.get(term.value) for term in terms)
        return CodeListDef(
            oid=".".join(["CL", codelist.name, *apart]),
            name=", ".join([codelist.label if codelist.ccode else self._say(codelist.label), *apart]),
            data_type=data_type,
            ccode=codelist.ccode,
            standard=self._packages[codelist.package] if codelist.ccode else "",
            terms=tuple(
                CodedTerm(
                    term.value,
                    decodes[term.value] if is_decoded else "",
                    term.ccode if _CCODE.fullmatch(term.ccode) else "",
                    term.is_extension,
                )
                for term in terms
            ),
        )

    def _decodes(self, codelist: CodeList) -> Mapping[str, str]:
        """From `decodes.csv`; of short names of tests, their names (LBTESTCD and LBTEST, CPS01TC and CPS01TN)."""
        name = codelist.name
        names = {"CD": name[:-2], "TC": f"{name[:-2]}TN", "PC": f"{name[:-2]}PN"}.get(name[-2:], "")
        if names in self._ct.codelists:
            return self._ct.names(name, names)
        return {term.value: term.decode for term in codelist.terms}
