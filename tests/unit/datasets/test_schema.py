from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.datasets.schema import is_iso_8601, validate
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.issue import Issue
from cdisc_aclf.model.spec import DatasetSpec, ValueSpec, VariableSpec
from cdisc_aclf.model.terminology import CodeList, Term, Terminology

CT = Terminology(
    {
        "NY": CodeList(name="NY", ccode="C66742", label="", extensible=False, terms=(Term("N", ""), Term("Y", ""))),
        "UNIT": CodeList(
            name="UNIT", ccode="C71620", label="", extensible=True, terms=(Term("g/L", ""), Term("umol/L", ""))
        ),
        "STATES": CodeList(
            name="STATES", ccode="", label="", extensible=False, terms=(Term("absent", ""), Term("slight", ""))
        ),
    },
    {},
)


def variable(name: str, data_type: str = "text", length: int = 8, core: str = "Exp", *codelists: str) -> VariableSpec:
    return VariableSpec(
        name=name,
        label="",
        data_type=data_type,
        length=length,
        core=core,
        role="",
        codelists=codelists,
        origin="",
        source="",
        method="",
        comment="",
    )


LB = DatasetSpec(
    name="LB", label="", observation_class="Findings", structure="", key=("USUBJID", "LBTESTCD", "LBDTC"),
    variables=(
        variable("USUBJID", "text", 20, "Req"),
        variable("LBSEQ", "integer", 8, "Req"),
        variable("LBTESTCD", "text", 8, "Req"),
        variable("LBTEST", "text", 40, "Req"),
        variable("LBORRES", "text", 12),
        variable("LBORRESU", "text", 20, "Exp", "UNIT"),
        variable("LBSTRESN", "float"),
        variable("LBLOBXFL", "text", 1, "Exp", "NY"),
        variable("LBDTC", "datetime", 16),
    ),
    file="specs/sdtm/lb.csv",
)  # fmt: skip
TYPES = {each.name: each.dtype for each in LB.variables} | {"raw_record": pl.String}


def lab(*changes: dict[str, object]) -> pl.DataFrame:
    valid: dict[str, object] = {
        "USUBJID": "1",
        "LBTESTCD": "ALB",
        "LBTEST": "Albumin",
        "LBORRES": "31.0",
        "LBORRESU": "g/L",
        "LBSTRESN": 31.0,
        "LBDTC": "2026-01-10T08:30",
    }
    rows = [
        valid | {"LBSEQ": row, "LBDTC": f"2026-01-{row:02}", "raw_record": f"lab:{row + 1}"} | change
        for row, change in enumerate(changes or ({},), start=1)
    ]
    return pl.DataFrame(rows, schema=TYPES)


def rules(*changes: dict[str, object]) -> list[tuple[str, str, str]]:
    return [(each.rule, each.variable, each.value) for each in validate(lab(*changes), LB, CT)]


def test_a_valid_frame_gives_no_issue():
    assert rules({}, {"LBORRES": None, "LBDTC": None, "LBORRESU": None}) == []


def test_a_dataset_without_records_gives_no_issue():
    assert validate(lab().clear(), LB, CT) == []


def test_an_issue_says_form_row_subject_key_variable_and_value():
    [issue] = validate(lab({}, {"USUBJID": "7", "LBLOBXFL": "X"}), LB, CT)
    assert issue == Issue(
        rule="SD-TERM",
        severity=issue.severity,
        message=issue.message,
        dataset="LB",
        form="lab",
        record="3",
        subject="7",
        key="LBTESTCD=ALB, LBDTC=2026-01-02",
        variable="LBLOBXFL",
        value="X",
    )


