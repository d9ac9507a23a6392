"""Single values of a resource: their JSON type and form, calendar, narrative."""

import re
from base64 import b64decode
from binascii import Error
from calendar import monthrange
from decimal import Decimal
from xml.etree import ElementTree as ET

from cdisc_aclf.fhir.model.spec import FORMS, UNQUOTED, URN_FORMS

_FORMS = {name: re.compile(form) for name, form in FORMS.items()}
_URNS = {start: re.compile(form) for start, form in URN_FORMS.items()}
_DATES, _URIS = {"date", "dateTime", "instant"}, {"uri", "url", "canonical"}
_INTEGERS = {"integer", "unsignedInt", "positiveInt"}
_XHTML = "{http://www.w3.org/1999/xhtml}"
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")
_ACTIVE = {"script", "iframe", "object", "embed", "form", "input", "base", "link", "style"}


def is_of_form(value: object, type_name: str) -> bool:
    """Whether a JSON value is one of a primitive type of FHIR (R5, Data Types).

    Examples:
        >>> is_of_form("2026-02-29", "date"), is_of_form("2028-02-29", "date"), is_of_form("2026-02", "date")
        (False, True, True)
        >>> is_of_form("1.50", "decimal"), is_of_form(Decimal("1.50"), "decimal"), is_of_form(3, "boolean")
        (False, True, False)
    """
    if type_name in UNQUOTED:
        return _is_unquoted(value, type_name)
    if not isinstance(value, str) or not _FORMS[type_name].fullmatch(value):
        return False
    if type_name in _DATES:
        return exists(value)
    if type_name in _URIS:
        return value[:4] != "urn:" or all(
            form.fullmatch(value) for start, form in _URNS.items() if value.lower().startswith(start)
        )
    return type_name != "base64Binary" or _is_base64(value)


def _is_unquoted(value: object, type_name: str) -> bool:
    if type_name == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if type_name in _INTEGERS:
        lowest = {"positiveInt": 1, "unsignedInt": 0}.get(type_name, -(2**31))
        return isinstance(value, int) and lowest <= value < 2**31
    return isinstance(value, int | Decimal)


def exists(date: str) -> bool:
    """Whether the calendar has the day that a text of the form of a date names.

    Examples:
        >>> exists("2026-02-30"), exists("2026-02-28T10:00:00Z"), exists("2026")
        (False, True, True)
    """
    if date[8:10] <= "28":
        return date[:4] != "0000"
    return date[:4] != "0000" and int(date[8:10]) <= monthrange(int(date[:4]), int(date[5:7]))[1]


def _is_base64(text: str) -> bool:
    try:
        b64decode(re.sub(r"\s", "", text), validate=True)
    except Error:
        return False
    return True


def is_narrative(div: str) -> bool:
    """Whether a text is one well-formed XHTML div with words or a picture, and nothing that acts (txt-1, txt-2).

    Examples:
        >>> is_narrative('<div xmlns="http://www.w3.org/1999/xhtml"><p>Hemoglobin&nbsp;101</p></div>')
        True
        >>> is_narrative('<div xmlns="http://www.w3.org/1999/xhtml"><p> </p></div>'), is_narrative("<div>text</div>")
        (False, False)
    """
    try:
        root = ET.fromstring(_ENTITY.sub(" ", div))  # noqa: S314 no declaration of entities gets past the form of xhtml
    except ET.ParseError:
        return False
    elements = list(root.iter())
    tags = {element.tag.removeprefix(_XHTML).lower() for element in elements if isinstance(element.tag, str)}
    acts = any(name.lower().startswith("on") for element in elements for name in element.attrib)
    has_words = "".join(root.itertext()).strip() or "img" in tags
    return root.tag == f"{_XHTML}div" and bool(has_words) and not acts and not tags & _ACTIVE
