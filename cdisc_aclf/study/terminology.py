"""The terms that a study keeps: `codelists.csv`, `decodes.csv`, `packages.csv` and `collected.csv`."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_table
from cdisc_aclf.model.spec import SDTM
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

_EXTENSION = "extension"
"""What `codelists.csv` has in place of a code for a term that the sponsor adds."""


def read_terminology(folder: Path) -> Terminology:
    """Read `codelists.csv`, `decodes.csv`, `packages.csv` and `collected.csv`.

    Raises:
        DefinitionError: a table is missing, or a term of a CDISC codelist has no code and is no extension.
    """
    specs = folder / "specs"
    decodes = {
        (row["codelist"], row["term"]): row["decode"]
        for row in read_table(specs / "decodes.csv", ("codelist", "term", "decode"))
    }
    packages = {row["codelist"]: row["package"] for row in read_table(specs / "packages.csv", ("codelist", "package"))}
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    table, columns = specs / "codelists.csv", ("codelist", "ccode", "name", "extensible", "term", "term_ccode")
    for line, row in enumerate(read_table(table, columns), start=2):
        if row["ccode"] and not row["term_ccode"]:
            raise DefinitionError(f"{table}:{line}", f"{row['term']} has no code and is not marked as {_EXTENSION!r}")
        if row["term_ccode"] == _EXTENSION and row["extensible"] != "Yes":
            raise DefinitionError(
                f"{table}:{line}", f"{row['term']} extends {row['codelist']}, which cannot be extended"
            )
        rows[row["codelist"]].append(row)
    codelists = {
        name: CodeList(
            name=name,
            ccode=terms[0]["ccode"],
            label=terms[0]["name"],
            extensible=terms[0]["extensible"] == "Yes",
            terms=tuple(_term(row, decodes) for row in terms),
            package=packages.get(name, SDTM),
        )
        for name, terms in rows.items()
    }
    collected: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_table(specs / "collected.csv", ("codelist", "collected", "term")):
        collected[row["codelist"]][row["collected"]] = row["term"]
    return Terminology(codelists, dict(collected))


def _term(row: dict[str, str], decodes: Mapping[tuple[str, str], str]) -> Term:
    is_extension = row["term_ccode"] == _EXTENSION
    decode = decodes.get((row["codelist"], row["term"]), "")
    return Term(row["term"], "" if is_extension else row["term_ccode"], decode, is_extension)
