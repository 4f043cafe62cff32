"""Real pages: the grids that Chromium lays out, and the tables that others have read from Wikipedia."""

import json
import sys

from linkmedia_scrapy import LinkMediaConfig, extract
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

CONFIG = LinkMediaConfig(extract=["tables"], table_score_threshold=None)


def test_grids_are_chromiums(corpus):
    """Every table has Chromium's rows and columns, and at least 99.5 % of the cells their texts."""
    from tables import agreement, slots

    right = of = tables = 0
    for line in (corpus / "oracle.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        truth = [slots(table) for table in page.get("tables", ()) if table["cells"]]
        if not truth:
            continue
        folder, file = page["file"].split("/", 1)
        found = [table.grid() for table in extract((corpus / folder / "pages" / file).read_bytes(), page["url"], config=CONFIG).tables]
        assert [(len(grid), len(grid[0])) for grid in found] == [(len(grid), len(grid[0])) for grid in truth], page["file"]
        agreed = [agreement(want, got) for want, got in zip(truth, found, strict=True)]
        right += sum(part for part, _ in agreed)
        of += sum(possible for _, possible in agreed)
        tables += len(truth)
    assert tables > 3000
    assert right >= 0.995 * of


def test_wikipedias_tables(corpus):
    """Shape on at least 79.8 % of the tables; of these 94 % of the cells, and the header row on 95 %; no row of th is without names."""
    from tables import agreement, squash

    total = shapes = right = of = named = 0
    for line in (corpus / "wtq/tables.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        want = case["rows"]
        page = extract((corpus / "wtq/pages" / case["page"]).read_bytes(), case["url"], config=CONFIG)
        table = max(page.tables, key=lambda table: (agreement(want, table.grid())[0], len(table.grid()) == len(want)))
        grid = table.grid()
        total += 1
        if (len(grid), len(grid[0])) != (len(want), len(want[0])):
            continue
        shapes += 1
        agreed, possible = agreement(want, grid)
        right, of = right + agreed, of + possible
        named += bool(table.header_rows) and [squash(name) for name in table.header_rows[0]] == [squash(name) for name in want[0]]
    assert shapes >= 0.798 * total
    assert right >= 0.94 * of
    assert named >= 0.95 * shapes


def test_a_first_row_of_th_names_the_columns(corpus):
    """On every page: `headers` is [] on no table whose first row is all th."""
    from table_corpus import tables_of

    looked_at = 0
    for path in sorted((corpus / "wtq/pages").glob("*.html")):
        for _, _, grid, headers, _ in tables_of(path.read_bytes()):
            first = [cell for cell in grid.rows[0] if cell is not None] if grid.cells else []
            scoped = any(cell.scope in ("row", "rowgroup") for cell in first)
            if (
                first
                and len(first) == grid.width
                and all(cell.header for cell in first)
                and any(cell.text for cell in first)
                and not scoped
            ):
                looked_at += 1
                assert headers.names, path.name
    assert looked_at > 400
