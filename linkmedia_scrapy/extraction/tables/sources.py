"""Where tables are found: table elements, and by a setting elements that WAI-ARIA makes tables of, and definition lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document, Element, Spot, Where
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.tables.grid import (
    MAX_COLSPAN,
    MAX_ROWSPAN,
    Cell,
    Grid,
    GridBuilder,
    parse_span,
)
from linkmedia_scrapy.extraction.tables.markup import MarkupReader, form_grid, place
from linkmedia_scrapy.extraction.tags import CELL_ROLES, HEADER_ROLES, LAYOUT_ROLES, TABLE_ROLES, table_role

__all__ = ["Source", "find_tables", "in_document_order"]

_ROOM: Final = 4_000_000  # slots
_LEAST: Final = 100  # slots
_ARIA_TABLES: Final = "table:not([role~=none i],[role~=presentation i])," + ",".join([f"[role~={role} i]" for role in sorted(TABLE_ROLES)])
_LISTS: Final = "table,dl"


class Source:
    """A table of a page, laid out, and what it was made of: table, aria or dl.

    `attr` gives the attributes that say what it is.
    """

    __slots__ = ("attr", "element", "grid", "origin", "where")

    def __init__(self, element: Element, where: Spot | Where, origin: str, grid: Grid) -> None:
        self.element = element
        self.where = where
        self.origin = origin
        self.grid = grid
        self.attr: Callable[[str], str | None] = element.attr


def find_tables(page: PageContext, read: CellReader) -> Iterator[Source]:
    """The tables of a page by ``LINKMEDIA_TABLE_SOURCES``: all table elements in document order, then the ARIA tables, then the lists.

    The texts of table elements' cells are not read yet. All together have a few times the slots that one may have, since a few cells can
    be made to span a million; then each may have some.
    """
    document = page.document
    wanted, limit = page.config.table_sources, page.config.table_max_slots
    room = max(_ROOM, 4 * limit)
    if "table" in wanted:
        spots = document.find("table")
        reader = MarkupReader(document) if spots else None
        for spot in spots:
            assert reader is not None
            grid = form_grid(reader.read(spot.element), min(limit, max(room, _LEAST)))
            room -= len(grid.rows) * grid.width
            source = Source(spot.element, spot, "table", grid)
            if "aria" not in wanted and _role(spot.element) in LAYOUT_ROLES:
                source.attr = _in_grid(spot.element)
            yield source
    if "aria" in wanted:
        elements = [element for element in document.elements("[role]") if element.tag != "table" and _role(element) in TABLE_ROLES]
        links = _links_by_table(document, _ARIA_TABLES) if elements else {}
        for element, where in zip(elements, document.wheres(elements), strict=True):
            grid = _aria_grid(element, links.get(element, []), read, min(limit, max(room, _LEAST)))
            room -= len(grid.rows) * grid.width
            yield Source(element, where, "aria", grid)
    if "dl" in wanted:
        elements = document.elements("dl")
        links = _links_by_table(document, _LISTS) if elements else {}
        for element, where in zip(elements, document.wheres(elements), strict=True):
            yield Source(element, where, "dl", _list_grid(element, links.get(element, []), read, limit))


def in_document_order(page: PageContext, sources: list[Source]) -> list[Source]:
    """Tables as they stand in the page, which `find_tables` gives source by source."""
    if len(page.config.table_sources) == 1:
        return sources
    numbers = {element: number for number, element in enumerate(page.document.elements("table,dl,[role]"))}
    return sorted(sources, key=lambda source: numbers[source.element])


def _in_grid(element: Element) -> Callable[[str], str | None]:
    """The attributes of a table whose role says that it is none: without the role, where it has the rows of an ARIA table around it."""
    node = element.parent
    while type(node) is Element and node.tag not in ("td", "th"):
        role = _role(node) if node.attrs else ""
        if role in TABLE_ROLES:
            return lambda name: None if name == "role" else element.attr(name)
        if role in CELL_ROLES:
            break
        node = node.parent
    return element.attr


def _role(element: Element) -> str:
    return table_role(element.attr("role"))


def _inside(root: Element, roles: frozenset[str]) -> list[Element]:
    """The elements below `root` that have one of these roles, not below another of them or in a table of their own.

    Tables that only lay out rows, as grids of scripts have them, are none.
    """
    found: list[Element] = []
    pending = [iter(root)]
    while pending:
        for node in pending[-1]:
            if type(node) is not Element:
                continue
            role = _role(node) if node.attrs else ""
            if role in roles:
                found.append(node)
            elif role in LAYOUT_ROLES or (role not in TABLE_ROLES and node.tag != "table"):
                pending.append(iter(node))
                break
        else:
            pending.pop()
    return found


def _aria_grid(element: Element, links: list[Element], read: CellReader, max_slots: int) -> Grid:
    """Lay out an ARIA table (WAI-ARIA 1.2, table, row, cell) as if it were one of HTML: row groups end spans."""
    grid = Grid()
    builder = GridBuilder(grid, max_slots)
    parts = _inside(element, frozenset({"caption", "row", "rowgroup"}))
    grid.caption = next((part for part in parts if _role(part) == "caption"), None)
    loose: list[Element] | None = None  # rows that follow one another without a row group around them
    groups: list[list[Element]] = []
    for part in parts:
        if _role(part) == "rowgroup":
            loose = None
            groups.append(_inside(part, frozenset({"row"})))
        elif _role(part) == "row":
            if loose is None:
                loose = []
                groups.append(loose)
            loose.append(part)
    for rows in groups:
        if not builder.add_group("tbody", [_aria_cells(row) for row in rows], frozenset(range(len(rows)))):
            break
    builder.finish()
    grid.associated = grid.headed = any(cell.scope for cell in grid.cells)
    _place_links(grid, {cell.element: cell for cell in grid.cells}, links)
    read.fill(grid, [read.text(cell.element) for cell in grid.cells])
    return grid


def _links_by_table(document: Document, tables: str) -> dict[Element, list[Element]]:
    """The links of a page by the innermost element around them that a selector of tables matches."""
    links: dict[Element, list[Element]] = {}
    for spot in document.find("a"):
        table = spot.element.closest(tables)
        if table is not None:
            links.setdefault(table, []).append(spot.element)
    return links


def _place_links(grid: Grid, cells: dict[Element, Cell], links: list[Element]) -> None:
    """Note the links of a table by the cells that they stand in."""
    for cell in grid.cells:
        cell.plain = cell.simple = False  # nothing is known of what it holds
    for link in links:
        node: object = link
        while type(node) is Element and node not in cells:
            node = node.parent
        if type(node) is Element:
            grid.links.append((cells[node], link))
    grid.links.sort(key=place)


def _aria_cells(row: Element) -> list[Cell]:
    """The cells of a row, by their aria-colindex where all have one: grids that draw what is in sight add columns to the end."""
    cells: list[Cell] = []
    elements = _inside(row, CELL_ROLES)
    places = [_place(element.attr("aria-colindex")) for element in elements]
    if all(places) and places != sorted(places):
        # by place, those with the same one as they stand
        elements = [elements[index] for _, index in sorted([(place, index) for index, place in enumerate(places)])]
    for element in elements:
        scope = HEADER_ROLES.get(_role(element), "")
        cell = Cell(element, bool(scope))
        cell.scope = scope
        cell.colspan = min(parse_span(element.attr("aria-colspan")) or 1, MAX_COLSPAN)
        cell.rowspan = min(parse_span(element.attr("aria-rowspan")), MAX_ROWSPAN)
        cells.append(cell)
    return cells


def _place(index: str | None) -> int:
    """A column's number by aria-colindex, which counts from 1; 0 where it is none."""
    index = index.strip() if index else ""
    return int(index[:9]) if index.isascii() and index.isdigit() else 0


