"""What every page has around its content: one file, no network, and a policy that allows its own style and script."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from cdisc_aclf.report.html.markup import Markup, element


def whole_page(
    title: str, body: Sequence[Markup], *, styles: Sequence[str], script: str, class_: str, language: str = "en"
) -> str:
    """A page that needs nothing but itself; without JavaScript everything but its filter works.

    Args:
        title: of the window.
        body: its parts, in order.
        styles: style sheets of this package, in order.
        script: script of this package.
        class_: class of the body.
        language: BCP 47 tag of what stands on it.

    Returns:
        HTML5, to be saved as UTF-8; the same arguments give the same bytes.
    """
    style = Markup("".join((files(__package__) / name).read_text("utf-8") for name in styles))
    program = Markup((files(__package__) / script).read_text("utf-8"))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(program)}; img-src data:; base-uri 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    content = element("body", *body, element("script", program), class_=class_)
    return f"<!doctype html>{element('html', head, content, lang=language)}\n"


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
