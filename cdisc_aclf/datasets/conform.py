"""What a mapping returned, as the spec wants it: types, order, SUPP--."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.frame import RAW_RECORD, Frame
from cdisc_aclf.model.spec import DatasetSpec, Qualifier
from cdisc_aclf.model.text import LIMIT, join_text, split_text

ROW, PIECE, TEXT = "_row", "_piece", "QVAL"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A conformed dataset: every variable of its spec plus the trace column, and its supplement (may be empty)."""

    spec: DatasetSpec
    frame: Frame
    supplement: Frame

    def submitted(self) -> Frame:
        """The frame to write: sorted by its key, without trace column and permissible variables without any value.

        Nulls come first, as SAS sorts missing values. What is permissible and empty is left out (SDTMIG 3.4, 4.1.1).

        A study day stays beside its date, even if nobody collected one (CDISC CORE-000321).
        """
        kept = {
            variable.name
            for variable in self.spec.variables
            if variable.core != "Perm" or self.frame[variable.name].null_count() < self.frame.height
        }
        days = {name for name in self.spec.names if name.endswith("DY") and f"{name.removesuffix('DY')}DTC" in kept}
        ordered = self.frame.sort(self.spec.key, maintain_order=True)
        return ordered.select(name for name in self.spec.names if name in kept | days)


def conform(frame: Frame, spec: DatasetSpec, qualifiers: Sequence[Qualifier], *, mapping: str) -> Dataset:
    """Bring a mapped frame into the order and types of its spec; move qualifiers and long text to SUPP--.

    Text over 200 bytes keeps its first part in the variable; the rest goes on in SUPP-- (SDTMIG 3.4 section 4.5.3).

    Args:
        frame: what the mapping returned, with the trace column.
        spec: the dataset's spec.
        qualifiers: its supplemental qualifiers, columns of `frame`.
        mapping: file of the mapping, for the message.

    Raises:
        DefinitionError: a variable without a row in the spec, or a row without a variable.
    """
    typed = _typed(frame, spec, [qualifier.qnam for qualifier in qualifiers], mapping=mapping)
    parts = [
        _supplement(typed, spec, qualifier, _pieces(typed, qualifier.qnam).filter(pl.col(TEXT) != ""))
        for qualifier in qualifiers
    ]
    main = typed.select(*spec.names, RAW_RECORD)
    for variable in spec.variables:
        if variable.is_text and variable.length >= LIMIT:
            pieces = _pieces(typed, variable.name)
            main = main.with_columns(pieces.filter(pl.col(PIECE) == 0)[TEXT].alias(variable.name))
            rest = pieces.filter(pl.col(PIECE) > 0)
            if rest.height:
                goes_on = Qualifier(
                    dataset=spec.name,
                    qnam=variable.name,
                    label=variable.submitted_label,
                    origin=variable.origin,
                    evaluator="",
                )
                parts.append(_supplement(typed, spec, goes_on, rest))
    supplement = pl.concat(parts).sort(ROW, "QNAM").drop(ROW) if parts else pl.DataFrame()
    return Dataset(spec, main, supplement)


def conform_analysis(frame: Frame, spec: DatasetSpec, *, mapping: str) -> Dataset:
    """Bring an ADaM frame into the order and types of its spec; there is no SUPP-- to take long text.

    Args:
        frame: what the mapping returned, with the trace column.
        spec: the dataset's spec.
        mapping: file of the mapping, for the message.

    Raises:
        DefinitionError: as in `conform`.
    """
    return Dataset(spec, _typed(frame, spec, (), mapping=mapping).select(*spec.names, RAW_RECORD), pl.DataFrame())


def _typed(frame: Frame, spec: DatasetSpec, qualifiers: Sequence[str], *, mapping: str) -> Frame:
    expected = {*spec.names, *qualifiers, RAW_RECORD}
    if missing := sorted(expected - set(frame.columns)):
        raise DefinitionError(mapping, f"gives no {', '.join(missing)}, which {spec.file} or supplemental.csv lists")
    if surplus := sorted(set(frame.columns) - expected):
        raise DefinitionError(spec.file, f"no row for {', '.join(surplus)}, which {mapping} gives")
    return frame.with_columns(
        _kept(variable.name) if variable.is_text else pl.col(variable.name).cast(variable.dtype)
        for variable in spec.variables
    ).with_columns(map(_kept, qualifiers))


def _kept(column: str) -> pl.Expr:
    """Text as a transport file can keep it: without blanks at its end, of which the raw form has its Issue."""
    return pl.col(column).cast(pl.String).str.strip_chars_end(" ").replace("", None)


