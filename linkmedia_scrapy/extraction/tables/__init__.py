"""Data tables: read by the table model, their headers found, told from layout tables by a score."""

from __future__ import annotations

from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.headers import Headers, find_headers
from linkmedia_scrapy.extraction.tables.heads import join_heads
from linkmedia_scrapy.extraction.tables.kinds import kind_of
from linkmedia_scrapy.extraction.tables.scoring import highest_score, score_parts
from linkmedia_scrapy.extraction.tables.sources import Source, find_tables, in_document_order
from linkmedia_scrapy.extraction.text import SHARED, collapse, excerpt, first_text
from linkmedia_scrapy.items import TableItem

__all__ = ["extract_tables"]

_MOST_LABELS: Final = 20  # elements that label a table


def extract_tables(page: PageContext) -> list[TableItem]:
    """The page's data tables in document order; a table inside another's cell is a record of its own."""
    reader = CellReader(page.document)
    # step by step, each step for all of them, as links are read (`extract_links`)
    sources = join_heads(page.document, list(find_tables(page, reader)))
    sources = in_document_order(page, [source for source in sources if _may_be_data(page, source)])
    for source in sources:
        if source.origin == "table":
            reader.read(source.grid)
    headers = [find_headers(source.grid) for source in sources]
    tables: list[TableItem] = []
    kept: list[Grid] = []
    for source, found in zip(sources, headers, strict=True):
        table = _table(page, source, found)
        if table is not None:
            tables.append(table)
            kept.append(source.grid)
    for table, grid in zip(tables, kept, strict=True):
        table.cell_links = _cell_links(page, grid, reader)
    return tables


def _may_be_data(page: PageContext, source: Source) -> bool:
    """Whether a table has cells, and whether it may be one of data, whatever its texts are."""
    grid = source.grid
    if not grid.cells:
        page.drop("table", "empty")
        return False
    # where the number of rows matters header rows do, and these are found by their texts
    if source.origin == "table" and not page.config.table_min_rows:
        highest = highest_score(source.attr, grid)
        reason = page.rules.table_reason(highest, len(grid.rows), grid.width) if highest is not None else ""
        if reason:
            page.drop("table", reason)
            return False
    return True


def _table(page: PageContext, source: Source, headers: Headers) -> TableItem | None:
    """A table's record without its links, None where it is left out: field by field, since the dataclass's own __init__ takes longer."""
    grid, region = source.grid, source.where.region
    parts = score_parts(source.attr, grid, headers, source.origin, region)
    score = round(sum(parts.values()), 2)
    reason = page.rules.table_reason(score, len(grid.rows) - headers.rows, grid.width)
    if reason:
        page.drop("table", reason)
        return None
    if grid.truncated:
        page.drop("table", "rows_beyond_max_slots")
    if grid.shortened:
        page.drop("table", "repeated_text")
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
    table.region = region
    table.score, table.score_parts = score, parts
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
