"""SS: whether a subject was alive, and when that was last known."""

import polars as pl
import polars.selectors as cs

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import name_of_test, term
from cdisc_aclf.map.identifiers import identifiers, usubjid
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def ss(
    raw_survival: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    sv: Frame,
    ref_visits: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """Two records per survival contact: the status, and the last date on which the subject was known to be alive.

    SSTPT is the planned day that the status is for. Of a subject who has died or is lost it is recorded without a
    visit, so the visit stands only where SV has it (SDTMIG 3.4, SV assumptions 3 and 16; CDISC CG0034).
    """
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    held = sv.select("USUBJID", "VISITNUM", held="VISITNUM").unique(maintain_order=True)
    return (
        raw_survival.with_columns(USUBJID=usubjid(study))
        .pipe(add_visit, visits=visits, planned=ref_visits)
        .with_columns(SSTPT=pl.when(pl.col("VISITDY").is_not_null()).then("VISIT"), SSTPTNUM="VISITDY")
        .join(held, on=["USUBJID", "VISITNUM"], how="left", maintain_order="left")
        .with_columns(pl.when(pl.col("held").is_not_null()).then(pl.col("VISITNUM", "VISIT", "VISITDY")))
        .with_columns(SURVSTAT=term("status", "SURVIVAL", ct), LSCFADTC=iso8601("last_alive_date"))
        .unpivot(
            ["SURVSTAT", "LSCFADTC"],
            index=cs.exclude("SURVSTAT", "LSCFADTC"),
            variable_name="SSTESTCD",
            value_name="result",
        )
        .drop_nulls("result")
        .select(
            **identifiers(study, "SS"),
            SSSPID="record",
            SSTESTCD="SSTESTCD",
            SSTEST=name_of_test("SSTESTCD", "SSTESTCD", "SSTEST", ct),
            SSORRES="result",
            SSSTRESC="result",
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            VISITDY="VISITDY",
            SSDTC=iso8601("contact_date"),
            SSTPT="SSTPT",
            SSTPTNUM="SSTPTNUM",
        )
        .pipe(add_epoch, date="SSDTC", se=se)
        .pipe(add_study_day, "SSDY", date="SSDTC", dm=dm)
        .pipe(add_sequence, "SSSEQ", order=["SSTESTCD", "SSTPTNUM", "SSDTC"])
    )