def rejoin(dataset: Dataset, qualifiers: Sequence[Qualifier]) -> Frame:
    """Undo `conform`: a column per qualifier again, and long text in one piece.

    Args:
        dataset: a conformed dataset.
        qualifiers: its supplemental qualifiers.

    Returns:
        The dataset with its trace column and a column of text per qualifier.
    """
    spec, frame = dataset.spec, dataset.frame.with_row_index(ROW)
    texts = [variable.name for variable in spec.variables if variable.is_text]
    names = [*texts, *(qualifier.qnam for qualifier in qualifiers)]
    parts: dict[str, dict[int, dict[int, str]]] = {name: {} for name in names}
    for name in texts:
        parts[name] = {row: {0: text} for row, text in enumerate(frame[name]) if text is not None}
    if dataset.supplement.height:
        idvar = _idvar(spec)
        value = _as_text(idvar, frame) if idvar else pl.lit(None, pl.String)
        of_records = dataset.supplement.join(
            frame.select(ROW, "USUBJID", IDVARVAL=value), on=["USUBJID", "IDVARVAL"], nulls_equal=True
        )
        piece_of = {_qnam(name, number): (name, number) for number in range(100) for name in names}
        for row, qnam, text in of_records.select(ROW, "QNAM", TEXT).rows():
            name, number = piece_of[qnam]
            parts[name].setdefault(row, {})[number] = text
    return frame.drop(ROW).with_columns(
        pl.Series(
            name,
            [
                join_text([text for _, text in sorted(of_name[row].items())]) if row in of_name else None
                for row in range(frame.height)
            ],
            pl.String,
        )
        for name, of_name in parts.items()
    )


def continued(qnam: str, names: Iterable[str]) -> str | None:
    """The variable or qualifier whose long text goes on under a QNAM; None where it is none of these.

    Examples:
        >>> continued("AETERM1", ["AEDESC", "AETERM"])
        'AETERM'
    """
    return next((name for name in names for number in range(1, 100) if _qnam(name, number) == qnam), None)


def _qnam(variable: str, number: int) -> str:
    """The variable itself, then the variable with a number, in 8 characters."""
    return f"{variable[: 8 - len(str(number))]}{number}" if number else variable


def _pieces(frame: Frame, column: str) -> Frame:
    """Row number, number of the piece and its text; one piece per row except for long text."""
    values = frame.select(pl.col(column).cast(pl.String).alias(TEXT)).with_row_index(ROW)
    is_long = pl.col(TEXT).str.len_bytes().fill_null(0) > LIMIT
    short = values.filter(~is_long).select(ROW, pl.lit(0, pl.Int64).alias(PIECE), TEXT)
    split = [
        (row, piece, part) for row, text in values.filter(is_long).rows() for piece, part in enumerate(split_text(text))
    ]
    return pl.concat([short, pl.DataFrame(split, schema=short.schema, orient="row")]).sort(ROW, PIECE)


def _supplement(typed: Frame, spec: DatasetSpec, qualifier: Qualifier, pieces: Frame) -> Frame:
    """SUPP-- rows of the given pieces, QNAM as `_qnam` says.

    The rest of a standard variable keeps its label (SDTMIG 3.4 section 4.5.3.2); that of a qualifier is numbered, as
    QNAM and QLABEL have to belong together one to one (CDISC CORE-000302).
    """
    idvar = _idvar(spec)
    number = pl.col(PIECE).cast(pl.String)
    numbers = pieces[PIECE].unique().to_list()
    names = [_qnam(qualifier.qnam, number) for number in numbers]
    is_rest, is_qualifier = pl.col(PIECE) > 0, qualifier.qnam not in spec.names
    return (
        pieces.join(typed.with_row_index(ROW), on=ROW, how="left", maintain_order="left", suffix="_parent")
        .select(
            ROW,
            "STUDYID",
            pl.lit(spec.name).alias("RDOMAIN"),
            "USUBJID",
            pl.lit(idvar, pl.String).alias("IDVAR"),
            (_as_text(idvar, typed) if idvar else pl.lit(None, pl.String)).alias("IDVARVAL"),
            pl.col(PIECE).replace_strict(numbers, names).cast(pl.String).alias("QNAM"),
            pl.when(is_rest & is_qualifier)
            .then(pl.lit(f"{qualifier.submitted_label} ") + number)
            .otherwise(pl.lit(qualifier.submitted_label))
            .alias("QLABEL"),
            TEXT,
            pl.lit(qualifier.origin).alias("QORIG"),
            pl.lit(qualifier.evaluator or None, pl.String).alias("QEVAL"),
            RAW_RECORD,
        )
    )  # fmt: skip


def _as_text(variable: str, frame: Frame) -> pl.Expr:
    """The value as a reviewer writes it: visit 3 is `3`, not `3.0`."""
    text = pl.col(variable).cast(pl.String)
    return text.str.strip_suffix(".0") if frame.schema[variable].is_float() else text


def _idvar(spec: DatasetSpec) -> str | None:
    """--SEQ where there is one, nothing for one record per subject, else the last key variable."""
    sequence = f"{spec.name}SEQ"
    if sequence in spec.names:
        return sequence
    return None if spec.key == ("USUBJID",) else spec.key[-1]
