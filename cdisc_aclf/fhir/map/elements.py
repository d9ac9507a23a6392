"""FHIR R5 words: parts of a resource as dicts, and elements of many resources as expressions."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.timing import PartialDate

Json = dict[str, Any]
"""A part of a resource; numbers are int or Decimal, so that digits survive."""

Codes = Mapping[tuple[str, str], Mapping[str, str]]
"""Codings by field and value of the source."""

_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_COMPARATOR = r"(?:<=|>=|<|>|≤|≥)\s*"


def codes_of(ref_fhir_codes: Frame) -> Codes:
    """Index the table of codes by `field` and `value`; a coding is `system`, `code` and `display`."""
    return {
        (row.pop("field"), row.pop("value")): row
        for row in ref_fhir_codes.select("field", "value", "system", "code", "display").to_dicts()
    }


def concept(codes: Codes, field: str, value: str | None) -> Json | None:
    """A CodeableConcept: the coding and the words of the source; words alone where nobody has a code.

    Examples:
        >>> codes = {("phases", "NA"): {"system": "http://hl7.org/fhir/research-study-phase", "code": "n-a"}}
        >>> concept(codes, "phases", "NA")
        {'coding': [{'system': 'http://hl7.org/fhir/research-study-phase', 'code': 'n-a'}], 'text': 'NA'}
        >>> concept(codes, "oversightHasDmc", "true")
        {'text': 'oversightHasDmc: true'}
        >>> concept(codes, "phases", None)
    """
    if value is None:
        return None
    if (field, value) in codes:
        return {"coding": [dict(codes[field, value])], "text": value}
    return {"text": f"{field}: {value}"}


def present(part: Json) -> Json:
    """A resource without what is absent: None, and dicts and lists that hold nothing (FHIR R5, JSON).

    Examples:
        >>> present({"id": "1", "name": None, "period": {"start": None}, "actual": False, "note": [None]})
        {'id': '1', 'actual': False}
    """
    kept = {name: _present(value) for name, value in part.items()}
    return {name: value for name, value in kept.items() if value is not None}


def _present(value: object) -> object:
    if isinstance(value, dict):
        return present(value) or None
    if isinstance(value, list):
        return [kept for item in value if (kept := _present(item)) is not None] or None
    return None if value == "" else value


def reference(resource_type: str, resource_id: str) -> Json:
    """A relative reference; the base is that of the bundle's fullUrl.

    Examples:
        >>> reference("Group", "eligibility")
        {'reference': 'Group/eligibility'}
    """
    return {"reference": f"{resource_type}/{resource_id}"}


def identifier(study: Study, kind: str, value: str) -> Json:
    """The identifier by which a server that gives ids of its own knows a resource again: a system of ours per kind.

    Examples:
        >>> from pathlib import Path
        >>> study = Study(
        ...     id="PL21", country="CHN", time_zone="+08:00", real_environment="PROD", record="record.txt",
        ...     fhir_base="https://pl21.example.org/fhir", standards={}, decisions={}, folder=Path("."),
        ... )
        >>> identifier(study, "site", "nct00000000-ucl")
        {'system': 'https://pl21.example.org/fhir/sid/site', 'value': 'nct00000000-ucl'}
    """
    return {"system": f"{study.fhir_base}/sid/{kind}", "value": value}


def period(start: PartialDate | None, end: PartialDate | None) -> Json:
    """A Period, each end as far as it is known.

    Examples:
        >>> period(PartialDate("2026-01"), None)
        {'start': '2026-01', 'end': None}
    """
    return {"start": start and start.text, "end": end and end.text}


def fhir_id(*columns: str | pl.Expr) -> pl.Expr:
    """An id from columns; a character that no id may have becomes a hyphen.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": ["PL21-01/001"], "LBSPID": ["17"]})
        >>> frame.select(fhir_id("USUBJID", pl.lit("LB"), "LBSPID")).item()
        'PL21-01-001-LB-17'
    """
    return pl.concat_str(columns, separator="-").str.replace_all(r"[^A-Za-z0-9.-]", "-")


def fhir_datetime(column: str, zone: str) -> pl.Expr:
    """An SDTM --DTC as a FHIR dateTime: cut before its first part that is unknown or impossible, never filled.

    Seconds are zero-filled and the site's zone is added, as FHIR asks for both (R5, Data Types, dateTime).

    Args:
        column: ISO 8601 text (SDTMIG 3.4, section 4.4.2).
        zone: offset for times that state none, e.g. `+08:00`.

    Examples:
        >>> dates = ["2026-01-10T08:30", "2026---15", "2026-01", "2026-02-30", "2026-01-10T08", None]
        >>> pl.DataFrame({"LBDTC": dates}).select(fhir_datetime("LBDTC", "+08:00"))["LBDTC"].to_list()
        ['2026-01-10T08:30:00+08:00', '2026', '2026-01', '2026-02', '2026-01-10', None]
    """
    text = pl.col(column)
    day = text.str.extract(r"^(\d{4}-\d{2}-\d{2})")
    day = pl.when(day.str.to_date("%Y-%m-%d", strict=False).is_not_null()).then(day)
    date = pl.coalesce(day, text.str.extract(r"^(\d{4}-(?:0[1-9]|1[0-2]))"), text.str.extract(r"^(\d{4})"))
    time = pl.when(day.is_not_null()).then(text.str.extract(r"^.{10}(T(?:[01]\d|2[0-3]):[0-5]\d)"))
    seconds = text.str.extract(r"T\d{2}:\d{2}(:[0-5]\d(?:\.\d+)?)").fill_null(":00")
    offset = text.str.extract(r"T.*(Z|[+-]\d{2}:\d{2})$").fill_null(zone)
    return pl.when(time.is_null()).then(date).otherwise(pl.concat_str(date, time, seconds, offset)).name.keep()


def coded(column: str, ref_fhir_codes: Frame, field: str, part: str = "code") -> pl.Expr:
    """The code (or `display`) of a value; null where the table has none.

    Examples:
        >>> table = pl.DataFrame({"field": ["SEX"], "value": ["M"], "code": ["male"], "display": ["Male"]})
        >>> pl.DataFrame({"SEX": ["M", "X"]}).select(coded("SEX", table, "SEX"))["SEX"].to_list()
        ['male', None]
    """
    known = ref_fhir_codes.filter(pl.col("field") == field)
    return pl.col(column).replace_strict(known["value"], known[part], default=None, return_dtype=pl.String)


def concept_code(column: str, codelist: str, ct: Terminology) -> pl.Expr:
    """The NCI concept code of a term; null for a term of the sponsor, whatever code the sponsor gave it."""
    terms = ct.codelists[codelist].terms
    codes = [term.ccode if re.fullmatch(r"C\d+", term.ccode) else None for term in terms]
    return pl.col(column).replace_strict([term.value for term in terms], codes, default=None, return_dtype=pl.String)


def is_number(column: str) -> pl.Expr:
    """Whether a text is a number as FHIR writes it.

    Examples:
        >>> pl.DataFrame({"r": ["1.50", "-3", "<0.5", "05", "1,5"]}).select(is_number("r"))["r"].to_list()
        [True, True, False, False, False]
    """
    return pl.col(column).str.contains(f"^{_NUMBER}$")


def is_quantity(column: str) -> pl.Expr:
    """Whether a text is a number, or a comparator and a number.

    Examples:
        >>> pl.DataFrame({"r": ["1.50", "<0.5", "≥ 2", "~2", "5-10"]}).select(is_quantity("r"))["r"].to_list()
        [True, True, True, False, False]
    """
    return pl.col(column).str.contains(f"^(?:{_COMPARATOR})?{_NUMBER}$")


def quantity(path: str, column: str, unit: str, ref_ucum: Frame) -> dict[str, pl.Expr]:
    """The elements of a Quantity: the digits of `column` as they stand, its comparator and its unit.

    Args:
        path: of the Quantity, e.g. `valueQuantity`.
        column: number as text, perhaps after a comparator.
        unit: column of the unit as submitted.
        ref_ucum: `unit`, `ucum`; a unit that it lacks has no code.

    Examples:
        >>> ucum = pl.DataFrame({"unit": ["10^9/L"], "ucum": ["10*9/L"]})
        >>> frame = pl.DataFrame({"LBORRES": ["<0.50"], "LBORRESU": ["10^9/L"]})
        >>> frame.select(**quantity("q", "LBORRES", "LBORRESU", ucum)).row(0)
        ('0.50', '<', '10^9/L', '10*9/L')
    """
    symbol, digits = (pl.col(column).str.extract(f"^({_COMPARATOR})?({_NUMBER})$", part) for part in (1, 2))
    comparator = symbol.str.strip_chars().str.replace("≤", "<=").str.replace("≥", ">=")
    value, plain, code = _simple(digits, unit, ref_ucum)
    return {f"{path}.value": value, f"{path}.comparator": comparator, f"{path}.unit": plain, f"{path}.code": code}


def simple_quantity(path: str, column: str, unit: str, ref_ucum: Frame) -> dict[str, pl.Expr]:
    """The elements of a SimpleQuantity, which has no comparator; a text that is no plain number has none of them."""
    value, plain, code = _simple(pl.when(is_number(column)).then(column), unit, ref_ucum)
    return {f"{path}.value": value, f"{path}.unit": plain, f"{path}.code": code}


def _simple(value: pl.Expr, unit: str, ref_ucum: Frame) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    code = pl.col(unit).replace_strict(ref_ucum["unit"], ref_ucum["ucum"], default=None, return_dtype=pl.String)
    known = value.is_not_null()
    return value, pl.when(known).then(unit), pl.when(known).then(code)
