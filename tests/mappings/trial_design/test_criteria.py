from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from cdisc_aclf.model.protocol import Criterion, CriterionKind, Eligibility

Mapped = Callable[..., pl.DataFrame]

CRITERIA = [*(f"incl{number:02}" for number in range(1, 5)), *(f"excl{number:02}" for number in range(1, 9))]


def one_criterion(study_folder: SimpleNamespace, text: str) -> dict[str, object]:
    criterion = Criterion(kind=CriterionKind.EXCLUSION, number=1, text=text)
    return {"trial": replace(study_folder.trial, eligibility=Eligibility(criteria=(criterion,)))}


def test_the_criteria_are_those_of_the_record_with_plain_signs(submitted: Mapped):
    ti = submitted("ti")
    assert ti.columns == ["STUDYID", "DOMAIN", "IETESTCD", "IETEST", "IECAT"]
    assert ti.select("IETESTCD", "IECAT").rows() == [
        *((f"EXCL0{number}", "EXCLUSION") for number in range(1, 9)),  # in the order of the key
        *((f"INCL0{number}", "INCLUSION") for number in range(1, 5)),
    ]
    texts = dict(ti.select("IETESTCD", "IETEST").rows())
    assert texts["INCL01"] == "Aged 18 to 65 years, regardless of gender."
    assert texts["INCL03"] == "COSSH-ACLF II score < 7.4."
    assert texts["EXCL07"] == "Pregnant or lactating women."


def test_a_protocol_version_stands_where_a_person_gave_it(mapped: Mapped):
    assert set(mapped("ti", facts={"TIVERS": {"criteria": ("2.1",)}})["TIVERS"]) == {"2.1"}


def test_a_criterion_over_200_bytes_is_cut_between_words(mapped: Mapped, study_folder: SimpleNamespace):
    [text] = mapped("ti", **one_criterion(study_folder, "six " * 49 + "eleven and more"))["IETEST"]
    assert text == "six " * 48 + "six"  # with `eleven` it would have 202 bytes


def test_points_below_a_criterion_stand_in_one_line_with_it(mapped: Mapped, study_folder: SimpleNamespace):
    [text] = mapped("ti", **one_criterion(study_folder, "Any of:\n  * bleeding\n  * shock"))["IETEST"]
    assert text == "Any of: * bleeding * shock"


DM = pl.DataFrame({"USUBJID": ["PL21-01-001"], "RFSTDTC": ["2026-01-10"]})
SE = pl.DataFrame(
    {
        "USUBJID": ["PL21-01-001"],
        "EPOCH": ["SCREENING"],
        "SESTDTC": ["2026-01-08"],
        "SEENDTC": ["2026-01-10"],
        "TAETORD": [1],
    }
)


@pytest.fixture
def failed(submitted: Mapped, study_folder: SimpleNamespace) -> Callable[..., list[tuple[object, ...]]]:
    """IE of one subject whose form has the usual answers but for those given."""

    def failed(**answers: str | None) -> list[tuple[object, ...]]:
        usual = {name: "是" if name.startswith("incl") else "否" for name in CRITERIA}
        form = usual | {"subject": "01-001", "assessment_date": "2026/1/9", "raw_record": "eligibility:2"} | answers
        ti = study_folder.steps["ti"].function(study_folder.trial, study_folder.study)
        ie = submitted(
            "ie", raw_eligibility=pl.DataFrame([form], schema=dict.fromkeys(form, pl.String)), ti=ti, dm=DM, se=SE
        )
        return ie.drop("STUDYID", "DOMAIN", "USUBJID").rows()

    return failed


def test_a_subject_who_met_every_criterion_has_no_record(failed: Callable[..., list[tuple[object, ...]]]):
    assert failed() == []


def test_criteria_not_met_have_one_record_each_as_they_were_answered(
    failed: Callable[..., list[tuple[object, ...]]],
):
    assert failed(incl03="否", excl07="是") == [
        (1, "EXCL07", "Pregnant or lactating women.", "EXCLUSION", "Y", "Y", "SCREENING", "2026-01-09", -1),
        (2, "INCL03", "COSSH-ACLF II score < 7.4.", "INCLUSION", "N", "N", "SCREENING", "2026-01-09", -1),
    ]


@pytest.mark.parametrize("answer", [None, "不详"])
def test_a_criterion_that_nobody_answered_is_not_called_failed(
    failed: Callable[..., list[tuple[object, ...]]], answer: str | None
):
    assert failed(incl03=answer, excl07=answer) == []
