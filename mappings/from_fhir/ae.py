"""AE from AdverseEvent."""

import polars as pl

from cdisc_aclf.fhir.map.back import MEDDRA, NCI, dtc, element, record_number_back, records_of, uncoded
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study

GUIDE = "http://hl7.org/fhir/uv/ae-research-ig/StructureDefinition"
SERIOUSNESS = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness"
CRITERIA = {
    "AESDTH": "C48275",
    "AESLIFE": "C84266",
    "AESHOSP": "C83052",
    "AESDISAB": "C11338",
    "AESCONG": "C83117",
    "AESMIE": "C82521",
}


def ae(fhir_adverse_event: Frame, study: Study, ref_fhir_codes: Frame) -> Frame:
    """One record per adverse event, what the resource says of it and no more."""
    read = records_of(fhir_adverse_event, study, "AE")
    serious = element(read, f"seriousness.coding[{SERIOUSNESS}].code")
    coded = [element(read, f"mitigatingAction[{place}].itemCodeableConcept.coding[{NCI}].code") for place in (0, 1)]
    actions = [element(read, f"mitigatingAction[{place}].itemCodeableConcept.text") for place in (0, 1)]
    treated = [text.str.starts_with("concomitant").fill_null(value=False) for text in actions]
    return read.select(
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        AESPID=record_number_back(),
        AETERM=element(read, "code.text"),
        AELLT=element(read, f"code.coding[{MEDDRA}].display"),
        AELLTCD=element(read, f"code.coding[{MEDDRA}].code"),
        AEDECOD=element(read, f"code.coding[{MEDDRA}#1].display"),
        AEPTCD=element(read, f"code.coding[{MEDDRA}#1].code"),
        AESER=uncoded(serious, ref_fhir_codes, "AESER"),
        AEACN=pl.when(coded[0].is_not_null() | ~treated[0]).then(actions[0]),
        AEREL=element(read, "suspectEntity[0].causality.entityRelatedness.text"),
        AEOUT=element(read, "outcome[0].text"),
        AECONTRT=pl.when(treated[0] | treated[1]).then(pl.lit("Y")),
        AETOXGR=element(read, f"extension[{GUIDE}/ae-grade].valueCodeableConcept.text"),
        AESTDTC=dtc(element(read, "occurrencePeriod.start"), study.time_zone),
        AEENDTC=dtc(element(read, "occurrencePeriod.end"), study.time_zone),
        AEENRTPT=pl.when(element(read, "status") == "in-progress").then(pl.lit("ONGOING")),
        **{variable: _criterion(read, code) for variable, code in CRITERIA.items()},
    )


def _criterion(read: Frame, code: str) -> pl.Expr:
    """Y where the criterion is met, N where it is said not to be."""
    answers = []
    for place in range(len(CRITERIA)):
        extension = f"extension[{GUIDE}/seriousness-criteria{f'#{place}' if place else ''}].extension"
        is_this = element(read, f"{extension}[criterionCode].valueCodeableConcept.coding[{NCI}].code") == code
        answers.append(pl.when(is_this).then(element(read, f"{extension}[criterionPresent].valueBoolean")))
    return pl.coalesce(answers).replace_strict({"true": "Y", "false": "N"}, default=None, return_dtype=pl.String)
