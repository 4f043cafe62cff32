"""The main job, once: crawl the bundled site (or any other), write feeds, say what was found and where it lies.

usage: demo.py [--url URL] [--out FOLDER] [--pages N]
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from linkmedia_scrapy.browser import find
from linkmedia_scrapy.items import RECORDS
from linkmedia_scrapy.responses import is_html

if TYPE_CHECKING:
    from scrapy.http import Response

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.server import SiteServer  # noqa: E402 - the project's root has to be on the path first

KINDS = ("link", "image", "video", "audio", "table")
CAPTURES = ("screenshot", "pdf", "mhtml")
TOLD = {
    "no page": "linkmedia/skipped_count/",
    "failed": "linkmedia/error_count/",
    "not fetched": "downloader/exception_type_count/",
}
"""What the other stats are called that are told."""
IGNORED = "downloader/exception_type_count/scrapy.exceptions.IgnoreRequest"
"""What robots.txt forbids, among them: its own stat tells that better."""


def main() -> int:
    """Run the demo; the exit code is 0 where at least one page was read."""
    parser = argparse.ArgumentParser(description="Crawl a site and write its links, media and tables as feeds.")
    parser.add_argument("--url", help="the site; the one that is bundled where none is named")
    parser.add_argument("--out", default="out", type=Path, help="the folder for the feeds")
    parser.add_argument("--pages", default=30, type=int, help="how many pages at most")
    options = parser.parse_args()
    out: Path = options.out.resolve()
    _empty(out)
    with contextlib.ExitStack() as stack:
        url = options.url or stack.enter_context(SiteServer()).url + "/"
        print(f"Crawling {url} ...", flush=True)
        stats = crawl(url, out, options.pages, bundled=options.url is None)
    report(stats, out)
    return 0 if stats.get("linkmedia/page_count") else 1


def crawl(url: str, out: Path, pages: int, *, bundled: bool) -> dict[str, Any]:
    """Run the `site` spider over a site; the crawl's stats."""
    settings = get_project_settings()
    settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    settings.set("LINKMEDIA_FEEDS", f"{out}/%(records)s.csv", priority="cmdline")
    settings.set("FEEDS", {str(out / "all.jsonl"): {"format": "jsonlines", "overwrite": True}}, priority="cmdline")
    if can_render():
        settings.set("LINKMEDIA_STORE", str(out), priority="cmdline")
        for name in (*CAPTURES, "wait_for_images"):
            settings.set(f"LINKMEDIA_{name.upper()}", True, priority="cmdline")
        settings.set("LINKMEDIA_RENDER_REQUIRED", False, priority="cmdline")  # one that is there may not start
    if bundled:
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("site")
    numbers = count(1)

    def received(response: Response) -> None:
        if is_html(response):
            print(f"  {next(numbers)}. {response.url}", flush=True)

    crawler.signals.connect(received, signals.response_received, weak=False)
    process.crawl(crawler, url=url, pages=str(pages))
    process.start()
    return dict(crawler.stats.get_stats())


def can_render() -> bool:
    """Whether there is a browser; where not, says in one line how to get one."""
    if not find.playwright_installed():
        print("Not rendered: pip install 'linkmedia-scrapy[render]'")
        return False
    if find.find_chromium() is None:
        print(f"Not rendered: {find.HOW_TO_GET_ONE}")
        return False
    return True


def report(stats: dict[str, Any], out: Path) -> None:
    """Say what was found, what was left out and why, and which files there are."""
    counts = {kind: stats.get(f"linkmedia/record_count/{kind}", 0) for kind in KINDS}
    print(
        f"\n{stats.get('linkmedia/page_count', 0)} pages: {counts['link']} links, {counts['image']} images, {counts['video']} videos, "
        f"{counts['audio']} audio, {counts['table']} tables"
    )
    captures = {kind: stats.get(f"linkmedia/capture_count/{kind}", 0) for kind in CAPTURES}
    if any(captures.values()):
        told = ", ".join(f"{number} {kind}{'s' if kind != 'mhtml' else ''}" for kind, number in captures.items())
        incomplete = stats.get("linkmedia/incomplete_count/screenshot", 0)
        print(f"  captured: {told}; pages that were not complete: {incomplete} (see `reason` in captures.csv)")
    prefix = "linkmedia/dropped_count/"
    for name, number in sorted(stats.items()):
        if name.startswith(prefix):
            record, _, reason = name.removeprefix(prefix).partition("/")
            print(f"  left out: {number} {record}{'s' if number != 1 else ''} ({reason})")
    for told, prefix in TOLD.items():
        for name, number in sorted(stats.items()):
            if name.startswith(prefix) and name != IGNORED:
                print(f"  {told}: {number} ({name.removeprefix(prefix)})")
    if stats.get("robotstxt/forbidden"):
        print(f"  not fetched: {stats['robotstxt/forbidden']} (robots.txt)")
    print("Files:")
    folders: dict[Path, list[Path]] = {}
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        folders.setdefault(path.parent, []).append(path)
    for folder, files in sorted(folders.items()):
        if folder != out:
            print(f"  {_shown(folder)}/  {len(files)} files, {sum(path.stat().st_size for path in files):,} bytes")
            continue
        for path in files:
            print(f"  {_shown(path)}  {path.stat().st_size:,} bytes")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _empty(out: Path) -> None:
    """Remove what an earlier demo left, and nothing else: the folder may be anybody's."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("all.jsonl", *(f"{kind}.csv" for kind in RECORDS)):
        (out / name).unlink(missing_ok=True)
    for kind in CAPTURES:
        for path in (out / kind).glob("127.0.0.1/*"):
            path.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
