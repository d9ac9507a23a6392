from pathlib import Path

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.study.study_toml import read_study

STUDY = """
[study]
id = "AB1"
country = "CHN"
time_zone = "+08:00"
real_environment = "PROD"
record = "protocol/record.txt"
fhir_base = "https://example.org/fhir"
[standards]
[decisions]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    return tmp_path


def write(folder: Path, facts: str) -> Path:
    (folder / "specs" / "study.toml").write_text(STUDY + facts, encoding="utf-8")
    return folder


def test_a_fact_is_one_text_or_several_by_variable_and_topic(folder: Path):
    facts = '[facts.TSVAL]\nSTOPRULE = "NONE"\nTTYPE = ["SAFETY", "EFFICACY"]\n[facts.TVSTRL]\n"DAY 4" = "-1 day"\n'
    assert read_study(write(folder, facts)).facts == {
        "TSVAL": {"STOPRULE": ("NONE",), "TTYPE": ("SAFETY", "EFFICACY")},
        "TVSTRL": {"DAY 4": ("-1 day",)},
    }


def test_a_study_without_facts_has_none(folder: Path):
    assert read_study(write(folder, "")).facts == {}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("[facts]\nSTOPRULE = 'NONE'", r"\[facts\] STOPRULE is no table: write \[facts.STOPRULE\]"),
        ("[facts.TSVAL]\nPLANSUB = 20", r"\[facts.TSVAL\] PLANSUB is neither text nor a list of texts"),
        ("[facts.TSVAL]\nSTOPRULE = ' '", r"\[facts.TSVAL\] STOPRULE is neither text nor a list of texts"),
        ("[facts.TSVAL]\nTTYPE = ['SAFETY', 1]", r"\[facts.TSVAL\] TTYPE is neither text nor a list of texts"),
        ("[facts.TSVAL]\nTTYPE = []", r"\[facts.TSVAL\] TTYPE is neither text nor a list of texts"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(folder: Path, facts: str, message: str):
    with pytest.raises(DefinitionError, match=rf"study.toml: {message}"):
        read_study(write(folder, facts))
