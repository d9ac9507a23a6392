"""Where things stand in a submission: module 5 of the eCTD."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from cdisc_aclf.model.path import output_path
from cdisc_aclf.model.spec import ADAM, SDTM, DatasetSpec

ACRF = "acrf.pdf"
"""The annotated CRF, beside the datasets of SDTM (FDA, Study Data Technical Conformance Guide, section 4.1.4.6)."""

GUIDES: Mapping[str, tuple[str, str]] = {
    SDTM: ("csdrg.pdf", "Clinical Study Data Reviewer's Guide"),
    ADAM: ("adrg.pdf", "Analysis Data Reviewer's Guide"),
}
"""File and title of the reviewer's guide of each standard, beside its datasets."""

FOLDERS: Mapping[str, str] = {SDTM: "tabulations/sdtm", ADAM: "analysis/adam/datasets"}
"""Folder of each standard below that of the study (FDA, Study Data Technical Conformance Guide, section 7)."""

JSON_FORMS = ("json", "ndjson", "dsjc")
"""The forms of Dataset-JSON, each the extension of its files."""


def standard_folder(study: str, standard: str) -> PurePosixPath:
    """The folder of a standard's datasets below the output folder.

    Examples:
        >>> print(standard_folder("PL21", "adam"))
        m5/datasets/pl21/analysis/adam/datasets
    """
    return output_path("m5", "datasets", study.lower(), *FOLDERS[standard].split("/"))


def dataset_file(study: str, spec: DatasetSpec) -> PurePosixPath:
    """The transport file of a dataset below the output folder.

    Examples:
        >>> print(
        ...     dataset_file(
        ...         "PL21",
        ...         DatasetSpec(
        ...             name="LB",
        ...             label="",
        ...             observation_class="",
        ...             structure="",
        ...             key=(),
        ...             variables=(),
        ...             file="specs/sdtm/lb.csv",
        ...         ),
        ...     )
        ... )
        m5/datasets/pl21/tabulations/sdtm/lb.xpt
    """
    return standard_folder(study, spec.standard) / output_path(f"{spec.name.lower()}.xpt")


def json_file(study: str, spec: DatasetSpec, form: str) -> PurePosixPath:
    """The Dataset-JSON file of a dataset below the output folder.

    It stands apart from module 5, at the same path below a folder of its own: no authority takes it beside transport
    files yet, and where one takes it instead of them the tree is copied over.

    Examples:
        >>> print(
        ...     json_file(
        ...         "PL21",
        ...         DatasetSpec(
        ...             name="LB",
        ...             label="",
        ...             observation_class="",
        ...             structure="",
        ...             key=(),
        ...             variables=(),
        ...             file="specs/sdtm/lb.csv",
        ...         ),
        ...         "json",
        ...     )
        ... )
        dataset-json/m5/datasets/pl21/tabulations/sdtm/lb.json
    """
    return PurePosixPath("dataset-json") / dataset_file(study, spec).with_suffix(f".{form}")
