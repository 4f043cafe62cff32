"""Where the browser has gone, or would go: judged as Scrapy judges where its own redirects lead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.response import get_meta_refresh
from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import HtmlResponse, Request, Response

    from linkmedia_scrapy.browser.guard import Guard

__all__ = ["Destinations"]


class Destinations:
    """The destinations of one crawl's rendered pages."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._ignored_tags = ("script", *crawler.settings.getlist("METAREFRESH_IGNORE_TAGS"))  # a script that has run is text

    def judge(self, request: Request, url: str) -> None:
        """Have Scrapy judge where the browser has gone, as it judges the requests that its own redirects make.

        :raises scrapy.exceptions.IgnoreRequest: where `allowed_domains` has no such place, or the crawl has asked for it before.
        """
        if self._is_same(request, url, request.url):
            return
        led = request.replace(url=url)
        offsite = self._crawler.get_downloader_middleware(OffsiteMiddleware)
        if offsite is not None:
            offsite.process_request(led)
        # a script may give a page another one's address, a redirect leads to that page; what is downloaded inline is never filtered
        asked = request.meta.get("redirect_urls", ())[:1]  # the browser's redirects begin with the request's own URL, Scrapy's do not
        redirected = bool(asked) and self._is_same(request, asked[0], request.url)
        followed = redirected and "depth" in request.meta and not request.dont_filter
        duplicates = getattr(getattr(self._crawler.engine, "scheduler", None), "df", None)  # Scrapy shows its scheduler from 2.19 on
        if followed and duplicates is not None and duplicates.request_seen(led):
            duplicates.log(led, self._crawler.spider)
            raise IgnoreRequest(f"Filtered duplicate request: {led}")

    async def refreshes_in_vain(self, request: Request, page: HtmlResponse, dead_end: str, guard: Guard | None) -> bool:
        """Whether a meta refresh leads to its own page, a duplicate then, to no URL, or where the browser could not or must not go."""
        try:
            url = self._meta_refresh(page)[1]
            if not url:
                return False
            if self._is_same(request, url, page.url) or (dead_end and self._is_same(request, url, dead_end)):
                return True
        except ValueError:
            return True
        return guard is not None and await guard.forbids(url)

    def of_redirect(self, request: Request, response: Response) -> str:
        """Where a response's Location leads, as `RedirectMiddleware` has it."""
        header = response.headers["Location"] or b""
        location = safe_url_string(header)
        return urljoin(request.url, "//" + location.lstrip("/") if header.startswith(b"//") else location)

    def is_left(self, request: Request, page: HtmlResponse) -> bool:
        """Whether Scrapy follows the page's meta refresh: no spider gets to see the page then, and its captures would be nobody's."""
        if request.meta.get("dont_redirect") or self._crawler.get_downloader_middleware(MetaRefreshMiddleware) is None:
            return False
        seconds, url = self._meta_refresh(page)
        if url is None or seconds is None or not all(place.startswith(("http:", "https:")) for place in (request.url, url)):
            return False
        return seconds < self._crawler.settings.getint("METAREFRESH_MAXDELAY")

    def _meta_refresh(self, page: HtmlResponse) -> tuple[None, None] | tuple[float, str]:
        """What Scrapy finds, too, since it remembers a response's first answer, whatever tags it is asked with later."""
        return get_meta_refresh(page, self._ignored_tags)

    def _is_same(self, request: Request, url: str, other: str) -> bool:
        """Whether two URLs are one page to the crawl."""
        one, two = (self._crawler.request_fingerprinter.fingerprint(request.replace(url=each)) for each in (url, other))
        return one == two
