"""A Define-XML document as a page: browsers no longer apply the style sheet that used to show one."""

from collections.abc import Iterator

from cdisc_aclf.define.model.document import CodeListDef, DatasetDef, Define, ItemRef, VariableDef
from cdisc_aclf.define.page.parts import Parts
from cdisc_aclf.define.page.results import displays_section
from cdisc_aclf.model.label import Labelled
from cdisc_aclf.model.language import Language
from cdisc_aclf.report.html.markup import Column, Markup, element, markup, row
from cdisc_aclf.report.html.shell import whole_page
from cdisc_aclf.report.html.tally import STAMP

_STANDARDS = (Column("Standard"), Column("Type"), Column("Version"), Column("Status"))
_DATASETS = (
    Column("Dataset", "code"),
    Column("Label"),
    Column("Class"),
    Column("Structure"),
    Column("Purpose"),
    Column("Keys", "code"),
    Column("File", "code"),
)
_VARIABLES = (
    Column("Variable", "code name"),
    Column("Label, or when", "label"),
    Column("Key", "number key"),
    Column("Type", "type"),
    Column("Length", "number length"),
    Column("Role", "role"),
    Column("Codelist or format", "codelist"),
    Column("Origin, method and comment", "origin"),
)
_TERMS = (Column("Term", "code"), Column("Stands for"), Column("NCI code", "code"))
_DICTIONARIES = (Column("Dictionary"), Column("Version"), Column("Type"))
_METHODS = (Column("Method"), Column("Type"), Column("Description"))


def define_html(define: Define, *, synthetic: bool, say: Language) -> str:
    """Render a document as one page that looks the same offline and can be searched.

    Args:
        define: the document.
        synthetic: whether no record is about a person, which the page then says throughout.
        say: the language of the page.

    Returns:
        HTML5, to be saved as UTF-8 beside the define.xml.

    Examples:
        >>> define = Define(study_oid="ST.X", study_name="X", study_text="", protocol="X-1", oid="MDV.X", name="Data")
        >>> define_html(define, synthetic=False, say=Language())[:31]
        '<!doctype html><html lang="en">'
    """
    parts = Parts(define, say)
    own = [codelist for codelist in define.codelists if not codelist.dictionary]
    external = [codelist for codelist in define.codelists if codelist.dictionary]
    sections = {
        "results": ("Analysis results", displays_section(define, parts)),
        "datasets": ("Datasets", _datasets(define, parts)),
        "variables": ("Variables", markup(*(_variables(dataset, parts) for dataset in define.datasets))),
        "codelists": ("Codelists", markup(*(_codelist(codelist, parts) for codelist in own))),
        "dictionaries": ("External dictionaries", _dictionaries(external, parts)),
        "methods": ("Methods", _methods(define, parts)),
    }
    shown = {name: section for name, section in sections.items() if section[1]}
    links = [element("li", element("a", say(title), href=f"#{name}")) for name, (title, _) in shown.items()]
    body = [
        element("p", element("strong", say(STAMP)), class_="stamp", role="note") if synthetic else Markup(),
        _header(define, parts),
        element("nav", element("ul", *links), _shortcuts(define, parts), _search(say), aria_label=say("Sections")),
        element(
            "main",
            *[
                element("section", element("h2", say(title)), content, id=name)
                for name, (title, content) in shown.items()
            ],
        ),
    ]
    return whole_page(
        f"{define.study_name}: {define.name}",
        body,
        styles=["page.css", "define.css"],
        script="define.js",
        class_="synthetic define" if synthetic else "real define",
        language=say.tag,
    )


def _header(define: Define, parts: Parts) -> Markup:
    standards = [
        row(_STANDARDS, (f"{each.name} {each.publishing_set}".strip(), each.kind, each.version, each.status))
        for each in define.standards
    ]
    protocol = define.protocol if define.protocol != define.study_name else ""
    documents = [element("a", parts.documents[leaf].title, href=parts.documents[leaf].href)
                 for leaf in (*define.crf, *define.supplements) if leaf in parts.documents]  # fmt: skip
    said = parts.prose(comment=define.comment)
    return element(
        "header",
        element("p", "Define-XML 2.1", class_="kind"),
        element("h1", define.study_name, " ", element("span", protocol)),
        element("p", define.study_text, class_="title"),
        element("p", define.name),
        element("p", define.text, *said) if define.text or said else Markup(),
        parts.table(parts.say("Standards"), _STANDARDS, standards) if standards else Markup(),
        element("p", parts.say("Documents:"), " ", *_apart(documents)) if documents else Markup(),
    )


def _apart(links: list[Markup]) -> Iterator[Markup]:
    for number, link in enumerate(links):
        yield markup(", " if number else "", link)


def _shortcuts(define: Define, parts: Parts) -> Markup:
    links = [element("li", parts.link(dataset.oid, dataset.name)) for dataset in define.datasets]
    return element("ul", *links, class_="shortcuts")


def _search(say: Language) -> Markup:
    return element(
        "form",
        element("label", element("span", say("Search")), element("input", type="search", name="search")),
        element("output", name="shown", data_count=say("{} of {} rows")),
        id="filter",
        hidden="",
    )


