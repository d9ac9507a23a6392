"""What the specs say: raw forms and columns, datasets and variables, supplemental qualifiers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl

from cdisc_aclf.model.label import Labelled

SDTM, ADAM = "sdtm", "adam"
"""The standards of datasets: folders of `specs/` and `mappings/`."""

ANY = "*"
"""The dataset of a target such as `*.USUBJID`: every dataset that the form goes to."""

SUPPLEMENT_LABEL = "Supplemental Qualifiers for"
"""Label of every SUPP-- (SDTMIG 3.4 section 8.4), before the name of the dataset."""

DTYPES: Mapping[str, type[pl.DataType]] = {
    "text": pl.String,
    "datetime": pl.String,
    "durationDatetime": pl.String,
    "integer": pl.Int64,
    "float": pl.Float64,
}

MOMENTS: Mapping[str, pl.DataType] = {"DATE9.": pl.Date(), "DATETIME20.": pl.Datetime("us")}
"""SAS formats of numeric dates (ADaMIG 1.3 section 3.1.2): a frame holds dates, a SAS file numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSpec(Labelled):
    """One variable of a dataset, a row of `specs/<standard>/<dataset>.csv`.

    Args:
        name: variable name, e.g. `LBORRES`.
        label: label of the implementation guide, at most 40 bytes.
        data_type: Define-XML data type: text, integer, float, datetime or durationDatetime.
        length: largest length in bytes (text) or 8 (numeric).
        core: Req, Exp or Perm.
        role: SDTM role.
        codelists: codelists whose terms are allowed; empty for free values.
        origin: Define-XML 2.1 origin type.
        source: Define-XML 2.1 origin source.
        method: name in `methods.csv`; empty where nothing is computed.
        comment: a remark for the reviewer.
        format: SAS format of a numeric date (`DATE9.`, `DATETIME20.`); empty elsewhere.
        filled: `Y` or `N`, whether every record has a value; empty where `core` says so. In SDTM a required variable
            has one (SDTMIG 3.4 section 4.1.5), in ADaM it is only there (ADaMIG 1.3 section 3).
        predecessor: the variable that this one is a copy of, e.g. `DM.AGE`; empty where it is none.
        label_zh: Chinese label, where the package is written in Chinese; empty elsewhere.
    """

    name: str
    label: str
    data_type: str
    length: int
    core: str
    role: str
    codelists: tuple[str, ...]
    origin: str
    source: str
    method: str
    comment: str
    format: str = ""
    filled: str = ""
    predecessor: str = ""
    label_zh: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether every record has a value."""
        return (self.filled or ("Y" if self.core == "Req" else "N")) == "Y"

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the column."""
        return MOMENTS[self.format] if self.format else DTYPES[self.data_type]()

    @property
    def is_text(self) -> bool:
        """Whether the variable is character in SAS terms (dates are, in SDTM)."""
        return self.dtype == pl.String


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSpec:
    """Value-level metadata, a row of `values.csv`: what a variable holds in the records of one test.

    Type, length and unit of each value are read off the data when they are described.

    Args:
        variable: the variable that is described, e.g. `RSORRES`.
        where: the variable that picks the records, e.g. `RSTESTCD`.
        equals: its value, e.g. `CPS0101`; empty for every value that has no row of its own.
        codelists: codelists whose terms are allowed there; empty for free values.
        origin: Define-XML 2.1 origin type; empty where it is that of the variable.
        source: Define-XML 2.1 origin source, where there is an origin.
        method: name in `methods.csv`, where there is an origin.
        comment: a remark for the reviewer.
        label: English label of a supplemental qualifier, of which the data may have the Chinese one.
    """

    variable: str
    where: str
    equals: str
    codelists: tuple[str, ...]
    origin: str = ""
    source: str = ""
    method: str = ""
    comment: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSpec(Labelled):
    """One dataset: its facts and its variables in submission order; `file` is where to look them up.

    `part_of` names the dataset that this one is a part of, where that was too large for one file.
    """

    name: str
    label: str
    observation_class: str
    structure: str
    key: tuple[str, ...]
    variables: tuple[VariableSpec, ...]
    file: str
    values: tuple[ValueSpec, ...] = ()
    part_of: str = ""
    label_zh: str = ""

    def part(self, part: "PartSpec") -> "DatasetSpec":
        """The spec of a part of this dataset, or of the SUPP-- of one."""
        if self.name == part.dataset:
            return replace(self, name=part.name, label=part.label, label_zh=part.label_zh, part_of=self.name)
        label, label_zh = (text.replace(part.dataset, part.name) for text in (self.label, self.label_zh))
        return replace(self, name=f"SUPP{part.name}", label=label, label_zh=label_zh, part_of=self.name)

    @property
    def whole(self) -> str:
        """The dataset that specs, annotations and mappings speak of."""
        return self.part_of or self.name

    @property
    def standard(self) -> str:
        """`sdtm` or `adam`: the folder of its spec."""
        return PurePath(self.file).parent.name

    @property
    def names(self) -> tuple[str, ...]:
        """Variable names in submission order."""
        return tuple(variable.name for variable in self.variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSpec(Labelled):
    """A part of a dataset that is too large for one file, rows of `parts.csv`.

    Args:
        dataset: the dataset, e.g. `LB`.
        name: the part, e.g. `LBCH`.
        label: its label.
        variable: the variable that picks its records, e.g. `LBCAT`.
        values: the values of that variable.
    """

    dataset: str
    name: str
    label: str
    variable: str
    values: tuple[str, ...]
    label_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifier(Labelled):
    """A non-standard variable that travels in SUPP--, a row of `supplemental.csv`."""

    dataset: str
    qnam: str
    label: str
    origin: str
    evaluator: str
    codelists: tuple[str, ...] = ()
    source: str = ""
    method: str = ""
    comment: str = ""
    label_zh: str = ""


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """How values are computed, a row of `methods.csv`; `kind` is Computation or Imputation."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardSpec:
    """Every dataset of one standard (SDTM or ADaM) that this study submits."""

    datasets: Mapping[str, DatasetSpec]
    qualifiers: tuple[Qualifier, ...]
    suppqual: tuple[VariableSpec, ...]
    parts: tuple[PartSpec, ...] = ()
    supplement_zh: str = ""

    def supplement_of(self, dataset: str) -> DatasetSpec:
        """SUPP-- of one dataset (SDTMIG 3.4 section 8.4)."""
        return DatasetSpec(
            name=f"SUPP{dataset}",
            label=f"{SUPPLEMENT_LABEL} {dataset}",
            label_zh=f"{self.supplement_zh} {dataset}" if self.supplement_zh else "",
            observation_class="Relationship",
            structure="One record per supplemental qualifier per related parent domain record",
            key=("USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
            variables=self.suppqual,
            file="specs/sdtm/suppqual.csv",
        )

    def qualifiers_of(self, dataset: str) -> tuple[Qualifier, ...]:
        """The supplemental qualifiers of one dataset, in the order of the spec."""
        return tuple(qualifier for qualifier in self.qualifiers if qualifier.dataset == dataset)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column of a CRF form, a row of `specs/raw/<form>.csv`.

    Args:
        name: column name in the export.
        label: English label of the field.
        label_zh: Chinese label of the field.
        kind: text, date, time, integer, decimal, result, choice, unit or visit.
        codelist: for `choice`, `unit` and `visit`, the values known: a list in `collected.csv`, or a column of a
            reference table as `table.column`.
        targets: variables that take the value, e.g. `DM.SEX`.
        ignored: why no variable takes it; empty where one does.
    """

    name: str
    label: str
    label_zh: str
    kind: str
    codelist: str
    targets: tuple[str, ...]
    ignored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """One CRF form.

    `left_out` says why a record of it may be in no dataset; `visits` are the numbers of the planned visits at which it
    is due, none where it is filled in as things happen.
    """

    name: str
    label: str
    label_zh: str
    key: tuple[str, ...]
    left_out: str
    columns: tuple[ColumnSpec, ...]
    file: str
    visits: tuple[str, ...] = ()