def _list_grid(element: Element, links: list[Element], read: CellReader, max_slots: int) -> Grid:
    """Lay out a definition list: one row for each dt, with the text of all dd that belong to it."""
    entries: list[Element] = []
    for child in element:
        if type(child) is Element:
            entries += [inner for inner in child if type(inner) is Element] if child.tag == "div" else [child]
    entries = [entry for entry in entries if entry.tag in ("dd", "dt")]
    ends = [index + 1 for index, (this, after) in enumerate(pairwise(entries)) if this.tag == "dd" and after.tag == "dt"]
    grid = Grid()
    grid.associated = grid.headed = True
    cells: dict[Element, Cell] = {}
    texts: list[str] = []
    for start, end in pairwise([0, *ends, len(entries)]):
        values = [entry for entry in entries[start:end] if entry.tag == "dd"]
        names = [entry for entry in entries[start:end] if entry.tag == "dt"]
        text = read.repeated(grid, "\n".join(filter(None, map(read.text, values))), max(1, len(names)))
        for name in names:
            if 2 * (len(grid.rows) + 1) > max_slots:
                grid.truncated = True
                break
            key = Cell(name, True, len(grid.rows))
            key.scope = "row"
            row: list[Cell | None] = [key, None]
            grid.cells.append(key)
            cells[name] = key
            texts.append(read.text(name))
            if values:
                row[1] = value = Cell(values[0], False, len(grid.rows), 1)
                if name is names[0]:
                    cells.update(dict.fromkeys(values, value))
                grid.cells.append(value)
                texts.append(text)
            grid.rows.append(row)
            grid.parts.append(len(row) - row.count(None))
            grid.groups.append("tbody")
            grid.spanning.append(False)
        if grid.truncated:
            break
    _place_links(grid, cells, links)
    grid.fill(texts)
    return grid
