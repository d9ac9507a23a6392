"""ADEX: exposure to study drug, by infusion and over the course."""

import polars as pl

from cdisc_aclf.derive.sequence import add_sequence
from cdisc_aclf.derive.study_day import add_analysis_day, calendar_day, date_and_time
from cdisc_aclf.map.collected import name_of_test
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.terminology import Terminology

OF_SUBJECT = ("SUBJID", "SITEID", "AGE", "SEX", "FASFL", "SAFFL", "ITTFL", "RANDFL", "TRTSDT", "TRTEDT")
OF_INFUSION = {"DOSE": "EXDOSE", "VOLUME": "EXVAMT", "DURMIN": None}
OF_COURSE = ("NINF", "TOTDOSE", "RDI", "COURSE")


def adex(
    ex: Frame,
    adsl: Frame,
    ref_parameters: Frame,
    ref_treatment: Frame,
    ref_visits: Frame,
    ct: Terminology,
) -> Frame:
    """Records per infusion given and per subject who got one; subjects without study drug have none: BDS, ADaMIG 1.3.

    A total of which one part is not known is not known.
    """
    doses = ref_visits.filter(pl.col("dose") == "Y").height
    planned = doses * float(ref_treatment["dose"].item())
    infusions = ex.with_columns(
        ASTDT=calendar_day("EXSTDTC"),
        AENDT=calendar_day("EXENDTC"),
        ASTDTM=date_and_time("EXSTDTC"),
        AENDTM=date_and_time("EXENDTC"),
        SRCSEQ="EXSEQ",
    ).with_columns(DURMIN=(pl.col("AENDTM") - pl.col("ASTDTM")).dt.total_minutes().cast(pl.Float64))
    parameters = ref_parameters.filter(pl.col("dataset") == "ADEX").select(
        PARAMCD="paramcd", PARAMN=pl.col("paramn").cast(pl.Int64), PARCAT1="parcat1", PARAMTYP="paramtyp"
    )
    subjects = adsl.select("USUBJID", *OF_SUBJECT, TRTP="TRT01P", TRTPN="TRT01PN", TRTA="TRT01A", TRTAN="TRT01AN")
    return (
        pl.concat([*_by_infusion(infusions), *_over_the_course(infusions, adsl, planned)], how="diagonal")
        .join(parameters, on="PARAMCD", how="left", validate="m:1", maintain_order="left")
        .join(subjects, on="USUBJID", how="left", maintain_order="left")
        .with_columns(PARAM=name_of_test("PARAMCD", "ADEXPC", "ADEXPN", ct))
        .pipe(add_analysis_day, "ASTDY", date="ASTDT")
        .pipe(add_analysis_day, "AENDY", date="AENDT")
        .pipe(add_sequence, "ASEQ", order=["PARAMN", "SRCSEQ"])
    )


def _by_infusion(infusions: Frame) -> list[Frame]:
    kept = ("STUDYID", "USUBJID", "VISITNUM", "VISIT", "ASTDT", "ASTDTM", "AENDT", "AENDTM", "SRCSEQ", RAW_RECORD)
    return [
        infusions.select(
            *kept,
            PARAMCD=pl.lit(parameter),
            AVAL=source or parameter,
            SRCDOM=pl.lit("EX"),
            SRCVAR=pl.lit(source, pl.String),
        )
        for parameter, source in OF_INFUSION.items()
    ]


def _over_the_course(infusions: Frame, adsl: Frame, planned: float) -> list[Frame]:
    dose = pl.col("EXDOSE")
    total = pl.when(dose.null_count() == 0).then(dose.sum().round(6))
    days = (pl.col("INFEDT") - pl.col("INFSDT")).dt.total_days() + 1
    courses = (
        infusions.group_by("STUDYID", "USUBJID", maintain_order=True)
        .agg(pl.col(RAW_RECORD).str.join(" "), NINF=pl.len().cast(pl.Float64), TOTDOSE=total)
        .join(adsl.select("USUBJID", "INFSDT", "INFEDT"), on="USUBJID", how="left", maintain_order="left")
        .with_columns(RDI=100 * pl.col("TOTDOSE") / planned, COURSE=days.cast(pl.Float64))
    )
    of_subject = ("STUDYID", "USUBJID", RAW_RECORD)
    return [
        courses.select(*of_subject, PARAMCD=pl.lit(parameter), AVAL=parameter, ASTDT="INFSDT", AENDT="INFEDT")
        for parameter in OF_COURSE
    ]
