"""Medication: the infusion as it was prepared."""

import polars as pl

from cdisc_aclf.fhir.map.elements import concept_code, simple_quantity
from cdisc_aclf.fhir.map.ids import substance_id
from cdisc_aclf.fhir.map.record import PREPARED, medication_id, particles, plain_number
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def medication(ex: Frame, study: Study, ct: Terminology, ref_treatment: Frame, ref_ucum: Frame) -> Frame:
    """One resource per lot, dose and volume that was infused."""
    active = pl.lit(f"Substance/{substance_id(ref_treatment['treatment'].item())}")
    return (
        ex.join(ref_treatment.select("count_unit", "count_factor"), how="cross")
        .group_by(*PREPARED, "count_unit", "count_factor", maintain_order=True)
        .agg(pl.col(RAW_RECORD).str.join(" "))
        .with_columns(dose=particles(), volume=plain_number("EXVAMT"), dosed="EXDOSE")
        .select(
            RAW_RECORD,
            **{
                "id": medication_id(study),
                "identifier[0].system": pl.lit(f"{study.fhir_base}/sid/medication"),
                "identifier[0].value": medication_id(study),
                "code.text": pl.col("EXTRT"),
                "doseForm.coding[0].code": concept_code("EXDOSFRM", "FRM", ct),
                "doseForm.text": pl.col("EXDOSFRM"),
                "ingredient[0].item.reference.reference": active,
                "ingredient[1].item.concept.text": pl.col("EXTRTV"),
                "batch.lotNumber": pl.col("EXLOT"),
            },
            **simple_quantity("totalVolume", "volume", "EXVAMTU", ref_ucum),
            **_where_both(simple_quantity("ingredient[0].strengthRatio.numerator", "dose", "count_unit", ref_ucum)),
            **_where_both(simple_quantity("ingredient[0].strengthRatio.denominator", "volume", "EXVAMTU", ref_ucum)),
        )
    )


def _where_both(elements: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """A Ratio has two sides or none (FHIR R5, invariant rat-1)."""
    both = pl.col("dose").is_not_null() & pl.col("volume").is_not_null()
    return {path: pl.when(both).then(element) for path, element in elements.items()}
