"""Playwright's driver and the browser: started when a page first needs them, and again where one of them dies.

`LaunchingHandler` is the first layer over scrapy-playwright's handler (`lifecycle.py` tells of them all).
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from linkmedia_scrapy.browser import find
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import BrowserUnavailableError, one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.crawler import Crawler

__all__ = ["CLOSE_SECONDS", "LaunchingHandler", "is_of_driver"]

logger = logging.getLogger(__name__)

CLOSE_SECONDS: Final = 5.0
"""How long is waited for a page, a context or a driver to close."""
_FIRST_PAUSE: Final = 0.25
_BOXED: Final = re.compile(r"║ *(\S.*?) *║")
_SAID: Final = re.compile(r"\[err\] *(\S.*)")


class _Shared:
    """Work that several may ask for at once: all wait for the one that is under way, and who gives up takes nothing from the others."""

    def __init__(self) -> None:
        self._work: asyncio.Future[None] | None = None

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for it to be done, beginning it where it is not under way."""
        if self._work is None:
            self._work = asyncio.ensure_future(work())
            self._work.add_done_callback(self._ended)
        await asyncio.shield(self._work)

    def cancel(self) -> None:
        """Give it up for all."""
        if self._work is not None:
            self._work.cancel()

    def _ended(self, work: asyncio.Future[None]) -> None:
        self._work = None
        _retrieve(work)  # maybe nobody waits for it any more


class LaunchingHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # it has no types
    """A driver and a browser that are there while they are needed."""

    browser_provider: Any

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        config = LinkMediaConfig.from_settings(crawler.settings)
        self._guarded = config.block_private_network
        self._patience = config.browser_timeout
        self._launching = _Shared()
        self._launched = 0
        self._driver: Any = None
        self._reviving = _Shared()
        self._closing = False
        self._quiet = _OncePerCause()

    async def start(self) -> None:
        """Start the driver, as scrapy-playwright does when the engine starts; that has happened by now."""
        logging.getLogger("scrapy-playwright").addFilter(self._quiet)
        try:
            await self._maybe_launch_in_thread()
        except Exception as error:
            if not is_of_driver(error):
                raise
            raise BrowserUnavailableError(self._what_is_missing(error)) from error

    async def _launch(self) -> None:
        await super()._launch()
        self._watch_driver()

    async def close(self) -> None:
        """End the browser and the driver."""
        self._closing = True
        try:
            with suppress(BrowserError):  # one that has died while pages were closed
                await super().close()
        finally:
            logging.getLogger("scrapy-playwright").removeFilter(self._quiet)

    async def _close(self) -> None:
        # theirs waits for the browser to close without end, and one that hangs does not
        self._launching.cancel()
        self._reviving.cancel()
        try:
            await asyncio.wait_for(super()._close(), 4 * CLOSE_SECONDS)
        except TimeoutError:
            logger.warning("The browser did not close within %g s; it ends with its driver", 4 * CLOSE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.browser_provider.close(), CLOSE_SECONDS)

    async def _maybe_launch_browser(self) -> None:
        """Launch the browser, or connect to it; a request that is given up meanwhile takes nothing from those that wait for it, too."""
        async with self.browser_launch_lock:
            if hasattr(self, "browser"):
                return
            await self._launching.run(self._launch_browser)

    async def _need_driver(self) -> None:
        """Start the driver again where it has died."""
        if self._driver_died():
            await self._reviving.run(self._start_driver)

    async def _start_driver(self) -> None:
        with suppress(Exception):  # somebody else's may have more to let go of than a driver that is gone
            await asyncio.wait_for(self.browser_provider.close(), CLOSE_SECONDS)

        async def start() -> Any:
            provider = self.browser_provider_cls(self.config)
            await provider.start()
            return provider

        self.browser_provider = await self._patiently(start, lambda: self._patience)
        self._watch_driver()
        self.stats.inc_value("linkmedia/render/driver_restart_count")

    def _driver_died(self) -> bool:
        return getattr(self._driver, "_closed_error", None) is not None

    def _watch_driver(self, browser: Any = None) -> None:
        """Be told when the driver's process ends: Playwright tells nobody, and takes its browser for connected."""
        of = getattr(self.browser_provider, "playwright", None) or browser
        driver = getattr(getattr(of, "_impl_obj", None), "_connection", None)
        if driver is None or driver is self._driver:  # no provider of scrapy-playwright's; its browser tells which it is
            return
        self._driver = driver
        driver.on("close", lambda *_: self._forget_driver(driver))
        _keep_apart(driver)
        client = getattr(getattr(self.browser_provider, "playwright_context_manager", None), "_client", None)
        transport = getattr(client, "_transport", None) or getattr(driver, "_transport", None)
        failed = getattr(transport, "on_error_future", None)
        if failed is not None:  # asyncio logs it otherwise, as an exception that was never retrieved
            failed.add_done_callback(_retrieve)

    async def _launch_browser(self) -> None:
        """Launch it; one that was there is waited for, since whoever runs it may be starting it again."""

        async def launch() -> Any:
            await self._need_driver()
            return await self.browser_provider.launch_browser()

        browser = await self._patiently(launch, lambda: self._patience if self._launched or self._driver_died() else 0)
        self.browser = browser
        self._watch_driver(browser)
        browser.on("disconnected", self._forget_browser)
        self.stats.inc_value("playwright/browser_count")
        if self._launched:
            self.stats.inc_value("linkmedia/render/browser_restart_count")
        else:
            self._say_what_is_guarded()
        self._launched += 1

    async def _patiently(self, start: Callable[[], Awaitable[Any]], patience: Callable[[], float]) -> Any:
        """What `start` gives, tried again with growing pauses for so many seconds.

        :raises BrowserUnavailableError: where it does not come meanwhile.
        """
        begun, pause = time.monotonic(), _FIRST_PAUSE
        while True:
            try:
                return await start()
            except Exception as error:
                if not is_of_driver(error):
                    raise
                until = begun + patience()
                if time.monotonic() >= until:
                    raise BrowserUnavailableError(self._what_is_missing(error)) from error
            await asyncio.sleep(min(pause, max(0.0, until - time.monotonic())))
            pause *= 2

    def _what_is_missing(self, error: Exception) -> str:
        """What the driver says; where it is the driver's own browser that is not there, or the sandbox, what to do."""
        if "Executable doesn't exist at" in one_line(error):
            return find.how_to_install(self.config.browser_type_name)
        if "Chromium sandboxing failed" in str(error):
            return find.how_to_go_without_sandbox(self.config.launch_options)
        return _with_reason(error)

    def _forget_browser(self, browser: Any) -> None:
        """After a browser's death."""
        if not self._closing and getattr(self, "browser", None) is browser:
            self._let_go()
            logger.warning("The browser is gone, and its cookies with it; the pages that it had are tried again in a new one")

    def _forget_driver(self, driver: Any) -> None:
        """After the driver's death, which is that of all browsers: it was the only one to talk to them."""
        if not self._closing and self._driver is driver:
            self._let_go()
            logger.warning(
                "Playwright's driver is gone, and the browser's cookies with it; it is started again, and its pages are tried again"
            )

    def _let_go(self) -> None:
        """The browser is gone: let the next page have another."""
        if self.config.restart_disconnected_browser and hasattr(self, "browser"):
            del self.browser

    def _say_what_is_guarded(self) -> None:
        """One line where the first layer of the guard is not known to be there."""
        if not self._guarded:
            return
        remote = self.config.cdp_url or self.config.connect_url
        if remote:
            reason = "the browser is remote: whether its Local Network Access is on is not known"
        elif self.config.browser_type_name != "chromium":
            reason = "only Chromium has Local Network Access"
        elif find.major_version(self.browser.version) < find.FIRST_GUARDED_VERSION:
            reason = f"Chromium {self.browser.version} has no Local Network Access; {find.FIRST_GUARDED_VERSION} has"
        else:
            return
        logger.warning(
            "LINKMEDIA_BLOCK_PRIVATE_NETWORK: redirects of images and scripts, WebSockets and workers are not guarded (%s)", reason
        )