def _datasets(define: Define, parts: Parts) -> Markup:
    rows = [row(_DATASETS, _dataset_cells(dataset, parts)) for dataset in define.datasets]
    return parts.table(parts.say("In the order of their classes"), _DATASETS, rows)


def _dataset_cells(dataset: DatasetDef, parts: Parts) -> tuple[Markup | str, ...]:
    keys = sorted((item.key, item.item) for item in dataset.items if item.key is not None)
    file = element("a", dataset.file.title, href=dataset.file.href) if dataset.file else Markup()
    return (
        parts.link(dataset.oid, dataset.name),
        markup(_label(dataset), *parts.prose(comment=dataset.comment)),
        ", ".join([dataset.observation_class, *dataset.subclasses]),
        dataset.structure,
        dataset.purpose,
        " ".join(parts.variables[oid].name for _, oid in keys if oid in parts.variables),
        file,
    )


def _variables(dataset: DatasetDef, parts: Parts) -> Markup:
    rows = [made for item in dataset.items for made in _rows_of(item, parts)]
    title = markup(element("b", dataset.name), " ", _label(dataset))
    return element("div", parts.table(title, _VARIABLES, rows), id=parts.place(dataset.oid), class_="dataset")


def _rows_of(item: ItemRef, parts: Parts) -> Iterator[Markup]:
    """A row of the variable, then one of each of its values."""
    variable = parts.variables.get(item.item)
    if variable is None:
        return
    key = "" if item.key is None else str(item.key)
    yield row(
        _VARIABLES,
        (
            variable.name,
            _label(variable),
            key,
            variable.data_type,
            _length(variable),
            item.role,
            _codelist_cell(variable, parts),
            _origin_cell(item, variable, parts, in_full=True),
        ),
        id=parts.place(variable.oid),
    )
    values = parts.values.get(variable.value_list)
    for value in values.items if values else ():
        if of_value := parts.variables.get(value.item):
            where = parts.where(value.where)
            is_told = of_value.label == variable.label or markup(of_value.label) in where
            label = Markup() if is_told else element("span", _label(of_value), class_="quiet")
            yield row(
                _VARIABLES,
                (
                    variable.name,
                    markup(parts.say("when"), " ", where, " ", label),
                    "",
                    of_value.data_type,
                    _length(of_value),
                    "",
                    _codelist_cell(of_value, parts),
                    _origin_cell(value, of_value, parts, in_full=False),
                ),
                id=parts.place(of_value.oid),
                class_="value",
            )


def _label(labelled: Labelled) -> str:
    if not labelled.label_zh:
        return labelled.label
    return markup(labelled.label_zh, " ", element("span", labelled.label, lang="en", class_="quiet"))


def _length(variable: VariableDef) -> str:
    if variable.length is None:
        return ""
    return f"{variable.length}.{variable.digits}" if variable.digits else str(variable.length)


def _codelist_cell(variable: VariableDef, parts: Parts) -> Markup:
    return parts.terms(variable.codelist) if variable.codelist else markup(variable.format)


def _origin_cell(item: ItemRef, variable: VariableDef, parts: Parts, *, in_full: bool) -> Markup:
    """Where values come from; a method is told in full at its variable, and by name at each of its values."""
    origins = []
    for origin in variable.origins:
        source = f" ({origin.source})" if origin.source else ""
        copied = f" {parts.say('from')} {origin.text}" if origin.text else ""
        origins.append(markup(element("b", origin.kind), source, copied, " ", parts.pages(origin.pages), " "))
    method = parts.methods.get(item.method)
    named = parts.link(method.oid, method.name) if method else Markup()
    return markup(*origins, named, *parts.prose(method=item.method if in_full else "", comment=variable.comment))


def _codelist(codelist: CodeListDef, parts: Parts) -> Markup:
    code = element("span", f"NCI {codelist.ccode}" if codelist.ccode else parts.say("of the sponsor"), class_="quiet")
    rows = [
        row(
            _TERMS,
            (term.value, term.decode, element("em", parts.say("extension")) if term.is_extension else term.ccode),
        )
        for term in codelist.terms
    ]
    caption = markup(element("b", codelist.name), " ", code, *parts.prose(comment=codelist.comment))
    return element("div", parts.table(caption, _TERMS, rows), id=parts.place(codelist.oid), class_="codelist")


def _dictionaries(codelists: list[CodeListDef], parts: Parts) -> Markup:
    rows = [
        row(
            _DICTIONARIES,
            (each.dictionary, each.version or parts.say("not given"), each.data_type),
            id=parts.place(each.oid),
        )
        for each in codelists
    ]
    return parts.table(parts.say("Terms are in the dictionary"), _DICTIONARIES, rows) if rows else Markup()


def _methods(define: Define, parts: Parts) -> Markup:
    rows = [
        row(
            _METHODS,
            (each.name, each.kind, markup(each.submitted_text, " ", parts.pages(each.pages))),
            id=parts.place(each.oid),
        )
        for each in define.methods
    ]
    return parts.table(parts.say("How values are computed"), _METHODS, rows) if rows else Markup()
