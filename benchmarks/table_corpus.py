"""The labelled tables: those of the corpus' Wikipedia pages, those that we labelled (table_labels.jsonl), and axe's layout vectors.

Reads the folder that LINKMEDIA_CORPUS names (../shared/corpus from the project's root where it is not set).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.headers import Headers, find_headers
from linkmedia_scrapy.extraction.tables.markup import MarkupReader, form_grid
from linkmedia_scrapy.extraction.tables.scoring import features

ROOT = Path(__file__).resolve().parent
CORPUS = Path(os.environ.get("LINKMEDIA_CORPUS") or ROOT.parent / "../shared/corpus")
REQUIRED_AXE = re.compile(r"role|rowheader|columnheader|summary|caption|\bth\b|scope|headers|abbr|datatable")
"""Cases about these must come out as axe says; the others are reported."""


@dataclass(frozen=True)
class Labelled:
    """A table, what it is labelled, whether it may be fitted on, and whether it is beyond its site's four, so that no figure counts it."""

    set: str
    page: str
    index: int
    site: str
    data: bool
    kind: str
    fit: bool
    surplus: bool
    features: dict[str, float]
    grid: Grid
    headers: Headers
    element: Element


def fitted_half(names: Iterable[str]) -> set[str]:
    """The sites (of Wikipedia: the pages) that are fitted on: every other one by name, so that both halves have some of every set."""
    return set(sorted(set(names))[::2])


def without_names(document: Document) -> str:
    """The page without class, id and role attributes: what is left decides."""
    for element in document.tree.iter_elements():
        for name in ("class", "id", "role"):
            if element.attr(name) is not None:
                del element.attrs[name]
    return document.tree.serialize()


def tables_of(body: bytes | str) -> Iterator[tuple[int, Element, Grid, Headers, dict[str, float]]]:
    """Every table of a page that has cells, with its index among all and what the score looks at."""
    document = Document(body)
    markup, reader = MarkupReader(document), CellReader(document)
    for index, spot in enumerate(document.find("table")):
        grid = form_grid(markup.read(spot.element), 1_000_000)
        reader.read(grid)
        headers = find_headers(grid)
        yield index, spot.element, grid, headers, features(spot.element.attr, grid, headers)


def _page(name: str, page: str) -> Path:
    path = CORPUS / name / "pages" / page
    return path if path.exists() else CORPUS / name / page


def wikipedia(*, every: bool = False) -> list[Labelled]:
    """wtq's labels: wikitable, infobox, vevent are data; navbox, role=presentation, metadata are layout; with `every` the others, too.

    The others are few, or the tables inside navboxes: boxes of links below headers (`nowraplinks`), which are layout.
    """
    labels: dict[str, dict[int, bool]] = {}
    usual: set[str] = set()
    for line in (CORPUS / "wtq/labels.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        named = entry["why"] in ("wikitable", "infobox", "vevent", "navbox", "role=presentation", "metadata")
        if named:
            usual.add(entry["page"])
        if named or every:
            labels.setdefault(entry["page"], {})[entry["dom_index"]] = entry["label"] == "data"
    found = []
    fitted = fitted_half(usual)  # the same half, whichever labels count
    for page, known in labels.items():
        body = without_names(Document(_page("wtq", page).read_bytes()))
        for index, element, grid, headers, values in tables_of(body):
            if index in known:
                found.append(
                    Labelled(
                        "wtq", page, index, "en.wikipedia.org", known[index], "", page in fitted, False, values, grid, headers, element
                    )
                )
    return found


def others(*, surplus: bool = False) -> list[Labelled]:
    """The tables of the other sets: at most four a site, which is all that the corpus has to give; with `surplus` also those beyond.

    Which four count of a site with more labels was drawn with a seed, before any figure of four a site was known.
    """
    labels: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for line in (ROOT / "table_labels.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        labels.setdefault((entry["set"], entry["page"]), {})[entry["index"]] = entry
    found = []
    fitted = fitted_half(entry["site"] for known in labels.values() for entry in known.values())
    for (name, page), known in labels.items():
        for index, element, grid, headers, values in tables_of(_page(name, page).read_bytes()):
            if index in known:
                entry, data = known[index], known[index]["label"] == "data"
                site, kind, beyond = entry["site"], entry["kind"], entry.get("surplus", False)
                found.append(Labelled(name, page, index, site, data, kind, site in fitted, beyond, values, grid, headers, element))
    return [table for table in found if surplus or not table.surplus]


def axe() -> list[tuple[str, bool, str]]:
    """axe's cases: what each is about, whether it is data, and its HTML, with what stands in its scripts' template strings filled in."""
    cases = json.loads((CORPUS / "vectors/table_layout_axe.json").read_text(encoding="utf-8"))
    return [(case["desc"], case["expect"] == "data", _filled(case["html"])) for case in cases]


def _filled(html: str) -> str:
    html = re.sub(r"\$\{new Array\((\d+)\)\.join\('([^']*)'\)\}", lambda match: match.group(2) * (int(match.group(1)) - 1), html)
    return html.replace("${zebraStyle}", "background-image: url(zebra.png)")
