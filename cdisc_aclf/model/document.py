"""Documents and places in them, as Define-XML refers to them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A def:leaf: a file beside the define.xml, or a dataset."""

    id: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Pages:
    """A def:DocumentRef: where in a document; no pages for the document as a whole.

    Args:
        leaf: id of the Document.
        pages: physical pages from 1, or names of destinations.
        named: whether `pages` are names of destinations.
    """

    leaf: str
    pages: tuple[str, ...] = ()
    named: bool = False
