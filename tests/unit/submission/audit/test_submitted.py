from pathlib import PurePosixPath

import polars as pl

from cdisc_aclf.formats.dataset_json.model import JsonColumn, JsonHeader
from cdisc_aclf.formats.xpt.model import Column, SasDataset
from cdisc_aclf.study.profile import read_profiles
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.submission.audit.exchanged import validate_exchanged
from cdisc_aclf.submission.audit.submitted import validate_file, validate_folder

PROFILES = read_profiles(first_study())
PATH = PurePosixPath("m5/datasets/x/tabulations/sdtm/lb.xpt")


def lb(name: str = "LB", **values: list[object]) -> SasDataset:
    frame = pl.DataFrame({"DOMAIN": ["LB", "LB"], "USUBJID": ["X-1", "X-1"], "LBSEQ": [1.0, 2.0]} | values)
    return SasDataset(name, "Laboratory", tuple(described(frame[column]) for column in frame.columns), frame)


def described(values: pl.Series, width: int = 0) -> Column:
    if values.dtype != pl.String:
        return Column(values.name, "", "num", 8)
    return Column(values.name, "", "char", width or max(len(value.encode()) for value in values))


def found(dataset: SasDataset, profile: str, size: int = 100) -> list[tuple[str, str, str, int]]:
    issues = validate_file(PATH, dataset, size, PROFILES[profile])
    return [(issue.rule, issue.variable, issue.value, issue.count) for issue in issues]


def test_values_beyond_ascii_are_for_some_authorities_and_not_for_others():
    chinese = lb(LBORRES=["阴性", "neg"])
    assert found(chinese, "fda") == found(chinese, "pmda") == [("AU-VALUE-ASCII", "LBORRES", "阴性", 1)]
    assert found(chinese, "nmpa") == []


def test_a_file_over_the_limit_is_found():
    ((rule, _, value, _),) = found(lb(), "nmpa", 5 * 2**30)
    assert (rule, value[:10]) == ("AU-SIZE", "5368709120")
    assert found(lb(), "fda", 5 * 2**30) == []


def test_the_same_variable_may_be_as_wide_as_in_any_dataset_of_the_folder():
    short = pl.DataFrame({"LBORRES": ["pos", "neg"]})
    wide = SasDataset("LBCH", "", (described(short["LBORRES"], width=8),), short)
    alone = {PurePosixPath("lbch.xpt"): wide}
    assert [issue.rule for issue in validate_folder(alone)] == ["AU-WIDTH"]
    assert list(validate_folder(alone | {PATH: lb(LBORRES=["positive", "neg"])})) == []


def test_parts_of_a_dataset_have_names_of_three_or_four_letters_that_begin_with_the_domain():
    def rules(*names: str) -> list[str]:
        return [issue.rule for issue in validate_folder({PurePosixPath(f"{name}.xpt"): lb(name) for name in names})]

    assert rules("LB") == rules("LBC", "LBCH") == []
    assert rules("LBCHEM") == rules("VSCH") == ["AU-DOMAIN"]
    assert rules("LB", "LBCH") == ["AU-SPLIT"]


def test_keys_of_dataset_json_tell_records_apart():
    columns = (JsonColumn(oid="IT.LB.USUBJID", name="USUBJID", label="", data_type="string", key=1),)
    frame = pl.DataFrame({"USUBJID": ["X-1", "X-1"]})
    dataset = SasDataset("LB", "", (Column("USUBJID", "", "char", 3),), frame)
    header = JsonHeader(created="2026-01-10T00:00:00Z", oid="IG.LB", records=2, name="LB", label="", columns=columns)
    (issue,) = validate_exchanged(PATH, header, (frame, dataset.columns), dataset)
    assert (issue.rule, issue.variable, issue.count) == ("DJ-KEY", "USUBJID", 2)
