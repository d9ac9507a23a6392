from collections.abc import Callable, Mapping

import polars as pl

from cdisc_aclf.conform import Dataset
from cdisc_aclf.read.mappings import load_mappings
from cdisc_aclf.read.study import read_study

Story = Callable[..., list[tuple[object, ...]]]


def test_disposition_event_and_details_of_a_death_belong_together(story: Story):
    assert story("RELREC", "DEATH", "RELID", "RDOMAIN", "IDVAR", "IDVARVAL", "RELTYPE") == [
        ("DEATH", "AE", "AESEQ", "1", None),
        ("DEATH", "DD", "DDSEQ", "1", None),
        ("DEATH", "DD", "DDSEQ", "2", None),
        ("DEATH", "DS", "DSSEQ", "3", None),
        ("DEATH", "DS", "DSSEQ", "4", None),
    ]


def test_every_related_record_exists(stories: Mapping[str, Dataset]):
    related = stories["RELREC"].frame.drop_nulls("USUBJID")
    for domain, variable, value, subject in related.select("RDOMAIN", "IDVAR", "IDVARVAL", "USUBJID").rows():
        records = stories[domain].frame.filter(pl.col("USUBJID") == subject, pl.col(variable).cast(pl.String) == value)
        assert records.height == 1
