"""Heads: header rows that stand in a table of their own, above the one that they name the columns of.

Scripts that keep a table's headers in view while its rows scroll part the two: DataTables, Element, Ant Design, Kendo UI, jqGrid, layui.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element, Text
from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.tables.sources import Source
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["join_heads"]

_NEAR: Final = 20  # boxes, comments, and the white space around them


def join_heads(document: Document, sources: list[Source]) -> list[Source]:
    """The tables, those without column names with the names that stand in a table of their own before them, and these left out.

    A table that repeats the header row of the one after it is left out, too.
    """
    heads = {
        index
        for index, (head, body) in enumerate(pairwise(sources))
        if head.grid.headed and all(cell.header for cell in head.grid.cells) and _is_head_of(document, head, body)
    }
    return [source for index, source in enumerate(sources) if index not in heads] if heads else sources


def _is_head_of(document: Document, head: Source, body: Source) -> bool:
    """Whether the first of two tables, which has header cells only, is the head of the second; it is put into that one, if it lacks one."""
    above, below = head.grid, body.grid
    width = below.width
    if width < 2 or not 0 <= above.width - width <= 1 or head.origin != "table" or body.origin != "table":
        return False
    if len(set(above.rows[-1][:width])) < width or not _near(
        document, head.element, body.element
    ):  # a title spans the columns, and names none
        return False
    if above.width > width and any(_text(row[width]) for row in above.rows):  # else it stands above the scroll bar
        return False
    start = 0
    for row in below.rows:  # such as only set the widths
        if any(_text(cell) for cell in row):
            break
        start += 1
    if start == len(below.rows):
        return False
    first = below.rows[start]
    if all(cell is not None and cell.header for cell in first):
        return [_text(cell) for cell in first] == [_text(cell) for cell in above.rows[0][:width]]
    _put_above(above, below, start)
    return True


def _near(document: Document, head: Element, body: Element) -> bool:
    """Whether the one stands behind the other, with few boxes and nothing to read between them."""
    for node, _ in zip(head.following, range(_NEAR), strict=False):
        if node == body:
            return True
        if type(node) is Text and not node.data.isspace():
            around = node.parent
            if type(around) is Element and document.seen(around):
                return False
    return False


def _text(cell: Cell | None) -> str:
    return collapse(cell.element.text) if cell is not None else ""


def _put_above(above: Grid, below: Grid, start: int) -> None:
    """Put the rows of one grid in the place of the first `start` ones of another, of which the cells' texts are not read yet."""
    width, count = below.width, len(above.rows)
    for cell in below.cells:
        cell.row += count - start
    below.rows = [row[:width] for row in above.rows] + below.rows[start:]
    below.cells = [cell for cell in above.cells if cell.column < width] + [cell for cell in below.cells if cell.row >= count]
    below.links = [link for link in above.links if link[0].column < width] + [link for link in below.links if link[0].row >= count]
    below.fields = above.fields + below.fields
    below.parts = [min(parts, width) for parts in above.parts] + below.parts[start:]
    below.spanning = above.spanning + below.spanning[start:]
    below.groups = ["thead"] * count + below.groups[start:]
    below.caption = below.caption or above.caption
    below.headed = below.sections = True
    below.associated = below.associated or above.associated
    for kind, number in above.holds.items():
        below.holds[kind] = below.counted(kind) + number
