from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.issue import Issue, Severity
from cdisc_aclf.model.spec import ColumnSpec, FormSpec
from cdisc_aclf.raw.validate import validate_forms

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
KNOWN = {
    "SEX": {"男": "M", "女": "F", "不详（问）": "U"},
    "UNIT": {"umol/L": "umol/L", "μmol/L": "umol/L", "mg/dL": "mg/dL", "×10⁹/L": "10^9/L", "10^9/L": "10^9/L"},
    "visits": {"第1天": "DAY 1", "第10天": "DAY 10", "计划外": "UNSCHEDULED"},
    "nothing": {},
}


def column(name: str, kind: str = "text", codelist: str = "", target: str = "LB.LBORRES") -> ColumnSpec:
    return ColumnSpec(
        name=name, label="", label_zh="", kind=kind, codelist=codelist, targets=(target,) if target else (), ignored=""
    )


def form(name: str, key: str, *columns: ColumnSpec) -> FormSpec:
    return FormSpec(
        name=name,
        label="",
        label_zh="",
        key=tuple(key.split()),
        left_out="",
        columns=columns,
        file=f"specs/raw/{name}.csv",
    )


SUBJECT = column("subject")
DEMOGRAPHICS = form("demographics", "subject", SUBJECT)


def typed(spec: FormSpec, **cells: list[str | None]) -> pl.DataFrame:
    rows = len(next(iter(cells.values())))
    return pl.DataFrame(
        {name.name: cells.get(name.name, ["01"] * rows) for name in spec.columns}
        | {"raw_record": [f"{spec.name}:{row}" for row in range(2, rows + 2)]},
        schema_overrides={name.name: pl.String for name in spec.columns},
    )


def validated(spec: FormSpec, known: Mapping[str, Mapping[str, str]] = KNOWN, **cells: list[str | None]) -> list[Issue]:
    raw = {"demographics": typed(DEMOGRAPHICS, subject=["01", "02"]), spec.name: typed(spec, **cells)}
    return validate_forms(raw, {"demographics": DEMOGRAPHICS, spec.name: spec}, known)


def about(value: str | None, kind: str, codelist: str = "", *, target: str = "LB.LBORRES") -> list[tuple[str, str]]:
    """Rules and sentences of one value in a column of a kind."""
    spec = form("lab", "subject value", SUBJECT, column("value", kind, codelist, target))
    return [(issue.rule, issue.message) for issue in validated(spec, value=[value])]


def rules(value: str | None, kind: str, codelist: str = "", *, target: str = "LB.LBORRES") -> list[str]:
    return [rule for rule, _ in about(value, kind, codelist, target=target)]


def test_an_issue_says_where_to_look():
    spec = form("lab", "subject record", SUBJECT, column("record"), column("sample_date", "date"))
    cells = {"subject": ["01", "02"], "record": ["1", "2"], "sample_date": ["2026-02-03", "2026-02-30"]}
    assert validated(spec, **cells) == [
        Issue(
            rule="RAW-DATE",
            severity=ERROR,
            message="no such day in the calendar",
            form="lab",
            record="3",
            subject="02",
            variable="sample_date",
            value="2026-02-30",
        )
    ]


@pytest.mark.parametrize("kind", ["text", "date", "time", "integer", "decimal", "result", "choice", "unit", "visit"])
def test_a_missing_value_is_not_validated_here(kind: str):
    assert rules(None, kind, "nothing") == []


def test_issues_come_in_the_order_of_forms_columns_and_rows():
    second = form("second", "subject a", SUBJECT, column("a"), column("b", "integer"), column("c", "integer"))
    first = form("first", "subject a", SUBJECT, column("a"), column("b", "integer"), column("c", "integer"))
    cells = {"a": ["1", "2"], "b": ["x", "1"], "c": ["y", "＜5"]}
    raw = {
        "second": typed(second, **cells),
        "first": typed(first, **cells),
        "demographics": typed(DEMOGRAPHICS, subject=["01"]),
    }
    found = validate_forms(raw, {"demographics": DEMOGRAPHICS, "first": first, "second": second}, KNOWN)
    places = [(issue.form, issue.variable, issue.record, issue.rule) for issue in found]
    expected = [("b", "2", "RAW-NUMBER"), ("c", "2", "RAW-NUMBER"), ("c", "3", "RAW-WIDTH"), ("c", "3", "RAW-NUMBER")]
    assert places == [(name, *place) for name in ("first", "second") for place in expected]


def test_every_record_that_repeats_an_earlier_key_is_reported():
    spec = form("visit", "subject visit", SUBJECT, column("visit"))
    found = validated(spec, subject=["01", "01", "02", "01"], visit=["A", "B", "A", "A"])
    assert [(issue.rule, issue.severity, issue.record, issue.variable) for issue in found] == [
        ("RAW-KEY", ERROR, "5", "visit")
    ]
    assert (found[0].key, found[0].message) == ("subject=01, visit=A", "the key is already in row 2")


def test_a_key_with_an_empty_part_is_no_key():
    spec = form("visit", "subject visit", SUBJECT, column("visit"))
    assert validated(spec, subject=["01", "01", None, None], visit=[None, None, "A", "A"]) == []


