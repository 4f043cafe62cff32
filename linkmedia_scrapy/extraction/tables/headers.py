"""Headers: which rows and columns of a grid name the others, and the names of the columns."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.document import Element, Text
from linkmedia_scrapy.extraction.tables.association import Associations
from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.tables.numeric import NUMERIC, mostly_numbers
from linkmedia_scrapy.extraction.tags import HEADINGS, SILENT

__all__ = ["KEY_ENDS", "NAME_LIMIT", "Headers", "find_headers"]

_JOINT: Final = " › "
"""What stands between the names of several header rows, joined into one."""
KEY_ENDS: Final = (":", "：")
"""What stands behind a key."""
NAME_LIMIT: Final = 60
"""Characters; what is longer names nothing that has not been marked as its name."""

_SAMPLE: Final = 40  # rows looked at for what a column holds
_MAX_SPANNED: Final = 5  # header rows that a spanning header cell makes
_MAX_TITLES: Final = 3  # rows without names that stand above those with names
_MAX_NESTED: Final = 12  # elements in each other that are looked through for what emphasises a cell's text
_EMPHASIS: Final = HEADINGS | {"b", "strong", "em", "i", "u"}
_PERIOD: Final = re.compile(
    r"(?:\d{1,2}[./-]){0,2}(?:(?:1[5-9]|20)\d\d|13[5-9]\d|14[01]\d|25[5-9]\d|(?:(?![0-9])\d){4})(?:\s?[-/–]\s?\d{2,4}){0,2}"
    r"(?:\s?(?:гг?|рр?|r)\b)?\W{0,2}(?:\[\w{1,4}\])?"
)
"""A year, also of Iran's calendar, of the Buddhist one, in other digits, or with the letter for it (r., г., р.), a span of them, a date:
the numbers that name columns."""
_WEIGHT: Final = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(?:(bold|[6-9]00)|[a-z\d])", re.IGNORECASE)
_BACKGROUND: Final = re.compile(r"background(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)


class Headers:
    """What is known of a grid's headers: how many rows and columns are, and the name of every column ([] where none has one)."""

    __slots__ = ("columns", "headed", "marked", "names", "rows")

    def __init__(self, rows: int, columns: int, names: list[str], marked: bool, headed: bool) -> None:
        self.rows = rows
        self.columns = columns
        self.names = names
        self.marked = marked
        """Whether the markup says which rows are headers."""
        self.headed = headed
        """Whether it has header cells; columns of headers that it has without any are keys by their looks."""


def find_headers(grid: Grid) -> Headers:
    """Find the header rows and columns of a grid."""
    headed = grid.headed
    rows = _marked_rows(grid, 0) if headed or grid.sections else 0
    if not _named_apart(grid, 0, rows):
        first = _behind_titles(grid, rows)
        behind = _marked_rows(grid, first) if headed and first > rows else first
        if behind > first and _named_apart(grid, first, behind):
            rows = behind
    marked = rows > 0
    columns = 0 if headed or rows else _emphasised_keys(grid)
    if not columns:
        if not _named_apart(grid, 0, rows):
            rows += _unmarked_rows(grid, rows)
        if headed:
            columns = _header_columns(grid, rows)
    names = _column_names(grid, rows)
    if not rows and grid.associated and any(cell.headers for cell in grid.cells):
        relations = Associations(grid)
        names = relations.column_names()
        named = relations.rows_of_names() if names else 0
        if _named_apart(grid, 0, named):
            rows = named
            names = _column_names(grid, rows)
    return Headers(rows, columns, names, marked, headed)


def _distinct(row: list[Cell | None]) -> list[Cell]:
    return list(dict.fromkeys([cell for cell in row if cell is not None]))


def _marked_rows(grid: Grid, start: int) -> int:
    """Where the rows from `start` on end that the markup makes headers: the thead's, else those in which every cell is a th or empty."""
    total = len(grid.rows)
    head = start
    while head < total and grid.groups[head] == "thead":
        head += 1
    if head > start and (head < total or all(cell.header for cell in grid.cells)):
        return head
    head = start
    named = False
    while head < total and _is_header_row(grid, head):
        if named and grid.spanning[head]:
            break  # a header of the rows below it, not of columns
        named = named or not grid.spanning[head]
        head += 1
    if head == total and total > start + 1:
        return start + 1  # nothing but th: the first row names the others
    deep = max((cell.row + cell.rowspan for row in grid.rows[start:head] for cell in row if cell is not None), default=head)
    if head < deep < total and deep <= head + _MAX_SPANNED and not any(map(_holds_number, grid.rows[head:deep])):
        return deep
    return head