def test_all_broken_cells_are_reported_at_once_also_those_of_one_row():
    found = rules({"LBTEST": None, "LBORRES": " 31", "LBDTC": "soon"}, {"LBORRESU": "stone"}, {"LBLOBXFL": "X"})
    assert sorted(found) == [
        ("SD-DATE", "LBDTC", "soon"),
        ("SD-ONE-TO-ONE", "LBTESTCD", "ALB"),
        ("SD-ONE-TO-ONE", "LBTESTCD", "ALB"),
        ("SD-ONE-TO-ONE", "LBTESTCD", "ALB"),
        ("SD-REQUIRED", "LBTEST", ""),
        ("SD-TERM", "LBLOBXFL", "X"),
        ("SD-TERM-EXTENDED", "LBORRESU", "stone"),
        ("SD-TEXT", "LBORRES", " 31"),
    ]


def test_one_cell_may_break_several_rules():
    assert sorted(rules({"LBORRES": " " + "1" * 12})) == [
        ("SD-LENGTH", "LBORRES", " 111111111111"),
        ("SD-TEXT", "LBORRES", " 111111111111"),
    ]


@pytest.mark.parametrize("core", ["Exp", "Perm"])
def test_only_a_required_variable_needs_a_value(core: str):
    lenient = replace(LB, variables=tuple(replace(each, core=core) for each in LB.variables))
    assert validate(lab({"LBTEST": None, "LBORRES": None}), lenient, CT) == []


@pytest.mark.parametrize(("text", "fits"), [("x" * 12, True), ("x" * 13, False), ("肝" * 4, True), ("肝" * 5, False)])
def test_length_is_counted_in_bytes(text: str, *, fits: bool):
    assert rules({"LBORRES": text}) == ([] if fits else [("SD-LENGTH", "LBORRES", text)])


@pytest.mark.parametrize(
    "text", [" 31", "31 ", ".", "\u300031", "31\u00a0", "3\n1", "3\t1", "3\x071", "\x0731", "\x07", "\t", ""]
)
def test_blanks_around_a_lone_full_stop_and_control_characters_are_no_text(text: str):
    assert rules({"LBORRES": text}) == [("SD-TEXT", "LBORRES", text)]


@pytest.mark.parametrize("text", ["..", "3 1", "肝 功", "x", "<0.5", "0.5."])
def test_blanks_and_full_stops_within_a_text_are_text(text: str):
    assert rules({"LBORRES": text}) == []


def test_the_message_of_an_unknown_term_counts_it_and_gives_the_nearest_terms():
    bad = {"LBORRESU": "umoll"}
    first, second = validate(lab(bad, {}, bad), LB, CT)
    assert first.message == second.message
    assert first.message.endswith("(UNIT; in 2 records; nearest: umol/L)")


def test_a_term_of_an_extensible_list_is_a_warning_and_of_another_an_error():
    found = validate(lab({"LBORRESU": "stone", "LBLOBXFL": "X"}), LB, CT)
    assert {each.rule: str(each.severity) for each in found} == {"SD-TERM-EXTENDED": "warning", "SD-TERM": "error"}


def test_a_term_in_another_case_is_another_term():
    assert rules({"LBLOBXFL": "y"}) == [("SD-TERM", "LBLOBXFL", "y")]


def test_a_test_has_one_name_and_a_name_one_test():
    other_name, other_code = {"LBTEST": "Albumen"}, {"LBTESTCD": "ALBU"}
    assert rules({}, other_name) == [("SD-ONE-TO-ONE", "LBTESTCD", "ALB")] * 2
    assert rules({}, other_code) == [("SD-ONE-TO-ONE", "LBTESTCD", "ALB"), ("SD-ONE-TO-ONE", "LBTESTCD", "ALBU")]
    assert rules({}, other_name | other_code) == []


@pytest.mark.parametrize("name", ["1ALB", "alb", "AL-B", "AL B"])
def test_a_short_name_has_capitals_digits_and_underscore_and_starts_with_no_digit(name: str):
    assert rules({"LBTESTCD": name}) == [("SD-NAME", "LBTESTCD", name)]


def test_a_natural_key_that_is_there_twice_is_reported_at_both_records():
    same = {"LBDTC": "2026-01-10"}
    assert rules(same, {}, same) == [("SD-KEY", "USUBJID", "1")] * 2
    assert rules(same, same | {"USUBJID": "2", "LBSEQ": 1}) == []


