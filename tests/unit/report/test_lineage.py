from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from cdisc_aclf.model.run import Run
from cdisc_aclf.report.page import report_html

Parse = Callable[[str], SimpleNamespace]
RECORDS = "Where the records of each form went"


def test_every_form_accounts_for_its_records_and_says_why(page: SimpleNamespace):
    assert page.tables[RECORDS] == [
        ["Form", "Records", "Submitted", "Waiting", "Left out", "Lost", "Unexplained", "Why"],
        ["Consent and demographics 知情同意与人口学 demographics", "7", "7", "0", "0", "0", "0", ""],
        [
            "Laboratory 实验室检查 lab", "10", "4", "0", "5", "1", "0",
            "Left out: the sample was not drawn. Lost: in no dataset and without a reason; see the issues.",
        ],
        ["Child-Pugh Child-Pugh评分 child_pugh", "1,200", "0", "1,200", "0", "0", "0", "Waiting for MH, RS."],
        ["All forms", "1,217", "11", "1,200", "5", "1", "0", ""],
    ]  # fmt: skip


def test_records_that_do_not_add_up_are_shown_and_marked(run: Run, parse: Parse):
    demographics = replace(run.reconciliation[0], submitted=4)
    page = parse(report_html(replace(run, reconciliation=(demographics,))))
    assert page.tables[RECORDS][1][6] == "3"
    assert ("tr", {"class": "alarm"}) in page.elements


def test_every_column_says_where_it_went_or_why_not(page: SimpleNamespace):
    assert page.tables["Where the columns of demographics went"] == [
        ["Column", "Label", "Chinese label", "Type", "Goes to"],
        ["subject", "Subject number", "受试者编号", "text", "DM.SUBJID*.USUBJID"],
        ["initials", "Initials of the name", "姓名缩写", "text", "ignored: identifies a person"],
    ]
    assert page.tables["Where the columns of lab went"][1:] == [
        ["result", "Result", "结果", "result", "LB.LBORRESRS.RSORRES waits"],
        ["lab_flag", "Flag", "异常标记", "choice", "SUPPLB.LBFLAG"],
    ]
    assert page.tables["Where the columns of child_pugh went"][1:] == [
        ["ascites", "Ascites, points", "腹水得分", "integer", "RS.RSSTRESN waits"]
    ]


def test_forms_are_folded_and_say_how_many_columns_went_where(page: SimpleNamespace):
    assert [attributes for element, attributes in page.elements if element == "details"] == [{}, {}, {}]
    for counts in (
        "2 columns: 1 mapped, 0 waiting, 1 ignored",
        "2 columns: 2 mapped, 0 waiting, 0 ignored",
        "1 column: 0 mapped, 1 waiting, 0 ignored",
    ):
        assert counts in page.text


def test_chinese_is_marked_as_chinese(page: SimpleNamespace):
    assert ("span", {"lang": "zh-Hans"}) in page.elements


def test_a_supplement_waits_with_its_parent(run: Run, parse: Parse):
    waiting = replace(run.reconciliation[1], waits_for=("LB", "RS"))
    page = parse(report_html(replace(run, reconciliation=(waiting,))))
    assert page.tables["Where the columns of lab went"][2][4] == "SUPPLB.LBFLAG waits"
