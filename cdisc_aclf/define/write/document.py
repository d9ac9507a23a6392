"""A Define-XML 2.1 document as XML (Define-XML 2.1, section 5.3; ARM 1.0, section 4)."""

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from cdisc_aclf.define.model.document import CodeListDef, DatasetDef, Define, ItemRef, VariableDef
from cdisc_aclf.define.model.xmlns import ARM_URI, DEF, DEF_URI, ODM, ODM_URI, XLINK, XLINK_URI
from cdisc_aclf.define.write.parts import add, add_code, add_pages, add_text, writable
from cdisc_aclf.define.write.results import add_displays
from cdisc_aclf.model.document import Document

VERSION = "2.1.0"


def define_xml(define: Define, *, stamp: datetime) -> bytes:
    """Render a document; `read_define` gives the same back.

    Args:
        define: the document.
        stamp: CreationDateTime, with its zone.

    Returns:
        UTF-8, indented; the same arguments give the same bytes.

    Examples:
        >>> from datetime import UTC
        >>> define = Define(
        ...     study_oid="ST.PL21", study_name="PL21", study_text="", protocol="PL21", oid="MDV.PL21.SDTM", name="SDTM"
        ... )
        >>> define_xml(define, stamp=datetime(2026, 1, 10, tzinfo=UTC)).decode().splitlines()[0]
        "<?xml version='1.0' encoding='UTF-8'?>"
    """
    names = {None: ODM_URI, "def": DEF_URI, "xlink": XLINK_URI} | ({"arm": ARM_URI} if define.displays else {})
    root = etree.Element(f"{ODM}ODM", nsmap=names)  # type: ignore[arg-type]  # None names the default namespace
    root.attrib.update(
        {
            "ODMVersion": "1.3.2",
            "FileType": "Snapshot",
            "FileOID": f"DEF.{define.oid}",
            "CreationDateTime": stamp.isoformat(timespec="seconds"),
            "SourceSystem": "cdisc_aclf",
            f"{DEF}Context": "Submission",
        }
    )
    study = add(root, f"{ODM}Study", OID=define.study_oid)
    facts = add(study, f"{ODM}GlobalVariables")
    for name, text in (
        ("StudyName", define.study_name),
        ("StudyDescription", define.study_text),
        ("ProtocolName", define.protocol),
    ):
        add(facts, f"{ODM}{name}").text = writable(text)
    version = add(
        study,
        f"{ODM}MetaDataVersion",
        OID=define.oid,
        Name=define.name,
        Description=define.text,
        **{f"{DEF}DefineVersion": VERSION, f"{DEF}CommentOID": define.comment},
    )
    _add_head(version, define)
    for dataset in define.datasets:
        _add_dataset(version, dataset)
    for variable in define.variables:
        _add_variable(version, variable)
    for codelist in define.codelists:
        _add_codelist(version, codelist)
    for method in define.methods:
        element = add(version, f"{ODM}MethodDef", OID=method.oid, Name=method.name, Type=method.kind)
        add_text(element, method.text, method.text_zh)
        add_pages(element, method.pages)
    for comment in define.comments:
        element = add(version, f"{DEF}CommentDef", OID=comment.oid)
        add_text(element, comment.text, comment.text_zh)
        add_pages(element, comment.pages)
    for document in define.documents:
        _add_leaf(version, document)
    add_displays(version, define.displays)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_head(version: etree._Element, define: Define) -> None:
    if define.standards:
        standards = add(version, f"{DEF}Standards")
        for standard in define.standards:
            add(
                standards,
                f"{DEF}Standard",
                OID=standard.oid,
                Name=standard.name,
                Type=standard.kind,
                PublishingSet=standard.publishing_set,
                Version=standard.version,
                Status=standard.status,
                **{f"{DEF}CommentOID": standard.comment},
            )
    for name, leaves in (("AnnotatedCRF", define.crf), ("SupplementalDoc", define.supplements)):
        if leaves:
            parent = add(version, f"{DEF}{name}")
            for leaf in leaves:
                add(parent, f"{DEF}DocumentRef", leafID=leaf)
    for values in define.value_lists:
        _add_refs(add(version, f"{DEF}ValueListDef", OID=values.oid), values.items)
    for clause in define.where_clauses:
        element = add(version, f"{DEF}WhereClauseDef", OID=clause.oid, **{f"{DEF}CommentOID": clause.comment})
        for condition in clause.conditions:
            check = add(
                element,
                f"{ODM}RangeCheck",
                Comparator=condition.comparator,
                SoftHard="Soft",
                **{f"{DEF}ItemOID": condition.item},
            )
            for value in condition.values:
                add(check, f"{ODM}CheckValue").text = writable(value)


