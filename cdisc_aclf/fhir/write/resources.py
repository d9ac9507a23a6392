"""FHIR JSON: resources as text with every digit that they were given, and the bundle around them.

A resource comes as nested dicts or as one row of a frame whose columns are its elements. The frame is rendered
column by column: polars joins the texts of the elements level by level, and what is null leaves no trace.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring

import polars as pl

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.fhir.model.spec import FORMS, UNQUOTED, ElementSpec, ResourceSpec
from cdisc_aclf.model.frame import RAW_RECORD, Frame

Entry = tuple[str, str]
"""A resource as `Type/id`, and its JSON."""

Step = str | int

_CHUNK = 50_000  # resources rendered at a time, about 70 MB of text
_TEST_DATA = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}


def resource_entries(resources: Iterable[Mapping[str, object]], *, synthetic: str | None = None) -> Iterator[Entry]:
    """Render resources that are nested dicts, keys in their order.

    Args:
        resources: numbers are int or Decimal.
        synthetic: what to say of data that are not real; every resource is then labelled as test data (HTEST).

    Raises:
        DefinitionError: a value is of a type that JSON, or an exact number, cannot hold.

    Examples:
        >>> from decimal import Decimal
        >>> resource = {"resourceType": "Location", "id": "s1", "position": {"latitude": Decimal("23.10")}}
        >>> list(resource_entries([resource]))
        [('Location/s1', '{"resourceType":"Location","id":"s1","position":{"latitude":23.10}}')]
    """
    for resource in resources:
        head = {name: resource[name] for name in ("resourceType", "id")}
        yield f"{resource['resourceType']}/{resource['id']}", exact_json(head | _meta(synthetic) | dict(resource))


def frame_entries(frame: Frame, spec: ResourceSpec, *, synthetic: str | None = None) -> Iterator[Entry]:
    """Render a frame of elements, one resource per row, elements in the order of the spec.

    A number that JSON cannot write bare is quoted: the text stays JSON, and the validator reports the value.

    Args:
        frame: one text column per element that varies; null where the element is absent.
        spec: the elements, fixed ones included.
        synthetic: as in `resource_entries`.

    Raises:
        DefinitionError: an element of the spec has no column, a column is no element, or a column is not text.

    Examples:
        >>> elements = (
        ...     ElementSpec(path="id", type="id", required=True, value_set="", targets=(), fixed="", present_with=""),
        ...     ElementSpec(
        ...         path="q.value",
        ...         type="decimal",
        ...         required=False,
        ...         value_set="",
        ...         targets=(),
        ...         fixed="",
        ...         present_with="",
        ...     ),
        ...     ElementSpec(
        ...         path="q.system",
        ...         type="uri",
        ...         required=False,
        ...         value_set="",
        ...         targets=(),
        ...         fixed="urn:u",
        ...         present_with="q.value",
        ...     ),
        ... )
        >>> spec = ResourceSpec(
        ...     name="observation",
        ...     type="Observation",
        ...     is_about_subjects=True,
        ...     elements=elements,
        ...     file="observation.csv",
        ... )
        >>> frame = pl.DataFrame({"id": ["a", "b"], "q.value": ["1.50", None]})
        >>> for _, text in frame_entries(frame, spec):
        ...     print(text)
        {"resourceType":"Observation","id":"a","q":{"value":1.50,"system":"urn:u"}}
        {"resourceType":"Observation","id":"b"}
    """
    _check_columns(frame, spec)
    identifier, *others = spec.elements
    elements: list[tuple[Sequence[Step], pl.Expr]] = [
        (("resourceType",), pl.lit(exact_json(spec.type))),
        (_steps(identifier.path), _element(identifier)),
        *(((name,), pl.lit(exact_json(value))) for name, value in _meta(synthetic).items()),
        *((_steps(element.path), _element(element)) for element in others),
    ]
    entry = {"reference": pl.format("{}/{}", pl.lit(spec.type), identifier.path), "text": _joined(elements)}
    for chunk in frame.iter_slices(_CHUNK):
        yield from chunk.select(**entry).iter_rows()


def bundle(entries: Iterable[Entry], *, base: str, synthetic: str | None = None) -> Iterator[bytes]:
    """Render a Bundle of type collection, one resource to a line, in pieces of one entry.

    Args:
        entries: as the two functions above give them.
        base: URL that makes a relative reference absolute (FHIR R5, Bundle, resolving references).
        synthetic: as in `resource_entries`.

    Examples:
        >>> print(b"".join(bundle([("Patient/1", '{"resourceType":"Patient","id":"1"}')], base="https://x.org")).decode())
        {"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"https://x.org/Patient/1","resource":{"resourceType":"Patient","id":"1"}}
        ]}
        <BLANKLINE>
    """
    rows = (f'{{"fullUrl":{exact_json(f"{base}/{reference}")},"resource":{text}}}' for reference, text in entries)
    return framed("collection", rows, synthetic=synthetic)


def framed(kind: str, rows: Iterable[str], *, synthetic: str | None = None) -> Iterator[bytes]:
    """Render a Bundle around the JSON of its entries, one to a line.

    Args:
        kind: `Bundle.type`.
        rows: the JSON of each entry.
        synthetic: as in `resource_entries`.
    """
    head = exact_json({"resourceType": "Bundle"} | _meta(synthetic) | {"type": kind})
    before = f'{head[:-1]},"entry":[\n'
    for row in rows:
        yield f"{before}{row}".encode()
        before = ",\n"
    yield b"\n]}\n" if before == ",\n" else f"{head}\n".encode()


def _meta(synthetic: str | None) -> dict[str, object]:
    return {} if synthetic is None else {"meta": {"security": [_TEST_DATA], "tag": [{"display": synthetic}]}}


def exact_json(value: object) -> str:
    """Render nested dicts and lists as JSON, numbers with every digit.

    Raises:
        DefinitionError: a value is of a type that JSON, or an exact number, cannot hold.

    Examples:
        >>> exact_json({"value": Decimal("1.50"), "code": ["g/L"]})
        '{"value":1.50,"code":["g/L"]}'
    """
    match value:
        case str():
            return encode_basestring(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case dict():
            return "{" + ",".join(f"{exact_json(name)}:{exact_json(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(map(exact_json, value)) + "]"
    raise DefinitionError("mappings/fhir", f"{value!r} is no text, true, false, whole number or exact decimal")


def _check_columns(frame: Frame, spec: ResourceSpec) -> None:
    varying = {element.column for element in spec.elements if not element.fixed}
    columns = set(frame.columns)
    unlisted = columns - varying - {RAW_RECORD, *(element.column for element in spec.other_elements)}
    for names, what in ((varying - columns, "not made by the mapping"), (unlisted, "not listed here")):
        if names:
            raise DefinitionError(spec.file, f"{what}: {', '.join(sorted(names))}")
    if wrong := [name for name in varying if frame.schema[name] not in {pl.String, pl.Null}]:
        raise DefinitionError(spec.file, f"the mapping gives other values than text: {', '.join(sorted(wrong))}")


def _steps(path: str) -> Sequence[Step]:
    return [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]


def _element(element: ElementSpec) -> pl.Expr:
    if element.fixed:
        text = pl.lit(element.fixed if element.type in UNQUOTED else exact_json(element.fixed))
        return pl.when(pl.col(element.present_with).is_not_null()).then(text) if element.present_with else text
    column = pl.col(element.column).cast(pl.String)
    if element.values:
        column = column.replace(dict(element.values))
    # polars escapes text as JSON only inside of a struct: {"":"text"}
    quoted = pl.when(column.is_not_null()).then(
        pl.struct(column.alias("")).struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
    )
    if element.type in UNQUOTED:
        return pl.when(column.str.contains(FORMS[element.type])).then(column).otherwise(quoted)
    return quoted


def _joined(elements: Sequence[tuple[Sequence[Step], pl.Expr]]) -> pl.Expr:
    """The text of an object or a list from the texts below it; null where nothing is below it.

    Of several elements for one place the first that is there stands.
    """
    if not elements[0][0]:
        return pl.coalesce(text for _, text in elements)
    below: dict[Step, list[tuple[Sequence[Step], pl.Expr]]] = {}
    for (first, *rest), text in elements:
        below.setdefault(first, []).append((rest, text))
    is_list = isinstance(elements[0][0][0], int)
    parts = [_joined(inner) if is_list else pl.lit(f'"{step}":') + _joined(inner) for step, inner in below.items()]
    start, end = "[]" if is_list else "{}"
    text = pl.lit(start) + pl.concat_str(parts, separator=",", ignore_nulls=True) + pl.lit(end)
    return text.replace(start + end, None)  # names the text once: `when` would render every level twice
