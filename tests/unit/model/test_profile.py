from pathlib import Path, PurePosixPath

import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.study.profile import read_profiles, read_submission
from cdisc_aclf.study.shipped import first_study

PROFILES = read_profiles(first_study())
FDA, PMDA, NMPA, EMA = (PROFILES[name] for name in ("fda", "pmda", "nmpa", "ema"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("m5/datasets/pl21/tabulations/sdtm/lb.xpt", ""),
        ("m5/datasets/pl21/tabulations/sdtm/LB.xpt", "'LB.xpt' has other characters"),
        ("m5/datasets/pl21/tabulations/sdtm/lb final.xpt", "'lb final.xpt' has other characters"),
        ("m5/datasets/pl21/tabulations/sdtm/实验室.xpt", "has other characters"),
        ("m5/datasets/pl21/tabulations/sdtm/lb.tar.gz", "'lb.tar.gz' has other characters"),
        ("m5/datasets/pl21/tabulations/sdtm/lb", "'lb' has other characters"),
        ("m5/datasets/PL 21/tabulations/sdtm/lb.xpt", "folder 'PL 21' has other characters"),
        (f"m5/{'a' * 60}.xpt", ""),
        (f"m5/{'a' * 61}.xpt", "has 65 characters, more than 64"),
        (f"m5/{'/'.join(['a' * 40] * 4)}/bcdefgh.xpt", ""),
        (f"m5/{'/'.join(['a' * 40] * 4)}/bcdefgh1234.xpt", "the path has 182 characters, more than 180"),
    ],
)
def test_names_of_files_follow_the_rules_of_ectd(path: str, words: str):
    problems = list(FDA.path_problems(PurePosixPath(path)))
    assert (words in problems[0]) if words else problems == []


def test_each_authority_has_its_own_lengths():
    path = PurePosixPath(f"m5/{'/'.join(['a' * 40] * 4)}/b.xpt")  # 172 characters
    assert list(FDA.path_problems(path)) == []
    assert list(PMDA.path_problems(path)) == ["the path has 172 characters, more than 160"]


def test_each_authority_has_its_own_size():
    over_four = 4 * 2**30 + 1
    assert FDA.size_problem(over_four) == PMDA.size_problem(over_four) == EMA.size_problem(10 * over_four) == ""
    assert "more than the 4 gigabytes of nmpa: split it" in NMPA.size_problem(over_four)
    assert FDA.size_problem(5 * 2**30) == ""
    assert "more than the 5 gigabytes of fda" in FDA.size_problem(5 * 2**30 + 1)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"profile": "tga"}, "profile 'tga' is none of fda, pmda, nmpa, ema"),
        ({"dataset_json": ["xml"]}, "dataset_json xml is none of json, ndjson, dsjc"),
    ],
)
def test_what_the_study_cannot_choose_is_refused(chosen: dict[str, object], words: str):
    with pytest.raises(DefinitionError, match=words):
        read_submission(chosen, first_study(), "study.toml")


def test_a_length_that_is_no_number_is_refused(tmp_path: Path):
    table = (first_study() / "specs/profiles.csv").read_text("utf-8").replace(",64,180,", ",long,180,", 1)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/profiles.csv").write_text(table, "utf-8")
    with pytest.raises(DefinitionError, match=r"profiles.csv:2: .* are whole numbers"):
        read_profiles(tmp_path)
