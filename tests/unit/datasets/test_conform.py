import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.datasets.conform import Dataset, conform, rejoin
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import DatasetSpec, Qualifier, VariableSpec
from cdisc_aclf.model.text import LIMIT, join_text, split_text

DESCRIPTION = Qualifier(
    dataset="AE", qnam="AEDESC", label="Description of the Adverse Event", origin="Collected", evaluator=""
)
EMERGENT = Qualifier(
    dataset="AE", qnam="AETRTEM", label="Treatment Emergent Flag", origin="Derived", evaluator="CLINICAL STUDY SPONSOR"
)


def variable(name: str, data_type: str = "text", length: int = 200, core: str = "Req") -> VariableSpec:
    return VariableSpec(
        name=name,
        label=f"Label of {name}",
        data_type=data_type,
        length=length,
        core=core,
        role="",
        codelists=(),
        origin="Collected",
        source="",
        method="",
        comment="",
    )


AE = DatasetSpec(
    name="AE", label="", observation_class="Events", structure="", key=("USUBJID", "AETERM"),
    variables=(
        variable("STUDYID", length=12),
        variable("USUBJID", length=20),
        variable("AESEQ", "integer", 8),
        variable("AETERM"),
        variable("AEENDTC", "datetime", 16, "Exp"),
        variable("AEENDY", "integer", 8, "Perm"),
        variable("AESPID", "text", 8, "Perm"),
    ),
    file="specs/sdtm/ae.csv",
)  # fmt: skip
SUPP = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL", "raw_record")


def mapped(**columns: list[object]) -> pl.DataFrame:
    size = len(next(iter(columns.values()), [None]))
    default: dict[str, list[object]] = {
        "raw_record": [f"ae:{row + 2}" for row in range(size)],
        "AESPID": [None] * size,
        "AEENDY": [None] * size,
        "AEENDTC": [None] * size,
        "AETERM": ["tired"] * size,
        "AESEQ": list(range(1, size + 1)),
        "USUBJID": ["1"] * size,
        "STUDYID": ["PL21"] * size,
    }
    return pl.DataFrame(default | columns)


def conformed(frame: pl.DataFrame, *qualifiers: Qualifier, spec: DatasetSpec = AE) -> Dataset:
    return conform(frame, spec, qualifiers, mapping="mappings/sdtm/ae.py")


def test_variables_come_in_the_order_and_types_of_the_spec_with_the_trace_last():
    frame = conformed(mapped()).frame
    assert dict(frame.schema) == {
        "STUDYID": pl.String, "USUBJID": pl.String, "AESEQ": pl.Int64, "AETERM": pl.String, "AEENDTC": pl.String,
        "AEENDY": pl.Int64, "AESPID": pl.String, "raw_record": pl.String,
    }  # fmt: skip


def test_empty_text_is_no_value():
    assert conformed(mapped(AEENDTC=["", "2026-01-10"])).frame["AEENDTC"].to_list() == [None, "2026-01-10"]


def test_a_variable_that_the_mapping_forgets_names_both_files():
    with pytest.raises(DefinitionError, match=r"mappings/sdtm/ae.py: gives no AESEQ, AETERM, which specs/sdtm/ae.csv"):
        conformed(mapped().drop("AESEQ", "AETERM"))


def test_a_qualifier_that_the_mapping_forgets_names_both_files():
    with pytest.raises(DefinitionError, match=r"mappings/sdtm/ae.py: gives no AEDESC, which .* supplemental.csv"):
        conformed(mapped(), DESCRIPTION)


def test_a_variable_that_the_spec_forgets_names_both_files():
    with pytest.raises(DefinitionError, match=r"specs/sdtm/ae.csv: no row for AEDESC, which mappings/sdtm/ae.py gives"):
        conformed(mapped(AEDESC=["x"]))


def test_a_forgotten_trace_is_named():
    with pytest.raises(DefinitionError, match="gives no raw_record"):
        conformed(mapped().drop("raw_record"))


def test_a_permissible_variable_without_any_value_is_not_submitted_and_an_expected_one_is():
    submitted = conformed(mapped()).submitted().columns
    assert "AESPID" not in submitted
    assert "AEENDTC" in submitted
    assert conformed(mapped(AESPID=[None, "7"])).submitted().columns[-1] == "AESPID"


def test_a_study_day_is_submitted_with_its_date_even_if_it_has_no_value():
    assert conformed(mapped()).submitted().columns[-1] == "AEENDY"


def test_the_trace_is_not_submitted():
    assert "raw_record" not in conformed(mapped()).submitted().columns


