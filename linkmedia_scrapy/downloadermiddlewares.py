"""`RenderMiddleware`: decides which requests a browser renders, and puts the captures into the store."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.linkextractors import IGNORED_EXTENSIONS
from scrapy.spiders import SitemapSpider
from scrapy.utils.misc import load_object

from linkmedia_scrapy.config import META_KEY, LinkMediaConfig
from linkmedia_scrapy.crawl import CrawlExtraction
from linkmedia_scrapy.errors import ConfigError, refuse
from linkmedia_scrapy.extraction.encodings import python_codec
from linkmedia_scrapy.items import CaptureItem, ErrorItem
from linkmedia_scrapy.rendering import CAPTURES_KEY, ERRORS_KEY, RenderedPage
from linkmedia_scrapy.rules import Rules
from linkmedia_scrapy.stores import CaptureStore, capture_path, checksum

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Request

    from linkmedia_scrapy.browser.capture import Capture
    from linkmedia_scrapy.browser.job import PageJob, Rendering

__all__ = ["RenderMiddleware"]

logger = logging.getLogger(__name__)

_PLAYWRIGHT_KEYS: Final = ("playwright", "playwright_page_methods", "playwright_page_goto_kwargs", "playwright_page_init_callback")
_NEVER_HTML: Final = tuple(f".{extension}" for extension in (*IGNORED_EXTENSIONS, "atom", "gz", "json", "jsonl", "rss", "txt", "xml"))
_OWN_FIELDS: Final = ("record", "page_url", "data")


class RenderMiddleware:
    """Renders the HTML pages of spiders, where the settings or the request ask for it.

    What it adds to a request's meta for scrapy-playwright it takes out again before any other middleware sees the response: objects
    there would be shared with copies of the request, and could not be stored in a queue.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._jobs: WeakKeyDictionary[Request, tuple[PageJob, dict[str, Any]]] = WeakKeyDictionary()
        self._store: CaptureStore | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware; a store that cannot be used stops the crawl, where captures were asked for."""
        middleware = cls(crawler)
        try:
            config = LinkMediaConfig.from_settings(crawler.settings)
            if config.screenshot or config.pdf or config.mhtml:
                middleware._open_store(config)
        except ConfigError as error:
            refuse(error)
        return middleware

    @property
    def _extraction(self) -> CrawlExtraction:
        spider = self._crawler.spider
        assert spider is not None
        return CrawlExtraction.of(spider)

    async def process_request(self, request: Request) -> None:
        """Have the request rendered, where it is to be."""
        request.meta.pop(CAPTURES_KEY, None)  # of an earlier try, or of the page that this request was made from
        request.meta.pop(ERRORS_KEY, None)
        if request.callback is NO_CALLBACK:  # robots.txt, media pipelines
            return
        config, overrides = self._extraction.config, request.meta.get(META_KEY)
        if overrides is not None:
            config, _ = config.for_page(overrides)  # what cannot be used there is told with the page's records
        reason = _reason_not_to_render(request, config)
        if reason:
            if reason != "not_asked":
                self._extraction.count(f"render/skipped_count/{reason}")
            return
        self._inject(request, config)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """The rendered DOM as the body, the captures in the store."""
        job = self._take_out(request)
        if job is None:
            if "cached" in response.flags and "playwright" in response.flags:
                self._extraction.count("render/cached_count")
            return response
        if job.result is None:
            self._report(request, ErrorItem(kind="render", stage="handler", reason="not_rendered", message=_not_rendered(response)))
            return response
        result = job.result
        if result.html is None:
            return self._unrendered(request, response, result)
        self._count(result)
        milliseconds = round(1000 * sum(result.seconds.values()))
        logger.debug("rendered %s in %d ms, %s", request.url, milliseconds, ", ".join(result.proof.reasons) or "complete")
        for kind, stage, reason, message in result.errors:
            self._report(request, ErrorItem(kind=kind, stage=stage, reason=reason, message=message))
        rendered = RenderedPage(charset=result.charset, images=result.proof.images, frames=result.frames)
        self._extraction.rendered[request] = rendered
        for capture in result.captures:
            await self._keep(request, job.config, capture, result, rendered)
        result.captures = []
        return _html_response(response, result)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count the failure; what becomes of the request is others' business."""
        if self._take_out(request) is not None:
            self._extraction.count(f"render/failed_count/{type(exception).__name__}")

    def _inject(self, request: Request, config: LinkMediaConfig) -> None:
        from scrapy_playwright.page import PageMethod  # noqa: PLC0415 - optional, and slow to import

        from linkmedia_scrapy.browser.job import PageJob  # noqa: PLC0415

        meta = request.meta
        page_rules = Rules(config).for_page(request.url)
        job = PageJob(
            config,
            blocks=self._blocker(config, request.url),
            extracts_frame=lambda url: page_rules.judge(url).scope == "internal",
            wants_status=lambda status: _wants_status(request, self._crawler, status),
        )
        before: dict[str, Any] = {key: meta[key] for key in _PLAYWRIGHT_KEYS if key in meta}
        own_methods = before.get("playwright_page_methods") or ()
        own_methods = list(own_methods.values() if isinstance(own_methods, dict) else own_methods)
        # with goto ending at "commit", the user's methods need a page that has loaded: scrapy-playwright waits for that after a method
        first = [PageMethod(_nothing)] if own_methods else []
        meta["playwright"] = True
        meta["playwright_page_methods"] = [*first, *own_methods, PageMethod(job.run)]
        meta["playwright_page_goto_kwargs"] = dict(before.get("playwright_page_goto_kwargs") or {"wait_until": "commit"})
        callback = before.get("playwright_page_init_callback")
        meta["playwright_page_init_callback"] = job.after(load_object(callback) if callback else None).prepare
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

    @staticmethod
    def _blocker(config: LinkMediaConfig, page_url: str) -> Callable[[str], bool] | None:
        if config.exclude_all_images:
            return lambda _: True
        if not (config.exclude_external_images or config.exclude_domains or config.exclude_social_media_links):
            return None
        page_rules = Rules(config).for_page(page_url)
        return lambda url: url.startswith(("http:", "https:")) and bool(page_rules.judge(url).image)

    def _unrendered(self, request: Request, response: Response, result: Rendering) -> Response | Request:
        """What to do with what is no HTML page: a browser's viewer is not what the server sent, so that is asked for again, without."""
        if not result.content_type:  # a download, which scrapy-playwright gives as it is
            return response
        if result.is_html:
            self._report(request, ErrorItem(kind="render", stage="dom", reason="no_dom", message="the page gave no DOM"))
            return response
        self._extraction.count("render/skipped_count/not_html")
        if request.method != "GET":
            self._report(request, ErrorItem(kind="render", stage="dom", reason="not_html", message=result.content_type))
            return response
        again = request.replace(dont_filter=True)
        own = again.meta.get(META_KEY)
        again.meta[META_KEY] = {**(own if isinstance(own, dict) else {}), "render": False}
        return again

    async def _keep(self, request: Request, config: LinkMediaConfig, capture: Capture, result: Rendering, rendered: RenderedPage) -> None:
        """Put a capture into the store and its record into the request's meta; or an error where that fails."""
        proof = result.proof
        reasons = [*proof.reasons, *capture.reasons]
        path: str | None = None
        if config.store is not None:
            spider = self._crawler.spider
            path = capture_path(config.capture_path, request, capture.kind, capture.extension, spider.name if spider else "")
            try:
                await self._open_store(config).save(path, capture.data, capture.mime_type)
            except Exception as error:
                logger.error("Storing the %s of %s: %s", capture.kind, request.url, error)  # noqa: TRY400 - one line
                self._report(request, ErrorItem(kind="store", stage=capture.kind, reason=type(error).__name__, message=str(error)[:500]))
                path = None
        elif not config.capture_inline:
            self._report(request, ErrorItem(kind="store", stage=capture.kind, reason="no_store", message="LINKMEDIA_STORE is None"))
        if config.capture_inline:
            text = capture.kind == "mhtml"
            rendered.inlined[capture.kind] = capture.data.decode() if text else base64.b64encode(capture.data).decode()
        if path is None and not config.capture_inline:
            return
        item = CaptureItem(
            kind=capture.kind,
            path=path,
            checksum=checksum(capture.data),
            size=len(capture.data),
            width=capture.width,
            height=capture.height,
            complete=not reasons,
            reason=",".join([*reasons, *capture.notes]),
            images_total=proof.total,
            images_loaded=proof.loaded,
            images_failed=proof.failed,
            scroll_steps=proof.scroll_steps,
            elapsed_ms=capture.elapsed_ms,
        )
        request.meta.setdefault(CAPTURES_KEY, []).append(_plain(item))
        self._extraction.count(f"capture_count/{capture.kind}")
        self._extraction.count(f"capture_bytes/{capture.kind}", len(capture.data))
        if reasons:
            self._extraction.count(f"incomplete_count/{capture.kind}")

    def _open_store(self, config: LinkMediaConfig) -> CaptureStore:
        if self._store is None:
            try:
                self._store = CaptureStore(config.store or "", self._crawler.settings)
            except Exception as error:
                raise ConfigError(f"LINKMEDIA_STORE = {config.store!r}: {type(error).__name__}: {error}") from error
        return self._store

    def _report(self, request: Request, error: ErrorItem) -> None:
        # counted with the page's other errors, once its records are made; here too, for pages that never get there
        self._extraction.count(f"render/error_count/{error.kind}/{error.stage}/{error.reason}")
        request.meta.setdefault(ERRORS_KEY, []).append(_plain(error))

    def _count(self, result: Rendering) -> None:
        count = self._extraction.count
        count("render/page_count")
        if result.frame_count:
            count("render/frame_count", result.frame_count)
        if result.blocked:
            count("render/blocked_count/image", result.blocked)
        for reason in result.proof.reasons:
            count(f"render/incomplete_count/{reason}")
        for stage, seconds in result.seconds.items():
            count(f"render/milliseconds/{stage}", round(1000 * seconds))


