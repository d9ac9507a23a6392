"""Pieces of the page of a Define-XML document: anchors, and what a cell says of terms, places and conditions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cdisc_aclf.define.model.document import CodeListDef, Condition, Define, VariableDef, WhereClause, by_oid
from cdisc_aclf.model.document import Document, Pages
from cdisc_aclf.model.language import Language
from cdisc_aclf.report.html.markup import Child, Column, Markup, element, markup, table

_INLINE = 6
"""Terms of a codelist that a cell lists; more of them stand under Codelists only."""

_SIGNS: Mapping[str, str] = {
    "EQ": "=",
    "NE": "≠",
    "LT": "<",
    "LE": "≤",
    "GT": ">",
    "GE": "≥",
    "IN": "in",
    "NOTIN": "not in",
}


class Parts:
    """A document by OID, the place on the page of each definition, and the language of the page, `say`."""

    def __init__(self, define: Define, say: Language) -> None:
        """Look everything up once."""
        self.say = say
        self.variables: dict[str, VariableDef] = by_oid(define.variables)
        self.codelists: dict[str, CodeListDef] = by_oid(define.codelists)
        self.clauses: dict[str, WhereClause] = by_oid(define.where_clauses)
        self.values = by_oid(define.value_lists)
        self.methods = by_oid(define.methods)
        self.comments = by_oid(define.comments)
        self.documents: dict[str, Document] = {document.id: document for document in define.documents}
        self._places = {definition.oid: f"d{number}" for number, definition in enumerate(define.defined())}

    def place(self, oid: str) -> str:
        """The id on the page: an OID may hold blanks and signs."""
        return self._places.get(oid, "")

    def link(self, oid: str, text: Child) -> Markup:
        """A link to a definition; plain text where it is not defined."""
        place = self.place(oid)
        return element("a", text, href=f"#{place}") if place else markup(text)

    def table(self, caption: Child, columns: Sequence[Column], rows: Iterable[Markup]) -> Markup:
        """A table whose headings are in the language of the page."""
        return table(caption, [replace(column, title=self.say(column.title)) for column in columns], rows)

    def terms(self, oid: str) -> Markup:
        """A codelist: its name, and its terms if they are few."""
        codelist = self.codelists.get(oid)
        if codelist is None:
            return markup(oid)
        if codelist.dictionary:
            return markup(self.link(oid, codelist.dictionary), f" {codelist.version}" if codelist.version else "")
        named = self.link(oid, codelist.name)
        if len(codelist.terms) > _INLINE:
            return markup(named, " ", element("span", self.say("{} terms").format(len(codelist.terms)), class_="quiet"))
        listed = [f"{term.value} ({term.decode})" if term.decode else term.value for term in codelist.terms]
        return markup(named, " ", element("span", ", ".join(listed), class_="terms"))

    def where(self, clauses: Iterable[str]) -> Markup:
        """When a value is spoken of: the conditions, each with what its value stands for."""
        found = [self.clauses[oid] for oid in clauses if oid in self.clauses]
        also, instead = (f" {self.say(word)} " for word in ("and", "or"))
        texts = [also.join(self._condition(condition) for condition in clause.conditions) for clause in found]
        return markup(instead.join(texts))

    def pages(self, pages: Iterable[Pages]) -> Markup:
        """Links to documents, and to pages in them."""
        return markup(*(part for each in pages for part in self._places_in(each)))

    def prose(self, *, method: str = "", comment: str = "") -> list[Markup]:
        """The text of a method and of a comment."""
        found = [
            (each.submitted_text, each.pages) for each in (self.methods.get(method), self.comments.get(comment)) if each
        ]
        return [element("p", text, " ", self.pages(pages)) for text, pages in found]

    def _condition(self, condition: Condition) -> str:
        variable = self.variables.get(condition.item)
        name = variable.name if variable else condition.item
        codelist = self.codelists.get(variable.codelist) if variable else None
        decodes = {term.value: term.decode for term in codelist.terms} if codelist else {}
        values = [f"{value} ({decodes[value]})" if decodes.get(value) else value for value in condition.values]
        sign = _SIGNS.get(condition.comparator, condition.comparator)
        return f"{name} {self.say(sign) if sign.islower() else sign} {', '.join(values)}"

    def _places_in(self, pages: Pages) -> Iterable[Markup]:
        document = self.documents.get(pages.leaf)
        if document is None:
            yield markup(pages.leaf)
            return
        yield element("a", document.title or document.href, href=document.href)
        key = "nameddest" if pages.named else "page"
        for page in pages.pages:
            yield markup(" ", element("a", page, href=f"{document.href}#{key}={page}"))
