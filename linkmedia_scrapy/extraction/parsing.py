"""HTML in, a tree out.

The only module that imports the parser (turbohtml, an HTML5 tree builder): the others use its `Element`.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Final, TypeAlias

import turbohtml
from turbohtml import Element, Namespace, Node, ShadowRoot, Text

from linkmedia_scrapy.extraction.encodings import label_candidates

__all__ = ["Element", "Namespace", "Node", "Text", "Tree", "children", "parse"]

Tree: TypeAlias = turbohtml.Document

# "Get an XML encoding" (HTML standard, 13.2.3.2)
_XML_DECLARATION: Final = re.compile(
    rb"""<\?xml(?:(?!encoding)[^>])*encoding[\0-\x20]*+=[\0-\x20]*+(?:"([^\0-\x20">]++)"|'([^\0-\x20'>]++)')[^>]*+>"""
)
_XML_IN_UTF_16: Final = {b"<\0?\0x\0": "utf-16le", b"\0<\0?\0x": "utf-16be"}
_PRESCANNED: Final = 1024  # bytes
_SURROGATE: Final = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]")


def parse(html: bytes | str, encoding: str | None, rendered: bool) -> tuple[Tree, str, bool]:
    """The tree, the encoding by its WHATWG name in lower case, and whether shadow trees had to be flattened."""
    name = _encoding_name(encoding) if encoding else None
    if isinstance(html, str):
        if _SURROGATE.search(html):  # no feed could hold them
            html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        parse = partial(turbohtml.parse, html, positions=False, scripting=rendered)
    else:
        name = name or _xml_encoding(html)
        parse = partial(turbohtml.parse, html, encoding=name, positions=False, scripting=rendered, detect_encoding=True)
    tree = parse(allow_declarative_shadow_roots=False)
    shadows = tree.select_one("template[shadowrootmode]") is not None
    if shadows:  # rare, and looking for it in the markup costs more than in the tree
        tree = parse()
        _flatten_shadows(tree)
    return tree, name or "utf-8" if isinstance(html, str) else (tree.encoding or "utf-8").lower(), shadows


def children(element: Element, tag: str) -> list[Element]:
    """The children of this name: where only those count, as with the sources of a picture, all descendants cost too much."""
    return [child for child in element if type(child) is Element and child.tag == tag]


def _flatten_shadows(tree: Tree) -> None:
    """Move what hangs on declarative shadow roots into their hosts, before the hosts' own children: a reader sees both."""
    hosts: list[tuple[Element, ShadowRoot]] = []
    pending: list[Node] = [tree]
    while pending:
        for element in pending.pop().iter_elements():
            root = element.shadow_root or _closed_root(element)
            if root is not None:
                hosts.append((element, root))
                pending.append(root)
    for host, root in reversed(hosts):
        for element in list(root.iter_elements("base")):
            if element.namespace == Namespace.HTML:
                element.decompose()
        own = next(iter(host.children), None)
        for child in list(root.children):
            if own is None:
                host.append(child)
            else:
                own.insert_before(child)


def _closed_root(host: Element) -> ShadowRoot | None:
    """The closed shadow root of an element, which `shadow_root` does not tell, as in scripts; a reader sees what hangs on it."""
    roots = (child.parent for child in host.flattened_children)
    return next((root for root in roots if type(root) is ShadowRoot and root.host == host), None)


def _xml_encoding(html: bytes) -> str | None:
    """The encoding that an XML declaration names, unless a meta element does; the parser does not look at those declarations."""
    if html[:6] in _XML_IN_UTF_16:
        return _XML_IN_UTF_16[html[:6]]
    declaration = _XML_DECLARATION.match(html, 0, _PRESCANNED)
    if declaration is None or turbohtml.parse(html[:_PRESCANNED] + b"\xff").encoding != "windows-1252":  # what is not UTF-8 nor declared
        return None
    name = _encoding_name((declaration[1] or declaration[2]).decode("latin-1"))
    return "utf-8" if name is not None and name.startswith("utf-16") else name


@lru_cache(maxsize=256)
def _encoding_name(encoding: str) -> str | None:
    """The WHATWG name, in lower case, of the encoding that a label or Python's name stands for; None where it stands for none."""
    for label in label_candidates(encoding):
        try:
            return str(turbohtml.parse(b"", encoding=label).encoding).lower()
        except (LookupError, UnicodeError):
            continue
    return None
