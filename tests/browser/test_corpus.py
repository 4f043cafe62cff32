"""Real pages crawled with rendering, the network closed: no page is lost, and records are those of Chromium's own DOM."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.conftest import SOAK

# What stands in the page, as the browser says: a table's cells with the slots they fill, their text without what no reader sees.
TRUTH = r"""() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const read = cell => {
    let out = '', spare = '';
    const walk = node => { for (const n of node.childNodes) {
      if (n.nodeType === 3) { out += n.data; continue; }
      if (n.nodeType !== 1 || ['script', 'style', 'template', 'table', 'noscript'].includes(n.localName) || n.hidden) continue;
      if (n.style && (n.style.display === 'none' || n.style.visibility === 'hidden')) continue;
      if (n.localName === 'img') { spare += ' ' + (n.getAttribute('alt') || ''); continue; }
      if (n.localName === 'input' && !['hidden', 'password'].includes(n.type)) spare += ' ' + (n.getAttribute('value') || '');
      if (n.localName === 'textarea') spare += n.value;
      if (n.localName === 'select' && n.selectedOptions[0]) spare += n.selectedOptions[0].text;
      if (!['input', 'textarea', 'select'].includes(n.localName)) walk(n);
    } };
    walk(cell);
    return out.trim() ? out : spare;
  };
  const cells = table => {
    const rows = [...table.rows], slots = rows.map(() => []);
    rows.forEach((row, y) => {
      const group = rows.filter(other => other.parentNode === row.parentNode), at = group.indexOf(row);
      let x = 0;
      for (const cell of row.cells) {
        while (slots[y][x] !== undefined) x++;
        const height = cell.rowSpan === 0 ? group.length - at : Math.min(cell.rowSpan, group.length - at), text = read(cell);
        for (let j = 0; j < height; j++) for (let i = 0; i < cell.colSpan; i++) slots[rows.indexOf(group[at + j])][x + i] = text;
        x += cell.colSpan;
      }
    });
    return slots.map(row => [...row].map(text => text === undefined ? '' : text));
  };
  return {links: all('a[href],area[href]').map(e => e.href), images: all('img').filter(e => e.currentSrc || e.getAttribute('src')).map(e => e.currentSrc || e.src),
    tables: all('table').filter(t => t.rows.length).map(cells)};
}"""


def pages(folder: Path) -> dict[str, bytes]:
    """The corpus' pages by URL, which is the page's own but for http and a top-level domain: the proxy has no certificates, and browsers
    know by heart which hosts are to be asked by https. Several of one URL get a query."""
    found: dict[str, bytes] = {}
    for meta in sorted(folder.glob("*/meta.jsonl")):
        for line in meta.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            url = entry.get("url") or "http://fakehost.example/test/page.html"
            parts = urlsplit(url)
            url = urlunsplit(("http", f"{parts.hostname}.test", parts.path or "/", parts.query, ""))
            if url in found:
                url += f"{'&' if '?' in url else '?'}page={len(found)}"
            found[url] = (meta.parent / "pages" / entry["file"]).read_bytes()
    return found


@contextmanager
def proxy(served: dict[str, bytes]) -> Iterator[str]:
    """An HTTP proxy that knows these pages and nothing else of the world; its address."""
    by_place = {urlsplit(url)[1:4]: body for url, body in served.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = by_place.get(urlsplit(self.path)[1:4])
            declares = body is not None and (b"charset" in body[:2048].lower() or body[:2] in (b"\xfe\xff", b"\xff\xfe"))
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html" if declares else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a browser that goes away is none
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def http(urls: Any) -> set[str]:
    """The URLs that name a host, without fragments; Chromium shows invalid ones as they are written."""
    found = set()
    for url in urls:
        host = urlsplit(url).netloc if url.startswith(("http://", "https://")) else ""
        if host and not set(host) & set("<>%{} "):
            found.add(url.partition("#")[0])
    return found


def cells_alike(theirs: list[list[str]], ours: list[list[str]]) -> int:
    """How many slots of the browser's table have the same text in ours, white space apart."""
    pairs = ((a, b) for row, other in zip(theirs, ours, strict=False) for a, b in zip(row, other, strict=False))
    return sum(re.sub(r"\s+", "", a) == re.sub(r"\s+", "", b) for a, b in pairs)


@pytest.mark.soak
def test_records_of_rendered_real_pages(crawl, chromium, corpus):
    """Every page (each twentieth without LINKMEDIA_SOAK=1): the same links as Chromium's DOM, every image it shows, the cells of every table."""
    served = dict(list(pages(corpus).items())[:: 1 if SOAK else 20])
    with proxy(served) as address:
        outcome = crawl(
            [{"url": url, "meta": {"playwright_page_methods": [["evaluate", TRUTH]]}} for url in served],
            seconds=3600,
            render=True,
            ready_timeout=10,
            image_score_threshold=None,
            table_score_threshold=None,
            PLAYWRIGHT_LAUNCH_OPTIONS={**chromium, "proxy": {"server": address}},
        )
    unlike, missing, images, shapes, cells = [], [], [0, 0], [0, 0], [0, 0]
    responses = {item["asked"]: item for item in outcome.of("response")}
    by_page: dict[str, dict[str, list[Any]]] = {}
    for item in outcome.items:
        if "page_url" in item:
            by_page.setdefault(item["page_url"], {}).setdefault(item["record"], []).append(item)
    for response in responses.values():
        (truth,) = response["results"]
        found = by_page.get(response["url"], {})
        links = http(link["url"] for link in found.get("link", ()))
        if links != http(truth["links"]):
            unlike.append((response["url"], sorted(links ^ http(truth["links"]))[:3]))
        ours = http(
            url
            for image in found.get("image", ())
            for url in (image["src"], image["placeholder_src"] or "", *(v["src"] for v in image["variants"]))
        )
        shown = http(truth["images"])
        images[0] += len(shown & ours)
        images[1] += len(shown)
        if shown - ours:
            missing.append((response["url"], sorted(shown - ours)[:3]))
        tables = found.get("table", [])
        grids = [table["header_rows"] + table["rows"] for table in tables]
        for theirs in truth["tables"]:
            size = (len(theirs), max(map(len, theirs)))
            best = max((cells_alike(theirs, grid) for grid in grids if (len(grid), len(grid[0]) if grid else 0) == size), default=None)
            shapes[0] += best is not None
            shapes[1] += 1
            cells[0] += best or 0
            cells[1] += sum(map(len, theirs))
    lost = set(served) - set(responses)
    print(
        f"{len(served)} pages, lost {lost}, links unlike {unlike}, images {images} {missing}, tables of the same shape {shapes}, cells {cells}"
    )
    assert not lost
    assert len(unlike) <= len(served) // 100, unlike[:5]
    assert len(missing) <= len(served) // 100, missing[:5]  # one page of 445 changes its pictures between two looks
    assert shapes[0] >= 0.99 * shapes[1]
    assert cells[0] >= 0.99 * cells[1]
