"""What of the trial's design is not known, and what only a person can add."""

import polars as pl

from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial

NOT_KNOWN = ["NI", "UNK"]  # the null flavors that say nothing about the value


def human_fact_missing(ts: Frame, study: Study, ref_human_facts: Frame) -> Frame:
    """Facts that the trial design datasets have a place for, and nobody gave."""
    is_coded = pl.col("TSVAL").is_not_null() & pl.col("TSVALCD").is_null()
    places = pl.concat(
        [
            ts.filter(pl.col("TSVALNF").is_in(NOT_KNOWN)).select(variable=pl.lit("TSVAL"), topic="TSPARMCD"),
            ts.filter(is_coded).select(variable=pl.lit("TSVALCD"), topic="TSPARMCD"),
            ref_human_facts.filter(pl.col("variable").is_in(["TIVERS", "TVSTRL"])).select("variable", "topic"),
        ]
    )
    return _described(
        ref_human_facts.join(places, on=["variable", "topic"], how="semi", maintain_order="left").join(
            _given(study), on=["variable", "topic"], how="anti", maintain_order="left"
        )
    )


def human_fact_unknown(study: Study, ref_human_facts: Frame) -> Frame:
    """Facts in `study.toml` that no dataset has a place for."""
    unknown = _given(study).join(ref_human_facts, on=["variable", "topic"], how="anti", maintain_order="left")
    return _described(unknown.with_columns(what=pl.lit("not in human_facts.csv")))


def arm_without_path(trial: Trial, ta: Frame) -> Frame:
    """Groups of the record that no arm of TA stands for; one row if the record lists no group."""
    labels = [group.label for group in trial.arms] or ["the record lists no arm"]
    return pl.DataFrame({"arm": labels}).join(ta, left_on="arm", right_on="ARM", how="anti", maintain_order="left")


def arm_not_in_record(trial: Trial, ta: Frame) -> Frame:
    """Arms of TA that the record does not list under this name."""
    return ta.filter(~pl.col("ARM").is_in([group.label for group in trial.arms])).unique("ARM", maintain_order=True)


def study_day_without_visit(trial: Trial, tv: Frame) -> Frame:
    """Study days on which the record plans an outcome, without a planned visit."""
    days = pl.DataFrame({"study_day": trial.study_days}, schema={"study_day": pl.Int64})
    return days.join(tv, left_on="study_day", right_on="VISITDY", how="anti", maintain_order="left")


def criterion_shortened(trial: Trial, ti: Frame) -> Frame:
    """Criteria whose text does not fit into IETEST."""
    texts = [" ".join(criterion.text.split()) for criterion in trial.eligibility.criteria]
    return ti.filter(pl.col("IETEST") != pl.Series(texts, dtype=pl.String))


def _given(study: Study) -> Frame:
    pairs = [(variable, topic) for variable, topics in study.facts.items() for topic in topics]
    return pl.DataFrame(pairs, schema={"variable": pl.String, "topic": pl.String}, orient="row")


def _described(facts: Frame) -> Frame:
    return facts.select(fact=pl.format("[facts.{}] {}: {}", "variable", "topic", "what"))
