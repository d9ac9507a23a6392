"""FHIR words for a record of a dataset: who it is about, what was tested, at which visit."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_id
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

StudyElements = dict[str, pl.Expr]
"""Expressions by path, for `frame.select(**elements)`."""


def record(study: Study, domain: str, *key: str | pl.Expr) -> StudyElements:
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


def subject() -> StudyElements:
    """The Patient whom a record is about."""
    return {"subject.reference": pl.lit("Patient/") + fhir_id("USUBJID")}


def within(trial: Trial) -> StudyElements:
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


def at_visit(sv: Frame) -> StudyElements:
    """The Encounter of a record, where SV has the visit.

    Args:
        sv: subject visits.
    """
    visits = sv.select(encounter_id()).to_series().drop_nulls()
    reference = pl.when(encounter_id().is_in(visits.implode())).then(pl.lit("Encounter/") + encounter_id())
    return {"encounter.reference": reference}


def tested(domain: str, study: Study, ct: Terminology, *, loinc: str) -> StudyElements:
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


def meddra(domain: str, verbatim: str) -> StudyElements:
    """What was reported, and the lowest level and preferred term of MedDRA that code it.

    Args:
        domain: two-letter domain code.
        verbatim: column of the reported term.
    """
    elements: StudyElements = {"code.text": pl.col(verbatim)}
    for place, (code, term) in enumerate((("LLTCD", "LLT"), ("PTCD", "DECOD"))):
        number = pl.col(f"{domain}{code}")
        elements[f"code.coding[{place}].code"] = number.cast(pl.Int64).cast(pl.String)
        elements[f"code.coding[{place}].display"] = pl.when(number.is_not_null()).then(f"{domain}{term}")
    return elements


PREPARED = ("EXTRT", "EXDOSE", "EXDOSFRM", "EXLOT", "EXTRTV", "EXVAMT", "EXVAMTU")
"""What infusions share that were prepared alike."""


def plain_number(column: str) -> pl.Expr:
    """A number as it is written by hand: no exponent, no trailing zeros.

    Examples:
        >>> pl.DataFrame({"d": [2.0, 1.5, None]}).select(plain_number("d"))["d"].to_list()
        ['2', '1.5', None]
    """
    return pl.col(column).cast(pl.Decimal(38, 9)).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def particles() -> pl.Expr:
    """EXDOSE in single particles, as text; `count_factor` says how many make a unit of EXDOSU.

    Examples:
        >>> frame = pl.DataFrame({"EXDOSE": [2.0, 1.5], "count_factor": "100000000000"})
        >>> frame.select(particles()).to_series().to_list()
        ['200000000000', '150000000000']
    """
    counted = pl.col("EXDOSE").cast(pl.Decimal(38, 9)) * pl.col("count_factor").cast(pl.Decimal(38, 0))
    return counted.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def medication_id(study: Study) -> pl.Expr:
    """The Medication that was infused: the lot, the dose and the volume."""
    parts = ["EXLOT", plain_number("EXDOSE"), plain_number("EXVAMT")]
    key = pl.concat_str([pl.lit(study.id), pl.lit("MEDICATION"), *parts], separator="-", ignore_nulls=True)
    return fhir_id(key)
