"""`specs/labels_zh.csv`: the Chinese of every label."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.files.tables import read_translations
from cdisc_aclf.model.label import LABEL_BYTES
from cdisc_aclf.model.spec import SUPPLEMENT_LABEL, DatasetSpec, StandardSpec, VariableSpec

_SUPPLEMENT_ROOM = len(" LBCH")
"""What stands behind the label of SUPP--: a blank and the name of a dataset or of its part."""


def read_labels(folder: Path) -> dict[str, str]:
    """Read the Chinese label by the English one.

    A transport file holds 40 bytes of UTF-8, that is 13 Chinese characters. A label that does not fit is for a person
    to shorten; it is never cut.

    Args:
        folder: the study folder.

    Raises:
        DefinitionError: the table is missing, a row has no Chinese label or one that does not fit, or an English label
            has two rows.
    """
    path = folder / "specs" / "labels_zh.csv"
    labels = read_translations(path, "label", "Chinese label")
    for line, (label, chinese) in enumerate(labels.items(), start=2):
        room = LABEL_BYTES - (_SUPPLEMENT_ROOM if label == SUPPLEMENT_LABEL else 0)
        if (size := len(chinese.encode())) > room:
            raise DefinitionError(
                f"{path}:{line}", f"label of {size} bytes, a transport file holds {room} here: {chinese}"
            )
    return labels


def in_chinese(standard: StandardSpec, labels: Mapping[str, str]) -> StandardSpec:
    """A standard with the Chinese label of every dataset, part, variable and supplemental qualifier.

    Args:
        standard: as read.
        labels: as `read_labels` gives them.

    Raises:
        DefinitionError: a label has no Chinese one.

    Examples:
        >>> age = VariableSpec(
        ...     name="AGE",
        ...     label="Age",
        ...     data_type="integer",
        ...     length=8,
        ...     core="Exp",
        ...     role="",
        ...     codelists=(),
        ...     origin="",
        ...     source="",
        ...     method="",
        ...     comment="",
        ... )
        >>> spec = DatasetSpec(
        ...     name="DM",
        ...     label="Demographics",
        ...     observation_class="",
        ...     structure="",
        ...     key=(),
        ...     variables=(age,),
        ...     file="specs/sdtm/dm.csv",
        ... )
        >>> labels = {"Age": "年龄", "Demographics": "人口统计学", SUPPLEMENT_LABEL: "补充限定变量"}
        >>> translated = in_chinese(StandardSpec(datasets={"DM": spec}, qualifiers=(), suppqual=()), labels)
        >>> translated.datasets["DM"].variables[0].submitted_label, translated.supplement_of("DM").submitted_label
        ('年龄', '补充限定变量 DM')
    """

    def chinese(label: str, where: str) -> str:
        if label not in labels:
            raise DefinitionError(where, f"label {label!r} has no row in specs/labels_zh.csv")
        return labels[label]

    def of_variables(variables: tuple[VariableSpec, ...], where: str) -> tuple[VariableSpec, ...]:
        return tuple(replace(variable, label_zh=chinese(variable.label, where)) for variable in variables)

    def of_dataset(spec: DatasetSpec) -> DatasetSpec:
        variables = of_variables(spec.variables, spec.file)
        table = str(Path(spec.file).with_name("datasets.csv"))
        return replace(spec, label_zh=chinese(spec.label, table), variables=variables)

    return replace(
        standard,
        datasets={name: of_dataset(spec) for name, spec in standard.datasets.items()},
        qualifiers=tuple(
            replace(qualifier, label_zh=chinese(qualifier.label, "specs/sdtm/supplemental.csv"))
            for qualifier in standard.qualifiers
        ),
        suppqual=of_variables(standard.suppqual, "specs/sdtm/suppqual.csv"),
        parts=tuple(replace(part, label_zh=chinese(part.label, "specs/sdtm/parts.csv")) for part in standard.parts),
        supplement_zh=chinese(SUPPLEMENT_LABEL, "cdisc_aclf/model/spec.py"),
    )
