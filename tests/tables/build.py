"""What the tests of tables share."""

from __future__ import annotations

from linkmedia_scrapy import LinkMediaConfig, TableItem, extract
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.markup import MarkupReader, form_grid

ALL = LinkMediaConfig(table_score_threshold=None)


def grid_of(html: str, max_slots: int = 1_000_000) -> Grid:
    """The first table of a page, laid out."""
    document = Document(html)
    grid = form_grid(MarkupReader(document).read(document.find("table")[0].element), max_slots)
    CellReader(document).read(grid)
    return grid


def texts_of(html: str) -> list[list[str | None]]:
    """The first table's slots; None where no cell is."""
    return [[cell.text if cell is not None else None for cell in row] for row in grid_of(html).rows]


def table_of(html: str, config: LinkMediaConfig = ALL) -> TableItem:
    """The record of the first table of a page."""
    page = extract(html, "https://example.com/dir/page.html", config=config)
    assert page.success, page.errors
    return page.tables[0]
