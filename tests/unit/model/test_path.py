from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.package import dataset_file, json_file
from cdisc_aclf.model.path import output_path, part_problem
from cdisc_aclf.model.spec import DatasetSpec

HOSTILE = ["", ".", "..", "../../x", "/etc/passwd", "a\\b", "C:x", "nul", "AUX.xpt", "com1", "lpt9.csv", "x.", " x",
           "x ", "a\0b", "a\nb", "a*b", "x" * 201, "肝" * 67, "\ud800"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leads_elsewhere_or_no_system_takes_is_no_part_of_a_path(name: str):
    assert part_problem(name)
    with pytest.raises(DefinitionError):
        output_path("m5", name)


@pytest.mark.parametrize("name", ["PL21", "pl-21_b", "CT.2026", "肝衰竭", "console", "x.y.z", "com10"])
def test_an_ordinary_name_is_a_part_of_a_path(name: str):
    assert part_problem(name) == ""


@given(st.lists(st.text(max_size=8), min_size=1, max_size=3))
def test_no_name_leads_out_of_the_output(parts: list[str]):
    root = Path("/output/place")
    try:
        path = output_path(*parts)
    except DefinitionError:
        return
    joined = root.joinpath(*path.parts)
    assert joined.is_relative_to(root)
    assert len(path.parts) == len(parts), "each name is one part"
    assert ".." not in path.parts


@given(st.text(max_size=12), st.text(max_size=8))
def test_no_study_and_no_dataset_leads_out_of_the_submission(study: str, name: str):
    spec = DatasetSpec(
        name=name, label="", observation_class="", structure="", key=(), variables=(), file="specs/sdtm/x.csv"
    )
    for path in (dataset_file, lambda study, spec: json_file(study, spec, "json")):
        try:
            made = path(study, spec)
        except DefinitionError:
            continue
        assert made.parts[-1].endswith((".xpt", ".json"))
        assert ".." not in made.parts
        assert not made.is_absolute()