def test_a_qualifier_goes_to_supp_with_the_sequence_number_as_text_without_decimals():
    dataset = conformed(mapped(AESEQ=[1, 10], AEDESC=["very tired", None]), DESCRIPTION)
    assert dataset.supplement.select(SUPP).rows() == [
        ("AE", "1", "AESEQ", "1", "AEDESC", "Description of the Adverse Event", "very tired", "Collected", None, "ae:2")
    ]
    assert "AEDESC" not in dataset.frame.columns


def test_a_sequence_number_that_came_as_a_float_is_written_without_decimals_too():
    dataset = conformed(mapped(AESEQ=[7.0], AEDESC=["very tired"]), DESCRIPTION)
    assert dataset.supplement["IDVARVAL"].to_list() == ["7"]


def test_the_evaluator_and_origin_of_a_qualifier_are_those_of_its_spec():
    supplement = conformed(mapped(AETRTEM=["Y"]), EMERGENT).supplement
    assert supplement.select("QORIG", "QEVAL").rows() == [("Derived", "CLINICAL STUDY SPONSOR")]


def test_a_qualifier_without_a_value_has_no_record():
    assert conformed(mapped(AEDESC=[None, ""]), DESCRIPTION).supplement.height == 0


def test_one_record_per_subject_is_named_by_nothing_but_the_subject():
    dm = DatasetSpec(
        name="DM",
        label="",
        observation_class="",
        structure="",
        key=("USUBJID",),
        variables=AE.variables[:2],
        file="specs/sdtm/dm.csv",
    )
    group = Qualifier(dataset="DM", qnam="ETHGRP", label="Ethnic Group", origin="Collected", evaluator="")
    frame = mapped(ETHGRP=["汉族"]).select("STUDYID", "USUBJID", "ETHGRP", "raw_record")
    supplement = conformed(frame, group, spec=dm).supplement
    assert supplement.select("IDVAR", "IDVARVAL", "QVAL").rows() == [(None, None, "汉族")]


@pytest.mark.parametrize(("number", "text"), [(3.0, "3"), (3.01, "3.01"), (3.1, "3.1")])
def test_a_visit_is_named_by_its_number_as_text_without_needless_decimals(number: float, text: str):
    visitnum = variable("VISITNUM", "float", 8)
    sv = DatasetSpec(
        name="SV",
        label="",
        observation_class="",
        structure="",
        key=("USUBJID", "VISITNUM"),
        variables=(*AE.variables[:2], visitnum),
        file="specs/sdtm/sv.csv",
    )
    note = Qualifier(dataset="SV", qnam="SVNOTE", label="Note", origin="Collected", evaluator="")
    frame = mapped(VISITNUM=[number], SVNOTE=["late"]).select("STUDYID", "USUBJID", "VISITNUM", "SVNOTE", "raw_record")
    assert conformed(frame, note, spec=sv).supplement.select("IDVAR", "IDVARVAL").rows() == [("VISITNUM", text)]


def test_text_over_200_bytes_goes_on_in_supp_under_the_label_of_its_variable():
    words = " ".join(["word"] * 90)  # 449 bytes
    dataset = conformed(mapped(AETERM=["short", words]))
    assert dataset.frame["AETERM"].to_list() == ["short", " ".join(["word"] * 40)]
    assert dataset.supplement.select("IDVARVAL", "QNAM", "QLABEL", "QVAL").rows() == [
        ("2", "AETERM1", "Label of AETERM", " ".join(["word"] * 40)),
        ("2", "AETERM2", "Label of AETERM", " ".join(["word"] * 10)),
    ]


def test_a_long_qualifier_is_numbered_in_name_and_label():
    supplement = conformed(mapped(AEDESC=["肝" * 140]), DESCRIPTION).supplement
    assert supplement.select("QNAM", "QLABEL", "QVAL").rows() == [
        ("AEDESC", "Description of the Adverse Event", "肝" * 66),
        ("AEDESC1", "Description of the Adverse Event 1", "肝" * 66),
        ("AEDESC2", "Description of the Adverse Event 2", "肝" * 8),
    ]


def test_a_number_after_a_name_of_8_characters_takes_the_place_of_its_last_ones():
    action = Qualifier(dataset="AE", qnam="AEACNOTH", label="Other Action Taken", origin="Collected", evaluator="")
    supplement = conformed(mapped(AEACNOTH=["x" * 2100]), action).supplement
    names = ["AEACNOTH", *(f"AEACNOT{number}" for number in range(1, 10)), "AEACNO10"]
    assert sorted(supplement["QNAM"]) == sorted(names)


