from pathlib import Path

import polars as pl

from cdisc_aclf.map.identifiers import identifiers, usubjid
from cdisc_aclf.model.study import Study

STUDY = Study(
    id="PL21",
    country="CHN",
    time_zone="+08:00",
    real_environment="PROD",
    record="",
    fhir_base="",
    standards={},
    decisions={},
    folder=Path(),
)
FORM = pl.DataFrame({"subject": ["01-001", None], "raw_record": ["lab:2", "lab:3"]})


def test_usubjid_is_the_study_and_the_subject_number():
    assert FORM.select(usubjid(STUDY)).to_series().to_list() == ["PL21-01-001", None]


def test_a_record_says_study_domain_subject_and_where_it_comes_from():
    assert FORM.select(**identifiers(STUDY, "LB")).rows(named=True)[0] == {
        "STUDYID": "PL21",
        "DOMAIN": "LB",
        "USUBJID": "PL21-01-001",
        "raw_record": "lab:2",
    }
