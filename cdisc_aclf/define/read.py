"""A define.xml, ours or another's: Define-XML 2.1, and what 2.0 has in common with it."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from cdisc_aclf.define.model.document import (
    CodedTerm,
    CodeListDef,
    CommentDef,
    Condition,
    DatasetDef,
    Define,
    ItemRef,
    MethodDef,
    Origin,
    Standard,
    ValueList,
    VariableDef,
    WhereClause,
)
from cdisc_aclf.define.model.results import AnalysisDataset, AnalysisResult, ResultDisplay
from cdisc_aclf.define.model.xmlns import ARM, CCODE, DEF, DEF_URI, LANG, ODM, XLINK
from cdisc_aclf.errors import InputError
from cdisc_aclf.files.bounded import whole_file
from cdisc_aclf.model.document import Document, Pages

_OLDER = "http://www.cdisc.org/ns/def/v2.0"


def read_define(path: Path) -> Define:
    """Read a document as it is: what is there twice or leads nowhere is kept, for a validator to find.

    Args:
        path: the define.xml.

    Returns:
        Its first MetaDataVersion; an identifier that is missing is empty.

    Raises:
        InputError: the file cannot be opened, is not XML, or is no Define-XML.
    """
    try:
        content = whole_file(path)
    except OSError as problem:
        raise InputError(str(path), f"the define.xml cannot be opened: {problem.strerror}") from None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        # the elements that 2.0 and 2.1 share differ in nothing but this
        root = etree.fromstring(content.replace(_OLDER.encode(), DEF_URI.encode()), parser)
    except etree.XMLSyntaxError as problem:
        raise InputError(str(path), f"is not XML: {problem}") from None
    study, version = root.find(f"{ODM}Study"), root.find(f"{ODM}Study/{ODM}MetaDataVersion")
    if study is None or version is None or version.get(f"{DEF}DefineVersion") is None:
        raise InputError(str(path), "is no Define-XML: no MetaDataVersion with a def:DefineVersion")
    return Define(
        study_oid=study.get("OID", ""),
        study_name=study.findtext(f"{ODM}GlobalVariables/{ODM}StudyName", ""),
        study_text=study.findtext(f"{ODM}GlobalVariables/{ODM}StudyDescription", ""),
        protocol=study.findtext(f"{ODM}GlobalVariables/{ODM}ProtocolName", ""),
        oid=version.get("OID", ""),
        name=version.get("Name", ""),
        text=version.get("Description", ""),
        comment=version.get(f"{DEF}CommentOID", ""),
        standards=tuple(
            Standard(
                oid=each.get("OID", ""),
                name=each.get("Name", ""),
                kind=each.get("Type", ""),
                version=each.get("Version", ""),
                status=each.get("Status", ""),
                publishing_set=each.get("PublishingSet", ""),
                comment=each.get(f"{DEF}CommentOID", ""),
            )
            for each in version.iterfind(f"{DEF}Standards/{DEF}Standard")
        ),
        crf=_leaves(version, "AnnotatedCRF"),
        supplements=_leaves(version, "SupplementalDoc"),
        value_lists=tuple(
            ValueList(each.get("OID", ""), tuple(_items(each))) for each in version.iterfind(f"{DEF}ValueListDef")
        ),
        where_clauses=tuple(_clause(each) for each in version.iterfind(f"{DEF}WhereClauseDef")),
        datasets=tuple(_dataset(each) for each in version.iterfind(f"{ODM}ItemGroupDef")),
        variables=tuple(_variable(each) for each in version.iterfind(f"{ODM}ItemDef")),
        codelists=tuple(_codelist(each) for each in version.iterfind(f"{ODM}CodeList")),
        methods=tuple(
            MethodDef(
                oid=each.get("OID", ""),
                name=each.get("Name", ""),
                kind=each.get("Type", ""),
                pages=tuple(_pages(each)),
                **_told(each),
            )
            for each in version.iterfind(f"{ODM}MethodDef")
        ),
        comments=tuple(
            CommentDef(each.get("OID", ""), pages=tuple(_pages(each)), **_told(each))
            for each in version.iterfind(f"{DEF}CommentDef")
        ),
        documents=tuple(_document(each) for each in version.iterfind(f"{DEF}leaf")),
        displays=tuple(_display(each) for each in version.iterfind(f"{ARM}AnalysisResultDisplays/{ARM}ResultDisplay")),
    )


def _text(element: etree._Element, tag: str = "Description") -> str:
    """The first translation; line breaks of an indented document are blanks."""
    return " ".join(element.findtext(f"{ODM}{tag}/{ODM}TranslatedText", "").split())


def _told(element: etree._Element, name: str = "text") -> dict[str, str]:
    """The Description by the name of the field, and as `<name>_zh` the Chinese one that stands beside another."""
    texts = {
        each.get(LANG, ""): " ".join((each.text or "").split())
        for each in element.iterfind(f"{ODM}Description/{ODM}TranslatedText")
    }
    chinese = next((language for language in texts if language.startswith("zh")), "")
    if not chinese or len(texts) == 1:
        return {name: _text(element)}
    return {f"{name}_zh": texts.pop(chinese), name: next(iter(texts.values()))}


def _number(element: etree._Element, name: str) -> int | None:
    text = element.get(name, "").strip()
    return int(text) if text.isdigit() else None


def _leaves(version: etree._Element, tag: str) -> tuple[str, ...]:
    return tuple(each.get("leafID", "") for each in version.iterfind(f"{DEF}{tag}/{DEF}DocumentRef"))


def _document(leaf: etree._Element) -> Document:
    return Document(leaf.get("ID", ""), leaf.get(f"{XLINK}href", ""), leaf.findtext(f"{DEF}title", "").strip())


def _pages(element: etree._Element) -> Iterator[Pages]:
    for reference in element.iterfind(f"{DEF}DocumentRef"):
        leaf = reference.get("leafID", "")
        pages = reference.find(f"{DEF}PDFPageRef")
        if pages is None:
            yield Pages(leaf)
            continue
        first, last = _number(pages, "FirstPage"), _number(pages, "LastPage")
        numbers = range(first, last + 1) if first is not None and last is not None else ()
        listed = tuple(pages.get("PageRefs", "").split()) or tuple(str(number) for number in numbers)
        yield Pages(leaf, listed, named=pages.get("Type") == "NamedDestination")


def _items(parent: etree._Element) -> Iterator[ItemRef]:
    for each in parent.iterfind(f"{ODM}ItemRef"):
        yield ItemRef(
            item=each.get("ItemOID", ""),
            order=_number(each, "OrderNumber"),
            mandatory=each.get("Mandatory") == "Yes",
            key=_number(each, "KeySequence"),
            method=each.get("MethodOID", ""),
            role=each.get("Role", ""),
            where=tuple(clause.get("WhereClauseOID", "") for clause in each.iterfind(f"{DEF}WhereClauseRef")),
            has_no_data=each.get(f"{DEF}HasNoData") == "Yes",
        )


def _clause(element: etree._Element) -> WhereClause:
    return WhereClause(
        element.get("OID", ""),
        tuple(
            Condition(
                check.get(f"{DEF}ItemOID", ""),
                check.get("Comparator", ""),
                tuple(value.text or "" for value in check.iterfind(f"{ODM}CheckValue")),
            )
            for check in element.iterfind(f"{ODM}RangeCheck")
        ),
        element.get(f"{DEF}CommentOID", ""),
    )


def _dataset(element: etree._Element) -> DatasetDef:
    kind, leaf = element.find(f"{DEF}Class"), element.find(f"{DEF}leaf")
    return DatasetDef(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        domain=element.get("Domain", ""),
        **_told(element, "label"),
        observation_class=element.get(f"{DEF}Class", "") if kind is None else kind.get("Name", ""),
        structure=element.get(f"{DEF}Structure", ""),
        purpose=element.get("Purpose", ""),
        repeating=element.get("Repeating") == "Yes",
        is_reference=element.get("IsReferenceData") == "Yes",
        items=tuple(_items(element)),
        subclasses=() if kind is None else tuple(each.get("Name", "") for each in kind.iterfind(f"{DEF}SubClass")),
        standard=element.get(f"{DEF}StandardOID", ""),
        comment=element.get(f"{DEF}CommentOID", ""),
        file=None if leaf is None else _document(leaf),
    )


def _variable(element: etree._Element) -> VariableDef:
    codelist, values = element.find(f"{ODM}CodeListRef"), element.find(f"{DEF}ValueListRef")
    return VariableDef(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        **_told(element, "label"),
        data_type=element.get("DataType", ""),
        length=_number(element, "Length"),
        digits=_number(element, "SignificantDigits"),
        format=element.get(f"{DEF}DisplayFormat", ""),
        codelist="" if codelist is None else codelist.get("CodeListOID", ""),
        origins=tuple(
            Origin(each.get("Type", ""), each.get("Source", ""), _text(each), tuple(_pages(each)))
            for each in element.iterfind(f"{DEF}Origin")
        ),
        value_list="" if values is None else values.get("ValueListOID", ""),
        comment=element.get(f"{DEF}CommentOID", ""),
    )


def _codelist(element: etree._Element) -> CodeListDef:
    external = element.find(f"{ODM}ExternalCodeList")
    return CodeListDef(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        data_type=element.get("DataType", ""),
        ccode=_ccode(element),
        standard=element.get(f"{DEF}StandardOID", ""),
        terms=tuple(
            CodedTerm(
                item.get("CodedValue", ""),
                _text(item, "Decode"),
                _ccode(item),
                item.get(f"{DEF}ExtendedValue") == "Yes",
            )
            for item in element.iterchildren(f"{ODM}CodeListItem", f"{ODM}EnumeratedItem")
        ),
        dictionary="" if external is None else external.get("Dictionary", ""),
        version="" if external is None else external.get("Version", ""),
        comment=element.get(f"{DEF}CommentOID", ""),
    )


def _ccode(element: etree._Element) -> str:
    aliases = (each.get("Name", "") for each in element.iterfind(f"{ODM}Alias") if each.get("Context") == CCODE)
    return next(aliases, "")


def _display(element: etree._Element) -> ResultDisplay:
    return ResultDisplay(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        results=tuple(_result(each) for each in element.iterfind(f"{ARM}AnalysisResult")),
        pages=tuple(_pages(element)),
        **_told(element),
    )


def _result(element: etree._Element) -> AnalysisResult:
    code = element.find(f"{ARM}ProgrammingCode")
    documentation = element.find(f"{ARM}Documentation")
    return AnalysisResult(
        oid=element.get("OID", ""),
        **_told(element),
        reason=element.get("AnalysisReason", ""),
        purpose=element.get("AnalysisPurpose", ""),
        parameter=element.get("ParameterOID", ""),
        datasets=tuple(
            AnalysisDataset(
                each.get("ItemGroupOID", ""),
                next((clause.get("WhereClauseOID", "") for clause in each.iterfind(f"{DEF}WhereClauseRef")), ""),
                tuple(variable.get("ItemOID", "") for variable in each.iterfind(f"{ARM}AnalysisVariable")),
            )
            for each in element.iterfind(f"{ARM}AnalysisDatasets/{ARM}AnalysisDataset")
        ),
        **({"documentation": ""} if documentation is None else _told(documentation, "documentation")),
        code="" if code is None else code.findtext(f"{ARM}Code", ""),
        context="" if code is None else code.get("Context", ""),
        pages=tuple(place for part in (documentation, code) if part is not None for place in _pages(part)),
    )
