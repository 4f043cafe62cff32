"""Data tables: read by the table model, their headers found, told from layout tables by a score."""

from __future__ import annotations

from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.headers import Headers, find_headers
from linkmedia_scrapy.extraction.tables.kinds import kind_of
from linkmedia_scrapy.extraction.tables.scoring import highest_score, score_parts
from linkmedia_scrapy.extraction.tables.sources import Source, find_tables
from linkmedia_scrapy.extraction.text import SHARED, collapse, excerpt, first_text
from linkmedia_scrapy.items import TableItem

__all__ = ["extract_tables"]

_MOST_LABELS: Final = 20  # elements that label a table


def extract_tables(page: PageContext) -> list[TableItem]:
    """The page's data tables in document order; a table inside another's cell is a record of its own."""
    tables: list[TableItem] = []
    elements: list[Element] = []
    reader = CellReader(page.document)
    rules = page.rules
    for source in find_tables(page, reader):
        grid = source.grid
        if not grid.cells:
            page.drop("table", "empty")
            continue
        attr = source.element.attr
        if source.origin == "table":
            # where the number of rows matters header rows do, and these are found by their texts
            highest = highest_score(attr, grid) if not page.config.table_min_rows else None
            if highest is not None and (reason := rules.table_reason(highest, len(grid.rows), grid.width)):
                page.drop("table", reason)
                continue
            reader.read(grid)
        headers = find_headers(grid)
        region = source.where.region
        parts = score_parts(attr, grid, headers, source.origin, region)
        score = round(sum(parts.values()), 2)
        reason = rules.table_reason(score, len(grid.rows) - headers.rows, grid.width)
        if reason:
            page.drop("table", reason)
            continue
        table = _table(page, source, headers)
        table.region = region
        table.score, table.score_parts = score, parts
        table.cell_links = _cell_links(page, grid, reader)
        tables.append(table)
        elements.append(source.element)
        if grid.truncated:
            page.drop("table", "rows_beyond_max_slots")
        if grid.shortened:
            page.drop("table", "repeated_text")
    if len(page.config.table_sources) > 1:  # found source by source
        numbers = {element: number for number, element in enumerate(page.document.elements("table,dl,[role]"))}
        order = sorted(range(len(tables)), key=lambda index: numbers[elements[index]])
        tables = [tables[index] for index in order]
    return tables


def _table(page: PageContext, source: Source, headers: Headers) -> TableItem:
    """A table's record without its score, region and links: field by field, since the dataclass's own __init__ takes longer."""
    grid = source.grid
    attr = source.element.attr
    summary = attr("summary")
    table = TableItem.__new__(TableItem)
    table.record = "table"
    table.page_url = page.url
    table.kind = kind_of(grid, headers)
    table.headers = headers.names
    table.rows = grid.texts[headers.rows :]
    table.caption = page.document.text(grid.caption) if grid.caption is not None else ""
    table.summary = collapse(summary) if summary else ""
    table.title = _title(page.document, source.element)
    table.header_rows = grid.texts[: headers.rows]
    table.row_header_columns = headers.columns
    table.id = attr("id") or ""
    table.css_class = attr("class") or ""
    table.heading = page.document.heading(source.where)
    table.path = None
    table.truncated = grid.truncated or grid.shortened
    return table


def _cell_links(page: PageContext, grid: Grid, reader: CellReader) -> list[dict[str, Any]]:
    if not grid.links:
        return []
    # step by step, each step for all of them, as links are read (`extract_links`)
    references = [anchor.attr("href") for _, anchor in grid.links]
    urls = page.resolver.resolve_all([reference for reference in references if reference is not None])
    found = [
        (cell, anchor, url)
        for (cell, anchor), reference in zip(grid.links, references, strict=True)
        if reference is not None and (url := urls[reference]) is not None and url.startswith(("https://", "http://"))
    ]
    texts = [reader.link_text(cell, anchor) for cell, anchor, _ in found]
    return [{"row": cell.row, "column": cell.column, "text": text, "url": url} for (cell, _, url), text in zip(found, texts, strict=True)]


def _title(document: Document, element: Element) -> str:
    """What attributes call an element: the text of the elements that aria-labelledby names, aria-label, or title."""
    attr = element.attr
    labels = map(document.by_id, dict.fromkeys((attr("aria-labelledby") or "").split()[:_MOST_LABELS]))
    texts = [document.beginning(label) for label in labels if label is not None]
    return excerpt(" ".join(filter(None, texts)), SHARED) or first_text(attr("aria-label"), attr("title"))
