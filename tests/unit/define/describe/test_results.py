"""Analysis results and documents that are added to a description."""

from dataclasses import replace
from pathlib import Path

import pytest

from cdisc_aclf.define.describe.results import with_results
from cdisc_aclf.define.model.document import Condition, Define, Origin, VariableDef, by_oid
from cdisc_aclf.define.model.results import AnalysisDataset
from cdisc_aclf.documents.references import with_crf, with_guide
from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.document import Document, Pages
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.outcome import OutcomeSpec
from cdisc_aclf.model.spec import DatasetSpec, StandardSpec, VariableSpec
from cdisc_aclf.study.outcomes import read_outcomes

NAMES = ("PARAMCD", "AVISIT", "AVAL", "ANL01FL", "FASFL")
EMPTY = Define(study_oid="ST", study_name="", study_text="", protocol="", oid="MDV", name="")
ANALYSED = replace(
    EMPTY,
    variables=tuple(VariableDef(oid=f"IT.ADRS.{name}", name=name, label=name, data_type="text") for name in NAMES),
)
OUTCOME = OutcomeSpec(
    name="R1",
    kind="primary",
    measure="Score",
    title="Change of the score",
    dataset="ADRS",
    parameters=("A", "B"),
    variables=("AVAL",),
    flag="ANL01FL",
    population="FASFL",
    visits=("Day 4",),
    reason="SPECIFIED IN PROTOCOL",
    purpose="PRIMARY OUTCOME MEASURE",
    method="Means.",
    documentation="Decision score",
)
HEADER = (
    "result,kind,measure,title,dataset,paramcd,variables,flag,population,visits,reason,purpose,method,documentation\n"
)
ROW = (
    "R1,primary,Score,Change of the score,ADRS,A B,AVAL,ANL01FL,FASFL,Day 4,"
    "SPECIFIED IN PROTOCOL,PRIMARY OUTCOME MEASURE,Means.,Decision score\n"
)


def test_a_result_says_which_records_and_variables_it_is_drawn_from():
    define = with_results(ANALYSED, [OUTCOME], Language())
    [display] = define.displays
    [result] = display.results
    assert display.text == "Primary outcome: Score"
    assert (result.oid, result.parameter, result.documentation) == (
        "AR.R1",
        "IT.ADRS.PARAMCD",
        "Means. Decision score.",
    )
    assert result.datasets == (AnalysisDataset("IG.ADRS", "WC.AR.R1", ("IT.ADRS.AVAL",)),)
    assert by_oid(define.where_clauses)["WC.AR.R1"].conditions == (
        Condition("IT.ADRS.PARAMCD", "IN", ("A", "B")),
        Condition("IT.ADRS.FASFL", "EQ", ("Y",)),
        Condition("IT.ADRS.ANL01FL", "EQ", ("Y",)),
        Condition("IT.ADRS.AVISIT", "EQ", ("Day 4",)),
    )


def test_results_of_one_measure_make_one_display_in_the_order_of_the_table():
    other = replace(OUTCOME, name="R2", measure="Survival")
    define = with_results(ANALYSED, [OUTCOME, other, replace(OUTCOME, name="R3")], Language())
    assert [[result.oid for result in display.results] for display in define.displays] == [
        ["AR.R1", "AR.R3"],
        ["AR.R2"],
    ]


def test_a_result_stands_in_chinese_beside_english():
    say = Language({
        "Primary outcome: {}": "主要结局：{}", "Score": "评分", "Change of the score": "评分的变化",
        "Display {}": "展示{}", "Means.": "均值。", "Decision score": "决定score", "{} {}.": "{}{}。",
    })  # fmt: skip
    [display] = with_results(ANALYSED, [OUTCOME], say).displays
    [result] = display.results
    assert (display.name, display.text, display.text_zh) == ("展示1", "Primary outcome: Score", "主要结局：评分")
    assert (result.text, result.text_zh) == ("Change of the score", "评分的变化")
    assert (result.documentation, result.documentation_zh) == ("Means. Decision score.", "均值。决定score。")


def test_a_result_of_a_dataset_without_records_is_left_out():
    assert with_results(EMPTY, [OUTCOME], Language()) == EMPTY


def test_outcomes_are_read_from_their_table(tmp_path: Path):
    spec = DatasetSpec(
        name="ADRS",
        label="",
        observation_class="",
        structure="",
        key=(),
        variables=tuple(
            VariableSpec(
                name=name,
                label="",
                data_type="text",
                length=8,
                core="Req",
                role="",
                codelists=(),
                origin="",
                source="",
                method="",
                comment="",
            )
            for name in NAMES
        ),
        file="",
    )
    analysis = StandardSpec(datasets={"ADRS": spec}, qualifiers=(), suppqual=())
    assert read_outcomes(tmp_path, analysis) == ()
    path = tmp_path / "specs/adam/outcomes.csv"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + ROW)
    assert read_outcomes(tmp_path, analysis) == (OUTCOME,)
    for before, after, said in (
        ("ADRS", "ADXX", "drawn from ADXX: no such dataset"),
        (",AVAL,", ",CHG,", "ADRS has no variable CHG"),
        ("FASFL", "ITTFL", "ADRS has no variable ITTFL"),
    ):
        path.write_text(HEADER + ROW.replace(before, after))
        with pytest.raises(DefinitionError, match=rf"outcomes.csv:2: .*{said}"):
            read_outcomes(tmp_path, analysis)


CRF, GUIDE = Document("LF.acrf", "acrf.pdf", "CRF"), Document("LF.csdrg", "csdrg.pdf", "Guide")
COLLECTED = (Origin("Collected", "Investigator"),)


@pytest.mark.parametrize(
    ("oid", "pages"),
    [
        ("IT.RS.RSORRES", ("10", "11")),
        ("IT.RS.RSORRES.CPS0101", ()),
        ("IT.VS.VSORRES.TEMP", ("14",)),
        ("IT.SUPPAE.QVAL.AEDESC", ("15", "16")),
        ("IT.SUPPAE.QVAL.OTHER", ()),
        ("IT.AE.AEDESC", ()),
    ],
)
def test_what_is_collected_names_its_pages_and_a_value_those_that_are_certain(oid: str, pages: tuple[str, ...]):
    places = {("RS", "RSORRES"): [10, 11], ("VS", "VSORRES"): [14], ("SUPPAE", "AEDESC"): [15, 16]}
    define = replace(EMPTY, variables=(VariableDef(oid=oid, name="X", label="", data_type="text", origins=COLLECTED),))
    [variable] = with_crf(define, CRF, places).variables
    assert variable.origins[0].pages == ((Pages("LF.acrf", pages),) if pages else ())


def test_what_is_derived_is_on_no_page():
    define = replace(
        EMPTY,
        variables=(
            VariableDef(oid="IT.DM.AGE", name="AGE", label="", data_type="integer", origins=(Origin("Derived"),)),
        ),
    )
    assert with_crf(define, CRF, {("DM", "AGE"): [2]}).variables == define.variables


def test_documents_are_listed_where_the_standard_wants_them():
    define = with_guide(with_crf(EMPTY, CRF, {}), GUIDE)
    assert (define.crf, define.supplements, define.documents) == (("LF.acrf",), ("LF.csdrg",), (CRF, GUIDE))
