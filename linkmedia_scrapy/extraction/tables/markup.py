"""What the table elements of a page hold, each found in one pass over it: rows and cells, and what stands in the cells besides text."""

from __future__ import annotations

from itertools import islice
from typing import Final, TypeAlias, TypeVar

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.grid import MAX_COLSPAN, MAX_ROWSPAN, Cell, Grid, GridBuilder, cell_scope, parse_span
from linkmedia_scrapy.extraction.tags import BLOCK, HEADINGS, INLINE, SILENT

__all__ = ["SIMPLE", "STACKED", "Markup", "MarkupReader", "form_grid", "place"]

_CONTROLS: Final = frozenset({"button", "embed", "form", "iframe", "object"})
_FIELDS: Final = frozenset({"select", "textarea"})
_CHOICES: Final = frozenset({"checkbox", "radio"})
_BUTTONS: Final = frozenset({"button", "image", "reset", "submit"})
"""Types of input elements that tables of data have, too: to do something with a row."""
_GROUP_OF_TAG: Final = {
    "img": "pictures",
    "li": "items",
    "pre": "listings",
    **dict.fromkeys(HEADINGS, "headings"),
    **dict.fromkeys(_CONTROLS, "controls"),
    **dict.fromkeys(_FIELDS, "fields"),
}
_ORDER: Final = ("thead", "tbody", "tfoot")
_ROW_GROUPS: Final = frozenset({"tbody", "tfoot", "thead"})
_COLUMNS: Final = frozenset({"col", "colgroup"})
_PARTS: Final = _ROW_GROUPS | _COLUMNS | {"caption"}
_BETWEEN_CELLS: Final = _ROW_GROUPS | {"table", "tr"}
_STRUCTURE: Final = _PARTS | {"td", "th", "tr"}
_FOREIGN: Final = frozenset({"math", "svg"})
SIMPLE: Final = frozenset({"br", "div", "p"})
"""Blocks that the parser's own plain text sets apart, most of them as it should (`celltext`)."""
STACKED: Final = SIMPLE | {"center", "li", "ol", "ul"}
"""Blocks that hold nothing hidden and no more than texts, one below the other."""
_TAGS: Final = _STRUCTURE.union(BLOCK, SILENT, _FOREIGN, _GROUP_OF_TAG, ("a", "input", "noscript", "rp"))
"""All that is not plain text in a line: a cell that holds none of these, and nothing hidden, reads as its strings stand."""
_SPANS: Final = ":is([colspan],[rowspan])"
_RELATIONS: Final = ":is([scope],[headers],[abbr],[role])"
_ALL: Final = 1 << 60  # a number that no count of elements reaches


_Thing = TypeVar("_Thing")
RowGroup: TypeAlias = "tuple[str, list[list[Cell]], set[int]]"
"""A row group's name (thead, tbody, tfoot), the cells of its rows, not yet placed, and which rows have cells that span slots."""


class Markup:
    """A table element's own parts, without those of tables inside it."""

    __slots__ = ("associated", "caption", "columns", "element", "groups", "headed", "held", "links", "silent_links")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.caption: Element | None = None
        """Its caption element, else the figcaption of a figure that holds no other table."""
        self.columns = False
        """Whether it has col or colgroup elements."""
        self.groups: list[RowGroup] = []
        """In the order of the markup."""
        self.headed = False
        """Whether it has header cells."""
        self.associated = False
        """Whether cells say what they head (scope, abbr) or what heads them (headers)."""
        self.links: list[tuple[Cell, Element]] = []
        """The a elements in cells, those of inner tables apart."""
        self.silent_links: list[Cell] = []
        """A cell for each of them that stands in noscript."""
        self.held: dict[str, list[Cell]] = {}
        """What else tells data from layout (pictures, items, listings, tables, headings, controls, choices, fields): a cell for each."""

    def hold(self, kind: str, cell: Cell) -> None:
        """Note what a cell holds."""
        if kind in self.held:
            self.held[kind].append(cell)
        else:
            self.held[kind] = [cell]


