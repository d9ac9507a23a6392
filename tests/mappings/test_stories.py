"""What the rules say of the stories: what is wrong in them on purpose, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.datasets.participation import validate_participation
from cdisc_aclf.datasets.schema import validate
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_reports_what_was_typed_wrong_and_nothing_else(stories: Mapping[str, Dataset]):
    ct = read_terminology(ROOT)
    found = [each for dataset in stories.values() for each in validate(dataset.frame, dataset.spec, ct)]
    assert sorted((each.rule, each.form, each.record, each.variable, each.value) for each in found) == [
        ("SD-KEY", "lab", "20", "USUBJID", "PL21-TWOLABS"),
        ("SD-KEY", "lab", "21", "USUBJID", "PL21-TWOLABS"),
        ("SD-REQUIRED", "adverse_event", "7", "AEDECOD", ""),
        ("SD-REQUIRED", "lab", "23", "LBTEST", ""),
        ("SD-REQUIRED", "lab", "23", "LBTESTCD", ""),
        ("SD-TERM", "child_pugh", "5", "RSORRES", "4"),
        ("SD-TERM", "child_pugh", "5", "RSORRES", "D"),
        ("SD-TERM", "child_pugh", "5", "RSSTRESC", "4"),
        ("SD-TERM", "child_pugh", "5", "RSSTRESC", "D"),
        ("SD-TERM", "he_ascites", "5", "RSORRES", "5"),
        ("SD-TERM", "he_ascites", "5", "RSORRES", "大量"),
        ("SD-TERM", "he_ascites", "5", "RSSTRESC", "5"),
        ("SD-TERM", "he_ascites", "5", "RSSTRESC", "大量"),
        ("SD-TERM-EXTENDED", "hbv_history", "4", "MBORRESU", "log10 IU/mL"),
        ("SD-TERM-EXTENDED", "lab", "24", "LBORRESU", "stones"),
    ]


def test_what_happened_before_consent_is_reported_and_nothing_after_participation(stories: Mapping[str, Dataset]):
    tabulated = {name: dataset for name, dataset in stories.items() if dataset.spec.standard == "sdtm"}
    found = validate_participation({name: (dataset.spec, dataset.frame) for name, dataset in tabulated.items()})
    assert sorted((each.rule, each.form, each.record, each.variable) for each in found) == [
        ("SD-BEFORE-CONSENT", "lab", "2", "LBDTC"),
        ("SD-BEFORE-CONSENT", "lab", "8", "LBDTC"),
        ("SD-BEFORE-CONSENT", "visit", "30", "SVENDTC"),
        ("SD-BEFORE-CONSENT", "visit", "30", "SVSTDTC"),
    ]