async def _nothing(_: Any) -> None:
    """A page method that does nothing."""


def _reason_not_to_render(request: Request, config: LinkMediaConfig) -> str:
    """Why a request is not rendered, "" where it is. What the request's own meta asks for is done, whatever its URL looks like."""
    overrides = request.meta.get(META_KEY)
    asked = overrides if isinstance(overrides, dict) else {}
    if not config.renders or ("render" in asked and not config.render):
        return "not_asked"
    url = urlsplit(request.url)
    if url.scheme not in ("http", "https"):
        return "scheme"
    if any(asked.get(name) for name in ("render", "screenshot", "pdf", "mhtml", "wait_for_images")):
        return ""
    if request.method != "GET":
        return "method"
    if getattr(request.callback, "__func__", None) is SitemapSpider._parse_sitemap:  # noqa: SLF001
        return "sitemap"
    if url.path.lower().endswith(_NEVER_HTML):
        return "extension"
    accept = (request.headers.get("Accept") or b"").decode("latin-1").lower()
    if "json" in accept and "html" not in accept and "*/*" not in accept:
        return "accept"
    return ""


def _wants_status(request: Request, crawler: Crawler, status: int) -> bool:
    """Whether a response with this status reaches the spider: one that does not has no records, and needs no captures."""
    if status < 400:
        return True
    meta, settings = request.meta, crawler.settings
    if meta.get("handle_httpstatus_all") or settings.getbool("HTTPERROR_ALLOW_ALL"):
        return True
    allowed = meta.get("handle_httpstatus_list")
    if allowed is None:
        allowed = getattr(crawler.spider, "handle_httpstatus_list", None) or settings.getlist("HTTPERROR_ALLOWED_CODES")
    return status in {int(code) for code in allowed}


def _html_response(response: Response, result: Rendering) -> Response:
    """The response with the DOM as body, in the page's own encoding: the queries of its links depend on it.

    What that encoding lacks becomes character references, which an HTML parser reads as the characters. UTF-16 pages become UTF-8,
    as they do in browsers when they are sent on.
    """
    assert result.html is not None
    codec = python_codec(result.charset) or "utf-8"
    label = "utf-8" if codec == "utf-8" else result.charset.lower()
    headers = response.headers.copy()
    headers["Content-Type"] = f"{result.content_type}; charset={label}"
    flags = list(response.flags) if result.rendered else [flag for flag in response.flags if flag != "playwright"]
    body = result.html.encode(codec, "xmlcharrefreplace")
    return response.replace(cls=HtmlResponse, headers=headers, body=body, flags=flags, encoding=codec)


def _not_rendered(response: Response) -> str:
    if "playwright" in response.flags:
        return "the page was a download or was closed by the request's own page methods"
    return "the download handler does not render: DOWNLOAD_HANDLERS names one that is not scrapy-playwright's"


def _plain(item: CaptureItem | ErrorItem) -> dict[str, Any]:
    return {name: value for name, value in item.to_dict().items() if name not in _OWN_FIELDS}
