from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.run import SubmittedDataset
from cdisc_aclf.model.spec import DatasetSpec, PartSpec
from cdisc_aclf.study.parts import read_parts
from cdisc_aclf.study.profile import read_profiles
from cdisc_aclf.study.shipped import first_study
from cdisc_aclf.submission.divide import divided, size_of

FDA = read_profiles(first_study())["fda"]
SMALL = replace(FDA, gigabytes=0)
PARTS = (
    PartSpec(
        dataset="LB", name="LBCH", label="Laboratory - Chemistry", variable="LBCAT", values=("CHEMISTRY", "LIVER")
    ),
    PartSpec(dataset="LB", name="LBHE", label="Laboratory - Hematology", variable="LBCAT", values=("HEMATOLOGY",)),
)


def dataset(name: str, **values: list[object]) -> SubmittedDataset:
    spec = DatasetSpec(
        name=name,
        label=f"Supplemental Qualifiers for {name[4:]}" if name[:4] == "SUPP" else name,
        observation_class="",
        structure="",
        key=(),
        variables=(),
        file="specs/sdtm/x.csv",
    )
    return SubmittedDataset(spec, pl.DataFrame(values))


LB = dataset(
    "LB",
    DOMAIN=["LB"] * 4,
    USUBJID=["A", "A", "B", "B"],
    LBSEQ=[1, 2, 1, 2],
    LBCAT=["CHEMISTRY", "HEMATOLOGY", "HEMATOLOGY", "LIVER"],
)
SUPPLB = dataset(
    "SUPPLB",
    RDOMAIN=["LB"] * 3,
    USUBJID=["A", "B", "B"],
    IDVAR=["LBSEQ"] * 3,
    IDVARVAL=["2", "1", "2"],
    QNAM=["LBX"] * 3,
)
DM = dataset("DM", USUBJID=["A", "B"])
ALL = {"DM": DM, "LB": LB, "SUPPLB": SUPPLB}


def test_what_is_not_too_large_stays_as_it_is():
    assert divided(ALL, PARTS, FDA) == divided(ALL, PARTS, None) == ALL


def test_a_dataset_that_is_too_large_is_replaced_by_its_parts_and_its_supplement_goes_along():
    parts = divided(ALL, PARTS, SMALL)
    assert list(parts) == ["DM", "LBCH", "LBHE", "SUPPLBCH", "SUPPLBHE"]
    assert parts["LBCH"].frame["LBCAT"].to_list() == ["CHEMISTRY", "LIVER"]
    assert parts["LBHE"].frame["LBCAT"].to_list() == ["HEMATOLOGY"] * 2
    assert parts["SUPPLBCH"].frame.select("USUBJID", "IDVARVAL").rows() == [("B", "2")]
    assert parts["SUPPLBHE"].frame.select("USUBJID", "IDVARVAL").rows() == [("A", "2"), ("B", "1")]


def test_domain_related_domain_and_sequence_numbers_stay():
    parts = divided(ALL, PARTS, SMALL)
    assert {value for name in ("LBCH", "LBHE") for value in parts[name].frame["DOMAIN"]} == {"LB"}
    assert set(parts["SUPPLBCH"].frame["RDOMAIN"]) == {"LB"}
    assert parts["LBCH"].frame["LBSEQ"].to_list() == [1, 2]
    assert (parts["LBCH"].spec.name, parts["LBCH"].spec.label) == ("LBCH", "Laboratory - Chemistry")
    assert parts["LBCH"].spec.whole == parts["LBHE"].spec.whole == "LB"
    assert parts["SUPPLBCH"].spec.label == "Supplemental Qualifiers for LBCH"
    assert parts["SUPPLBCH"].spec.whole == "SUPPLB"


@pytest.mark.parametrize("category", ["IMMUNOLOGY", None])
def test_a_record_that_no_part_holds_is_refused(category: str | None):
    odd = SubmittedDataset(LB.spec, LB.frame.with_columns(LBCAT=pl.lit(category, pl.String)))
    with pytest.raises(DefinitionError, match=f"no part holds LBCAT {category!r}"):
        divided({"LB": odd}, PARTS, SMALL)


def test_the_size_is_that_of_the_records_in_a_transport_file():
    # DOMAIN 2, USUBJID 1, LBSEQ 8, LBCAT as wide as HEMATOLOGY, in four records
    assert size_of(LB) == 4 * (2 + 1 + 8 + 10)
    frame = pl.DataFrame({"LBTEST": ["谷丙"], "LBSTAT": [None]}, schema_overrides={"LBSTAT": pl.String})
    assert size_of(SubmittedDataset(LB.spec, frame)) == 6 + 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("QS,QSCG,Label,QSCAT,CGI", "QS is no dataset of this study"),
        ("LB,CHEM,Label,LBCAT,CHEMISTRY", "CHEM is not LB and up to 4 letters in all"),
        ("LB,LBCHE,Label,LBCAT,CHEMISTRY", "LBCHE is not LB and up to 4 letters in all"),
        ("LB,LB,Label,LBCAT,CHEMISTRY", "LB is not LB and up to 4 letters in all"),
        ("LB,LBX,Label,LBCAT,HEMATOLOGY", "HEMATOLOGY of LB is in two parts"),
        ("LB,LBX,Label,LBSPEC,BLOOD", "LB is divided by two variables"),
    ],
)
def test_a_part_that_sdtm_does_not_know_is_refused(tmp_path: Path, row: str, words: str):
    path = tmp_path / "parts.csv"
    path.write_text(f"dataset,part,label,variable,value\nLB,LBHE,Label,LBCAT,HEMATOLOGY\n{row}\n", "utf-8")
    with pytest.raises(DefinitionError, match=words):
        read_parts(path, {"DM", "LB"})


def test_the_parts_of_the_first_study_hold_every_category_of_its_tests():
    tests = pl.read_csv(first_study() / "specs/reference/lb_tests.csv", infer_schema=False)
    parts = read_parts(first_study() / "specs/sdtm/parts.csv", {"LB"})
    assert {value for part in parts for value in part.values} == set(tests["category"])
