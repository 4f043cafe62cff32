"""Data tables: read by the table model, their headers found, told from layout tables by a score."""

from __future__ import annotations

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot
from linkmedia_scrapy.extraction.tables.grid import Grid, form_grid
from linkmedia_scrapy.extraction.tables.headers import column_names, count_header_rows, count_row_header_columns
from linkmedia_scrapy.extraction.tables.scoring import score_parts
from linkmedia_scrapy.extraction.text import collapse
from linkmedia_scrapy.items import TableItem

__all__ = ["extract_tables"]


def extract_tables(page: PageContext) -> list[TableItem]:
    """The page's data tables in document order; a table inside another's cell is a record of its own."""
    tables: list[TableItem] = []
    spots = page.document.find("table")
    holders = {page.document.place(spot.element).cell for spot in spots} - {None}
    for spot in spots:
        grid = form_grid(spot.element, page.document, page.config.table_max_slots)
        if not grid.cells:
            page.drop("table", "empty")
            continue
        nested = not holders.isdisjoint(cell.element for cell in grid.cells)
        parts = score_parts(spot.element, grid, nested)
        score = round(sum(parts.values()), 2)
        reason = page.rules.rules.score_reason(score, page.config.table_score_threshold)
        if reason:
            page.drop("table", reason)
            continue
        tables.append(_table(page, spot, grid, parts, score))
        if grid.truncated:
            page.drop("table", "rows_beyond_max_slots")
    return tables


def _table(page: PageContext, spot: Spot, grid: Grid, parts: dict[str, float], score: float) -> TableItem:
    header_rows = count_header_rows(grid)
    row_headers = count_row_header_columns(grid, header_rows)
    attr = spot.attr
    return TableItem(
        page_url=page.url,
        kind=_kind(grid, header_rows, row_headers),
        headers=column_names(grid, header_rows),
        rows=grid.texts(header_rows),
        caption=grid.caption,
        summary=collapse(attr("summary") or ""),
        title=collapse(attr("title") or attr("aria-label") or ""),
        score=score,
        score_parts=parts,
        header_rows=grid.texts(0, header_rows),
        row_header_columns=row_headers,
        cell_links=_cell_links(page, grid),
        id=attr("id") or "",
        css_class=attr("class") or "",
        region=spot.region,
        heading=page.document.heading(spot),
    )


def _kind(grid: Grid, header_rows: int, row_headers: int) -> str:
    if header_rows and row_headers:
        return "matrix"
    if not header_rows and row_headers and grid.width == row_headers + 1:
        return "entity"
    return "relational"


def _cell_links(page: PageContext, grid: Grid) -> list[dict[str, object]]:
    links: list[dict[str, object]] = []
    for cell in grid.cells:
        for anchor in cell.element.iter_elements("a"):
            href = anchor.attr("href")
            if href is None or page.document.place(anchor).cell != cell.element:
                continue
            url = page.resolver.resolve(href)
            if url is not None and url.startswith(("http://", "https://")):
                links.append({"row": cell.row, "column": cell.column, "text": page.document.text(anchor), "url": url})
    return links
