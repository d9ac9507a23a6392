"""Every check of the data: one record that breaks it is found, its good neighbour is not."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.issue import PROTOCOL, Issue
from cdisc_aclf.registry.trial import read_trial
from cdisc_aclf.study.checks import validate_check
from cdisc_aclf.study.mappings import load_checks
from cdisc_aclf.study.plan import run
from cdisc_aclf.study.specs import read_checks, read_references, read_standard
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
RECORD = read_trial(ROOT / "specs" / "protocol" / "NCT07409259.txt")
CHECKS = {check.name: check for check in load_checks(ROOT / "mappings" / "checks")}
SAID = read_checks(ROOT)
SPECS = {**read_standard(ROOT, "sdtm").datasets, **read_standard(ROOT, "adam").datasets}
FACTS = {"study": read_study(ROOT), "ct": read_terminology(ROOT)}
FACTS |= {f"ref_{name}": table for name, table in read_references(ROOT).items()}

Row = dict[str, object]


def rows(*records: Row) -> Frame:
    """Records of subject 1 unless they say otherwise, as row 2, 3, ... of their form."""
    usual = {"USUBJID": "PL21-1", "subject": "1"}
    return pl.DataFrame([usual | {"raw_record": f"form:{row}"} | each for row, each in enumerate(records, start=2)])


def dm(*records: Row) -> Frame:
    usual = {"ARMCD": "EXO", "DTHFL": None, "DTHDTC": None}
    text = dict.fromkeys(("USUBJID", *usual), pl.String)
    return rows(*(usual | each for each in records)).cast(text)


DIED = dm({"DTHFL": "Y", "DTHDTC": "2026-01-25T18:10"})
ALIVE = dm({})
CONTROL, EXOSOME = dm({"ARMCD": "CTRL"}), dm({"ARMCD": "EXO"})
LAB = {
    "LBTESTCD": "ALT", "LBSPEC": "SERUM", "LBDTC": "2026-01-10T08:00", "LBORRES": "88", "LBORRESU": "U/L",
    "LBSTRESC": "88", "LBSTRESU": "U/L", "LBNAM": "LOCAL", "LBORNRLO": "9", "LBSTNRLO": 9.0, "LBSTNRHI": 50.0,
}  # fmt: skip
EVENT = {
    "AETERM": "tired", "AESER": "N", "AEOUT": "RECOVERED/RESOLVED", "AETOXGR": "2", "AEENDTC": "2026-01-25",
    "AESCONG": "N", "AESDISAB": "N", "AESDTH": "N", "AESHOSP": "N", "AESLIFE": "N", "AESMIE": None,
}  # fmt: skip
FATAL = EVENT | {"AESER": "Y", "AEOUT": "FATAL", "AETOXGR": "5", "AESDTH": "Y", "AEENDTC": "2026-01-25T18:10"}
DOSE = {"EXTRT": "exosome", "EXDOSE": 2.0, "EXSTDTC": "2026-01-10T10:00", "EXENDTC": "2026-01-10T12:00"}
CRITERIA: Row = {
    **{f"incl{number:02}": "是" for number in range(1, 5)},
    **{f"excl{number:02}": "否" for number in range(1, 9)},
    "eligible": "是",
}


def survival(
    cnsr: int, described: str, *, code: str = "OS84", start: date = date(2026, 1, 10), at: date = date(2026, 1, 25)
) -> Frame:
    return rows({"PARAMCD": code, "STARTDT": start, "ADT": at, "CNSR": cnsr, "EVNTDESC": described})


def procedures(*starts: str | None) -> Frame:
    made = [{"USUBJID": "PL21-1", "PRCAT": "TRANSPLANTATION", "PRSTDTC": start} for start in starts]
    return pl.DataFrame(made, schema=dict.fromkeys(("USUBJID", "PRCAT", "PRSTDTC"), pl.String))


def dispositions(*ends: tuple[str, str, str | None]) -> Frame:
    """DSSCAT without its first word, DSDECOD and date."""
    texts = dict.fromkeys(("USUBJID", "DSCAT", "DSSCAT", "DSDECOD", "DSTERM", "DSSTDTC"), pl.String)
    made = [
        {"USUBJID": "PL21-1", "DSCAT": "DISPOSITION EVENT", "DSSCAT": f"STUDY {of}", "DSDECOD": decod, "DSTERM": decod,
         "DSSTDTC": day}
        for of, decod, day in ends
    ]  # fmt: skip
    return pl.DataFrame(made, schema=texts)


NOTHING = {"dm": dm({}), "ds": dispositions(), "pr": procedures()}
LANDMARK = "NO EVENT THROUGH THE LANDMARK DAY"
STOPPED = dispositions(("TREATMENT", "WITHDRAWAL BY SUBJECT", "2026-01-20"))
LOST = dispositions(("PARTICIPATION", "LOST TO FOLLOW-UP", "2026-02-20"))
SIX = pl.concat(survival(1, LANDMARK, code=code) for code in ("OS28", "OS84", "TFS28", "TFS84", "AO28", "AO84"))


DEATH = {"DSDECOD": "DEATH", "DSSTDTC": "2026-01-25T18:10"}
STATUS = {"SSTESTCD": "SURVSTAT", "SSSTRESC": "ALIVE", "SSDTC": "2026-02-06"}
LAST_SEEN = {"SSTESTCD": "LSCFADTC", "SSSTRESC": "2026-01-26", "SSDTC": "2026-02-06"}
EARLY = {"SSDTC": "2026-01-24"}
DEAD = {"SSTESTCD": "SURVSTAT", "SSSTRESC": "DEAD", "SSDTC": "2026-02-06"}
LAST_ALIVE = {"SSTESTCD": "LSCFADTC", "SSSTRESC": "2026-01-24", "SSDTC": "2026-02-06"}
VIRAL_LOAD = {"MBTESTCD": "HBDNA", "MBORRES": "17200", "MBORRESU": "IU/mL", "MBSTRESC": "17200"}
CHILD_PUGH = {
    "CPS0101": "1", "CPS0102": "3", "CPS0103": "3", "CPS0104": "2", "CPS0105B": "2", "CPS0106": "11", "CPS0107": "C",
}  # fmt: skip
COSSH = {
    "COSH0101": "2.1", "COSH0102": "0", "COSH0103": "5.0", "COSH0104": "350", "COSH0105": "5.0", "COSH0106": "46",
    "COSH0107": "7.13",
}  # fmt: skip
"""Worked example: 7.1292."""
SYMPTOMS = {f"SYMS010{number}": "1" for number in range(1, 6)} | {"SYMS0106": "5"}
COMPARED = {"CPS0103": "BILI", "CPS0104": "ALB", "CPS0105B": "INR"}


def scores(*forms: dict[str, str]) -> Frame:
    """Items and scores of RS as written on form 2, 3, ...; each form is a visit of its own."""
    return pl.DataFrame(
        [
            {
                "USUBJID": "PL21-1",
                "raw_record": f"form:{row}",
                "RSTESTCD": code,
                "RSLNKGRP": f"{COMPARED[code]} {row}" if code in COMPARED else None,
                "RSORRES": text,
                "RSSTRESC": text,
                "RSSTRESN": float(text) if re.fullmatch(r"-?[0-9.]+", text) else None,
            }
            for row, form in enumerate(forms, start=2)
            for code, text in form.items()
        ]
    )


def at_visits(written: str, said: list[float], computed: str, found: list[float | None]) -> Frame:
    """Two parameters of ADRS, one record of each at every visit; what was written is on form 2, 3, ..."""
    records = [
        {"PARAMCD": code, "AVAL": value, "VISITNUM": visit, "SRCSEQ": visit, "raw_record": f"form:{visit + 2}"}
        for code, values in ((written, said), (computed, found))
        for visit, value in enumerate(values)
    ]
    return rows(*records).with_columns(pl.col("AVAL").cast(pl.Float64))


def without(form: dict[str, str], *codes: str) -> dict[str, str]:
    return {code: text for code, text in form.items() if code not in codes}


def results(*of_visits: tuple[int, str, str, str]) -> Frame:
    """Laboratory results: visit, test, result, unit."""
    return rows(
        *(
            {"LBTESTCD": test, "LBLNKGRP": f"{test} {visit}", "LBORRES": result, "LBORRESU": unit}
            for visit, test, result, unit in of_visits
        )
    )


@dataclass(frozen=True)
class Case:
    """What a check is given, and the raw rows that it has to name (row 2 is the first record)."""

    check: str
    given: dict[str, object]
    named: tuple[str, ...]


def case(check: str, *named: int, **given: object) -> Case:
    return Case(check, given, tuple(map(str, named)))


CASES = [
    case("dose_missed", 3, raw_infusion=rows({"given": "是"}, {"given": "否"}, {"given": None})),
    case(
        "dose_not_recorded",
        3,
        raw_visit=rows(
            {"visit": "第1天", "status": "已完成"},
            {"visit": "第4天", "status": "已完成"},
            {"visit": "第7天", "status": "未访"},
            {"visit": "第13天", "status": "已完成"},
            {"visit": "第10天", "status": "已完成", "subject": "2"},
        ),
        raw_infusion=rows({"visit": "第1天"}),
        dm=dm({}, {"USUBJID": "PL21-2", "ARMCD": "CTRL"}),
    ),
    case("dose_in_wrong_arm", 2, ex=rows(DOSE), dm=CONTROL),
    case("dose_in_wrong_arm", ex=rows(DOSE), dm=EXOSOME),
    case("dose_amount", 3, 4, ex=rows(DOSE, *(DOSE | {"EXDOSE": dose} for dose in (1.5, 0.0, None)))),
    case("dose_not_on_form", 4, ex=rows(DOSE, *(DOSE | {"EXDOSE": dose} for dose in (1.5, None)))),
    case("infusion_without_start", 3, ex=rows(DOSE, DOSE | {"EXSTDTC": None})),
    case(
        "visit_status_contradicted",
        3,
        4,
        raw_visit=rows(
            {"status": "已完成", "visit_date": "2026-01-10"},
            {"status": "已完成", "visit_date": None},
            {"status": "未访", "visit_date": "2026-01-10"},
            {"status": "未访", "visit_date": None},
        ),
    ),
    case(
        "dosed_without_randomisation",
        3,
        ex=rows(DOSE, DOSE | {"USUBJID": "PL21-2"}),
        dm=dm({}, {"USUBJID": "PL21-2", "ARMCD": None}),
    ),
    case("result_without_date", 3, lb=rows(LAB, LAB | {"LBDTC": None}, LAB | {"LBDTC": None, "LBORRES": None})),
    case(
        "age_outside_limits",
        *(3, 6),
        dm=rows(*({"ARMCD": "EXO", "AGE": age} for age in (18, 17, 65, None, 66)), {"ARMCD": None, "AGE": 80}),
        trial=RECORD,
    ),
    case(
        "randomised_without_form",
        3,
        dm=rows({"ARMCD": "EXO"}, {"ARMCD": "EXO", "USUBJID": "PL21-2"}, {"ARMCD": None, "USUBJID": "PL21-3"}),
        raw_eligibility=rows({"subject": "1"}, {"subject": "2"}),
        raw_visit=rows({"subject": "1"}, {"subject": "2"}),
        raw_lab=rows({"subject": "1"}),
    ),
    case("age_unknown", 3, dm=rows({"AGE": 46}, {"AGE": None})),
    case(
        "eligibility_contradicted",
        3,
        4,
        raw_eligibility=rows(
            CRITERIA,
            CRITERIA | {"incl03": "否"},
            CRITERIA | {"eligible": "否"},
            CRITERIA | {"excl01": "是", "eligible": "否"},
            CRITERIA | {"eligible": None},
        ),
    ),
    case(
        "result_or_not_done",
        4,
        5,
        lb=rows(
            LAB | {"LBSTAT": None},
            LAB | {"LBORRES": None, "LBSTAT": "NOT DONE"},
            LAB | {"LBSTAT": "NOT DONE"},
            LAB | {"LBORRES": None, "LBSTAT": None},
        ),
    ),
    case(
        "visit_unknown",
        4,
        lb=rows(
            LAB | {"VISITNUM": 2.0, "VISIT": "DAY 1"},
            LAB | {"VISITNUM": 2.01, "VISIT": "UNSCHEDULED 2.01"},
            LAB | {"VISITNUM": None, "VISIT": None},
        ),
    ),
    case(
        "ongoing_with_end",
        3,
        ae=rows(
            EVENT | {"AEENRTPT": None},
            EVENT | {"AEENRTPT": "ONGOING"},
            EVENT | {"AEENRTPT": "ONGOING", "AEENDTC": None},
        ),
    ),
    case(
        "infusion_too_short",
        3,
        ex=rows(
            DOSE,
            DOSE | {"EXENDTC": "2026-01-10T11:59"},
            DOSE | {"EXENDTC": "2026-01-11T00:10", "EXSTDTC": "2026-01-10T22:10"},
            DOSE | {"EXENDTC": "2026-01-10"},
            DOSE | {"EXENDTC": None},
        ),
    ),
    case("subject_ineligible", 2, raw_eligibility=rows(CRITERIA | {"incl03": "否"}), dm=EXOSOME),
    case("subject_ineligible", 2, raw_eligibility=rows(CRITERIA | {"excl08": "是"}), dm=CONTROL),
    case("subject_ineligible", raw_eligibility=rows(CRITERIA), dm=EXOSOME),
    case("subject_ineligible", raw_eligibility=rows(CRITERIA | {"incl03": "否"}), dm=dm({"ARMCD": None})),
    case(
        "visit_missed",
        3,
        sv=rows(
            {"SVOCCUR": "Y", "VISITNUM": 1.0}, {"SVOCCUR": "N", "VISITNUM": 2.0}, {"SVOCCUR": None, "VISITNUM": 2.01}
        ),
    ),
    case(
        "visit_unscheduled",
        3,
        sv=rows(
            {"SVPRESP": "Y", "VISIT": "DAY 1", "VISITNUM": 1.0},
            {"SVPRESP": None, "VISIT": "UNSCHEDULED 1.01", "VISITNUM": 1.01},
        ),
    ),
    case("sample_duplicated", 2, 4, lb=rows(LAB, LAB | {"LBDTC": "2026-01-11"}, LAB | {"LBORRES": "91"})),
    case(
        "sample_duplicated",
        lb=rows(
            LAB,
            LAB | {"LBSPEC": "PLASMA"},
            LAB | {"LBTESTCD": "AST"},
            LAB | {"LBDTC": "2026-01-10T08:01"},
            LAB | {"USUBJID": "PL21-2"},
            LAB | {"LBDTC": "2026-01-12"},
            LAB | {"LBDTC": "2026-01-12", "LBORRES": None},
            LAB | {"LBTESTCD": None},
            LAB | {"LBTESTCD": None},
        ),
    ),
    case(
        "result_without_standard",
        3,
        lb=rows(
            LAB,
            LAB | {"LBORRESU": "stones", "LBSTRESC": None},
            LAB | {"LBORRES": None, "LBSTRESC": None},
            LAB | {"LBTESTCD": None, "LBSTRESC": None},
        ),
    ),
    case("range_reversed", 3, 4, lb=rows(LAB, *(LAB | {"LBSTNRLO": low} for low in (51.0, 50.0, None)))),
    case(
        "viral_load_without_standard", 3, mb=rows(VIRAL_LOAD, VIRAL_LOAD | {"MBORRESU": "copies/mL", "MBSTRESC": None})
    ),
    case("child_pugh_total_differs", 3, rs=scores(CHILD_PUGH, CHILD_PUGH | {"CPS0106": "10"})),
    case("child_pugh_total_differs", 2, rs=scores(without(CHILD_PUGH, "CPS0104"))),
    case("child_pugh_total_differs", 2, rs=scores({"CPS0106": "11"})),
    case("child_pugh_total_differs", rs=scores(without(CHILD_PUGH, "CPS0104", "CPS0106"))),
    case(
        "child_pugh_grade_differs",
        *(3, 4, 5, 8),
        rs=scores(
            *({"CPS0106": total, "CPS0107": grade} for total, grade in zip("5668", "ABCA", strict=True)),
            {"CPS0106": "9", "CPS0107": "B"},
            {"CPS0106": "10", "CPS0107": "C"},
            {"CPS0107": "C"},
        ),
    ),
    case(
        "child_pugh_item_differs",
        *(2, 4, 6, 8, 10),
        rs=scores(
            {"CPS0103": "3"},
            {"CPS0103": "2"},
            {"CPS0103": "1"},
            {"CPS0103": "2"},
            {"CPS0104": "3"},
            {"CPS0104": "2"},
            {"CPS0104": "1"},
            {"CPS0105B": "2"},
            {"CPS0105B": "1"},
        ),
        lb=results(
            (2, "BILI", "51.3", "umol/L"),
            (3, "BILI", "51.3", "umol/L"),
            (4, "BILI", "2.0", "mg/dL"),
            (5, "BILI", "3.0", "mg/dL"),
            (6, "ALB", "28", "g/L"),
            (7, "ALB", "3.5", "g/dL"),
            (8, "ALB", "3.5", "g/dL"),
            (9, "INR", "2.30", "RATIO"),
            (10, "INR", "1.70", "RATIO"),
        ),
    ),
    case(
        "child_pugh_item_differs",
        rs=scores({"CPS0103": "3", "CPS0104": "2"}, {"CPS0103": "1"}, {"CPS0103": "3"}),
        lb=results((2, "BILI", "30", "umol/L"), (2, "BILI", "52", "umol/L"), (3, "BILI", "<0.5", "umol/L")),
    ),
    case(
        "cossh_score_differs",
        *(6, 7, 8, 9),
        rs=scores(
            *(COSSH | {"COSH0107": score} for score in ("7.13", "7.129", "7.1", "7", "7.12", "7.2", "8")),
            COSSH | {"COSH0102": "1"},
        ),
    ),
    case(
        "cossh_score_differs",
        rs=scores(
            COSSH,
            without(COSSH, "COSH0105"),
            COSSH | {"COSH0105": "0"},
            COSSH | {"COSH0105": "<0.1"},
            COSSH | {"COSH0102": "5"},
        ),
    ),
    case(
        "cossh_recomputed_differs",
        *(3, 4),  # 7.1292 is 7.13 and 7.1 as written
        rs=rows(*({"RSSEQ": visit, "RSORRES": score} for visit, score in enumerate(("7.13", "7.12", "6.67", "7.1")))),
        adrs=at_visits("COSH0107", [7.13, 7.12, 6.67, 7.1], "COSSH2", [7.1292] * 4),
    ),
    case(
        "cossh_recomputed_differs",
        rs=rows({"RSSEQ": 0, "RSORRES": "7.5"}),
        adrs=at_visits("COSH0107", [7.5], "COSSH2", [None]),
    ),
    case("survival_curve_differs", adtte=survival(0, "DEATH"), **NOTHING | {"dm": DIED}),
    case("survival_curve_differs", 2, adtte=survival(0, "DEATH"), **NOTHING),
    case("survival_curve_differs", 2, adtte=survival(0, "FAREWELL"), **NOTHING | {"dm": DIED}),
    # 2026-01-25 is day 84 from 2025-11-03 on and day 85 from the day before on
    case("survival_curve_differs", adtte=survival(1, LANDMARK, start=date(2025, 11, 2)), **NOTHING | {"dm": DIED}),
    case("survival_curve_differs", 2, adtte=survival(1, LANDMARK, start=date(2025, 11, 3)), **NOTHING | {"dm": DIED}),
    case("survival_curve_differs", 2, adtte=survival(0, "DEATH", start=date(2025, 11, 2)), **NOTHING | {"dm": DIED}),
    case(
        "survival_curve_differs",
        2,
        adtte=survival(1, LANDMARK),
        **NOTHING | {"dm": dm({"DTHFL": "Y", "DTHDTC": "2026-01"})},
    ),
    *(
        case("survival_curve_differs", *named, adtte=survival(*told, code=code, at=at), **NOTHING | given)
        for code, told, at, given, named in (
            # a transplantation on 2026-01-20 is an event of TFS84 and AO84, not of OS84
            ("TFS84", (0, "LIVER TRANSPLANTATION"), date(2026, 1, 20), {"pr": procedures("2026-01-20T09:00")}, ()),
            ("TFS84", (0, "LIVER TRANSPLANTATION"), date(2026, 1, 20), {}, (2,)),
            ("TFS84", (1, LANDMARK), date(2026, 4, 3), {"pr": procedures("2026-01-20")}, (2,)),
            ("AO84", (1, LANDMARK), date(2026, 4, 3), {"pr": procedures("2026-01-20")}, (2,)),
            ("OS84", (1, LANDMARK), date(2026, 4, 3), {"pr": procedures("2026-01-20")}, ()),
            ("TFS84", (1, LANDMARK), date(2026, 4, 3), {"pr": procedures("2026-01-09", "2026-04-04")}, ()),
            ("TFS84", (0, "LIVER TRANSPLANTATION"), date(2026, 1, 10), {"pr": procedures(None)}, ()),
            ("TFS84", (0, "DEATH"), date(2026, 1, 25), {"dm": DIED, "pr": procedures("2026-01-24")}, (2,)),
            ("TFS84", (0, "DEATH"), date(2026, 1, 25), {"dm": DIED, "pr": procedures("2026-01-25")}, ()),
            (
                "OSC84",
                (8, "LIVER TRANSPLANTATION"),
                date(2026, 1, 20),
                {"dm": DIED, "pr": procedures("2026-01-20")},
                (),
            ),
            ("OSC84", (8, "LIVER TRANSPLANTATION"), date(2026, 1, 20), {"dm": DIED}, (2,)),
            # giving up treatment is an event of AO84 alone
            ("AO84", (0, "TREATMENT ABANDONMENT"), date(2026, 1, 20), {"ds": STOPPED}, ()),
            ("AO84", (0, "TREATMENT ABANDONMENT"), date(2026, 1, 20), {"ds": LOST}, (2,)),
            ("AO84", (1, LANDMARK), date(2026, 4, 3), {"ds": STOPPED}, (2,)),
            ("TFS84", (1, LANDMARK), date(2026, 4, 3), {"ds": STOPPED}, ()),
            # why nothing more is known
            ("OS84", (3, "LOST TO FOLLOW-UP"), date(2026, 2, 6), {"ds": LOST}, ()),
            ("OS84", (3, "LOST TO FOLLOW-UP"), date(2026, 2, 6), {}, (2,)),
            ("OS84", (5, "WITHDRAWAL OF CONSENT"), date(2026, 2, 6), {"ds": LOST}, (2,)),
            ("OS84", (7, "STILL IN THE STUDY"), date(2026, 2, 6), {}, ()),
            ("OS84", (7, "STILL IN THE STUDY"), date(2026, 2, 6), {"ds": LOST}, (2,)),
        )
    ),
    case("survival_curve_misses", dm=dm({}), adtte=SIX),
    case("survival_curve_misses", 2, dm=dm({}), adtte=SIX.head(5)),
    case("survival_curve_misses", 2, dm=dm({}), adtte=pl.concat([SIX.head(5), SIX.head(1)])),
    case("survival_curve_misses", 2, dm=dm({}), adtte=pl.concat([SIX, SIX.head(1)])),
    case("survival_curve_misses", 3, dm=dm({}, {"USUBJID": "PL21-2"}), adtte=SIX),
    case("survival_curve_misses", 2, dm=dm({"ARMCD": None}), adtte=SIX.head(1)),
    case("child_pugh_recomputed_differs", 3, adrs=at_visits("CPS0106", [8.0, 9.0], "CPTOT", [8.0, 8.0])),
    case("child_pugh_recomputed_differs", adrs=at_visits("CPS0106", [8.0, 9.0], "CPTOT", [8.0, None])),
    case(
        "symptom_total_differs",
        *(3, 4),
        rs=scores(SYMPTOMS, SYMPTOMS | {"SYMS0106": "6"}, without(SYMPTOMS | {"SYMS0106": "4"}, "SYMS0101")),
    ),
    case("symptom_total_differs", rs=scores(without(SYMPTOMS, "SYMS0101", "SYMS0106"))),
    case(
        "score_out_of_range",
        *(4, 5, 6, 7, 9, 10, 12, 14),
        rs=scores(
            *({"SYMS0101": text} for text in ("0", "3", "4", "-1", "1.5", "none")),
            *({"SYMS0106": text} for text in ("15", "16")),
            *({"CPS0106": text} for text in ("4", "5", "16")),
            *({"COSH0102": text} for text in ("4", "5")),
            {"COSH0107": "16.2"},
        ),
    ),
    case("death_without_disposition", 2, dm=DIED, ds=rows(DEATH | {"DSDECOD": "COMPLETED"})),
    case("death_without_disposition", dm=DIED, ds=rows(DEATH)),
    case("death_without_disposition", dm=ALIVE, ds=rows(DEATH | {"DSDECOD": "COMPLETED"})),
    case("death_date_differs", 3, dm=DIED, ds=rows(DEATH, DEATH | {"DSSTDTC": "2026-01-24"})),
    case("death_date_differs", 2, dm=ALIVE, ds=rows(DEATH)),
    case(
        "death_date_differs", dm=DIED, ds=rows(DEATH, DEATH | {"DSSTDTC": "2026-01-25"}, DEATH | {"DSDECOD": "OTHER"})
    ),
    case("fatal_event_without_death", 2, ae=rows(FATAL), dm=ALIVE),
    case("fatal_event_without_death", ae=rows(FATAL), dm=DIED),
    case("fatal_event_without_death", ae=rows(EVENT), dm=ALIVE),
    case(
        "fatal_event_date_differs",
        3,
        4,
        ae=rows(FATAL, FATAL | {"AEENDTC": "2026-01-24"}, FATAL | {"AEENDTC": None}),
        dm=DIED,
    ),
    case(
        "fatal_event_date_differs",
        ae=rows(FATAL, FATAL | {"AEENDTC": "2026-01-25"}, EVENT | {"AEENDTC": "2026-01-24"}),
        dm=DIED,
    ),
    case("death_without_fatal_event", 2, dm=DIED, ae=rows(EVENT)),
    case("death_without_fatal_event", dm=DIED, ae=rows(FATAL)),
    case("death_without_fatal_event", dm=ALIVE, ae=rows(EVENT)),
    case(
        "dead_without_death",
        *(2, 4),
        ss=rows(DEAD, DEAD | {"SSSTRESC": "UNKNOWN"}, DEAD | {"SSDTC": None}, LAST_ALIVE),
        dm=ALIVE,
    ),
    case(
        "dead_without_death",
        4,
        ss=rows(DEAD, DEAD | {"SSDTC": "2026-01-25"}, DEAD | {"SSDTC": "2026-01-24"}, DEAD | {"SSDTC": None}),
        dm=DIED,
    ),
    case(
        "alive_after_death",
        *(4, 5),
        ss=rows(
            LAST_ALIVE,
            LAST_ALIVE | {"SSSTRESC": "2026-01-25"},
            LAST_ALIVE | {"SSSTRESC": "2026-01-26"},
            DEAD | {"SSSTRESC": "ALIVE", "SSDTC": "2026-01-25T18:11"},
            DEAD | {"SSSTRESC": "ALIVE", "SSDTC": "2026-01-25"},
            DEAD | {"SSSTRESC": "ALIVE", "SSDTC": None},
            DEAD,
        ),
        dm=DIED,
    ),
    case("alive_after_death", ss=rows(LAST_ALIVE | {"SSSTRESC": "2030-01-01"}), dm=ALIVE),
    case(
        "history_not_coded",
        3,
        mh=rows(
            {"MHTERM": "tired", "MHDECOD": "Fatigue"},
            {"MHTERM": "weary", "MHDECOD": None},
            {"MHTERM": None, "MHDECOD": None},
        ),
    ),
    case(
        "treatment_not_coded",
        3,
        cm=rows(
            {"CMTRT": "veltorin", "CMDECOD": "VELTOR"},
            {"CMTRT": "tea", "CMDECOD": None},
            {"CMTRT": None, "CMDECOD": None},
        ),
    ),
    case("dead_without_death", 2, ss=rows(STATUS | {"SSSTRESC": "DEAD"}, STATUS), dm=ALIVE),
    case(
        "dead_without_death", 3, ss=rows(STATUS | {"SSSTRESC": "DEAD"}, STATUS | {"SSSTRESC": "DEAD"} | EARLY), dm=DIED
    ),
    case(
        "alive_after_death", 2, 4, ss=rows(STATUS, STATUS | EARLY, LAST_SEEN, LAST_SEEN | {"SSSTRESC": "2026"}), dm=DIED
    ),
    case("alive_after_death", ss=rows(STATUS, LAST_SEEN), dm=ALIVE),
    case("history_not_coded", 3, mh=rows(*({"MHTERM": "asthma", "MHDECOD": code} for code in ("Asthma", None)))),
    case("treatment_not_coded", 3, cm=rows(*({"CMTRT": "veltorin", "CMDECOD": name} for name in ("VELTOR", None)))),
    case(
        "grade_5_not_fatal",
        4,
        5,
        6,
        ae=rows(FATAL, EVENT, FATAL | {"AETOXGR": "4"}, FATAL | {"AEOUT": "UNKNOWN"}, FATAL | {"AESDTH": None}),
    ),
    case(
        "seriousness_without_criterion",
        3,
        ae=rows(EVENT, EVENT | {"AESER": "Y"}, EVENT | {"AESER": "Y", "AESMIE": "Y"}, EVENT | {"AESER": None}),
    ),
    case(
        "criterion_without_seriousness",
        4,
        ae=rows(EVENT, EVENT | {"AESER": "Y", "AESHOSP": "Y"}, EVENT | {"AESHOSP": "Y"}),
    ),
]


def issues(check: str, given: dict[str, object]) -> list[Issue]:
    broken = run(CHECKS[check], FACTS | given)
    found = validate_check(broken, SAID[check], SPECS.get(SAID[check].about), file=CHECKS[check].file)
    assert {each.rule for each in found} <= {check}
    return found


@pytest.mark.parametrize("told", CASES, ids=[f"{each.check} {' '.join(each.named) or 'none'}" for each in CASES])
def test_a_check_names_the_records_that_break_it_and_no_other(told: Case):
    assert tuple(each.record for each in issues(told.check, told.given)) == told.named


def test_every_check_of_the_data_has_a_case_that_it_finds_and_one_that_it_does_not():
    of_data = {name for name, check in SAID.items() if check.about != PROTOCOL}
    finds = {each.check for each in CASES if each.named}
    is_silent = {
        each.check
        for each in CASES
        if max(len(given) for given in each.given.values() if isinstance(given, Frame)) > len(each.named)
    }
    assert finds == is_silent == of_data - {"results_converted"}


def test_converted_results_are_counted_by_subject_and_laboratory_with_the_units_they_came_in():
    mg, local = {"LBORRESU": "mg/dL", "LBSTRESU": "umol/L"}, {"LBNAM": "CENTRAL"}
    lb = rows(LAB, LAB | mg, LAB | mg, LAB | mg | {"LBORRESU": "g/dL"}, LAB | mg | local, LAB | {"LBORRESU": None})
    found = [(each.subject, each.value, each.count) for each in issues("results_converted", {"lb": lb})]
    assert found == [("PL21-1", "g/dL, mg/dL", 3), ("PL21-1", "mg/dL", 1)]
    assert issues("results_converted", {"lb": rows(LAB)}) == []


def test_the_functions_and_the_table_name_the_same_checks():
    assert CHECKS.keys() == SAID.keys()


def test_a_check_that_does_not_return_its_variable_is_the_fault_of_the_study_definition():
    check = CHECKS["dose_amount"]
    with pytest.raises(
        DefinitionError, match=r"dosing.py: dose_amount returns no EXDOSE, which specs/checks.csv names"
    ):
        validate_check(rows({"EXTRT": "x"}), SAID["dose_amount"], SPECS["EX"], file=check.file)
