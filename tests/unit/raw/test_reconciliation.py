import polars as pl

from cdisc_aclf.model.spec import ColumnSpec, DatasetSpec, FormSpec, Qualifier, StandardSpec, VariableSpec
from cdisc_aclf.raw.reconciliation import reconcile

STANDARD = StandardSpec(
    datasets={
        "AE": DatasetSpec(
            name="AE",
            label="",
            observation_class="",
            structure="",
            key=("USUBJID",),
            variables=(
                VariableSpec(
                    name="AETERM",
                    label="",
                    data_type="text",
                    length=200,
                    core="Req",
                    role="",
                    codelists=(),
                    origin="",
                    source="",
                    method="",
                    comment="",
                ),
            ),
            file="specs/sdtm/ae.csv",
        )
    },
    qualifiers=(Qualifier(dataset="AE", qnam="AEDESC", label="", origin="", evaluator=""),),
    suppqual=(),
)


def form(*targets: str, left_out: str = "") -> FormSpec:
    columns = (
        ColumnSpec(name="subject", label="", label_zh="", kind="text", codelist="", targets=("*.USUBJID",), ignored=""),
        ColumnSpec(
            name="note", label="", label_zh="", kind="text", codelist="", targets=(), ignored="nobody asked for it"
        ),
        *(
            ColumnSpec(
                name=f"column{number}", label="", label_zh="", kind="text", codelist="", targets=(target,), ignored=""
            )
            for number, target in enumerate(targets)
        ),
    )
    return FormSpec(
        name="ae", label="", label_zh="", key=("subject",), left_out=left_out, columns=columns, file="specs/raw/ae.csv"
    )


RAW = pl.DataFrame({"subject": ["01", "02", None], "raw_record": ["ae:2", "ae:3", "ae:4"]})


def mapped(*records: str) -> dict[str, pl.DataFrame]:
    return {"AE": pl.DataFrame({"raw_record": records}, schema={"raw_record": pl.String})}


def test_a_record_that_a_dataset_names_as_its_source_is_submitted():
    [ae], lost = reconcile({"ae": RAW}, {"ae": form("AE.AETERM")}, STANDARD, mapped("ae:2", "ae:3 ae:4"))
    assert (ae.records, ae.submitted, ae.waiting, ae.left_out, ae.lost) == (3, 3, 0, 0, 0)
    assert lost == []


def test_a_record_in_no_dataset_is_lost_and_each_one_is_an_issue():
    [ae], lost = reconcile({"ae": RAW}, {"ae": form("AE.AETERM")}, STANDARD, mapped("ae:3"))
    assert (ae.submitted, ae.lost) == (1, 2)
    assert [(each.rule, each.severity, each.form, each.record, each.subject) for each in lost] == [
        ("RAW-LOST", "error", "ae", "2", "01"),
        ("RAW-LOST", "error", "ae", "4", ""),
    ]


def test_record_12_does_not_stand_for_record_1():
    raw = pl.DataFrame({"subject": ["01"], "raw_record": ["ae:1"]})
    [ae], _ = reconcile({"ae": raw}, {"ae": form("AE.AETERM")}, STANDARD, mapped("ae:12", "ae:11 ae:10"))
    assert ae.lost == 1


def test_a_record_that_the_form_may_leave_out_is_counted_and_no_issue():
    [ae], lost = reconcile({"ae": RAW}, {"ae": form("AE.AETERM", left_out="no dose")}, STANDARD, mapped("ae:3"))
    assert (ae.submitted, ae.left_out, ae.lost, lost) == (1, 2, 0, [])


def test_a_record_of_a_form_whose_dataset_has_no_spec_yet_waits_for_it():
    targets = ("AE.AETERM", "SUPPVS.VSNOTE", "RS.RSORRES")
    [ae], lost = reconcile({"ae": RAW}, {"ae": form(*targets)}, STANDARD, mapped("ae:3"))
    assert (ae.submitted, ae.waiting, ae.waits_for, ae.lost, lost) == (1, 2, ("RS", "VS"), 0, [])


def test_the_parts_of_a_reconciliation_add_up_to_the_records_of_the_form():
    for records in ((), ("ae:2",), ("ae:2", "ae:3", "ae:4")):
        for left_out in ("", "why"):
            reconciliation, _ = reconcile(
                {"ae": RAW}, {"ae": form("AE.AETERM", left_out=left_out)}, STANDARD, mapped(*records)
            )
            for each in reconciliation:
                assert each.submitted + each.waiting + each.left_out + each.lost == each.records == 3
