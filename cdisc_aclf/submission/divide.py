"""A dataset that is too large for the authority, in parts."""

from collections.abc import Mapping, Sequence

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.profile import Profile
from cdisc_aclf.model.run import SubmittedDataset
from cdisc_aclf.model.spec import PartSpec


def divided(
    datasets: Mapping[str, SubmittedDataset], parts: Sequence[PartSpec], profile: Profile | None
) -> dict[str, SubmittedDataset]:
    """Put the parts of each dataset that is too large in its place; its SUPP-- is divided alike.

    DOMAIN and RDOMAIN stay, sequence numbers too, and the whole does not stand beside its parts (SDTMIG 3.4, section
    4.1.7; FDA SD1095). A dataset that is too large and has no parts stays whole, for `publish` to refuse.

    Args:
        datasets: as they are to be submitted.
        parts: of the datasets that may be divided.
        profile: of the authority; None where no limit was chosen.

    Raises:
        DefinitionError: a record is in no part.
    """
    result: dict[str, SubmittedDataset] = {}
    of = {part.dataset for part in parts}
    large = {name for name, data in datasets.items() if name in of and profile and profile.size_problem(size_of(data))}
    for name, dataset in datasets.items():
        whole = name.removeprefix("SUPP")
        if whole not in large:
            result[name] = dataset
            continue
        chosen = [part for part in parts if part.dataset == whole]
        records = _of_parts(datasets[whole], chosen)
        for part, (sequence, frame) in zip(chosen, records, strict=True):
            records_of_part = frame if name == whole else _of_parent(dataset.frame, sequence, frame)
            if records_of_part.height:
                spec = dataset.spec.part(part)
                result[spec.name] = SubmittedDataset(spec, records_of_part)
    return result


def size_of(dataset: SubmittedDataset) -> int:
    """Bytes of the records in a transport file.

    Examples:
        >>> from cdisc_aclf.model.spec import DatasetSpec
        >>> spec = DatasetSpec(
        ...     name="LB",
        ...     label="",
        ...     observation_class="",
        ...     structure="",
        ...     key=(),
        ...     variables=(),
        ...     file="specs/sdtm/lb.csv",
        ... )
        >>> size_of(SubmittedDataset(spec, pl.DataFrame({"LBTESTCD": ["ALT", "ALBUMIN"], "LBSEQ": [1, 2]})))
        30
    """
    return dataset.frame.height * sum(widths_of(dataset).values())


def widths_of(dataset: SubmittedDataset) -> dict[str, int]:
    """Bytes that each variable takes in a transport file: those of its longest text, 8 for a number.

    Examples:
        >>> from cdisc_aclf.model.spec import DatasetSpec
        >>> spec = DatasetSpec(
        ...     name="LB",
        ...     label="",
        ...     observation_class="",
        ...     structure="",
        ...     key=(),
        ...     variables=(),
        ...     file="specs/sdtm/lb.csv",
        ... )
        >>> widths_of(SubmittedDataset(spec, pl.DataFrame({"LBTESTCD": ["ALT", "ALBUMIN"], "LBSEQ": [1, 2]})))
        {'LBTESTCD': 7, 'LBSEQ': 8}
    """
    schema = dataset.frame.schema
    return dataset.frame.select(
        (pl.col(name).str.len_bytes().max().fill_null(1) if dtype == pl.String else pl.lit(8)).alias(name)
        for name, dtype in schema.items()
    ).row(0, named=True)


def _of_parts(dataset: SubmittedDataset, parts: Sequence[PartSpec]) -> list[tuple[str, pl.DataFrame]]:
    """The records of each part, with the name of the variable that numbers them."""
    picked = pl.col(parts[0].variable)
    known = [value for part in parts for value in part.values]
    odd = dataset.frame.filter(~picked.is_in(known) | picked.is_null())[parts[0].variable].unique().sort()
    if len(odd):
        raise DefinitionError(
            "specs/sdtm/parts.csv", f"{dataset.spec.name}: no part holds {parts[0].variable} {odd[0]!r}"
        )
    return [(f"{dataset.spec.name}SEQ", dataset.frame.filter(picked.is_in(part.values))) for part in parts]


def _of_parent(supplement: pl.DataFrame, sequence: str, parent: pl.DataFrame) -> pl.DataFrame:
    number = parent.select("USUBJID", IDVARVAL=pl.col(sequence).cast(pl.String)).unique()
    return supplement.join(number, on=["USUBJID", "IDVARVAL"], how="semi", maintain_order="left")
