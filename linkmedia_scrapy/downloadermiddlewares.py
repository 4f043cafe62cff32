"""`RenderMiddleware`: decides which requests a browser renders, and puts the captures into the store."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.misc import load_object

from linkmedia_scrapy.addresses import AddressSpaces
from linkmedia_scrapy.browser import find
from linkmedia_scrapy.browser.decision import CAPTURES, image_blocker, reason_not_to_render, wants_status
from linkmedia_scrapy.browser.destinations import Destinations
from linkmedia_scrapy.browser.failures import RenderFailures, unrendered
from linkmedia_scrapy.browser.keeping import CaptureKeeper, check_captures
from linkmedia_scrapy.browser.response import html_response
from linkmedia_scrapy.config import META_KEY, LinkMediaConfig
from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.errors import BrowserUnavailableError, ConfigError, refusing
from linkmedia_scrapy.items import ErrorItem
from linkmedia_scrapy.reactor import wrong_reactor
from linkmedia_scrapy.rendering import ALONE_KEY, CAPTURES_KEY, DEATHS_KEY, ERRORS_KEY, RENDERED_HEADER, UNRENDERED_KEY, RenderedPage
from linkmedia_scrapy.responses import RENDERED_FLAG, is_html
from linkmedia_scrapy.rules import Rules

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

    from linkmedia_scrapy.browser.guard import Guard
    from linkmedia_scrapy.browser.job import PageJob, Rendering

__all__ = ["RenderMiddleware"]

logger = logging.getLogger(__name__)

_PLAYWRIGHT_KEYS: Final = (
    "playwright",
    "playwright_page_methods",
    "playwright_page_goto_kwargs",
    "playwright_page_init_callback",
    ALONE_KEY,
)
_IN_VAIN: Final = "refreshes_in_vain"
"""The value of ``dont_redirect`` in the meta of a request whose page refreshes itself; the user's own is True."""
_SHOWS_PAGE: Final = (
    "playwright_include_page",
    "playwright_page_event_handlers",
    "playwright_page_init_callback",
    "playwright_page_methods",
)
"""What of a request gives its page to the user's own code."""