def _is_header_row(grid: Grid, index: int) -> bool:
    heading = 0
    others: list[Cell] = []
    for cell in _distinct(grid.rows[index]):
        if not cell.text:
            continue
        if not cell.header:
            others.append(cell)
        elif cell.row == index and cell.scope in ("row", "rowgroup"):
            return False
        else:
            heading += 1
    # the corner above a column of row headers is often a td
    return heading > 0 and (not others or (heading > 1 and len(others) == 1 and others[0].column == 0 and others[0].colspan == 1))


def _holds_number(row: list[Cell | None]) -> bool:
    return any(cell is not None and not cell.header and NUMERIC.fullmatch(cell.text) for cell in row)


def _named_apart(grid: Grid, start: int, end: int) -> bool:
    """Whether the header rows from `start` to `end` give the columns names of their own, rather than a title to all of them."""
    return not all(grid.spanning[start:end])


def _behind_titles(grid: Grid, start: int) -> int:
    """The first row from `start` on that one cell does not fill and that is not empty: titles and the rows that set widths name nothing."""
    end = min(start + _MAX_TITLES, len(grid.rows))
    while start < end and (grid.spanning[start] or not any(grid.texts[start])):
        start += 1
    return start


def _unmarked_rows(grid: Grid, start: int) -> int:
    """How many rows from `start` on look like headers although no th says so: a row of names, with or without titles above it."""
    first = _behind_titles(grid, start)
    sample = slice(first + 1, first + 1 + _SAMPLE)
    body = grid.rows[sample]
    if not body or grid.width < 2:
        return 0
    row = grid.rows[first]
    cells = _distinct(row)
    names = [cell.text for cell in cells if cell.text]
    if not names or any(cell.header or cell.rowspan > 1 for cell in cells):
        return 0
    if len(set(names)) < len(names) or max(map(len, names)) > NAME_LIMIT:
        return 0
    full = len(cells) == grid.width and _all_named(cells, grid.texts[sample])
    if not full and len(names) < 2:
        return 0
    if _stands_out(cells, body, full):
        return first + 1 - start
    if full and len(body) > 1 and not any(map(NUMERIC.fullmatch, names)) and _names_numbers(cells, grid.texts[sample]):
        return first + 1 - start
    return 0


def _stands_out(cells: list[Cell], body: list[list[Cell | None]], full: bool) -> bool:
    """Whether the cells of a row with texts, and of no row near it, are emphasised, or all have a background; not the first of a ranking.

    :param full: whether it names every column that needs a name; only of such a row does a background tell.
    """
    numbers = [NUMERIC.fullmatch(cell.text) is not None for cell in cells]
    if numbers[0] and not all(numbers):
        return False  # a thing's number and name; years stand behind a name, or by themselves
    if any(number and _PERIOD.fullmatch(cell.text) is None for cell, number in zip(cells, numbers, strict=True)):
        return False  # a total above what it sums up, or the winner
    below = [cell for row in body[:3] for cell in _distinct(row) if cell.text]
    weights: dict[Element, str] = {}
    if all(_emphasised(cell, weights) for cell in cells if cell.text):
        return sum([_emphasised(cell, weights) and cell.column > 0 for cell in below]) * 2 < len(below)  # keys on the left may be bold
    if not full or len(body) < 2:  # of two rows the second could be the one that stands out
        return False
    known: dict[Element, str] = {}
    colours = {_background(cell, known) for cell in cells}
    return "" not in colours and colours.isdisjoint([_background(cell, known) for cell in below])


def _emphasised_keys(grid: Grid) -> int:
    """1 where the left of two columns holds keys by their looks: short, different and emphasised ones in all rows, no value so; else 0."""
    if grid.width != 2:
        return 0
    keys: dict[str, Cell] = {}
    weights: dict[Element, str] = {}
    numbered = filled = False
    for row, spanned in zip(grid.rows, grid.spanning, strict=True):
        key, value = row
        if spanned or ((key is None or not key.text) and (value is None or not value.text)):
            continue
        if key is None or not key.text or len(key.text) > NAME_LIMIT or not _emphasised(key, weights):
            return 0
        if keys.setdefault(key.text, key) is not key:
            return 0
        if value is not None and value.text:
            if _emphasised(value, weights):
                return 0
            filled = True
        numbered = numbered or NUMERIC.fullmatch(key.text) is not None
    return 1 if len(keys) > 1 and filled and not numbered else 0


