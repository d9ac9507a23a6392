from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.study.mappings import load_module
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

ROOT = Path(__file__).resolve().parents[2]
Story = Callable[..., list[tuple[object, ...]]]
DEVIATION = ("DVDECOD", "DVCAT", "DVSTDTC", "DVSTDY", "EPOCH")


@pytest.mark.parametrize(
    ("subject", "deviation"),
    [
        ("NEVERDOSED", ("INFUSION NOT GIVEN", "STUDY TREATMENT", "2026-01-10", 1, "TREATMENT")),
        ("ABANDONED", ("INFUSION NOT GIVEN", "STUDY TREATMENT", None, None, None)),
        ("WRONGARM", ("STUDY DRUG IN WRONG ARM", "STUDY TREATMENT", "2026-01-13T10:00", 4, "TREATMENT")),
        ("EXOSOME", ("DOSE NOT AS PLANNED", "STUDY TREATMENT", "2026-01-16T10:00", 7, "TREATMENT")),
        ("WITHDRAWN", ("CRITERION NOT MET", "ELIGIBILITY", "2026-01-10", 1, "TREATMENT")),
    ],
)
def test_a_deviation_is_dated_by_the_infusion_its_visit_or_randomisation(
    story: Story, subject: str, deviation: tuple[object, ...]
):
    assert story("DV", subject, *DEVIATION) == [deviation]


def test_the_reason_why_a_dose_was_not_given_is_a_qualifier(story: Story):
    for subject, reason in (("NEVERDOSED", "肝移植"), ("ABANDONED", "放弃治疗")):
        assert story("SUPPDV", subject, "IDVAR", "IDVARVAL", "QNAM", "QVAL") == [("DVSEQ", "1", "REASNG", reason)]


@pytest.mark.parametrize("subject", ["CONTROL", "SCREENFAIL", "DEATH", "LOST", "TWOLABS"])
def test_a_subject_treated_as_planned_or_never_randomised_has_no_deviation(story: Story, subject: str):
    assert story("DV", subject, "DVTERM") == []


def test_an_infusion_that_was_not_given_is_submitted_here_and_keeps_its_trace(stories: Mapping[str, Dataset]):
    assert set(stories["DV"].frame["raw_record"]) == {
        "infusion:4", "infusion:6", "infusion:7", "infusion:11", "eligibility:5",
    }  # fmt: skip


def test_every_deviation_has_its_words(stories: Mapping[str, Dataset]):
    assert stories["DV"].frame.select("DVTERM", "DVDECOD", "DVCAT").null_count().row(0) == (0, 0, 0)


def test_a_short_infusion_and_a_visit_form_filled_in_twice_make_one_record_each(stories: Mapping[str, Dataset]):
    ex = stories["EX"].frame
    missed = pl.DataFrame({"subject": ["LOST"], "visit": ["第1天"], "record": ["9"], "raw_record": ["infusion:9"]})
    visits = pl.DataFrame({"subject": ["LOST"] * 2, "visit": ["第1天"] * 2, "visit_date": ["2026/1/10", "2026-01-11"]})
    dv = load_module(ROOT / "mappings" / "sdtm" / "dv.py").dv(
        dose_missed=missed.with_columns(reason_not_given=pl.lit(None, pl.String)),
        infusion_too_short=ex.filter(pl.col("USUBJID") == "PL21-TWOLABS"),
        dose_in_wrong_arm=ex.clear(),
        dose_amount=ex.clear(),
        subject_ineligible=pl.DataFrame(schema=dict.fromkeys(("USUBJID", "record", "raw_record"), pl.String)),
        raw_visit=visits,
        dm=stories["DM"].frame,
        se=stories["SE"].frame,
        ref_dv_deviations=read_references(ROOT)["dv_deviations"],
        study=read_study(ROOT),
    )
    assert dv.select("USUBJID", "DVSEQ", "DVDECOD", "DVSTDTC").rows() == [
        ("PL21-LOST", 1, "INFUSION NOT GIVEN", "2026-01-10"),
        ("PL21-TWOLABS", 1, "INFUSION TOO SHORT", "2026-01-10T10:00"),
    ]
