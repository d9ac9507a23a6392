from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from cdisc_aclf.datasets.conform import Dataset
from cdisc_aclf.study.mappings import load_module
from cdisc_aclf.study.specs import read_references
from cdisc_aclf.study.study_toml import read_study

ROOT = Path(__file__).resolve().parents[2]
Story = Callable[..., list[tuple[object, ...]]]


def test_disposition_event_and_details_of_a_death_belong_together(story: Story):
    assert story("RELREC", "DEATH", "RELID", "RDOMAIN", "IDVAR", "IDVARVAL", "RELTYPE") == [
        ("DEATH", "AE", "AESEQ", "1", None),
        ("DEATH", "DD", "DDSEQ", "1", None),
        ("DEATH", "DD", "DDSEQ", "2", None),
        ("DEATH", "DS", "DSSEQ", "3", None),
        ("DEATH", "DS", "DSSEQ", "4", None),
    ]


def test_a_death_that_one_record_alone_tells_of_is_related_to_nothing(stories: Mapping[str, Dataset]):
    relrec = load_module(ROOT / "mappings" / "sdtm" / "relrec.py").relrec
    ds, ae, dd = (stories[name].frame for name in ("DS", "AE", "DD"))
    tables = {"ref_relrec_datasets": read_references(ROOT)["relrec_datasets"], "study": read_study(ROOT)}
    event_alone = relrec(ds=ds.clear(), ae=ae, dd=dd.clear(), **tables)
    assert event_alone.drop_nulls("USUBJID").is_empty()
    event_and_cause = relrec(ds=ds.clear(), ae=ae, dd=dd.tail(1), **tables)
    assert event_and_cause.drop_nulls("USUBJID")["RDOMAIN"].to_list() == ["AE", "DD"]


def test_every_related_record_exists(stories: Mapping[str, Dataset]):
    related = stories["RELREC"].frame.drop_nulls("USUBJID")
    for domain, variable, value, subject in related.select("RDOMAIN", "IDVAR", "IDVARVAL", "USUBJID").rows():
        records = stories[domain].frame.filter(pl.col("USUBJID") == subject, pl.col(variable).cast(pl.String) == value)
        assert records.height == 1


def test_laboratory_results_and_scores_are_related_as_datasets_before_the_subjects(stories: Mapping[str, Dataset]):
    relrec = stories["RELREC"].frame
    assert relrec.head(2).select("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID").rows() == [
        ("LB", None, "LBLNKGRP", None, "MANY", "SCORE"),
        ("RS", None, "RSLNKGRP", None, "MANY", "SCORE"),
    ]
    assert relrec["USUBJID"].null_count() == 2