def _emphasised(cell: Cell, weights: dict[Element, str]) -> bool:
    """Whether all of a cell's text, but a colon, stands in b, a heading and the like, or is bold by inline styles: of its row, too.

    `weights` holds what the styles of rows say, so that each is read once and not for each of its cells.
    """
    row = cell.element.parent
    if type(row) is Element:
        weight = weights.get(row)
        if weight is None:
            weight = weights[row] = _weight(row) if row.attrs else ""
        if weight == "bold":
            return cell.text != ""
    return _emphasis_in(cell.element, _MAX_NESTED) == 1


def _emphasis_in(element: Element, depth: int) -> int:
    """0 where an element holds no text, 1 where all of it is emphasised, 2 where some is not, or it holds a table or nests deeper."""
    weight = _weight(element) if element.attrs else ""
    if weight == "bold" or (element.tag in _EMPHASIS and not weight):
        return int(next(element.stripped_strings, None) is not None)
    found = 0
    for child in element:
        if type(child) is Text:
            if child.data and not child.data.isspace() and child.data.strip() not in KEY_ENDS:
                return 2
        elif type(child) is Element and child.tag not in SILENT:
            inner = 2 if child.tag == "table" or not depth else _emphasis_in(child, depth - 1)
            if inner == 2:
                return 2
            found = found or inner
    return found


def _weight(element: Element) -> str:
    """What an element's inline style makes its text: bold, normal, or "" where it does not say."""
    match = _WEIGHT.search(element.attr("style") or "")
    if match is None:
        return ""
    return "bold" if match.group(1) else "normal"


def _background(cell: Cell, known: dict[Element, str]) -> str:
    """The background of a cell or, where it has none of its own, of its row; `known` holds those of rows."""
    own = _own_background(cell.element)
    row = cell.element.parent
    if own or type(row) is not Element:
        return own
    colour = known.get(row)
    if colour is None:
        colour = known[row] = _own_background(row)
    return colour


def _own_background(element: Element) -> str:
    if not element.attrs:
        return ""
    match = _BACKGROUND.search(element.attr("style") or "")
    colour = match.group(1) if match else element.attr("bgcolor")
    return colour.strip().lower() if colour else ""


def _all_named(cells: list[Cell], body: list[list[str]]) -> bool:
    """Whether a row names all columns, but for a corner on its left, and for columns that hold next to no texts below it."""
    first = next(index for index, cell in enumerate(cells) if cell.text)
    nameless = [index for index, cell in enumerate(cells) if not cell.text and index > first]
    if (first > 1 or nameless) and len(cells) - first - len(nameless) < 2:
        return False  # a text by itself: a total, a key
    return all(sum([row[index] != "" for row in body]) * 2 < len(body) for index in nameless)


def _names_numbers(cells: list[Cell], body: list[list[str]]) -> bool:
    """Whether a row of words stands above columns of numbers; those below a corner of several columns are not looked at."""
    width = len(cells)
    share = 0.8 if width > 2 else 1.0
    corner = not cells[0].text and not cells[1].text
    numeric = False
    for column in range(width):
        if corner and not cells[column].text:
            continue
        texts = [text for row in body if (text := row[column])]
        if len(texts) >= 2 and mostly_numbers(texts, share):
            numeric = True
            break
    # a list of keys and values with some numbers among them has two columns, too
    return numeric and (width > 2 or len(body) > 2)


def _header_columns(grid: Grid, header_rows: int) -> int:
    """How many columns at the left hold row headers: th where a cell begins, in all rows but those that one cell fills."""
    body = [row for row, spanned in zip(grid.rows[header_rows:], grid.spanning[header_rows:], strict=True) if not spanned]
    count = 0
    while body and count < grid.width - 1:
        heading = plain = 0
        for row in body:
            cell = row[count]
            if cell is None:
                continue
            if not cell.header:
                plain += cell.text != ""
            elif cell.scope not in ("col", "colgroup"):
                heading += 1
        if not heading or plain * 10 > heading:
            break
        count += 1
    return count


def _column_names(grid: Grid, header_rows: int) -> list[str]:
    """One name a column; the names of several header rows joined, one that spans them told once; [] without header rows."""
    rows = grid.rows[:header_rows]
    if not rows:
        return []
    spanning = grid.spanning[:header_rows]
    if not all(spanning):  # what fills a row without being a header is a title or a toolbar
        rows = [row for row, spanned in zip(rows, spanning, strict=True) if not spanned or row[0] is None or row[0].header]
    if len(rows) == 1:
        return ["" if cell is None else cell.text.replace("\n", " ") for cell in rows[0]]
    names: list[str] = []
    for column in range(grid.width):
        cells = dict.fromkeys([cell for row in rows if (cell := row[column]) is not None and cell.text])
        names.append(_JOINT.join([cell.text.replace("\n", " ") for cell in cells]))
    return names
