"""Reference tables that hold the rows of several options."""

import polars as pl

from cdisc_aclf.model.study import Study


def of_option(study: Study, decision: str) -> pl.Expr:
    """Rows of a reference table that hold by the option of a decision: those that name it, and those that name none.

    Args:
        study: the study that decided.
        decision: a decision of `study.toml` that has options; the table has a column `option`.

    Raises:
        DefinitionError: the decision has no options.

    Examples:
        >>> from pathlib import Path
        >>> from cdisc_aclf.model.study import Decision
        >>> landmark = Decision(
        ...     choice="day 28",
        ...     why="the visit is on it",
        ...     rejected="day 29",
        ...     option="study_day",
        ...     options=("study_day", "days_after"),
        ... )
        >>> study = Study(
        ...     id="X",
        ...     country="CHN",
        ...     time_zone="+08:00",
        ...     real_environment="PROD",
        ...     record="",
        ...     fhir_base="",
        ...     standards={},
        ...     decisions={"landmark": landmark},
        ...     folder=Path(),
        ... )
        >>> table = pl.DataFrame({"option": ["study_day", "days_after", None], "day": ["28", "29", "1"]})
        >>> table.filter(of_option(study, "landmark"))["day"].to_list()
        ['28', '1']
    """
    return pl.col("option").is_null() | (pl.col("option") == study.option(decision))