class RenderMiddleware(CrawlComponent):
    """Renders the HTML pages of spiders, where the settings or the request ask for it.

    What it adds to a request's meta for scrapy-playwright it takes out again before any other middleware sees the response: objects
    there would be shared with copies of the request, and could not be stored in a queue.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._jobs: WeakKeyDictionary[Request, tuple[PageJob, dict[str, Any]]] = WeakKeyDictionary()
        self._keeper = CaptureKeeper(crawler)
        self._failures = RenderFailures(crawler)
        self._destinations = Destinations(crawler)
        self._unavailable = find.why_unavailable(crawler.settings) or wrong_reactor(crawler.settings)
        launch = crawler.settings.getdict("PLAYWRIGHT_LAUNCH_OPTIONS")
        self._spaces = AddressSpaces(map(str, launch.get("args") or ()))
        contexts = crawler.settings.getdict("PLAYWRIGHT_CONTEXTS").values()
        self._has_proxy = any("proxy" in (options or {}) for options in (launch, *contexts))
        self._proxy_said = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware; where pages are to be rendered and cannot be, or captures not stored, the crawl is stopped."""
        middleware = cls(crawler)
        with refusing():
            middleware._check(LinkMediaConfig.from_settings(crawler.settings))
        return middleware

    def _check(self, config: LinkMediaConfig) -> None:
        if self._unavailable and config.renders and config.render_required:
            raise ConfigError(self._unavailable)
        check_captures(config)
        if config.store is not None and any(getattr(config, kind) for kind in CAPTURES):
            self._keeper.open_store(config)

    async def process_request(self, request: Request) -> None:
        """Have the request rendered, where it is to be.

        :raises BrowserUnavailableError: where it has to be, and nothing can do that.
        """
        _forget(request)
        if request.callback is NO_CALLBACK or UNRENDERED_KEY in request.meta:  # robots.txt, media pipelines; what no browser shows
            return
        config = self._config(request)
        reason = reason_not_to_render(request, config)
        if not reason and self._unavailable:
            if config.render_required:
                raise BrowserUnavailableError(self._unavailable)  # process_exception has it next, as that of a browser that is lost
            self._failures.say_unavailable(self._unavailable)
            reason = "no_browser"
        if reason:
            if reason != "not_asked":
                self._extraction.count(f"render/skipped_count/{reason}")
            return
        self._say_unused_proxy(request)
        self._inject(request, config)

    def _say_unused_proxy(self, request: Request) -> None:
        """Say once that a request's own proxy is not the browser's, unless the browser was given one: the server sees who asks."""
        meta = request.meta
        if not meta.get("proxy") or meta.get("_scheme_proxy"):  # one of the environment is the browser's, too
            return
        if self._has_proxy or "proxy" in (meta.get("playwright_context_kwargs") or {}):
            return
        self._extraction.count("render/unused_proxy_count")
        if not self._proxy_said:
            self._proxy_said = True
            logger.warning(
                "request.meta['proxy'] = %r: the browser does not use it, pages are rendered without; one for the browser belongs in "
                "PLAYWRIGHT_CONTEXTS (first met in %s)",
                *(meta["proxy"], request),
            )

    def _config(self, request: Request) -> LinkMediaConfig:
        config, overrides = self._extraction.config, request.meta.get(META_KEY)
        return config if overrides is None else config.for_page(overrides)[0]  # what cannot be used there is told with the page's records

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """The rendered DOM as the body, the captures in the store.

        :raises scrapy.exceptions.IgnoreRequest: where the page has led out of `allowed_domains`, or to another page of the crawl.
        """
        job = self._take_out(request)
        if "cached" not in response.flags:  # it is ours to say, and not the server's
            response.headers.pop(RENDERED_HEADER, None)
        request.meta.pop(DEATHS_KEY, None)  # not for the requests that the page leads to
        if job is None:
            await self._pass(request, response)
            return response
        if job.result is None:
            self._keeper.report(
                request, ErrorItem(kind="render", stage="handler", reason="not_rendered", message=self._not_rendered(request, response))
            )
            return response
        if job.result.html is None:
            return self._without_dom(request, response, job.result)
        return await self._rendered(request, response, job, job.result)

    async def _pass(self, request: Request, response: Response) -> None:
        """See to a response that no job has rendered: one that was downloaded, or is the HTTP cache's, perhaps of an earlier rendering.

        :raises scrapy.exceptions.IgnoreRequest: as `_guard_redirect` does.
        """
        if "Location" not in response.headers:  # else it is where that leads that is the answer
            request.meta.pop(UNRENDERED_KEY, None)
        elif response.status in range(300, 400) and (request.callback is NO_CALLBACK or UNRENDERED_KEY in request.meta):
            await self._guard_redirect(request, response)
        _forget(request)  # where the answer is the HTTP cache's, `process_request` has not seen it
        if "cached" not in response.flags:
            return
        if RENDERED_HEADER in response.headers and RENDERED_FLAG not in response.flags:
            response.flags.append(RENDERED_FLAG)
        self._count_cached(request, response)
        if RENDERED_FLAG in response.flags and isinstance(response, HtmlResponse):
            await self._let_stay(request, response)

    async def _rendered(self, request: Request, response: Response, job: PageJob, result: Rendering) -> HtmlResponse:
        """The response with the page's DOM; its captures in the store, and what else came of it where its records will find that.

        :raises scrapy.exceptions.IgnoreRequest: as `process_response` does.
        """
        self._count(result)
        try:
            self._destinations.judge(request, result.url or response.url)
        except IgnoreRequest:
            page = request.meta.get("playwright_page")
            if page is not None:  # the callback that would have closed it is not called
                await page.close()
            raise
        milliseconds = round(1000 * (result.seconds.get("ready", 0) + result.seconds.get("capture", 0)))
        logger.debug("rendered %s in %d ms, %s", request.url, milliseconds, ", ".join(result.proof.reasons) or "complete")
        for error in result.errors:
            self._keeper.report(request, error)
        rendered = RenderedPage(charset=result.charset, images=result.proof.images, frames=result.frames)
        self._extraction.rendered[request] = rendered
        page = html_response(response, result)
        await self._let_stay(request, page, result.dead_end, job.guard)
        captures, result.captures = result.captures, []
        if not self._destinations.is_left(request, page):
            for capture in captures:
                await self._keeper.keep(request, job.config, capture, result, rendered)
        return page

    async def _guard_redirect(self, request: Request, response: Response) -> None:
        """Keep what belongs to rendered pages and is asked for without the browser, and its guard, from being redirected inside.

        :raises scrapy.exceptions.IgnoreRequest: where a public host redirects to a private one.
        """
        config, unrendered = self._extraction.config, UNRENDERED_KEY in request.meta
        if not config.block_private_network or not (config.renders or unrendered):
            return
        url = self._destinations.of_redirect(request, response)
        if await self._spaces.is_private(url) and not await self._spaces.is_private(request.url, wholly=True):
            self._extraction.count("render/blocked_count/private_network")
            error = IgnoreRequest(f"redirected to a private address: {url}")
            if unrendered:
                self._failures.give_up(request, error, "private_network")
            raise error

    async def _let_stay(self, request: Request, page: HtmlResponse, dead_end: str = "", guard: Guard | None = None) -> None:
        """Let a page be whose meta refresh leads nowhere: Scrapy would follow, and the page would be lost."""
        if await self._destinations.refreshes_in_vain(request, page, dead_end, guard):
            request.meta["dont_redirect"] = _IN_VAIN

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Have the page tried again where that may help; else its error record comes before what its errback gives."""
        job = self._take_out(request)
        if isinstance(exception, BrowserUnavailableError):
            return self._failures.without_browser(request, exception)
        return None if job is None else self._failures.handle(request, exception, job)

    def _inject(self, request: Request, config: LinkMediaConfig) -> None:
        from scrapy_playwright.page import PageMethod  # noqa: PLC0415 - optional, and slow to import

        from linkmedia_scrapy.browser.guard import Guard  # noqa: PLC0415
        from linkmedia_scrapy.browser.job import PageJob  # noqa: PLC0415

        meta = request.meta
        page_rules = Rules(config).for_page(request.url)
        before: dict[str, Any] = {key: meta[key] for key in _PLAYWRIGHT_KEYS if key in meta}
        own_methods = before.get("playwright_page_methods") or ()
        own_methods = list(own_methods.values() if isinstance(own_methods, dict) else own_methods)
        callback = before.get("playwright_page_init_callback")
        job = PageJob(
            config,
            blocks=image_blocker(page_rules),
            extracts_frame=lambda url: page_rules.judge(url).scope == "internal",
            wants_status=lambda status: wants_status(request, self._crawler, status),
            guard=Guard(self._spaces, request.url) if config.block_private_network or request.url.startswith("file:") else None,
            max_size=int(meta.get("download_maxsize", self._crawler.settings.getint("DOWNLOAD_MAXSIZE")) or 0),
            restrained=not own_methods and not callback,
            own_callback=load_object(callback) if callback else None,
        )
        # with goto ending at "commit", the user's methods need a page that has loaded: scrapy-playwright waits for that after a method
        first = [PageMethod(_nothing)] if own_methods else []
        meta[ALONE_KEY] = not any(map(meta.get, _SHOWS_PAGE))
        meta["playwright"] = True
        meta["playwright_page_methods"] = [*first, *own_methods, PageMethod(job.run)]
        meta["playwright_page_goto_kwargs"] = dict(before.get("playwright_page_goto_kwargs") or {"wait_until": "commit"})
        meta["playwright_page_init_callback"] = job.prepare
        self._jobs[request] = (job, before)

    def _take_out(self, request: Request) -> PageJob | None:
        """The request's job, and its meta as the user wrote it."""
        job, before = self._jobs.pop(request, (None, None))
        if job is None or before is None:
            return None
        for key in _PLAYWRIGHT_KEYS:
            request.meta.pop(key, None)
        request.meta.update(before)
        job.restore()
        return job

    def _without_dom(self, request: Request, response: Response, result: Rendering) -> Response | Request:
        """What to do with what is no HTML page: a browser's viewer is not what the server sent, so that is asked for again, without."""
        if not result.content_type:  # a download, which scrapy-playwright gives as it is
            return response
        self._extraction.count("render/skipped_count/not_html")
        if request.method != "GET":
            self._keeper.report(request, ErrorItem(kind="render", stage="dom", reason="not_html", message=result.content_type))
            return response
        return unrendered(request)

    def _not_rendered(self, request: Request, response: Response) -> str:
        """Why a page came without our job having run; where all others of its scheme will, too, that is told once."""
        if RENDERED_FLAG in response.flags:
            return "the page was a download or was closed by the request's own page methods"
        scheme = request.url.partition(":")[0]
        handler = self._crawler.settings.getwithbase("DOWNLOAD_HANDLERS")[scheme]
        why = f'DOWNLOAD_HANDLERS["{scheme}"] is {handler}, which does not render'
        self._failures.say_unavailable(why)
        return why

    def _count_cached(self, request: Request, response: Response) -> None:
        """Count a page that the HTTP cache had: of an earlier rendering, or of a crawl that did not render it."""
        if RENDERED_FLAG in response.flags:
            self._extraction.count("render/cached_count")
            return
        is_page = is_html(response) and response.body  # what is none comes like this where pages are rendered, too
        if is_page and request.callback is not NO_CALLBACK and not reason_not_to_render(request, self._config(request)):
            self._extraction.count("render/skipped_count/http_cache")
            self._failures.say_unavailable("the HTTP cache has them as they were downloaded by an earlier crawl (HTTPCACHE_ENABLED)")

    def _count(self, result: Rendering) -> None:
        count = self._extraction.count
        count("render/page_count")
        counted = {
            "frame_count": result.frame_count,
            "frame_skipped_count": result.frames_left_out,
            "blocked_count/image": result.blocked,
            "blocked_count/private_network": result.forbidden,
            "blocked_count/popup": result.popups,
            "blocked_count/download": result.downloads,
        }
        for name, number in counted.items():
            if number:
                count(f"render/{name}", number)
        for reason in result.proof.reasons:
            count(f"render/incomplete_count/{reason}")
        for stage, seconds in result.seconds.items():
            count(f"render/milliseconds/{stage}", round(1000 * seconds))


def _forget(request: Request) -> None:
    """Take out of a request's meta what came of an earlier try, or of the page whose meta it was made with."""
    request.meta.pop(CAPTURES_KEY, None)
    request.meta.pop(ERRORS_KEY, None)
    if request.meta.get("dont_redirect") == _IN_VAIN:
        del request.meta["dont_redirect"]


async def _nothing(_: Any) -> None:
    """A page method that does nothing."""