def test_no_name_of_a_column_is_in_the_way_of_the_validation():
    names = ["row", "value", "read", "message", "first", "key", "count", "rule", "record", "severity"]
    spec = form("lab", "subject row", SUBJECT, *(column(name, "integer") for name in names))
    found = validated(spec, **{name: ["1", "x"] for name in names})
    assert [(issue.variable, issue.rule) for issue in found] == [(name, "RAW-NUMBER") for name in names]


def test_a_record_of_a_subject_that_the_first_form_does_not_register_is_reported():
    found = validated(form("lab", "subject a", SUBJECT, column("a")), subject=["01", "99", None], a=["1", "2", "3"])
    assert [(issue.rule, issue.severity, issue.record, issue.variable, issue.value) for issue in found] == [
        ("RAW-SUBJECT", ERROR, "3", "subject", "99")
    ]
    assert found[0].message == "the subject has no record in demographics"


@pytest.mark.parametrize("value", ["2026-02-03", "2026/2/3", "2026.2.3", "2026年2月3日", "2024-02-29", " 2026-02-03"])
def test_a_calendar_date_in_a_known_format_is_right(value: str):
    assert rules(value, "date") == []


@pytest.mark.parametrize("value", ["2026-02-30", "2023/2/29", "2026-13", "2026-00-01", "2026-UK-32", "2026年4月31日"])
def test_a_date_that_no_calendar_has_is_an_error(value: str):
    assert about(value, "date") == [("RAW-DATE", "no such day in the calendar")]


@pytest.mark.parametrize("value", ["soon", "3 Feb 2026", "20260203", "UK-UK-UK", "2026-2/3", "2026-02-03T08:00"])
def test_a_date_in_no_known_format_is_an_error(value: str):
    [(rule, message)] = about(value, "date")
    assert rule == "RAW-DATE"
    assert message.startswith("not a date as 2026-02-03")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-02", "the day is unknown"),
        ("2026/2/UNK", "the day is unknown"),
        ("2026-UK-15", "the month is unknown"),
        ("2026年不详月15日", "the month is unknown"),
        ("2026---15", "the month is unknown"),
        ("2026-UK-31", "the month is unknown"),
        ("2026", "month and day are unknown"),
        ("2026-XX-XX", "month and day are unknown"),
    ],
)
def test_a_partial_date_is_noted_with_what_is_unknown(value: str, message: str):
    assert about(value, "date") == [("RAW-PARTIAL-DATE", message)]


@pytest.mark.parametrize("value", ["00:00", "08:30", "23:59", "23:59:59"])
def test_a_time_of_day_is_right(value: str):
    assert rules(value, "time") == []


@pytest.mark.parametrize("value", ["24:00", "08:60", "8:30", "08:30:60", "0830", "08:30 am", "-01:00"])
def test_what_is_no_time_of_day_is_an_error(value: str):
    assert rules(value, "time") == ["RAW-TIME"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "0"), ("integer", "-12"), ("integer", "007"),
        ("decimal", "1"), ("decimal", "-0.50"), ("decimal", "+3.1"),
        ("result", "5"), ("result", "0.50"),
    ],
)  # fmt: skip
def test_a_number_of_the_kind_is_right(kind: str, value: str):
    assert rules(value, kind) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "1.0"), ("integer", "two"), ("integer", "1,000"), ("integer", "٣"), ("integer", "<5"),
        ("decimal", "1,5"), ("decimal", "1."), ("decimal", "1e5"), ("decimal", "NaN"), ("decimal", "<0.5"),
        ("result", "溶血"), ("result", "<"), ("result", "<<5"), ("result", "5<"), ("result", "≤"), ("result", "=5"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_the_kind_is_an_error(kind: str, value: str):
    assert rules(value, kind) == ["RAW-NUMBER"]


@settings(deadline=None, max_examples=50)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_every_decimal_number_is_right(value: object):
    assert rules(f"{value:f}", "decimal") == []


@pytest.mark.parametrize("value", ["<0.5", ">1000", "<=5", ">= 5", "≤0.5", "≥1.5"])
def test_a_result_beyond_a_limit_is_noted(value: str):
    assert about(value, "result") == [("RAW-CENSORED", "a limit, no measured value: it has no numeric result")]


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("date", "２０２６－０２－０３", "2026-02-03"),
        ("time", "０８：３０", "08:30"),
        ("integer", "１２", "12"),
        ("decimal", "1．5", "1.5"),
        ("result", "５.１", "5.1"),
        ("unit", "ｍｇ／ｄＬ", "mg/dL"),
        ("visit", "第１天", "第1天"),
        ("visit", "计划外２", "计划外2"),
    ],
)
def test_full_width_characters_are_noted_with_how_they_are_read(kind: str, value: str, read: str):
    codelist = {"unit": "UNIT", "visit": "visits"}.get(kind, "")
    assert about(value, kind, codelist) == [("RAW-WIDTH", f"typed in full-width characters, read as {read}")]


def test_a_full_width_comparator_is_noted_for_both_reasons():
    assert rules("＜0.5", "result") == ["RAW-WIDTH", "RAW-CENSORED"]


