"""A Define-XML 2.1 document: what it says, apart from how XML writes it.

Definitions stand in tuples in the order of the document, so that one which is there twice, or is referred to and not
there, can be found; `by_oid` looks them up. Names are those of the standard (Define-XML 2.1, section 5.3),
except that an ItemGroupDef is a dataset and an ItemDef a variable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cdisc_aclf.define.model.results import ResultDisplay
from cdisc_aclf.model.document import Document, Pages
from cdisc_aclf.model.label import Labelled, Translated


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A def:Standard: an implementation guide (`IG`) or a terminology package (`CT`)."""

    oid: str
    name: str
    kind: str
    version: str
    status: str = "Final"
    publishing_set: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A def:Origin; `text` names the variable that a Predecessor is copied from."""

    kind: str
    source: str = ""
    text: str = ""
    pages: tuple[Pages, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRef:
    """A variable of a dataset, or a value of a value list.

    Args:
        item: OID of the VariableDef.
        order: OrderNumber; None where the document gives none.
        mandatory: whether every record has a value.
        key: KeySequence; None for a variable that is no key.
        method: OID of the MethodDef; empty where nothing is computed.
        role: SDTM role; empty in ADaM.
        where: OIDs of the WhereClauses; one of them has to hold.
        has_no_data: whether no record has a value.
    """

    item: str
    order: int | None = None
    mandatory: bool = False
    key: int | None = None
    method: str = ""
    role: str = ""
    where: tuple[str, ...] = ()
    has_no_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableDef(Labelled):
    """An ItemDef: a variable, or a variable in the records that a where clause picks.

    Args:
        oid: its OID.
        name: name of the variable.
        label: label of the variable, or of the value.
        data_type: text, integer, float, date, datetime, partialDate, ...
        length: bytes of text, or digits of a number with sign and point; None for dates.
        digits: digits after the point; None unless float.
        format: def:DisplayFormat, e.g. `DATE9.`; empty where there is none.
        codelist: OID of the CodeListDef; empty where values are free.
        origins: where the values come from.
        value_list: OID of the ValueList; empty where there is none.
        comment: OID of the CommentDef; empty where there is none.
        label_zh: Chinese label, where there is one beside the other.
    """

    oid: str
    name: str
    label: str
    data_type: str
    length: int | None = None
    digits: int | None = None
    format: str = ""
    codelist: str = ""
    origins: tuple[Origin, ...] = ()
    value_list: str = ""
    comment: str = ""
    label_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDef(Labelled):
    """An ItemGroupDef; `file` is where the dataset lies."""

    oid: str
    name: str
    domain: str
    label: str
    observation_class: str
    structure: str
    purpose: str
    repeating: bool
    is_reference: bool
    items: tuple[ItemRef, ...]
    subclasses: tuple[str, ...] = ()
    standard: str = ""
    comment: str = ""
    file: Document | None = None
    label_zh: str = ""


@dataclass(frozen=True, slots=True)
class ValueList:
    """A def:ValueListDef: the values of one variable, each in the records that its where clause picks."""

    oid: str
    items: tuple[ItemRef, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A RangeCheck: `item` is the OID of the variable, `comparator` EQ, NE, IN, NOTIN, LT, LE, GT or GE."""

    item: str
    comparator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhereClause:
    """A def:WhereClauseDef: all of its conditions have to hold."""

    oid: str
    conditions: tuple[Condition, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CodedTerm:
    """A term of a codelist; `decode` is empty where the term speaks for itself."""

    value: str
    decode: str = ""
    ccode: str = ""
    is_extension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListDef:
    """A CodeList, or an external dictionary: then `dictionary` is its name and there are no terms.

    Args:
        oid: its OID.
        name: what people call it.
        data_type: text, integer or float.
        ccode: NCI concept code; empty for a codelist of the sponsor.
        standard: OID of the terminology package; empty for a codelist of the sponsor.
        terms: in the order of the document.
        dictionary: MedDRA, WHODrug or another.
        version: version of the dictionary; empty where unknown.
    """

    oid: str
    name: str
    data_type: str = "text"
    ccode: str = ""
    standard: str = ""
    terms: tuple[CodedTerm, ...] = ()
    dictionary: str = ""
    version: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodDef(Translated):
    """A MethodDef: how values are computed or imputed."""

    oid: str
    name: str
    kind: str
    text: str
    pages: tuple[Pages, ...] = ()
    text_zh: str = ""


@dataclass(frozen=True, slots=True)
class CommentDef(Translated):
    """A def:CommentDef."""

    oid: str
    text: str
    pages: tuple[Pages, ...] = ()
    text_zh: str = ""


class Defined(Protocol):
    """Anything with an OID."""

    @property
    def oid(self) -> str:
        """The OID."""


Definition = TypeVar("Definition", bound=Defined)


def by_oid(definitions: Iterable[Definition]) -> dict[str, Definition]:
    """Definitions by OID; of two alike the first, as a reader of the document finds it.

    Examples:
        >>> by_oid([MethodDef(oid="MT.AGE", name="AGE", kind="Computation", text="Completed years.")])["MT.AGE"].text
        'Completed years.'
    """
    found: dict[str, Definition] = {}
    for definition in definitions:
        found.setdefault(definition.oid, definition)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Define:
    """One MetaDataVersion and the study that it belongs to.

    Args:
        study_oid: OID of the Study.
        study_name: StudyName.
        study_text: StudyDescription.
        protocol: ProtocolName.
        oid: OID of the MetaDataVersion.
        name: its Name.
        text: its Description.
        comment: OID of a CommentDef about the document as a whole.
        crf: documents of the annotated CRF (def:AnnotatedCRF), by leaf id.
        supplements: other documents (def:SupplementalDoc), by leaf id.
        documents: every leaf of the MetaDataVersion itself.
        displays: analysis results metadata.
    """

    study_oid: str
    study_name: str
    study_text: str
    protocol: str
    oid: str
    name: str
    text: str = ""
    comment: str = ""
    standards: tuple[Standard, ...] = ()
    crf: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()
    value_lists: tuple[ValueList, ...] = ()
    where_clauses: tuple[WhereClause, ...] = ()
    datasets: tuple[DatasetDef, ...] = ()
    variables: tuple[VariableDef, ...] = ()
    codelists: tuple[CodeListDef, ...] = ()
    methods: tuple[MethodDef, ...] = ()
    comments: tuple[CommentDef, ...] = ()
    documents: tuple[Document, ...] = ()
    displays: tuple[ResultDisplay, ...] = ()

    def defined(self) -> Iterator[Defined]:
        """Everything that has an OID, in the order of the document."""
        yield from self.standards
        yield from self.value_lists
        yield from self.where_clauses
        yield from self.datasets
        yield from self.variables
        yield from self.codelists
        yield from self.methods
        yield from self.comments
        for display in self.displays:
            yield display
            yield from display.results
