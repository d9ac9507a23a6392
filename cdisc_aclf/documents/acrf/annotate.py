"""The annotated case report form: which field of which form is which variable of SDTM."""

from collections.abc import Mapping, Sequence

import polars as pl

from cdisc_aclf.documents.acrf.model import AnnotatedForm, Annotation, Field
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.spec import ColumnSpec, FormSpec, StandardSpec
from cdisc_aclf.model.terminology import Terminology

EVERY, SUPPLEMENT, NOT_SUBMITTED = "*", "SUPP", "[NOT SUBMITTED]"


def annotated(
    form: FormSpec,
    standard: StandardSpec,
    ct: Terminology,
    references: Mapping[str, Frame],
    visits: Mapping[str, str],
    say: Language,
) -> AnnotatedForm:
    """Annotate one form by the rules of CDISC's Metadata Submission Guidelines 2.0, section 3.

    A field names the variables that hold its answer as collected and the topic that it decides; where a dataset has
    none, those that are assigned from it; derived variables are not annotated. A field that is one test of many names
    the test (`when`); a field that nobody submits says so. Which column is which test is what a reference table of the
    dataset says that has the columns `column` and `testcd`.

    Args:
        form: the spec of the form.
        standard: SDTM.
        ct: knows the answers of a list.
        references: tables of `specs/reference/`.
        visits: name of each planned visit by number.
        say: the language of the package.
    """
    fields = tuple(_field(column, form, standard, ct, references, say) for column in form.columns)
    named = dict.fromkeys(note.dataset for field in fields for note in field.annotations if note.dataset)
    label, other_label = _labels(form, say)
    return AnnotatedForm(
        label=label,
        other_label=other_label,
        visits=tuple(visits[number] for number in form.visits),
        datasets=tuple((name, _label(name, standard)) for name in named),
        fields=fields,
    )


def _labels(asked: FormSpec | ColumnSpec, say: Language) -> tuple[str, str]:
    return (asked.label_zh, asked.label) if say.is_chinese else (asked.label, asked.label_zh)


def _label(name: str, standard: StandardSpec) -> str:
    spec = standard.datasets.get(name) or standard.supplement_of(name.removeprefix(SUPPLEMENT))
    return spec.submitted_label


def _field(
    column: ColumnSpec,
    form: FormSpec,
    standard: StandardSpec,
    ct: Terminology,
    references: Mapping[str, Frame],
    say: Language,
) -> Field:
    if column.ignored:
        notes: tuple[Annotation, ...] = (Annotation("", f"{NOT_SUBMITTED} {say(column.ignored)}"),)
    else:
        by_dataset: dict[str, list[str]] = {}
        for target in column.targets:
            dataset, _, variable = target.partition(".")
            by_dataset.setdefault(dataset, []).append(variable)
        notes = tuple(
            note
            for dataset, variables in by_dataset.items()
            if (note := _annotation(dataset, variables, _test(dataset, column, form, references), standard))
        )
        notes = notes or (Annotation("", f"[DERIVES] {' '.join(column.targets)}"),)
    return Field(*_labels(column, say), _answers(column, ct), notes)


def _annotation(dataset: str, variables: Sequence[str], test: str, standard: StandardSpec) -> Annotation | None:
    if dataset == EVERY:
        return Annotation("", ", ".join(variables), tuple(variables))
    if dataset.startswith(SUPPLEMENT):
        [qnam] = variables
        return Annotation(dataset, f"QVAL in {dataset} when QNAM = {qnam}", (qnam,))
    specs = {variable.name: variable for variable in standard.datasets[dataset].variables}
    collected = [name for name in variables if specs[name].origin == "Collected" or specs[name].role == "Topic"]
    for named in (collected, [name for name in variables if specs[name].origin == "Assigned"]):
        if named:
            when = f" when {dataset}TESTCD = {test}" if test else ""
            return Annotation(dataset, f"{', '.join(named)}{when}", tuple(named))
    return None


def _test(dataset: str, column: ColumnSpec, form: FormSpec, references: Mapping[str, Frame]) -> str:
    for name, table in references.items():
        if name.startswith(f"{dataset.lower()}_") and {"column", "testcd"} <= set(table.columns):
            rows = table.filter(pl.col("column") == column.name)
            if "form" in table.columns:
                rows = rows.filter(pl.col("form") == form.name)
            if tests := rows["testcd"].drop_nulls().to_list():
                return str(tests[0])
    return ""


def _answers(column: ColumnSpec, ct: Terminology) -> tuple[str, ...]:
    return tuple(ct.collected.get(column.codelist, ())) if column.kind == "choice" else ()
