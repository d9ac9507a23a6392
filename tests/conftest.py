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
            Standard(oid="STD.IG", name="SDTMIG", kind="IG", version="3.4", comment="COM.IG"),
            Standard(oid="STD.CT", name="CDISC/NCI", kind="CT", version="2025-03-28", publishing_set="SDTM"),
        ),
        crf=("LF.CRF",),
        supplements=("LF.GUIDE",),
        value_lists=(
            ValueList(
                "VL.VS.VSORRES", (ItemRef(item="IT.VS.VSORRES.TEMP", order=1, method="MT.T", where=("WC.TEMP",)),)
            ),
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
                    ItemRef(item="IT.VS.VSTESTCD", order=1, mandatory=True, key=1, role="Topic"),
                    ItemRef(item="IT.VS.VSORRES", order=2, role="Result Qualifier"),
                    ItemRef(item="IT.VS.VSSTRESN", order=3, method="MT.N"),
                    ItemRef(item="IT.VS.VSREASND", order=4, has_no_data=True),
                ),
                standard="STD.IG",
                comment="COM.VS",
                file=Document("LF.VS", "vs.xpt", "vs.xpt"),
            ),
        ),
        variables=(
            VariableDef(
                oid="IT.VS.VSTESTCD",
                name="VSTESTCD",
                label="Short Name",
                data_type="text",
                length=5,
                codelist="CL.TEST",
                origins=(assigned,),
            ),
            VariableDef(
                oid="IT.VS.VSORRES",
                name="VSORRES",
                label="Result",
                data_type="text",
                length=4,
                origins=(collected,),
                value_list="VL.VS.VSORRES",
            ),
            VariableDef(
                oid="IT.VS.VSORRES.TEMP",
                name="VSORRES",
                label="Temperature",
                data_type="float",
                length=4,
                digits=1,
                origins=(collected,),
            ),
            VariableDef(
                oid="IT.VS.VSSTRESN",
                name="VSSTRESN",
                label="Number",
                data_type="float",
                length=4,
                digits=1,
                format="4.1",
                origins=(derived,),
            ),
            VariableDef(
                oid="IT.VS.VSREASND",
                name="VSREASND",
                label="Reason",
                data_type="text",
                length=1,
                codelist="CL.MEDDRA",
                origins=(missing,),
                comment="COM.REASON",
            ),
        ),
        codelists=(
            CodeListDef(
                oid="CL.TEST",
                name="Tests",
                ccode="C66741",
                standard="STD.CT",
                terms=(CodedTerm("TEMP", "Temperature", "C25206"), CodedTerm("MOOD", "Mood", is_extension=True)),
                comment="COM.CL",
            ),
            CodeListDef(oid="CL.MEDDRA", name="MedDRA", dictionary="MedDRA", version="28.0"),
        ),
        methods=(
            MethodDef(
                oid="MT.N",
                name="Number",
                kind="Computation",
                text="As a number.",
                pages=(Pages("LF.GUIDE", ("a1",), named=True),),
            ),
            MethodDef(oid="MT.T", name="Temperature", kind="Computation", text="As read."),
        ),
        comments=tuple(
            CommentDef(f"COM.{name}", f"About {name}.", (Pages("LF.GUIDE"),) if name == "ALL" else ())
            for name in ("ALL", "IG", "WC", "VS", "REASON", "CL")
        ),
        documents=(Document("LF.CRF", "acrf.pdf", "Annotated CRF"), Document("LF.GUIDE", "csdrg.pdf", "Guide")),
        displays=(
            ResultDisplay(
                oid="RD.1",
                name="Table 1",
                text="Temperature by arm",
                results=(
                    AnalysisResult(
                        oid="AR.1",
                        text="Mean temperature",
                        reason="SPECIFIED IN PROTOCOL",
                        purpose="PRIMARY OUTCOME MEASURE",
                        parameter="IT.VS.VSTESTCD",
                        datasets=(AnalysisDataset("IG.VS", "WC.TEMP", ("IT.VS.VSSTRESN",)),),
                        documentation="Mean of all records.",
                        code="proc means; run;",
                        context="SAS 9.4",
                        pages=(Pages("LF.GUIDE", ("7",)),),
                    ),
                ),
                pages=(Pages("LF.GUIDE", ("6",)),),
            ),
        ),
    )
