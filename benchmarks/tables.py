"""Tables beside pandas.read_html and Crawl4AI: the same pages, one run, in time, shapes, cells right, and data told from layout.

usage: LINKMEDIA_CORPUS=folder python benchmarks/tables.py

What is right is what Chromium says of each page (the corpus' oracle.jsonl): every table's rows and columns, and each cell's text at its
slot, white space apart. An engine's table is held against the one of Chromium's that it agrees with most. Engines that are not installed
are left out, and said to be. Times are of the process, for everything that the engine does from the body to the tables.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib import import_module
from io import StringIO

from table_corpus import CORPUS, Labelled, others, wikipedia

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction.tables.scoring import WEIGHTS

Grid = list[list[str | None]]
Engine = Callable[[bytes, str], list[Grid]]

_ALL = LinkMediaConfig(extract=["tables"], table_score_threshold=None)


def ours(body: bytes, url: str) -> list[Grid]:
    return [table.grid() for table in extract(body, url, config=_ALL).tables]


def pandas_engine() -> Engine:
    pandas = import_module("pandas")
    import_module("lxml")

    def run(body: bytes, url: str) -> list[Grid]:
        try:
            frames = pandas.read_html(StringIO(body.decode("utf-8", "replace")), header=None, flavor="lxml", keep_default_na=False)
        except (ValueError, IndexError):  # no tables, or one that it cannot read: then none of the page's
            return []
        return [_rows(frame) for frame in frames]

    def _rows(frame: object) -> Grid:
        columns = frame.columns  # type: ignore[attr-defined]
        names: Grid = []
        if any(not isinstance(name, int) for name in columns):
            levels = columns.nlevels
            names = [[str(name[level] if levels > 1 else name) for name in columns] for level in range(levels)]
        return names + [[str(value) for value in row] for row in frame.values.tolist()]  # type: ignore[attr-defined]

    return run


def crawl4ai_engine() -> Engine:
    strategy = import_module("crawl4ai.content_scraping_strategy").LXMLWebScrapingStrategy()
    rule = import_module("crawl4ai.table_extraction").DefaultTableExtraction(table_score_threshold=-99)

    def run(body: bytes, url: str) -> list[Grid]:
        result = strategy.scrap(url, body.decode("utf-8", "replace"), table_extraction=rule, table_score_threshold=-99)
        return [[table["headers"], *table["rows"]] for table in result.media.tables]

    return run


def crawl4ai_rule() -> Callable[[Labelled], bool]:
    """Crawl4AI's own rule for data tables, with its default threshold of 7."""
    rule = import_module("crawl4ai.table_extraction").DefaultTableExtraction()
    html = import_module("lxml.html")
    return lambda table: bool(rule.is_data_table(html.fromstring(table.element.serialize()), table_score_threshold=7))


def squash(text: str | None) -> str:
    return "".join((text or "").split())


def slots(table: dict[str, list[list[object]]]) -> Grid:
    grid: Grid = [[None] * table["cols"] for _ in range(table["rows"])]  # type: ignore[operator,arg-type]
    for y, x, down, across, _, text in table["cells"]:
        for row in grid[y : y + down]:  # type: ignore[operator,misc]
            row[x : x + across] = [text] * len(row[x : x + across])  # type: ignore[operator,misc,list-item]
    return grid


def agreement(want: Grid, got: Grid) -> tuple[int, int]:
    right = of = 0
    for y, row in enumerate(want):
        for x, text in enumerate(row):
            if text is not None and len(text) < 200:
                of += 1
                right += y < len(got) and x < len(got[y]) and squash(got[y][x]) == squash(text)
    return right, of


def judge(name: str, engine: Engine) -> None:
    spent = 0.0
    tables = shapes = right = of = failed = 0
    for line in (CORPUS / "oracle.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        truth = [slots(table) for table in page.get("tables", ()) if table["cells"]]
        if not truth:
            continue
        folder, file = page["file"].split("/", 1)
        body = (CORPUS / folder / "pages" / file).read_bytes()
        start = time.process_time()
        try:
            found = engine(body, page["url"])
        except Exception as error:
            failed += 1
            found = []
            print(f"  {name} failed on {page['file']}: {type(error).__name__}")
        spent += time.process_time() - start
        same_number = len(found) == len(truth)
        for index, want in enumerate(truth):
            got = found[index] if same_number else max(found[:80], key=lambda grid: agreement(want, grid)[0], default=[])
            agreed, possible = agreement(want, got)
            if not same_number and agreed:
                found.remove(got)
            tables += 1
            shapes += (len(got), max(map(len, got), default=0)) == (len(want), len(want[0]))
            right += agreed
            of += possible
    shown = f"same shape {shapes}/{tables} = {shapes / tables:.4f}; cells {right}/{of} = {right / of:.4f}"
    print(f"{name}: {spent:.2f} s; {shown}; failed on {failed} pages")


def told_apart(name: str, rule: Callable[[Labelled], bool]) -> None:
    sets = {
        "wikipedia without class, id and role": wikipedia(),
        "wikipedia, every label": wikipedia(every=True),
        "other sites": others(),
    }
    for label, tables in sets.items():
        halves = {"all": tables, "not fitted on": [table for table in tables if not table.fit], "fitted on": [t for t in tables if t.fit]}
        for half, judged in halves.items():
            found = [(rule(table), table.data) for table in judged]
            both, kept, data = (sum(column) for column in zip(*((k and d, k, d) for k, d in found), strict=True))
            shown = f"F1 {2 * both / max(kept + data, 1):.4f} (precision {both / max(kept, 1):.4f}, recall {both / max(data, 1):.4f})"
            print(f"{name}, data or layout, {label}, {half}: {shown}, {data} of {len(judged)} data")


def one_line(table: Labelled) -> bool:
    """The baseline: it has a th, no table inside, and not one th in at most two rows."""
    headers = sum(cell.element.tag == "th" for cell in table.grid.cells)
    return headers > 0 and not table.features.get("nested_tables") and not (headers == 1 and len(table.grid.rows) <= 2)


def main() -> None:
    judge("linkmedia", ours)
    for name, make in (("pandas.read_html", pandas_engine), ("Crawl4AI", crawl4ai_engine)):
        try:
            engine = make()
        except ImportError as error:
            print(f"{name}: left out ({error})")
        else:
            judge(name, engine)
    told_apart("linkmedia", lambda table: sum(WEIGHTS.get(name, 0) * value for name, value in table.features.items()) >= 7)
    told_apart("one line", one_line)
    try:
        rule = crawl4ai_rule()
    except ImportError as error:
        print(f"Crawl4AI's rule: left out ({error})")
    else:
        told_apart("Crawl4AI's rule", rule)


if __name__ == "__main__":
    main()