def test_full_width_text_that_is_wrong_besides_is_an_error_besides():
    assert rules("２０２６－０２－３０", "date") == ["RAW-WIDTH", "RAW-DATE"]


def test_full_width_characters_of_free_text_are_left_alone():
    assert "RAW-WIDTH" not in rules("发热（轻）", "text")


def test_superscripts_and_greek_letters_are_spelling_and_not_width():
    assert rules("×10⁹/L", "unit", "UNIT") == ["RAW-UNIT"]
    assert rules("μmol/L", "unit", "UNIT") == ["RAW-UNIT"]


def test_a_known_value_that_holds_full_width_characters_is_right_as_listed():
    assert rules("不详（问）", "choice", "SEX") == []


@pytest.mark.parametrize(("kind", "codelist", "value"), [("choice", "SEX", "男"), ("visit", "visits", "第1天")])
def test_a_known_value_is_right(kind: str, codelist: str, value: str):
    assert rules(value, kind, codelist) == []


@pytest.mark.parametrize(
    ("kind", "codelist", "value", "nearest"),
    [
        ("choice", "SEX", "男性", "; nearest: 男"),
        ("choice", "SEX", "x", ""),
        ("unit", "UNIT", "MG/DL", "; nearest: mg/dL"),
        ("unit", "UNIT", "mmol/L", "; nearest: μmol/L, umol/L"),
        ("visit", "visits", "第2天", "; nearest: 第1天"),
        ("choice", "nothing", "x", ""),
    ],
)
def test_an_unknown_value_is_an_error_with_the_nearest_known(kind: str, codelist: str, value: str, nearest: str):
    assert about(value, kind, codelist) == [("RAW-TERM", f"not among the known values{nearest}")]


def test_an_unknown_value_is_reported_for_every_record():
    spec = form("lab", "subject sex", SUBJECT, column("sex", "choice", "SEX"))
    found = validated(spec, subject=["01", "02", "01"], sex=["x", "x", "男"])
    assert [(issue.record, issue.count) for issue in found] == [("2", 1), ("3", 1)]


def test_an_unscheduled_visit_carries_its_number():
    assert rules("计划外1", "visit", "visits") == []
    assert rules("计划外12", "visit", "visits") == []
    assert rules("计划1", "visit", "visits") == ["RAW-TERM"]


def test_only_a_visit_carries_a_number():
    assert rules("男1", "choice", "SEX") == ["RAW-TERM"]


def test_a_unit_spelled_in_another_way_is_noted_once_with_its_count():
    spec = form("lab", "subject record", SUBJECT, column("record"), column("unit", "unit", "UNIT"))
    found = validated(spec, record=["1", "2", "3", "4"], unit=["umol/L", "μmol/L", "×10⁹/L", "μmol/L"])
    assert [(issue.rule, issue.severity, issue.record, issue.value, issue.count) for issue in found] == [
        ("RAW-UNIT", NOTE, "3", "μmol/L", 2),
        ("RAW-UNIT", NOTE, "4", "×10⁹/L", 1),
    ]
    assert [issue.message for issue in found] == ["another spelling of umol/L", "another spelling of 10^9/L"]


def test_text_of_more_than_200_bytes_is_noted_by_its_bytes():
    assert rules("a" * 200, "text") == []
    assert about("a" * 201, "text") == [("RAW-LONG", "201 bytes; what does not fit into 200 continues in SUPP--")]
    assert rules("发" * 66, "text") == ["RAW-NON-ASCII"]
    assert rules("发" * 67, "text") == ["RAW-LONG", "RAW-NON-ASCII"]


def test_free_text_that_is_not_english_is_noted_once_per_text_with_its_count():
    spec = form("ae", "subject record", SUBJECT, column("record"), column("term"))
    found = validated(spec, record=["1", "2", "3"], term=["发热", "fever", "发热"])
    assert [(issue.rule, issue.severity, issue.record, issue.count) for issue in found] == [
        ("RAW-NON-ASCII", NOTE, "2", 2)
    ]


def test_text_that_is_not_submitted_need_neither_fit_nor_be_english():
    assert rules("发" * 67, "text", target="") == []


@pytest.mark.parametrize("value", [" fever", "fever ", "fever\nchills", "fever\tchills", "\x7ffever", "fever\u00a0"])
def test_outer_blanks_and_control_characters_of_text_are_a_warning(value: str):
    spec = form("ae", "subject term", SUBJECT, column("term", target=""))
    assert [(issue.rule, issue.severity) for issue in validated(spec, term=[value])] == [("RAW-BLANK", WARNING)]


def test_a_codelist_that_nobody_gave_is_a_fault_of_the_study_definition():
    with pytest.raises(
        DefinitionError, match=r"specs/raw/lab.csv: column 'value': no values of choice 'RACE' are known"
    ):
        rules("亚洲人", "choice", "RACE")


def test_a_type_of_column_that_nobody_knows_is_a_fault_of_the_study_definition():
    with pytest.raises(DefinitionError, match=r"specs/raw/lab.csv: column 'value': "):
        rules("x", "colour")