def test_text_of_exactly_200_bytes_stays_whole():
    dataset = conformed(mapped(AETERM=["x" * 198 + "é"]))
    assert dataset.frame["AETERM"].to_list() == ["x" * 198 + "é"]
    assert dataset.supplement.height == 0


def test_blanks_after_200_bytes_make_no_record():
    dataset = conformed(mapped(AETERM=["x" * 200 + "  "]))
    assert dataset.frame["AETERM"].to_list() == ["x" * 200]
    assert dataset.supplement.height == 0


def test_the_supplement_follows_the_records_of_its_dataset():
    frame = mapped(AEDESC=["b", "a"], AETRTEM=["Y", "Y"])
    supplement = conformed(frame, EMERGENT, DESCRIPTION).supplement
    assert supplement.select("IDVARVAL", "QNAM").rows() == [
        ("1", "AEDESC"), ("1", "AETRTEM"), ("2", "AEDESC"), ("2", "AETRTEM"),
    ]  # fmt: skip


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=90)
SENTENCE = st.lists(TEXT, min_size=1, max_size=12).map(" ".join)


@settings(deadline=None, max_examples=150)
@given(SENTENCE)
def test_a_part_has_up_to_200_bytes_and_nothing_is_lost_but_blanks_at_the_seams(text: str):
    parts = split_text(text)
    assert all(0 < len(part.encode()) <= LIMIT for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    place = 0
    for part in parts:
        place = text.index(part, place)
        assert text[:place].endswith(" ") or "".join(parts).replace(" ", "").startswith(text[:place].replace(" ", ""))
        place += len(part)


@settings(deadline=None, max_examples=100)
@given(SENTENCE)
def test_a_word_with_blanks_around_is_cut_only_where_it_is_longer_than_a_part(text: str):
    whole = {word for word in text.split(" ") if word.isascii() and len(word) <= LIMIT}
    assert whole <= {word for part in split_text(text) for word in part.split(" ")}


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 300), st.sampled_from(["é", "肝", "𠮷", "e\u0301"]))
def test_no_character_is_cut(count: int, character: str):
    assert "".join(split_text(character * count)) == character * count


def test_text_of_nothing_but_blanks_has_no_empty_part():
    assert split_text(" " * 300) == [""]


WORDS = st.lists(st.text(st.sampled_from("abZ9.,;肝病é"), min_size=1, max_size=60), min_size=1, max_size=40)


@settings(deadline=None, max_examples=150)
@given(WORDS.map(" ".join))
def test_parts_put_together_are_the_text_again(text: str):
    assert join_text(split_text(text)) == text


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), WORDS.map(" ".join)), min_size=1, max_size=4))
def test_splitting_into_supp_and_joining_again_changes_nothing(texts: list[str | None]):
    frame = mapped(AEDESC=texts, AETERM=[text or "tired" for text in texts])
    again = rejoin(conformed(frame, DESCRIPTION), (DESCRIPTION,))
    assert again["AEDESC"].to_list() == texts
    assert again["AETERM"].to_list() == [text or "tired" for text in texts]
    assert again["AESEQ"].to_list() == frame["AESEQ"].to_list()


@settings(deadline=None, max_examples=30)
@given(st.lists(WORDS.map(" ".join), min_size=2, max_size=3))
def test_one_record_per_subject_is_joined_again_without_idvar(texts: list[str]):
    spec = DatasetSpec(
        name="DM",
        label="",
        observation_class="Special-Purpose",
        structure="",
        key=("USUBJID",),
        variables=AE.variables[:2],
        file="specs/sdtm/dm.csv",
    )
    group = Qualifier(dataset="DM", qnam="ETHGRP", label="Ethnic Group", origin="Collected", evaluator="")
    subjects = [str(number) for number in range(len(texts))]
    frame = mapped(USUBJID=subjects, ETHGRP=texts).select("STUDYID", "USUBJID", "ETHGRP", "raw_record")
    dataset = conformed(frame, group, spec=spec)
    assert dataset.supplement["IDVAR"].null_count() == dataset.supplement.height
    assert rejoin(dataset, (group,))["ETHGRP"].to_list() == texts


def test_ten_parts_and_more_stay_in_order():
    text = " ".join(f"word{number:04}" for number in range(300))
    assert rejoin(conformed(mapped(AEDESC=[text]), DESCRIPTION), (DESCRIPTION,))["AEDESC"].item() == text
