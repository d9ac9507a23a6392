"""PR: artificial liver support and transplantation."""

from cdisc_aclf.derive.epoch import add_epoch
from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_study_day
from cdisc_aclf.map.collected import term
from cdisc_aclf.map.identifiers import identifiers
from cdisc_aclf.map.iso8601 import iso8601
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.terminology import Terminology


def pr(raw_procedure: Frame, dm: Frame, se: Frame, ref_pr_procedures: Frame, study: Study, ct: Terminology) -> Frame:
    """One record per procedure. One that nobody listed keeps its name and has no PRDECOD.

    PROCEDUR has neither artificial liver support nor liver transplantation; both are extensions of the study.
    """
    return (
        raw_procedure.with_columns(procedure=term("procedure", "PROCEDURE", ct))
        .join(ref_pr_procedures, on="procedure", how="left", validate="m:1", maintain_order="left")
        .select(
            **identifiers(study, "PR"),
            PRSPID="record",
            PRTRT="procedure",
            PRDECOD="decod",
            PRCAT="category",
            PRINDC="indication",
            PRSTDTC=iso8601("start_date", "start_time"),
            PRENDTC=iso8601("end_date"),
        )
        .pipe(add_epoch, date="PRSTDTC", se=se)
        .pipe(add_study_day, "PRSTDY", date="PRSTDTC", dm=dm)
        .pipe(add_study_day, "PRENDY", date="PRENDTC", dm=dm)
        .pipe(add_sequence, "PRSEQ", order=["PRSTDTC", "PRTRT"])
    )
