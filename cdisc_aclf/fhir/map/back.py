"""Words for the way back: what an element of FHIR was in SDTM."""

import re

import polars as pl

from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology

MEDDRA = "https://www.meddra.org"
NCI = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
LOINC = "http://loinc.org"


def element(frame: Frame, path: str) -> pl.Expr:
    """An element; null where no resource has it.

    Examples:
        >>> frame = pl.DataFrame({"id": ["a"]})
        >>> frame.select(element(frame, "id"), element(frame, "code.text")).row(0)
        ('a', None)
    """
    return pl.col(path) if path in frame.columns else pl.lit(None, pl.String).alias(path)


def records_of(frame: Frame, study: Study, domain: str) -> Frame:
    """The resources that a record of a domain made, with USUBJID, DOMAIN and the key of the record in `key`.

    Examples:
        >>> from types import SimpleNamespace
        >>> frame = pl.DataFrame({"identifier[x/sid/record].value": ["S1|LB|17", "S1|VS|2"]})
        >>> records_of(frame, SimpleNamespace(id="PL21", fhir_base="x"), "LB").row(0)[1:]
        ('PL21', 'LB', 'S1', '17')
    """
    identifier = element(frame, f"identifier[{study.fhir_base}/sid/record].value")
    return frame.with_columns(
        STUDYID=pl.lit(study.id),
        DOMAIN=identifier.str.extract(r"^[^|]*\|([^|]*)"),
        USUBJID=identifier.str.extract(r"^([^|]*)"),
        key=identifier.str.extract(r"^[^|]*\|[^|]*\|(.*)$"),
    ).filter(pl.col("DOMAIN") == domain)


def record_number_back() -> pl.Expr:
    """--SPID from the key of a record; null where the sequence stood in."""
    return pl.when(~pl.col("key").str.starts_with("SEQ")).then("key")


def dtc(date: pl.Expr, zone: str) -> pl.Expr:
    """A --DTC from a FHIR dateTime: without the zone of the sites, and without seconds where they are zero.

    Examples:
        >>> frame = pl.DataFrame({"d": ["2026-01-10T08:30:00+08:00", "2026-01-10T08:30:15+08:00", "2026-01"]})
        >>> frame.select(dtc(pl.col("d"), "+08:00"))["d"].to_list()
        ['2026-01-10T08:30', '2026-01-10T08:30:15', '2026-01']
    """
    return date.str.strip_suffix(zone).str.replace(r"^(.{16}):00$", "${1}")


def uncoded(code: pl.Expr, ref_fhir_codes: Frame, field: str) -> pl.Expr:
    """The value that a code stands for.

    Examples:
        >>> table = pl.DataFrame({"field": ["SEX"], "value": ["M"], "code": ["male"]})
        >>> pl.DataFrame({"c": ["male", "other"]}).select(uncoded(pl.col("c"), table, "SEX"))["c"].to_list()
        ['M', None]
    """
    known = ref_fhir_codes.filter(pl.col("field") == field)
    return code.replace_strict(known["code"], known["value"], default=None, return_dtype=pl.String)


def term_back(ccode: pl.Expr, codelist: str, ct: Terminology) -> pl.Expr:
    """The term that an NCI concept code stands for."""
    terms = [term for term in ct.codelists[codelist].terms if re.fullmatch(r"C\d+", term.ccode)]
    codes, values = [term.ccode for term in terms], [term.value for term in terms]
    return ccode.replace_strict(codes, values, default=None, return_dtype=pl.String)


def visit_of(records: Frame, fhir_encounter: Frame, study: Study) -> Frame:
    """VISITNUM and VISIT of records that name their Encounter."""
    visits = fhir_encounter.select(
        pl.lit("Encounter/").add(element(fhir_encounter, "id")).alias("encounter.reference"),
        VISITNUM=element(fhir_encounter, f"type[0].coding[{study.fhir_base}/CodeSystem/visitnum].code"),
        VISIT=element(fhir_encounter, "type[0].text"),
    )
    named = records.with_columns(element(records, "encounter.reference"))
    return named.join(visits, on="encounter.reference", how="left", maintain_order="left")