class MarkupReader:
    """Reads the table elements of one document.

    Of what stands in noscript only the links are told: a page that scripts have changed has none of it.
    """

    def __init__(self, document: Document) -> None:
        select = document.elements
        self._found: dict[Element, Markup] = {}
        # selectors that begin with a name: of names the parser keeps an index, for anything else it goes through the page
        self._spanning = {*select(f"td{_SPANS}"), *select(f"th{_SPANS}")}
        self._related = {*select(f"td{_RELATIONS}"), *select(f"th{_RELATIONS}")}
        self._hiding = {element.closest("td,th") for element in document.hidden_elements}
        self._special = {*self._spanning, *self._related, *self._hiding}
        self._careful = document.flattened
        self._in_noscript = frozenset(select("noscript table"))
        self._figcaptions = _figcaptions(document)

    def read(self, table: Element) -> Markup:
        """The parts of a table; those of the tables inside it are read with it."""
        if table not in self._found:
            self._scan(table, noscript=table in self._in_noscript)
        return self._found[table]

    def _scan(self, table: Element, *, noscript: bool) -> int:  # noqa: PLR0915 - calls would cost as much again
        """Read a table and those inside it (the parser nests no deeper than 512); how many elements that were.

        Rows stand in row groups and cells in rows, as the parser puts them; only shadow trees, SVG and MathML ask for care.
        """
        markup = self._found[table] = Markup(table)
        special, careful = self._special, self._careful
        links, silent_links = markup.links, markup.silent_links
        rows: list[list[Cell]] = []
        row: list[Cell] = []
        spanned: set[int] = set()
        section: Element | None = None
        line: Element | None = None
        cell: Cell | None = None
        y = -1
        count = skipped = 0
        silent_until = _ALL if noscript else 0  # up to which element all stands in noscript
        # all elements: a set of names to look for would take the parser longer to read than a small table
        elements = table.iter_elements()
        for element in elements:
            count += 1  # `enumerate` would make a tuple for each
            tag = element.tag
            if tag == "td" or tag == "th":  # noqa: PLR1714 - a tuple costs twice the time
                if careful and element.parent is not line:
                    continue
                header = tag == "th"
                cell = Cell(element, header, y, len(row))
                row.append(cell)
                if header:
                    markup.headed = True
                if element in special:
                    self._read_marks(cell, markup)
                    if cell.colspan != 1 or cell.rowspan != 1:
                        spanned.add(len(rows) - 1)
            elif tag == "a":
                if cell is not None:
                    links.append((cell, element))
                    if count <= silent_until:
                        silent_links.append(cell)
            elif tag == "tr":
                if careful and element.parent is not section:
                    continue
                line, cell = element, None
                y += 1
                row = []
                rows.append(row)
            elif tag not in _TAGS:
                continue
            elif tag in SIMPLE:
                if cell is not None:
                    cell.plain = False
            elif tag in _PARTS:
                if careful and element.parent is not table:
                    continue
                cell = None
                if tag in _ROW_GROUPS:
                    section, rows, spanned = element, [], set()
                    markup.groups.append((tag, rows, spanned))
                elif tag in _COLUMNS:
                    markup.columns = True
                elif markup.caption is None:
                    markup.caption = element
            elif tag == "table":
                silent = count <= silent_until
                if cell is not None:
                    cell.plain = cell.simple = cell.stacked = False
                    if not silent:
                        markup.hold("tables", cell)
                inside = self._scan(element, noscript=silent)
                skipped += inside
                silent_until -= inside
                next(islice(elements, inside, inside), None)
            elif tag in _FOREIGN:  # in a caption, too
                if cell is not None:
                    cell.plain = cell.simple = cell.stacked = False
                careful = careful or next(element.iter_elements(_STRUCTURE), None) is not None
            elif cell is not None:
                if tag == "noscript":
                    silent_until = max(silent_until, count + len(list(element.iter_elements())))
                kind = _look_at(cell, element, tag)
                if kind is not None and count > silent_until:
                    markup.hold(kind, cell)
        if self._figcaptions and markup.caption is None:
            markup.caption = self._figcaptions.get(table)
        return count + skipped

    def _read_marks(self, cell: Cell, markup: Markup) -> None:
        element = cell.element
        attr = element.attr
        if element in self._hiding:
            cell.plain = cell.simple = cell.stacked = False
        if element in self._spanning:
            cell.colspan = min(parse_span(attr("colspan")) or 1, MAX_COLSPAN)
            cell.rowspan = min(parse_span(attr("rowspan")), MAX_ROWSPAN)
        if element in self._related:
            cell.scope = cell_scope(attr("scope"), attr("role"))
            if cell.scope:
                cell.header = markup.headed = True
            cell.headers = attr("headers") or ""
            if cell.scope or cell.headers or attr("abbr") is not None:
                markup.associated = True


def _figcaptions(document: Document) -> dict[Element, Element]:
    """The figcaptions that stand for a caption (HTML, 4.9.2), by their tables: those of figures that hold one table and no more.

    A table in a figcaption has none of its own.
    """
    captions = document.figcaptions
    tables: dict[Element, Element | None] = {}  # by figure
    for table in document.elements("table") if captions else ():
        figure = table.closest("figure,figcaption")
        if figure is not None and figure in captions:
            tables[figure] = None if figure in tables else table
    return {table: captions[figure] for figure, table in tables.items() if table is not None}


