"""VS: vital signs."""

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.last_before_exposure import add_last_before_exposure
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.derive.visit import add_visit
from cdisc_aclf.map.collected import name_of_test, number
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.dates import plain
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def vs(
    raw_vital_signs: Frame,
    raw_visit: Frame,
    dm: Frame,
    se: Frame,
    ref_vs_items: Frame,
    ref_visits: Frame,
    study: Study,
    ct: Terminology,
) -> Frame:
    """One record per measurement, in the unit that the CRF prints.

    A measurement left empty has no record: the CRF does not ask whether it was done, so NOT DONE would be invented.
    """
    visits = raw_visit.with_columns(date=iso8601("visit_date"))
    return (
        raw_vital_signs.unpivot(
            ref_vs_items["column"].to_list(),
            index=[RAW_RECORD, "subject", "record", "visit", "measurement_date", "measurement_time"],
            variable_name="column",
            value_name="result",
        )
        .drop_nulls("result")
        .join(ref_vs_items, on="column", how="left", validate="m:1", maintain_order="left")
        .pipe(add_visit, visits=visits, planned=ref_visits)
        .select(
            **identifiers(study, "VS"),
            VSSPID="record",
            VSTESTCD="testcd",
            VSTEST=name_of_test("testcd", "VSTESTCD", "VSTEST", ct),
            VSORRES=plain("result"),
            VSORRESU="unit",
            VSSTRESC=plain("result"),
            VSSTRESN=number("result"),
            VSSTRESU="unit",
            VISITNUM="VISITNUM",
            VISIT="VISIT",
            VISITDY="VISITDY",
            VSDTC=iso8601("measurement_date", "measurement_time"),
        )
        .pipe(add_last_before_exposure, "VS", by=["VSTESTCD"], dm=dm)
        .pipe(add_epoch, date="VSDTC", se=se)
        .pipe(add_study_day, "VSDY", date="VSDTC", dm=dm)
        .pipe(add_sequence, "VSSEQ", order=["VSTESTCD", "VSDTC"])
    )
