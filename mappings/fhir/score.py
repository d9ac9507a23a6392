"""Observation: Child-Pugh, COSSH-ACLF II, West Haven, ascites and the clinical symptom score."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, fhir_datetime, fhir_id, is_quantity, quantity
from cdisc_aclf.fhir.map.record import StudyElements, at_visit, record, record_number, subject, visit_number, within
from cdisc_aclf.map.collected import name_of_test
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology
from cdisc_aclf.model.trial import Trial

WHOLE = "whole"
ITEMS = 6  # as many components as the longest instrument has items
FACTS = ("RSTESTCD", "RSTEST", "ccode", "amount", "amount_unit", "points", "words", "answer_code", "wording", "source")


def score(
    rs: Frame, lb: Frame, sv: Frame, trial: Trial, study: Study, ct: Terminology, ref_rs_items: Frame, ref_ucum: Frame
) -> Frame:
    """One resource per instrument and visit: the total is its value, every item a component with its points.

    Points stand as integers, what the investigator ticked beside them as interpretation. The results that an item
    compares are named in derivedFrom; where two results could be meant, none is.
    """
    items = _items(rs, ct, ref_rs_items).pipe(_with_source, lb)
    whole = ref_rs_items.filter(pl.col("part") == WHOLE).select(
        "instrument", "loinc", "range", "formula", whole="testcd"
    )
    instruments = whole["instrument"].to_list()
    total = pl.coalesce(concept_code("whole", f"{name}TC", ct) for name in instruments)
    named = pl.coalesce(name_of_test("whole", f"{name}TC", f"{name}TN", ct) for name in instruments)
    parts = [WHOLE, *map(str, range(ITEMS))]
    return (
        items.group_by("USUBJID", "instrument", "key", maintain_order=True)
        .agg(
            pl.first("RSCAT", "VISITNUM", "RSDTC"),
            pl.col(RAW_RECORD).unique(maintain_order=True).str.join(" "),
            *(_of_part(fact, part) for fact in FACTS for part in parts),
        )
        .join(whole, on="instrument", how="left", validate="m:1", maintain_order="left")
        .select(
            **record(study, "RS", "instrument", "key"),
            **within(trial),
            **subject(),
            **at_visit(sv),
            **{
                "code.coding[0].code": pl.col("loinc"),
                "code.coding[1].code": total,
                "code.coding[1].display": pl.when(total.is_not_null()).then(named),
                "code.coding[2].system": pl.lit(f"{study.fhir_base}/CodeSystem/rstestcd"),
                "code.coding[2].code": pl.col("whole"),
                "code.coding[2].display": named,
                "code.text": pl.col("RSCAT"),
                "effectiveDateTime": fhir_datetime("RSDTC", study.time_zone),
                "method.text": pl.col("formula"),
                "referenceRange[0].text": pl.col("range"),
            },
            **_value("", WHOLE, ref_ucum),
            **{f"derivedFrom[{place}].reference": pl.col(f"source {place}") for place in range(ITEMS)},
            **{
                path: element
                for place in range(ITEMS)
                for path, element in _component(f"component[{place}].", str(place), study, ref_ucum).items()
            },
        )
    )


def _items(rs: Frame, ct: Terminology, ref_rs_items: Frame) -> Frame:
    """RS records with what their item says of them; a second answer to an item at a visit has a key of its own."""
    known = ref_rs_items.drop("category").rename({"testcd": "RSTESTCD"})
    visit = pl.coalesce(visit_number(), "RSDTC")
    again = pl.int_range(1, pl.len() + 1).over("USUBJID", "RSTESTCD", visit)
    instruments = ref_rs_items["instrument"].unique(maintain_order=True)
    answers = ref_rs_items["answers"].drop_nulls()
    is_whole_number = pl.col("RSSTRESC").str.contains(r"^-?(0|[1-9]\d*)$")
    return (
        rs.join(known, on="RSTESTCD", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            visit=visit,
            key=pl.when(again == 1).then(visit).otherwise(pl.format("{}-{}", visit, again)),
            ccode=pl.coalesce(concept_code("RSTESTCD", f"{name}TC", ct) for name in instruments),
            answer_code=pl.coalesce(
                pl.when(pl.col("answers") == name).then(concept_code("RSORRES", name, ct)) for name in answers
            ),
            points=pl.when(pl.col("value") == "integer", is_whole_number).then("RSSTRESC"),
            amount=pl.when(pl.col("value") == "quantity", is_quantity("RSORRES")).then("RSORRES"),
            amount_unit=pl.coalesce("RSORRESU", "value_unit"),
        )
        .with_columns(
            words=pl.when(pl.col("points").is_null(), pl.col("amount").is_null()).then("RSORRES"),
            wording=pl.when(pl.col("points") != pl.col("RSORRES")).then(
                pl.concat_str("RSORRES", "RSORRESU", separator=" ", ignore_nulls=True)
            ),
        )
    )


def _with_source(items: Frame, lb: Frame) -> Frame:
    """The Observation that an item rates: a result of its link group, or a grade of the same visit."""
    results = lb.select("USUBJID", compared="LBLNKGRP", result=fhir_id("USUBJID", pl.lit("LB"), record_number("LB")))
    grades = items.filter(pl.col("part") == WHOLE).select(
        "USUBJID", "visit", rstestcd="RSTESTCD", grade=fhir_id("USUBJID", pl.lit("RS"), "instrument", "key")
    )
    return (
        items.join(
            _only_one(results, "USUBJID", "compared"),
            left_on=["USUBJID", "RSLNKGRP"], right_on=["USUBJID", "compared"], how="left", maintain_order="left",
        )
        .join(
            _only_one(grades, "USUBJID", "visit", "rstestcd"),
            on=["USUBJID", "visit", "rstestcd"], how="left", maintain_order="left",
        )
        .with_columns(source=pl.lit("Observation/") + pl.coalesce("result", "grade"))
    )  # fmt: skip


def _only_one(candidates: Frame, *by: str) -> Frame:
    return candidates.drop_nulls().unique([*by], keep="none", maintain_order=True)


def _of_part(fact: str, part: str) -> pl.Expr:
    return pl.col(fact).filter(pl.col("part") == part).first().alias(f"{fact} {part}")


def _value(path: str, part: str, ref_ucum: Frame) -> StudyElements:
    return {
        **quantity(f"{path}valueQuantity", f"amount {part}", f"amount_unit {part}", ref_ucum),
        f"{path}valueInteger": pl.col(f"points {part}"),
        f"{path}valueCodeableConcept.coding[0].code": pl.col(f"answer_code {part}"),
        f"{path}valueCodeableConcept.text": pl.col(f"words {part}"),
    }


def _component(path: str, part: str, study: Study, ref_ucum: Frame) -> StudyElements:
    testcd, ccode = pl.col(f"RSTESTCD {part}"), pl.col(f"ccode {part}")
    return {
        f"{path}code.coding[0].code": ccode,
        f"{path}code.coding[0].display": pl.when(ccode.is_not_null()).then(f"RSTEST {part}"),
        f"{path}code.coding[1].system": pl.when(testcd.is_not_null()).then(
            pl.lit(f"{study.fhir_base}/CodeSystem/rstestcd")
        ),
        f"{path}code.coding[1].code": testcd,
        f"{path}code.coding[1].display": pl.col(f"RSTEST {part}"),
        f"{path}code.text": pl.col(f"RSTEST {part}"),
        **_value(path, part, ref_ucum),
        f"{path}interpretation[0].text": pl.col(f"wording {part}"),
    }
