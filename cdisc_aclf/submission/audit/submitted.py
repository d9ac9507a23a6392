"""Transport files of a package, whoever built it, compared with what authorities and SDTM say of any of them."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import polars as pl

from cdisc_aclf.formats.xpt.model import SasDataset
from cdisc_aclf.model.issue import Issue, Rule, Severity
from cdisc_aclf.model.profile import Profile

PATH = Rule("AU-PATH", Severity.ERROR, "the name of the file or folder is not as the authority takes it")
NAME = Rule("AU-NAME", Severity.ERROR, "the dataset has another name than its file")
STRAY = Rule("AU-STRAY", Severity.ERROR, "is neither a dataset nor a description of datasets")
LABEL_CHARACTERS = Rule("AU-LABEL-ASCII", Severity.ERROR, "the authority takes labels in ASCII only")
VALUE_CHARACTERS = Rule("AU-VALUE-ASCII", Severity.WARNING, "the authority advises values in ASCII")
SIZE = Rule("AU-SIZE", Severity.ERROR, "the file is larger than the authority takes")
WIDTH = Rule("AU-WIDTH", Severity.WARNING, "is stored wider than its longest value in any dataset (FDA SD1082)")
SEQUENCE = Rule("AU-SEQUENCE", Severity.ERROR, "the sequence number is there more than once for the subject")
DOMAIN = Rule(
    "AU-DOMAIN", Severity.ERROR, "DOMAIN is neither the name of the dataset nor how the name of a part begins"
)
SPLIT = Rule("AU-SPLIT", Severity.ERROR, "a dataset and its parts stand side by side (FDA SD1095)")

_DESCRIPTIONS = frozenset({".xpt", ".xml", ".xsl", ".html", ".pdf"})


def validate_place(path: PurePosixPath, profile: Profile, *, is_data: bool) -> Iterator[Issue]:
    """Validate the name of a file of the submission, and whether it belongs there.

    Args:
        path: from `m5` on, or from the package where there is no `m5`.
        profile: of the authority.
        is_data: whether it is Dataset-JSON.

    Examples:
        >>> fda = Profile(
        ...     name="fda",
        ...     authority="",
        ...     gigabytes=5,
        ...     over="split it",
        ...     file_length=64,
        ...     path_length=180,
        ...     ascii_labels=True,
        ...     ascii_values=True,
        ...     language="en",
        ...     source="",
        ... )
        >>> path = PurePosixPath("m5/datasets/pl21/tabulations/sdtm/old LB.bak")
        >>> [issue.rule for issue in validate_place(path, fda, is_data=False)]
        ['AU-PATH', 'AU-STRAY']
    """
    for problem in profile.path_problems(path):
        yield PATH.found(form=str(path), value=problem)
    if not is_data and path.suffix.lower() not in _DESCRIPTIONS:
        yield STRAY.found(form=str(path))


def validate_file(path: PurePosixPath, dataset: SasDataset, size: int, profile: Profile) -> Iterator[Issue]:
    """Validate one transport file by what the authority says of names, characters and size.

    Args:
        path: of the file, for the Issue and for its name.
        dataset: its content.
        size: bytes of the file.
        profile: of the authority.
    """
    if path.stem.upper() != dataset.name:
        yield NAME.found(form=str(path), dataset=dataset.name, value=dataset.name)
    if too_large := profile.size_problem(size):
        yield SIZE.found(form=str(path), dataset=dataset.name, value=too_large)
    if profile.ascii_labels:
        labels = {"": dataset.label} | {column.name: column.label for column in dataset.columns}
        for variable, label in labels.items():
            if not label.isascii():
                yield LABEL_CHARACTERS.found(form=str(path), dataset=dataset.name, variable=variable, value=label)
    if profile.ascii_values:
        for text in dataset.frame.select(pl.col(pl.String)):
            odd = text.filter(text.str.contains("[^\\x00-\\x7f]"))
            if len(odd):
                yield VALUE_CHARACTERS.found(
                    form=str(path), dataset=dataset.name, variable=text.name, value=odd[0], count=len(odd)
                )


def validate_folder(datasets: Mapping[PurePosixPath, SasDataset]) -> Iterator[Issue]:
    """Validate the datasets of one folder by what SDTM says of each and of all of them.

    Args:
        datasets: by the path of their file.
    """
    names = {dataset.name for dataset in datasets.values()}
    longest: dict[str, int] = {}
    for dataset in datasets.values():
        for text in dataset.frame.select(pl.col(pl.String).str.len_bytes().max().fill_null(1)):
            longest[text.name] = max(longest.get(text.name, 1), text.item())
    for path, dataset in datasets.items():
        for column in dataset.columns:
            if column.kind == "char" and column.width > longest[column.name]:
                yield WIDTH.found(
                    form=str(path),
                    dataset=dataset.name,
                    variable=column.name,
                    value=f"{column.width}, count=not {longest[column.name]}",
                )
        yield from _of_domain(path, dataset, names)


def _of_domain(path: PurePosixPath, dataset: SasDataset, names: set[str]) -> Iterator[Issue]:
    frame = dataset.frame
    if "DOMAIN" not in frame.columns:
        return
    domains = frame["DOMAIN"].unique().sort().to_list()
    # SDTMIG 3.4, section 4.1.7: a part has a name of up to four characters that begins with its domain
    if domains != [dataset.name] and (domains != [dataset.name[:2]] or not 3 <= len(dataset.name) <= 4):
        yield DOMAIN.found(form=str(path), dataset=dataset.name, variable="DOMAIN", value=str(domains[0]))
    elif domains != [dataset.name] and domains[0] in names:
        yield SPLIT.found(form=str(path), dataset=dataset.name, value=f"{domains[0]} {dataset.name}")
    sequence = f"{domains[0]}SEQ"
    if {"USUBJID", sequence} <= set(frame.columns) and (
        twice := frame.select("USUBJID", sequence).is_duplicated()
    ).any():
        subject = frame.filter(twice)["USUBJID"][0]
        yield SEQUENCE.found(
            form=str(path),
            dataset=dataset.name,
            variable=sequence,
            value=f"{subject} {frame.filter(twice)[sequence][0]:g}",
        )