def test_a_sequence_number_is_there_once_for_each_subject():
    assert rules({"LBSEQ": 1}, {"LBSEQ": 1}) == [("SD-SEQUENCE", "LBSEQ", "1")] * 2
    assert rules({"LBSEQ": 1}, {"LBSEQ": 1, "USUBJID": "2"}) == []


def test_value_level_metadata_holds_in_the_records_of_its_test_only():
    ascites = replace(
        LB, values=(ValueSpec(variable="LBORRES", where="LBTESTCD", equals="ASC", codelists=("STATES",)),)
    )
    asked = {"LBTESTCD": "ASC", "LBTEST": "Ascites"}
    frame = lab(
        asked | {"LBORRES": "absent"}, asked | {"LBORRES": "Absent"}, {"LBORRES": "31.0"}, asked | {"LBORRES": None}
    )
    [issue] = validate(frame, ascites, CT)
    assert (issue.rule, issue.value, issue.record) == ("SD-TERM", "Absent", "3")
    assert "STATES" in issue.message


def test_a_codelist_that_is_not_shipped_is_the_fault_of_the_study_definition():
    unknown = replace(LB, variables=(*LB.variables, variable("LBSPEC", "text", 8, "Perm", "SPECTYPE")))
    with pytest.raises(DefinitionError, match=r"specs/codelists.csv: no codelist SPECTYPE, which .*lb"):
        validate(lab(), unknown, CT)


@pytest.mark.parametrize(
    "wrong",
    [
        lab().select("LBSEQ", "USUBJID", *list(TYPES)[2:]),
        lab().drop("LBORRES"),
        lab().with_columns(LBNOTE=pl.lit("x")),
        lab().cast({"LBSEQ": pl.Float64}),
        lab().cast({"LBSTRESN": pl.String}),
    ],
    ids=["order", "missing", "surplus", "integer", "float"],
)
def test_another_order_another_variable_or_another_type_is_the_fault_of_the_study_definition(wrong: pl.DataFrame):
    with pytest.raises(DefinitionError, match=r"^specs/sdtm/lb.csv: "):
        validate(wrong, LB, CT)


ISO = {
    "2026": True,
    "2026-01": True,
    "2026-01-10": True,
    "2026-01-10T08": True,
    "2026-01-10T08:30": True,
    "2026-01-10T08:30:59": True,
    "2026-01-10T00:00": True,
    "2026---15": True,
    "2028-02-29": True,
    "2026-02-29": False,
    "2026-02-30": False,
    "2026-04-31": False,
    "2026-13": False,
    "2026-00": False,
    "2026-01-00": False,
    "2026-01-10T24:00": False,
    "2026-01-10T23:60": False,
    "2026-01-10T08:30:60": False,
    "2026-01-10T8:30": False,
    "2026-01-10T": False,
    "2026-01-10 08:30": False,
    "2026-01T08:30": False,
    "2026---15T08:30": False,
    "2026---32": False,
    "2026---00": False,
    "2026--": False,
    "2026-": False,
    "2026-01-": False,
    "2026-1-1": False,
    "20260110": False,
    "26-01-10": False,
    "10.01.2026": False,
    "２０２６": False,
    "２０２６-01-10": False,
    "soon": False,
    "": False,
}


@pytest.mark.parametrize(("text", "expected"), ISO.items(), ids=[repr(text) for text in ISO])
def test_a_date_is_iso_8601_of_a_day_that_exists_cut_on_the_right_or_with_a_hyphen_for_the_month(
    text: str, *, expected: bool
):
    assert pl.DataFrame({"d": [text]}).select(is_iso_8601(pl.col("d"))).item() is expected


@settings(deadline=None, max_examples=60)
@given(st.datetimes(), st.sampled_from([4, 7, 10, 13, 16, 19]))
def test_every_moment_of_the_calendar_is_iso_8601_at_every_precision(moment: object, length: int):
    text = str(moment).replace(" ", "T")[:length]
    assert pl.DataFrame({"d": [text]}).select(is_iso_8601(pl.col("d"))).item()
