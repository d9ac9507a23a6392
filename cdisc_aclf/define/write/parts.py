"""Elements that recur throughout a Define-XML document."""

import re
from collections.abc import Iterable

from lxml import etree

from cdisc_aclf.define.model.xmlns import CCODE, DEF, LANG, ODM
from cdisc_aclf.model.document import Pages

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: etree._Element, tag: str, /, **attributes: str | int | None) -> etree._Element:
    """A new child; an attribute that is None or empty is left out.

    What XML cannot hold becomes the replacement character.
    """
    written = {name: writable(str(value)) for name, value in attributes.items() if value is not None and value != ""}
    return etree.SubElement(parent, tag, written)


def add_text(parent: etree._Element, text: str, text_zh: str = "", *, tag: str = "Description") -> None:
    """A Description or Decode, where there is text, with the Chinese before the English.

    Many readers take the first TranslatedText, and in a package in Chinese that is what the dataset says.
    """
    if text or text_zh:
        element = add(parent, f"{ODM}{tag}")
        for language, translated in (("zh", text_zh), ("en", text)):
            if translated:
                add(element, f"{ODM}TranslatedText", **{LANG: language}).text = writable(translated)


def add_code(parent: etree._Element, ccode: str) -> None:
    """The concept code of a codelist or term, where there is one."""
    if ccode:
        add(parent, f"{ODM}Alias", Context=CCODE, Name=ccode)


def add_pages(parent: etree._Element, pages: Iterable[Pages]) -> None:
    """References to documents and to pages in them."""
    for each in pages:
        reference = add(parent, f"{DEF}DocumentRef", leafID=each.leaf)
        if each.pages:
            kind = "NamedDestination" if each.named else "PhysicalRef"
            add(reference, f"{DEF}PDFPageRef", PageRefs=" ".join(each.pages), Type=kind)


def writable(text: str) -> str:
    r"""The text, with the replacement character for what XML 1.0 cannot hold.

    Examples:
        >>> writable("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
        True
    """
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
