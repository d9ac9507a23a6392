"""A package of controlled terminology as NCI EVS publishes it: tab-separated text, or ODM."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import whole_file
from cdisc_aclf.model.terminology import CodeList, Term

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
NCI = "{http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC}"
CODE, LIST, EXTENSIBLE, NAME, VALUE = (
    "Code",
    "Codelist Code",
    "Codelist Extensible (Yes/No)",
    "Codelist Name",
    "CDISC Submission Value",
)


def read_package(path: Path) -> Mapping[str, CodeList]:
    """Read a terminology package that the user downloaded.

    Args:
        path: the text form (tab-separated, a row per codelist and per term) or the ODM form (XML).

    Returns:
        Codelists by submission value, e.g. `NY`.

    Raises:
        InputError: the file is missing or is in neither form.
    """
    try:
        content = whole_file(path)
    except OSError as problem:
        raise InputError(str(path), f"the terminology package cannot be opened: {problem.strerror}") from None
    codelists = list(_from_odm(content, path) if content.lstrip()[:1] == b"<" else _from_text(content, path))
    if not codelists:
        raise InputError(str(path), "holds no codelist")
    return {codelist.name: codelist for codelist in codelists}


def _from_text(content: bytes, path: Path) -> Iterator[CodeList]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(str(path), f"not UTF-8 at byte {problem.start}") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    if missing := [column for column in (CODE, LIST, EXTENSIBLE, NAME, VALUE) if column not in (rows.fieldnames or ())]:
        raise InputError(f"{path}:1", f"is no terminology package: no column {', '.join(missing)}")
    heads: list[dict[str, str]] = []
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in rows:
        if None in row or None in row.values():
            raise InputError(f"{path}:{rows.line_num}", "has another number of cells than the header")
        if row[LIST]:
            terms[row[LIST]].append(Term(row[VALUE], row[CODE]))
        else:
            heads.append(row)
    for head in heads:
        yield CodeList(
            name=head[VALUE],
            ccode=head[CODE],
            label=head[NAME],
            extensible=head[EXTENSIBLE] == "Yes",
            terms=tuple(terms[head[CODE]]),
        )


def _from_odm(content: bytes, path: Path) -> Iterator[CodeList]:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise InputError(str(path), f"is not XML: {problem}") from None
    for codelist in root.iter(f"{ODM}CodeList"):
        yield CodeList(
            name=codelist.findtext(f"{NCI}CDISCSubmissionValue", ""),
            ccode=codelist.get(f"{NCI}ExtCodeID", ""),
            label=codelist.get("Name", ""),
            extensible=codelist.get(f"{NCI}CodeListExtensible") == "Yes",
            terms=tuple(
                Term(item.get("CodedValue", ""), item.get(f"{NCI}ExtCodeID", ""))
                for item in codelist.iter(f"{ODM}EnumeratedItem", f"{ODM}CodeListItem")
            ),
        )
