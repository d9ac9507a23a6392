from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.study.mappings import load_module
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study
from cdisc_aclf.study.terminology import read_terminology

ROOT = Path(__file__).resolve().parents[2]
Story = Callable[..., list[tuple[object, ...]]]


def test_cause_and_place_of_a_death_are_its_details_and_their_date_of_collection_is_unknown(story: Story):
    assert story("DD", "DEATH", "DDSEQ", "DDTESTCD", "DDTEST", "DDORRES", "DDSTRESC", "DDDTC", "DDDY") == [
        (1, "LOCDTH", "Location of Death", "医院", "医院", None, None),
        (2, "PRCDTH", "Primary Cause of Death", "肝衰竭", "肝衰竭", None, None),
    ]


def test_only_who_died_has_details_of_a_death(stories: Mapping[str, Dataset]):
    assert stories["DD"].frame["USUBJID"].unique().to_list() == ["PL21-DEATH"]


def test_a_detail_that_nobody_gave_has_no_record(stories: Mapping[str, Dataset]):
    form = pl.DataFrame({"subject": ["DEATH"], "cause": [None], "place": ["home"], "raw_record": ["death:2"]})
    dd = load_module(ROOT / "mappings" / "sdtm" / "dd.py").dd(
        raw_death=form,
        dm=stories["DM"].frame,
        ref_dd_details=read_references(ROOT)["dd_details"],
        study=read_study(ROOT),
        ct=read_terminology(ROOT),
    )
    assert dd.select("DDSEQ", "DDTESTCD", "DDORRES").rows() == [(1, "LOCDTH", "home")]
