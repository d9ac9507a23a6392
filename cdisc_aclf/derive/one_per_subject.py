"""Records of a form that a subject has once, where the export has it more often."""

import polars as pl

from cdisc_aclf.model.frame import RAW_RECORD, Frame


def one_per_subject(form: Frame) -> Frame:
    """The first record of each subject, in the order of the export, with the trace of all of them.

    A form with the key `subject` is about something that happens once: randomisation, death. That it was entered
    twice is one issue (RAW-KEY, which names the records); a subject must not become two in every dataset by it.

    Args:
        form: a raw form with its trace column.

    Returns:
        One row per subject, the columns of the form; records without a subject are one row.

    Examples:
        >>> rows = [("01", "A", "r:2"), ("02", "B", "r:3"), ("01", "C", "r:4")]
        >>> form = pl.DataFrame(rows, schema=["subject", "arm", "raw_record"], orient="row")
        >>> one_per_subject(form).rows()
        [('01', 'A', 'r:2 r:4'), ('02', 'B', 'r:3')]
    """
    first, trace = pl.all().exclude("subject", RAW_RECORD).first(), pl.col(RAW_RECORD).str.join(" ")
    return form.group_by("subject", maintain_order=True).agg(first, trace).select(form.columns)
