"""Everything in this folder needs a Chromium; where there is none, it is skipped, saying so."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Request

from linkmedia_scrapy import LinkMediaConfig
from linkmedia_scrapy.browser import find
from tests.browser.remote import Remote
from tests.conftest import ROOT
from tests.server import SiteServer


@pytest.fixture(scope="session", autouse=True)
def chromium() -> dict[str, Any]:
    """How to launch the browser."""
    if not find.playwright_installed():
        pytest.skip("scrapy-playwright is not installed")
    options = find.launch_options()
    if options is None:
        pytest.skip(find.HOW_TO_GET_ONE)
    return options


class Pages(SiteServer):
    """Pages by path, and answers that come late or never."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.routes["/never"] = self.never

    def never(self, _: Any) -> Any:
        self.let_go.wait(120)
        return 200, {"Content-Type": "text/plain"}, b""

    def page(self, path: str, html: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Serve a page; its URL."""
        body = html.encode() if isinstance(html, str) else html
        self.routes[path] = lambda _: (200, {"Content-Type": content_type, **headers}, body)
        return self.url + path

    def file(self, path: str, source: str, seconds: float = 0) -> str:
        """Serve a picture of the bundled site under another path, after some time."""
        body = (self.folder / source).read_bytes()
        kind = {"svg": "image/svg+xml", "jpg": "image/jpeg", "png": "image/png"}[source.rpartition(".")[2]]

        def answer(_: Any) -> Any:
            self.let_go.wait(seconds) if seconds else None
            return 200, {"Content-Type": kind}, body

        self.routes[path] = answer
        return path


@pytest.fixture
def pages() -> Iterator[Pages]:
    server = Pages()
    with server:
        yield server
        server.let_go.set()


@dataclass
class Outcome:
    """What a crawl gave."""

    items: list[dict[str, Any]]
    stats: dict[str, Any]
    open_pages: list[str]
    log: str

    def of(self, record: str, path: str = "") -> list[dict[str, Any]]:
        """The records of one kind, of the pages whose URL ends with `path`."""
        return [item for item in self.items if item["record"] == record and item.get("page_url", item.get("asked", "")).endswith(path)]

    def captures(self, path: str = "") -> dict[str, dict[str, Any]]:
        return {item["kind"]: item for item in self.of("capture", path)}


async def render(page: Any, url: str, config: LinkMediaConfig) -> Any:
    """A page through everything that a crawl does with it."""
    from linkmedia_scrapy.browser.job import PageJob

    job = PageJob(config, blocks=None, extracts_frame=lambda _: False, wants_status=lambda _: True)
    await job.prepare(page, Request(url))
    await page.goto(url, wait_until="commit")
    await job.run(page)
    job.restore()
    assert job.result is not None
    return job.result


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Outcome]:
    """Crawl pages by settings (without the prefix LINKMEDIA_ where that is meant) in a process of its own."""

    def run(
        requests: list[str | dict[str, Any]] | str,
        *,
        seconds: float = 300,
        during: Callable[[subprocess.Popen[bytes]], None] | None = None,
        **settings: Any,
    ) -> Outcome:
        listed = [requests] if isinstance(requests, str) else requests
        order = {
            "requests": [{"url": entry} if isinstance(entry, str) else entry for entry in listed],
            "settings": {
                "LINKMEDIA_STORE": str(tmp_path / "captures"),
                **{name if name[0].isupper() else "LINKMEDIA_" + name.upper(): value for name, value in settings.items()},
            },
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.browser.runner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        ) as process:
            watcher = threading.Thread(target=during, args=(process,), daemon=True) if during is not None else None
            if watcher is not None:
                watcher.start()
            try:
                out, err = process.communicate(json.dumps(order).encode(), timeout=seconds)
            finally:
                process.kill()
            if watcher is not None:
                watcher.join(10)
        log = err.decode()
        assert process.returncode == 0, log[-5000:]
        return Outcome(**json.loads(out), log=log)

    return run


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """One that is not started yet."""
    if os.name != "posix":
        pytest.skip("the remote browser is killed as POSIX processes are")
    path = find.find_chromium() or next(filter(None, map(shutil.which, find.NAMES)), None)
    if not path:
        pytest.skip("no Chromium on the PATH to stand for a remote one")
    browser = Remote(path, tmp_path / "profile")
    try:
        yield browser
    finally:
        browser.kill()


class Browser:
    """One browser for many tests, each of which has a context of its own; after one that fails it is another."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._runner = asyncio.Runner()
        self._playwright: Any = None
        self._browser: Any = None

    def on_page(self, work: Callable[[Any], Any], **context: Any) -> Any:
        """Run a coroutine function with a new page."""
        return self._runner.run(self._on_page(work, context))

    def close(self) -> None:
        """End it, and the driver."""
        self._runner.run(self._end())
        self._runner.close()

    async def _on_page(self, work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        from playwright.async_api import async_playwright

        if self._playwright is None:
            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(**self._options)
        try:
            context = await self._browser.new_context(**options)
            result = await work(await context.new_page())
        except BaseException:
            await self._end()
            raise
        try:
            await asyncio.wait_for(context.close(), 10)
        except TimeoutError:  # a page that hangs
            await self._end()
        return result

    async def _end(self) -> None:
        playwright, browser, self._playwright, self._browser = self._playwright, self._browser, None, None
        if playwright is not None:
            try:
                await browser.close()
            finally:
                await playwright.stop()


@pytest.fixture(scope="session")
def browser(chromium: dict[str, Any]) -> Iterator[Browser]:
    """The one that tests of single pages share."""
    browser = Browser(chromium)
    yield browser
    browser.close()


@pytest.fixture
def on_page(browser: Browser) -> Callable[..., Any]:
    """Run a coroutine function with a new page, in a context of its own."""
    return browser.on_page
