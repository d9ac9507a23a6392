"""Datasets, their variables, and the values that value-level metadata speaks of."""

from collections.abc import Iterator, Mapping

import polars as pl

from cdisc_aclf.define.describe.codelists import CodeLists
from cdisc_aclf.define.describe.value_type import ValueType, type_of, type_within
from cdisc_aclf.define.model.document import (
    CommentDef,
    Condition,
    DatasetDef,
    ItemRef,
    Origin,
    ValueList,
    VariableDef,
    WhereClause,
)
from cdisc_aclf.model.document import Document
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.language import Language
from cdisc_aclf.model.oid import dataset_oid, variable_oid
from cdisc_aclf.model.spec import SDTM, DatasetSpec, ValueSpec, VariableSpec

_EMPTY = "No record of this study has a value."


class Describer:
    """Describes dataset after dataset and gathers what they share: where clauses, comments, value lists."""

    def __init__(self, codelists: CodeLists, *, dictionaries: Mapping[str, tuple[str, str]], say: Language) -> None:
        """Start without any dataset.

        Args:
            codelists: gathers the codelists.
            dictionaries: name and version of the external dictionary by variable.
            say: the language of the package.
        """
        self.value_lists: list[ValueList] = []
        self.where_clauses: dict[str, WhereClause] = {}
        self.variables: list[VariableDef] = []
        self.comments: list[CommentDef] = []
        self._codelists = codelists
        self._dictionaries = dictionaries
        self._say = say

    def dataset(self, spec: DatasetSpec, frame: Frame, *, purpose: str, standard: str) -> DatasetDef:
        """Describe one dataset.

        Args:
            spec: its facts.
            frame: its records, as they are written.
            purpose: Tabulation or Analysis.
            standard: OID of the implementation guide.
        """
        variables = [variable for variable in spec.variables if variable.name in frame.columns]
        is_reference = "USUBJID" not in spec.names
        file = f"{spec.name.lower()}.xpt"
        return DatasetDef(
            oid=dataset_oid(spec.name),
            name=spec.name,
            domain=spec.whole.removeprefix("SUPP") if spec.standard == SDTM else "",
            label=spec.label,
            label_zh=spec.label_zh,
            observation_class=spec.observation_class.upper().replace("-", " "),
            structure=self._say(spec.structure),
            purpose=purpose,
            repeating=not is_reference and spec.key != ("USUBJID",),
            is_reference=is_reference,
            items=tuple(
                self._item(spec, variable, frame, order=order) for order, variable in enumerate(variables, start=1)
            ),
            standard=standard,
            file=Document(f"LF.{spec.name}", file, file),
        )

    def _item(self, spec: DatasetSpec, variable: VariableSpec, frame: Frame, *, order: int) -> ItemRef:
        oid, values = variable_oid(spec.name, variable.name), frame[variable.name]
        is_empty = values.null_count() == len(values)
        value_type = type_of(values, variable.data_type)
        self.variables.append(
            VariableDef(
                oid=oid,
                name=variable.name,
                label=variable.label,
                data_type=value_type.data_type,
                length=value_type.length,
                digits=value_type.digits,
                format=variable.format,
                codelist=self._codelist(spec, variable, values, value_type),
                origins=(_origin(variable),),
                value_list=self._value_list(spec, variable, frame),
                comment=self._comment(oid, variable.comment or (_EMPTY if is_empty else "")),
                label_zh=variable.label_zh,
            )
        )
        return ItemRef(
            item=oid,
            order=order,
            mandatory=variable.is_filled,
            key=spec.key.index(variable.name) + 1 if variable.name in spec.key else None,
            method=_method(variable.method),
            role=variable.role,
            has_no_data=is_empty,
        )

    def _value_list(self, spec: DatasetSpec, variable: VariableSpec, frame: Frame) -> str:
        """The OID of the value list; empty where no value has a description of its own."""
        parts = list(_parts(spec, variable, frame))
        items = []
        for order, (value, records) in enumerate(parts, start=1):
            oid = f"{variable_oid(spec.name, variable.name)}.{value.equals}"
            facts = value if value.origin else variable
            value_type = (
                ValueType("text", type_of(records[variable.name], "text").length)
                if value.codelists
                else (type_within(records[variable.name], variable.data_type))
            )
            label, label_zh = self._labels(records, variable, value)
            self.variables.append(
                VariableDef(
                    oid=oid,
                    name=variable.name,
                    label=label,
                    data_type=value_type.data_type,
                    length=value_type.length,
                    digits=value_type.digits,
                    codelist=self._codelist_of_value(spec, variable, value, records[variable.name]),
                    origins=(_origin(facts),),
                    comment=self._comment(oid, value.comment),
                    label_zh=label_zh,
                )
            )
            items.append(
                ItemRef(
                    item=oid,
                    order=order,
                    method=_method(facts.method),
                    where=(self._where(spec.name, value),),
                )
            )
        if not items:
            return ""
        oid = f"VL.{spec.name}.{variable.name}"
        self.value_lists.append(ValueList(oid, tuple(items)))
        return oid

    def _where(self, dataset: str, value: ValueSpec) -> str:
        oid = f"WC.{dataset}.{value.where}.{value.equals}"
        condition = Condition(variable_oid(dataset, value.where), "EQ", (value.equals,))
        self.where_clauses[oid] = WhereClause(oid, (condition,))
        return oid

    def _codelist(self, spec: DatasetSpec, variable: VariableSpec, values: pl.Series, value_type: ValueType) -> str:
        """One codelist; where there are several, the value list says which one holds when."""
        if variable.name in self._dictionaries:
            return self._codelists.refer_to_dictionary(*self._dictionaries[variable.name], value_type.data_type)
        if len(variable.codelists) != 1:
            return ""
        only = values.drop_nulls().unique().to_list() if variable.role == "Identifier" else None
        where = f"{spec.name}.{variable.name}"
        return self._codelists.refer(variable.codelists[0], value_type.data_type, only=only, where=where)

    def _codelist_of_value(self, spec: DatasetSpec, variable: VariableSpec, value: ValueSpec, values: pl.Series) -> str:
        if value.codelists:
            return self._codelists.refer(value.codelists[0], "text")
        if len(variable.codelists) != 1:
            return ""
        where = f"{spec.name}.{variable.name}.{value.equals}"
        only = values.drop_nulls().unique().to_list()
        return self._codelists.refer(variable.codelists[0], "text", only=only, where=where)

    def _comment(self, oid: str, text: str) -> str:
        if not text:
            return ""
        comment = CommentDef(f"COM.{oid.removeprefix('IT.')}", text, text_zh=self._say.beside(text))
        self.comments.append(comment)
        return comment.oid

    def _labels(self, records: Frame, variable: VariableSpec, value: ValueSpec) -> tuple[str, str]:
        """In English and, where the package is written in Chinese, in Chinese; names of tests in data stay English."""
        name = _name_of(records, value.where)
        if not name:
            return variable.label, variable.label_zh
        if value.label:  # of a qualifier, which the data name in the language of the package
            return (value.label, name) if variable.label_zh else (name, "")
        return name, self._say.beside(name)


