"""EX: exosome infusions that were given."""

import polars as pl

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import is_yes, number, term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def ex(
    raw_infusion: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    ref_treatment: Frame,
    ref_visits: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per infusion given. Controls have none: standard care is no protocol-specified study drug.

    A missed dose has no record, and never EXDOSE 0, which would mean placebo (SDTMIG 3.4, EX assumptions 1 and 2).
    """
    dose, volume = number("particles"), number("volume")
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    return (
        raw_infusion.filter(is_yes("given", ct))
        .pipe(add_visit, visits=visits, planned=ref_visits)
        .join(ref_treatment, how="cross")
        .select(
            **identifiers(study, "EX"),
            EXSPID="record",
            EXTRT="treatment",
            EXDOSE=dose,
            EXDOSU=pl.when(dose.is_not_null()).then("dose_unit"),
            EXDOSFRM="dose_form",
            EXDOSFRQ="frequency",
            EXROUTE="route",
            EXLOT="lot",
            EXTRTV=pl.when(volume.is_not_null()).then("vehicle"),
            EXVAMT=volume,
            EXVAMTU=pl.when(volume.is_not_null()).then("vehicle_unit"),
            EXADJ="interruption_reason",
            EXINTRP=term("interrupted", "NY", ct),
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            VISITDY="VISITDY",
            EXSTDTC=iso8601("start_date", "start_time"),
            EXENDTC=iso8601("end_date", "end_time"),
        )
        .pipe(add_epoch, date="EXSTDTC", se=se)
        .pipe(add_study_day, "EXSTDY", date="EXSTDTC", dm=dm)
        .pipe(add_study_day, "EXENDY", date="EXENDTC", dm=dm)
        .pipe(add_sequence, "EXSEQ", order=["EXSTDTC"])
    )
