import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import ColumnSpec, DatasetSpec, FormSpec, Qualifier, StandardSpec, VariableSpec
from cdisc_aclf.study.targets import check_targets

AETERM = VariableSpec(
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
)
AE = DatasetSpec(
    name="AE",
    label="",
    observation_class="",
    structure="",
    key=("USUBJID",),
    variables=(AETERM,),
    file="specs/sdtm/ae.csv",
)
STANDARD = StandardSpec(
    datasets={"AE": AE},
    qualifiers=(Qualifier(dataset="AE", qnam="AEDESC", label="", origin="", evaluator=""),),
    suppqual=(),
)


def form(target: str) -> FormSpec:
    columns = (
        ColumnSpec(
            name="note", label="", label_zh="", kind="text", codelist="", targets=(), ignored="nobody asked for it"
        ),
        ColumnSpec(name="column0", label="", label_zh="", kind="text", codelist="", targets=(target,), ignored=""),
    )
    return FormSpec(
        name="ae", label="", label_zh="", key=("subject",), left_out="", columns=columns, file="specs/raw/ae.csv"
    )


@pytest.mark.parametrize("target", ["AE.AETERM", "SUPPAE.AEDESC", "VS.VSORRES", "SUPPVS.VSNOTE", "*.USUBJID"])
def test_a_target_is_a_variable_a_qualifier_or_in_a_dataset_that_waits_for_its_spec(target: str):
    check_targets({"ae": form(target)}, STANDARD)


@pytest.mark.parametrize("target", ["AE.AETREM", "SUPPAE.AETERM", "AE.AEDESC", "SUPPAE.AEDSC"])
def test_a_target_that_its_spec_does_not_have_names_file_and_column(target: str):
    with pytest.raises(
        DefinitionError, match=rf"specs/raw/ae.csv: column0 goes to {target}, which specs/sdtm does not"
    ):
        check_targets({"ae": form(target)}, STANDARD)