def _add_refs(parent: etree._Element, items: Iterable[ItemRef]) -> None:
    for item in items:
        element = add(
            parent,
            f"{ODM}ItemRef",
            ItemOID=item.item,
            OrderNumber=item.order,
            Mandatory="Yes" if item.mandatory else "No",
            KeySequence=item.key,
            MethodOID=item.method,
            Role=item.role,
            **{f"{DEF}HasNoData": "Yes" if item.has_no_data else ""},
        )
        for clause in item.where:
            add(element, f"{DEF}WhereClauseRef", WhereClauseOID=clause)


def _add_dataset(version: etree._Element, dataset: DatasetDef) -> None:
    element = add(
        version,
        f"{ODM}ItemGroupDef",
        OID=dataset.oid,
        Name=dataset.name,
        Repeating="Yes" if dataset.repeating else "No",
        IsReferenceData="Yes" if dataset.is_reference else "No",
        SASDatasetName=dataset.name,
        Domain=dataset.domain,
        Purpose=dataset.purpose,
        **{
            f"{DEF}Structure": dataset.structure,
            f"{DEF}StandardOID": dataset.standard,
            f"{DEF}IsNonStandard": "" if dataset.standard else "Yes",
            f"{DEF}ArchiveLocationID": dataset.file.id if dataset.file else "",
            f"{DEF}CommentOID": dataset.comment,
        },
    )
    add_text(element, dataset.label, dataset.label_zh)
    _add_refs(element, dataset.items)
    if dataset.observation_class:
        kind = add(element, f"{DEF}Class", Name=dataset.observation_class)
        for name in dataset.subclasses:
            add(kind, f"{DEF}SubClass", Name=name)
    if dataset.file:
        _add_leaf(element, dataset.file)


def _add_variable(version: etree._Element, variable: VariableDef) -> None:
    element = add(
        version,
        f"{ODM}ItemDef",
        OID=variable.oid,
        Name=variable.name,
        DataType=variable.data_type,
        Length=variable.length,
        SignificantDigits=variable.digits,
        SASFieldName=variable.name,
        **{f"{DEF}DisplayFormat": variable.format, f"{DEF}CommentOID": variable.comment},
    )
    add_text(element, variable.label, variable.label_zh)
    if variable.codelist:
        add(element, f"{ODM}CodeListRef", CodeListOID=variable.codelist)
    for origin in variable.origins:
        source = add(element, f"{DEF}Origin", Type=origin.kind, Source=origin.source)
        add_text(source, origin.text)
        add_pages(source, origin.pages)
    if variable.value_list:
        add(element, f"{DEF}ValueListRef", ValueListOID=variable.value_list)


def _add_codelist(version: etree._Element, codelist: CodeListDef) -> None:
    is_own = not (codelist.standard or codelist.dictionary)
    element = add(
        version,
        f"{ODM}CodeList",
        OID=codelist.oid,
        Name=codelist.name,
        DataType=codelist.data_type,
        **{
            f"{DEF}StandardOID": codelist.standard,
            f"{DEF}IsNonStandard": "Yes" if is_own else "",
            f"{DEF}CommentOID": codelist.comment,
        },
    )
    if codelist.dictionary:
        add(element, f"{ODM}ExternalCodeList", Dictionary=codelist.dictionary, Version=codelist.version)
    has_decodes = any(term.decode for term in codelist.terms)
    for term in codelist.terms:
        item = add(
            element,
            f"{ODM}{'CodeListItem' if has_decodes else 'EnumeratedItem'}",
            CodedValue=term.value,
            **{f"{DEF}ExtendedValue": "Yes" if term.is_extension else ""},
        )
        if has_decodes:
            add_text(item, term.decode, tag="Decode")
        add_code(item, term.ccode)
    add_code(element, codelist.ccode)


def _add_leaf(parent: etree._Element, document: Document) -> None:
    leaf = add(parent, f"{DEF}leaf", ID=document.id, **{f"{XLINK}href": document.href})
    add(leaf, f"{DEF}title").text = writable(document.title)