def is_of_driver(error: BaseException) -> bool:
    """Whether it is what Playwright says, or how its driver ends: that is a plain Exception."""
    return isinstance(error, BrowserError | OSError) or (type(error) is Exception and "reading from the driver" in str(error))


def _with_reason(error: Exception) -> str:
    r"""What the driver says first, and the reason further below: its own in a box, or what the browser said before it ended.

    >>> _with_reason(Exception("launch: it has been closed\nBrowser logs:\n<launched> pid=7\n[pid=7][err] libnss3.so: no such file"))
    'launch: it has been closed: libnss3.so: no such file'
    """
    said = _SAID.findall(str(error))
    reason = " ".join(_BOXED.findall(str(error))) or next((line for line in said if ":FATAL:" in line), said[-1] if said else "")
    return f"{one_line(error).rstrip(':')}: {reason}"[:500] if reason else one_line(error)


def _keep_apart(driver: Any) -> None:
    """Let an event's listener that fails, such as one of a page that closes under what it asks for, cost no other page anything.

    Playwright raises what it failed with where anything is asked next, of whatever page.
    """
    log = getattr(driver, "_on_event_listener_error", None)
    if log is None:
        return

    def tell(error: BaseException) -> None:
        if is_of_driver(error) and "closed" in str(error):  # a route that was under way: that is nobody's fault
            logger.debug("A page closed under a listener: %s", one_line(error))
            return
        log(error)
        driver._error = None  # noqa: SLF001 - nothing public does it

    driver._on_event_listener_error = tell  # noqa: SLF001


def _retrieve(ended: asyncio.Future[Any]) -> None:
    """Keep asyncio from logging an exception that nobody waits for."""
    if not ended.cancelled():
        ended.exception()


class _OncePerCause(logging.Filter):
    """Lets one warning of each kind through, as one line: scrapy-playwright says the same of each page, with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[tuple[str, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log a record."""
        if record.levelno < logging.WARNING:
            return True
        cause = (str(record.msg), type(getattr(record, "exception", None)).__name__)
        first = cause not in self._said
        self._said.add(cause)
        record.msg, record.args, record.exc_info = record.getMessage().partition("\n")[0], None, None  # the rest is Playwright's log
        return first