def _parts(spec: DatasetSpec, variable: VariableSpec, frame: Frame) -> Iterator[tuple[ValueSpec, Frame]]:
    """Each value with the records that it is about; values that no record has are left out."""
    rows = [value for value in spec.values if value.variable == variable.name]
    named = {(value.where, value.equals): value for value in rows if value.equals}
    for where in dict.fromkeys(value.where for value in rows):
        others = any(value.where == where and not value.equals for value in rows)
        for equals in frame[where].drop_nulls().unique().sort():
            value = named.get(
                (where, equals),
                ValueSpec(variable=variable.name, where=where, equals=equals, codelists=()) if others else None,
            )
            records = frame.filter((pl.col(where) == equals) & pl.col(variable.name).is_not_null())
            if value is not None and records.height:
                yield value, records


def _name_of(records: Frame, where: str) -> str:
    """What a person calls the records: name of the test, parameter or qualifier."""
    name = "QLABEL" if where == "QNAM" else where.removesuffix("CD")
    return str(records[name][0] or "") if name in records.columns and name != where else ""


def _method(name: str) -> str:
    return f"MT.{name}" if name else ""


def _origin(facts: VariableSpec | ValueSpec) -> Origin:
    return Origin(facts.origin, facts.source, facts.predecessor if isinstance(facts, VariableSpec) else "")