def _look_at(cell: Cell, element: Element, tag: str) -> str | None:
    """Note what an element in a cell does to its text; the kind of thing that it is, as far as the score looks at it."""
    if tag not in INLINE:
        cell.plain = cell.simple = False
        if tag not in STACKED:
            cell.stacked = False
    if tag == "img":
        cell.pictured = True
    elif tag == "input":
        kind = (element.attr("type") or "").strip().lower()
        if kind in _CHOICES and element.attr("disabled") is None:
            return "choices"
        return None if kind == "hidden" else "controls" if kind in _CHOICES or kind in _BUTTONS else "fields"
    elif tag == "form":  # the parser leaves some between rows and cells
        above = element.parent
        return None if type(above) is Element and above.tag in _BETWEEN_CELLS else "controls"
    return _GROUP_OF_TAG.get(tag)


def form_grid(markup: Markup, max_slots: int) -> Grid:
    """Lay out one table; its texts are not read yet.

    :param max_slots: rows times columns; what would make them more is cut off at the bottom, and `truncated` says so.
    """
    grid = Grid()
    grid.caption, grid.columns, grid.associated = markup.caption, markup.columns, markup.associated
    grid.headed = markup.headed
    groups = sorted(markup.groups, key=_group_order) if len(markup.groups) > 1 else markup.groups
    moved = groups != markup.groups
    if moved:
        _number(groups)
    grid.sections = any(name != "tbody" for name, _, _ in groups)
    builder = GridBuilder(grid, max_slots)
    for name, rows, spanned in groups:
        if not builder.add_group(name, rows, spanned):
            break
    builder.finish()
    links, silent, held = markup.links, markup.silent_links, markup.held
    if grid.truncated:
        placed = set(grid.cells)
        links = [link for link in links if link[0] in placed]
        silent = [cell for cell in silent if cell in placed]
        held = {kind: [cell for cell in cells if cell in placed] for kind, cells in held.items()}
        grid.headed = any(cell.header for cell in grid.cells)
    grid.links = sorted(links, key=place) if moved else links
    grid.holds = {kind: len(cells) for kind, cells in held.items() if cells}
    if "fields" in held or "choices" in held:
        grid.fields = list(dict.fromkeys(held.get("fields", []) + _to_fill_in(grid, held.get("choices", []))))
    grid.holds["links"] = len(links) - len(silent)
    if links and "items" in held:
        grid.holds["link_lists"] = _link_lists(held["items"], links, silent)
    return grid


def _to_fill_in(grid: Grid, choices: list[Cell]) -> list[Cell]:
    """The cells whose choices are fields of a form: several in a row, or one beside its label. Any other chooses the row that it stands in.

    :param choices: a cell for each checkbox and radio button that can be used.
    """
    in_row = _counts([cell.row for cell in choices])
    return [
        cell
        for cell in choices
        if in_row[cell.row] > 1 or (not grid.headed and grid.parts[cell.row] == 2 and next(cell.element.stripped_strings, None) is None)
    ]


def _link_lists(items: list[Cell], links: list[tuple[Cell, Element]], silent: list[Cell]) -> int:
    """How many cells, headers apart, hold a list with a link in every other item at least.

    :param items: a cell for each list item.
    :param silent: a cell for each link that stands in noscript.
    """
    linked, unseen = _counts([cell for cell, _ in links]), _counts(silent)
    return sum([not cell.header and 2 * (linked.get(cell, 0) - unseen.get(cell, 0)) >= count for cell, count in _counts(items).items()])


def _counts(things: list[_Thing]) -> dict[_Thing, int]:
    """How often each stands in a list; a `Counter` is not compiled, and takes several times as long to make as to count a few."""
    counts: dict[_Thing, int] = {}
    for thing in things:
        counts[thing] = counts.get(thing, 0) + 1
    return counts


def _group_order(group: RowGroup) -> int:
    return _ORDER.index(group[0])


def _number(groups: list[RowGroup]) -> None:
    """Number the rows of groups that do not stand in the order in which they are shown."""
    y = 0
    for _, rows, _ in groups:
        for cells in rows:
            for cell in cells:
                cell.row = y
            y += 1


def place(link: tuple[Cell, Element]) -> tuple[int, int]:
    """Where a link stands in the order of the cells."""
    return link[0].row, link[0].column
