"""Runs one crawl in a process of its own, since a process has one reactor: a JSON order on stdin, the outcome as JSON on stdout."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse

from linkmedia_scrapy import LinkMediaMixin
from linkmedia_scrapy.browser import find
from linkmedia_scrapy.browser.handler import Browsers
from tests.browser.processes import kill_driver


async def crash(page: Any) -> None:
    """Let the page's process die, as one does that runs out of memory."""
    from playwright.async_api import Error

    session = await page.context.new_cdp_session(page)
    gone = asyncio.Event()
    page.on("crash", lambda _: gone.set())
    sent = asyncio.ensure_future(session.send("Page.crash"))  # never answered
    with suppress(TimeoutError):
        await asyncio.wait_for(gone.wait(), 5)
    sent.cancel()
    with suppress(Error, asyncio.CancelledError):
        await sent


async def kill(_: Any) -> None:
    """End the crawl's driver, as a page does that is too much for it."""
    kill_driver(os.getpid())


async def fail(page: Any, request: Any) -> None:
    """A page's init callback that raises, which scrapy-playwright logs."""
    raise KeyError("of the user's own")


class OwnHandler:
    """A download handler that answers by itself."""

    lazy = False

    async def download_request(self, request: Request) -> HtmlResponse:
        return HtmlResponse(request.url, flags=["own"])

    async def close(self) -> None:
        """Nothing to end."""


METHODS = {"crash": crash, "kill": kill}


class OrderSpider(LinkMediaMixin, Spider):
    """Asks for what it is told, yields the records, and says of each response what tests want to know."""

    name = "order"
    order: dict[str, Any]

    async def start(self) -> Any:
        for entry in self.order["requests"]:
            meta = dict(entry.get("meta") or {})
            for key in ("playwright_page_methods",):
                if key in meta:
                    from scrapy_playwright.page import PageMethod

                    meta[key] = [PageMethod(METHODS.get(name, name), *arguments) for name, *arguments in meta[key]]
            yield Request(
                entry["url"],
                meta=meta,
                dont_filter="JOBDIR" not in self.order["settings"],
                errback=self.failed,
                method=entry.get("method", "GET"),
            )

    def parse(self, response: Any) -> Any:
        kept = {key: response.meta[key] for key in response.meta if key.startswith("linkmedia")}
        yield {
            "record": "response",
            "url": response.url,
            "asked": response.request.url,
            "status": response.status,
            "body": response.body.decode("latin-1"),
            "encoding": getattr(response, "encoding", None),
            "flags": response.flags,
            "content_type": response.headers.get("Content-Type", b"").decode(),
            "results": [method.result for method in response.meta.get("playwright_page_methods") or ()],
            "meta": json.loads(json.dumps(kept)),
            "playwright_meta": sorted(key for key in response.meta if key.startswith("playwright")),
        }

    async def trip(self, event: Any) -> None:
        """A listener of the user's own that fails, for `playwright_page_event_handlers`."""
        raise KeyError("a listener of the user's own")

    def failed(self, failure: Any) -> Any:
        yield {"record": "failure", "asked": failure.request.url, "error": failure.type.__name__}


def main() -> None:
    order = json.load(sys.stdin)
    if order["settings"].pop("PATH_WITHOUT_BROWSERS", False):
        os.environ["PATH"] = ""
        os.environ["PLAYWRIGHT_BROWSERS_PATH"] = os.devnull
        find._usual_places = list
    drops = order["settings"].pop("DROP_ITEMS", False)
    settings = {
        "ADDONS": {"linkmedia_scrapy.LinkMediaAddon": 500},
        "LOG_LEVEL": "INFO",
        "TELNETCONSOLE_ENABLED": False,
        "RETRY_ENABLED": False,
        **order["settings"],
    }
    items: list[dict[str, Any]] = []
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(OrderSpider)

    def scraped(item: Any) -> None:
        if not drops:
            items.append(item if isinstance(item, dict) else item.to_dict())

    crawler.signals.connect(scraped, signals.item_scraped)
    open_pages: list[str] = []

    def closed() -> None:
        handler = Browsers.of(crawler).handler
        wrappers = handler.context_wrappers.values() if handler is not None else ()
        open_pages.extend(page.url for wrapper in wrappers for page in wrapper.context.pages)

    crawler.signals.connect(closed, signals.spider_closed)
    process.crawl(crawler, order=order)
    process.start()
    assert crawler.stats is not None
    json.dump({"items": items, "stats": crawler.stats.get_stats(), "open_pages": open_pages}, sys.stdout, default=str)


if __name__ == "__main__":
    main()
