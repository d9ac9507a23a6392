"""A small Define-XML document in which everything that the standard has is there once."""

import pytest

from cdisc_aclf.define.model.document import (
    CodedTerm,
    CodeListDef,
    CommentDef,
    Condition,
    DatasetDef,
    Define,
    ItemRef,
    MethodDef,
    Origin,
    Standard,
    ValueList,
    VariableDef,
    WhereClause,
)
from cdisc_aclf.define.model.results import AnalysisDataset, AnalysisResult, ResultDisplay
from cdisc_aclf.model.document import Document, Pages

CRF = Pages("LF.CRF", ("3", "5"))


@pytest.fixture
def document() -> Define:
    collected, derived = Origin("Collected", "Investigator", pages=(CRF,)), Origin("Derived", "Sponsor")
    assigned, missing = Origin("Assigned", "Sponsor"), Origin("Not Available")
    return Define(
        study_oid="ST.X",
        study_name="X",
        study_text="A study",
        protocol="X-1",
        oid="MDV.X",
        name="Study X",
        text="Tabulations",
        comment="COM.ALL",
        standards=(
            Standard("STD.IG", "SDTMIG", "IG", "3.4", comment="COM.IG"),
            Standard("STD.CT", "CDISC/NCI", "CT", "2025-03-28", publishing_set="SDTM"),
        ),
        crf=("LF.CRF",),
        supplements=("LF.GUIDE",),
        value_lists=(
            ValueList("VL.VS.VSORRES", (ItemRef("IT.VS.VSORRES.TEMP", 1, method="MT.T", where=("WC.TEMP",)),)),
        ),
        where_clauses=(WhereClause("WC.TEMP", (Condition("IT.VS.VSTESTCD", "EQ", ("TEMP",)),), "COM.WC"),),
        datasets=(
            DatasetDef(
                oid="IG.VS",
                name="VS",
                domain="VS",
                label="Vital Signs",
                observation_class="FINDINGS",
                structure="One record per measurement",
                purpose="Tabulation",
                repeating=True,
                is_reference=False,
                items=(
                    ItemRef("IT.VS.VSTESTCD", 1, mandatory=True, key=1, role="Topic"),
                    ItemRef("IT.VS.VSORRES", 2, role="Result Qualifier"),
                    ItemRef("IT.VS.VSSTRESN", 3, method="MT.N"),
                    ItemRef("IT.VS.VSREASND", 4, has_no_data=True),
                ),
                standard="STD.IG",
                comment="COM.VS",
                file=Document("LF.VS", "vs.xpt", "vs.xpt"),
            ),
        ),
        variables=(
            VariableDef("IT.VS.VSTESTCD", "VSTESTCD", "Short Name", "text", 5, codelist="CL.TEST", origins=(assigned,)),
            VariableDef(
                "IT.VS.VSORRES", "VSORRES", "Result", "text", 4, origins=(collected,), value_list="VL.VS.VSORRES"
            ),
            VariableDef("IT.VS.VSORRES.TEMP", "VSORRES", "Temperature", "float", 4, 1, origins=(collected,)),
            VariableDef("IT.VS.VSSTRESN", "VSSTRESN", "Number", "float", 4, 1, format="4.1", origins=(derived,)),
            VariableDef(
                "IT.VS.VSREASND",
                "VSREASND",
                "Reason",
                "text",
                1,
                codelist="CL.MEDDRA",
                origins=(missing,),
                comment="COM.REASON",
            ),
        ),
        codelists=(
            CodeListDef(
                "CL.TEST",
                "Tests",
                ccode="C66741",
                standard="STD.CT",
                terms=(CodedTerm("TEMP", "Temperature", "C25206"), CodedTerm("MOOD", "Mood", is_extension=True)),
                comment="COM.CL",
            ),
            CodeListDef("CL.MEDDRA", "MedDRA", dictionary="MedDRA", version="28.0"),
        ),
        methods=(
            MethodDef("MT.N", "Number", "Computation", "As a number.", (Pages("LF.GUIDE", ("a1",), named=True),)),
            MethodDef("MT.T", "Temperature", "Computation", "As read."),
        ),
        comments=tuple(
            CommentDef(f"COM.{name}", f"About {name}.", (Pages("LF.GUIDE"),) if name == "ALL" else ())
            for name in ("ALL", "IG", "WC", "VS", "REASON", "CL")
        ),
        documents=(Document("LF.CRF", "acrf.pdf", "Annotated CRF"), Document("LF.GUIDE", "csdrg.pdf", "Guide")),
        displays=(
            ResultDisplay(
                "RD.1",
                "Table 1",
                "Temperature by arm",
                (
                    AnalysisResult(
                        "AR.1",
                        "Mean temperature",
                        "SPECIFIED IN PROTOCOL",
                        "PRIMARY OUTCOME MEASURE",
                        "IT.VS.VSTESTCD",
                        (AnalysisDataset("IG.VS", "WC.TEMP", ("IT.VS.VSSTRESN",)),),
                        documentation="Mean of all records.",
                        code="proc means; run;",
                        context="SAS 9.4",
                        pages=(Pages("LF.GUIDE", ("7",)),),
                    ),
                ),
                (Pages("LF.GUIDE", ("6",)),),
            ),
        ),
    )
