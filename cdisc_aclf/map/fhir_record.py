"""FHIR words for a record of a dataset: who it is about, what was tested, at which visit."""

import polars as pl

from cdisc_aclf.map.fhir import concept_code, fhir_id
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

Leaves = dict[str, pl.Expr]
"""Expressions by path, for `frame.select(**leaves)`."""


def record(study: Study, domain: str, *key: str | pl.Expr) -> Leaves:
    """Id, identifier and trace of the resource of a record: the subject, the domain and what tells records apart.

    Args:
        study: gives the system of the identifier.
        domain: two-letter domain code.
        key: columns that stay the same in the next cut; --SEQ does not.

    Examples:
        >>> from types import SimpleNamespace
        >>> frame = pl.DataFrame({"USUBJID": ["PL21-01-001"], "AESPID": ["3"], "raw_record": ["adverse_event:2"]})
        >>> study = SimpleNamespace(fhir_base="https://x.org")
        >>> frame.select(**record(study, "AE", "AESPID")).row(0)
        ('PL21-01-001-AE-3', 'https://x.org/sid/record', 'PL21-01-001|AE|3', 'adverse_event:2')
    """
    parts = ("USUBJID", pl.lit(domain), *key)
    return {
        "id": fhir_id(*parts),
        "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/record"),
        "identifier[0].value": pl.concat_str(parts, separator="|"),
        RAW_RECORD: pl.col(RAW_RECORD),
    }


def record_number(domain: str) -> pl.Expr:
    """The number of the record in the EDC, which the next cut keeps; the sequence where there is none.

    Examples:
        >>> frame = pl.DataFrame({"LBSPID": ["17", None], "LBSEQ": [4, 5]})
        >>> frame.select(record_number("LB")).to_series().to_list()
        ['17', 'SEQ5']
    """
    return pl.coalesce(f"{domain}SPID", pl.format("SEQ{}", f"{domain}SEQ"))


def subject() -> Leaves:
    """The Patient whom a record is about."""
    return {"subject.reference": pl.lit("Patient/") + fhir_id("USUBJID")}


def within(trial: Trial) -> Leaves:
    """The study that a record was made in, by the standard extension workflow-researchStudy."""
    return {"extension[0].valueReference.reference": pl.lit(f"ResearchStudy/{trial.identification.nct_id}")}


def visit_number() -> pl.Expr:
    """VISITNUM as it is read aloud.

    Examples:
        >>> pl.DataFrame({"VISITNUM": [2.0, 2.01]}).select(visit_number()).to_series().to_list()
        ['2', '2.01']
    """
    return pl.col("VISITNUM").cast(pl.String).str.strip_suffix(".0")


def encounter_id() -> pl.Expr:
    """The Encounter of a visit."""
    return fhir_id("USUBJID", pl.lit("SV"), visit_number())


def at_visit(sv: Frame) -> Leaves:
    """The Encounter of a record, where SV has the visit.

    Args:
        sv: subject visits.
    """
    visits = sv.select(encounter_id()).to_series().drop_nulls()
    reference = pl.when(encounter_id().is_in(visits.implode())).then(pl.lit("Encounter/") + encounter_id())
    return {"encounter.reference": reference}


def tested(domain: str, study: Study, ct: Terminology, *, loinc: str) -> Leaves:
    """What was tested: LOINC, the NCI concept of --TESTCD, and --TESTCD itself.

    A test that nobody listed has an unknown code, said with the standard extension, since FHIR wants a code of every
    Observation.

    Args:
        domain: two-letter domain code.
        study: gives the system of --TESTCD.
        ct: has a codelist named as the variable.
        loinc: column of the LOINC code.
    """
    testcd, test = f"{domain}TESTCD", f"{domain}TEST"
    is_listed, ccode = pl.col(testcd).is_not_null(), concept_code(testcd, testcd, ct)
    return {
        "code.extension[0].valueCode": pl.when(~is_listed).then(pl.lit("unknown")),
        "code.coding[0].code": pl.col(loinc),
        "code.coding[1].code": ccode,
        "code.coding[1].display": pl.when(ccode.is_not_null()).then(test),
        "code.coding[2].system": pl.when(is_listed).then(pl.lit(f"{study.fhir_base}/CodeSystem/{testcd.lower()}")),
        "code.coding[2].code": pl.col(testcd),
        "code.coding[2].display": pl.when(is_listed).then(test),
        "code.text": pl.col(test),
    }


def specimen_id(domain: str) -> pl.Expr:
    """The Specimen of a record: --REFID, or the record where it has none, and what it is made of.

    Null where neither the specimen nor its type is known.

    Examples:
        >>> frame = pl.DataFrame({"USUBJID": "S1", "LBREFID": ["0110", None, None], "LBSPEC": ["BLOOD", "SERUM", None],
        ...                       "LBSPID": ["1", "2", "3"], "LBSEQ": [1, 2, 3]})
        >>> frame.select(specimen_id("LB")).to_series().to_list()
        ['S1-SPECIMEN-0110-BLOOD', 'S1-SPECIMEN-2-SERUM', None]
    """
    number, kind = pl.col(f"{domain}REFID"), pl.col(f"{domain}SPEC")
    key = pl.concat_str(pl.coalesce(number, record_number(domain)), kind, separator="-", ignore_nulls=True)
    known = number.is_not_null() | kind.is_not_null()
    return pl.when(known).then(fhir_id("USUBJID", pl.lit("SPECIMEN"), key))


def consent_id() -> pl.Expr:
    """The Consent of a subject."""
    return fhir_id("USUBJID", pl.lit("CONSENT"))
