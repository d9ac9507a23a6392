"""SV: visits attended, missed and unscheduled."""

import polars as pl

from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def sv(raw_visit: Frame, dm: Frame, ref_visits: Frame, study: Study, ct: Terminology) -> Frame:
    """One record per visit; SVPRESP and SVOCCUR speak of planned visits only (SDTMIG 3.4, SV assumptions)."""
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    planned = pl.col("visit").is_in(ref_visits.drop_nulls("visitnum")["collected"].implode())
    return (
        visits.pipe(add_visit, visits=visits, planned=ref_visits)
        .select(
            **identifiers(study, "SV"),
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            SVPRESP=pl.when(planned).then(pl.lit("Y")),
            SVOCCUR=pl.when(planned).then(term("status", "VISITSTATUS", ct)),
            SVREASOC=pl.when(planned).then("reason"),
            SVCNTMOD=term("contact", "CNTMODE", ct),
            VISITDY="VISITDY",
            SVSTDTC="date",
            SVENDTC="date",
            SVUPDES=pl.when(~planned).then("reason"),
        )
        .pipe(add_study_day, "SVSTDY", date="SVSTDTC", dm=dm)
        .pipe(add_study_day, "SVENDY", date="SVENDTC", dm=dm)
        .sort("USUBJID", "VISITNUM", maintain_order=True)
    )
