"""Which browser a crawl gets: none, a remote one, one that goes away; and crawls that are paused."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from linkmedia_scrapy.browser import find
from tests.browser.processes import CAN_LOOK, browser_of, start_crawl
from tests.browser.remote import free_port
from tests.conftest import SOAK, scale

LINK = "<!doctype html><title>t</title><a href=/own>own</a><img src=/img/logo.svg>"


def test_remote_browser_over_cdp(pages, crawl, remote):
    """Rendering, captures, measures and blocked images work in a browser that somebody else runs; the log says what is not guarded."""
    remote.start()
    urls = [pages.page(f"/page-{number}", LINK) for number in range(6)]
    outcome = crawl(urls, screenshot=True, pdf=True, mhtml=True, wait_for_images=True, context_max_pages=2, PLAYWRIGHT_CDP_URL=remote.url)
    for number in range(6):
        captures = outcome.captures(f"/page-{number}")
        assert {kind: capture["complete"] for kind, capture in captures.items()} == dict.fromkeys(("screenshot", "pdf", "mhtml"), True)
        assert len(outcome.of("link", f"/page-{number}")) == 1
    assert outcome.stats["linkmedia/render/context_recycled_count"] >= 2
    assert outcome.stats["playwright/page_count"] == outcome.stats["playwright/page_count/closed"] == 6
    assert outcome.log.count("LINKMEDIA_BLOCK_PRIVATE_NETWORK") == 1
    with urllib.request.urlopen(remote.url + "/json/version", timeout=10) as answer:  # it is somebody else's: it goes on
        assert "Chrome" in json.load(answer)["Browser"]


def test_remote_browser_that_comes_back(pages, crawl, remote):
    """A remote browser that is killed in the middle, and is there again 2 s later: every page has its records."""
    remote.start()
    urls = [pages.page(f"/page-{number}", LINK) for number in range(16)]

    def restart(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and sum("/page-" in path for path in pages.requests) < 5:
            time.sleep(0.02)
        remote.kill()
        time.sleep(2)
        remote.start()

    outcome = crawl(urls, screenshot=True, during=restart, PLAYWRIGHT_CDP_URL=remote.url, RETRY_ENABLED=True)
    assert {link["page_url"] for link in outcome.of("link")} == set(urls)
    assert {capture["page_url"] for capture in outcome.of("capture")} == set(urls)
    assert outcome.stats["linkmedia/render/browser_restart_count"] == 1
    assert outcome.open_pages == []


def test_remote_browser_that_stays_away(pages, crawl):
    """Nothing listens there: the crawl ends with one line that says so, and the pages under way have error records."""
    urls = [pages.page(f"/page-{number}", LINK) for number in range(30)]
    nowhere = f"http://127.0.0.1:{free_port()}"
    outcome = crawl(urls, render=True, PLAYWRIGHT_CDP_URL=nowhere, CONCURRENT_REQUESTS=2, RETRY_ENABLED=True)
    assert outcome.stats["finish_reason"] == "no_browser"
    errors = outcome.of("error")
    assert 1 <= len(errors) < 30
    assert {(error["kind"], error["stage"], error["reason"]) for error in errors} == {("render", "page", "no_browser")}
    assert outcome.log.count("Pages cannot be rendered, the crawl ends: BrowserType.connect_over_cdp: ") == 1
    assert outcome.log.count("ECONNREFUSED") == 1


def test_not_required(pages, crawl):
    """With LINKMEDIA_RENDER_REQUIRED = False all pages come unrendered, counted, with one warning."""
    urls = [pages.page(f"/page-{number}", LINK) for number in range(6)]
    settings: dict[str, Any] = {"render": True, "render_required": False, "RETRY_ENABLED": True}
    outcome = crawl(urls, PLAYWRIGHT_CDP_URL=f"http://127.0.0.1:{free_port()}", **settings)
    assert {link["page_url"] for link in outcome.of("link")} == set(urls)
    assert outcome.stats["linkmedia/render/skipped_count/no_browser"] == 6
    assert outcome.log.count("not rendered") == 1
    assert outcome.of("error") == []
    broken = crawl(urls, PLAYWRIGHT_LAUNCH_OPTIONS={"executable_path": "/nowhere/chromium"}, **settings)
    assert broken.stats["linkmedia/render/skipped_count/no_browser"] == 6
    missing = crawl(urls, PATH_WITHOUT_BROWSERS=True, **settings)
    assert missing.stats["linkmedia/render/skipped_count/no_browser"] == 6
    assert find.HOW_TO_GET_ONE in missing.log


def test_a_driver_without_its_browser(pages, crawl):
    """With launch options of the user's none is looked for: where Playwright's own is not there, one line says how to get it."""
    url = pages.page("/page", LINK)
    outcome = crawl(url, render=True, PLAYWRIGHT_LAUNCH_OPTIONS={"args": ["--no-first-run"]}, PATH_WITHOUT_BROWSERS=True)
    assert outcome.stats["finish_reason"] == "no_browser"
    (error,) = outcome.of("error")
    assert error["message"] == find.how_to_install("chromium")
    assert outcome.log.count("playwright install chromium") == 1


@pytest.mark.skipif(os.name != "posix", reason="a script stands for the browser")
def test_a_browser_that_does_not_start(pages, crawl, tmp_path: Path):
    """What it says before it ends, such as which library is missing, is in the line that ends the crawl, and in the error record."""
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho libnss3.so: no such file >&2\nexit 127\n")
    browser.chmod(0o755)
    outcome = crawl(pages.page("/page", LINK), render=True, PLAYWRIGHT_LAUNCH_OPTIONS={"executable_path": str(browser)})
    (error,) = outcome.of("error")
    assert error["reason"] == outcome.stats["finish_reason"] == "no_browser"
    assert error["message"].endswith(": libnss3.so: no such file")
    assert outcome.log.count("libnss3.so: no such file") == 1


@pytest.mark.skipif(os.name != "posix", reason="a script stands for the browser")
def test_a_browser_that_may_not_have_its_sandbox(pages, crawl, tmp_path: Path):
    """As in containers: the line that ends the crawl says how to go without it, rather than how Chromium is developed."""
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho '[7:ERROR:zygote_host.cc(130)] No usable sandbox! See https://a.example/' >&2\nexit 1\n")
    browser.chmod(0o755)
    launched = {"executable_path": str(browser), "chromium_sandbox": True}
    outcome = crawl(pages.page("/page", LINK), render=True, PLAYWRIGHT_LAUNCH_OPTIONS=launched)
    (error,) = outcome.of("error")
    assert error["reason"] == outcome.stats["finish_reason"] == "no_browser"
    assert error["message"].endswith(f"PLAYWRIGHT_LAUNCH_OPTIONS = {launched | {'chromium_sandbox': False}}")


def test_contexts_keep_their_cookies(pages, crawl):
    """A context that is exchanged goes on with its cookies and local storage, and with the arguments that the user gave it."""
    script = "<p id=p></p><script>const seen = localStorage.seen || 0; localStorage.seen = +seen + 1; p.textContent = 'visit ' + seen + navigator.userAgent;</script>"

    def page(handler: Any) -> Any:
        sees = "c=1" in (handler.headers.get("Cookie") or "")
        return 200, {"Content-Type": "text/html", "Set-Cookie": "c=1"}, f"<h1>{'known' if sees else 'new'}</h1>{script}".encode()

    pages.routes["/counted"] = page
    outcome = crawl(
        [pages.url + f"/counted?{number}" for number in range(6)],
        render=True,
        context_max_pages=2,
        CONCURRENT_REQUESTS=1,
        COOKIES_ENABLED=False,
        PLAYWRIGHT_PROCESS_REQUEST_HEADERS=None,
        PLAYWRIGHT_CONTEXTS={"default": {"user_agent": "a browser of my own"}},
    )
    bodies = sorted((item["asked"], item["body"]) for item in outcome.of("response"))
    assert outcome.stats["linkmedia/render/context_recycled_count"] == 2
    assert outcome.stats["playwright/context_count"] == 3
    for number, (_, body) in enumerate(bodies):
        assert f"visit {number}a browser of my own" in body
        assert ("known" in body) == (number > 0)


def test_a_persistent_context_has_the_browser_that_all_have(pages, crawl, chromium, tmp_path: Path):
    """A context with a folder of its own is launched as the launch options say, which name the browser; what it says itself holds."""
    url = pages.page("/agent", "<script>document.write(`<a href=/agent>${navigator.userAgent}</a>`)</script>")
    contexts = {
        "kept": {"user_data_dir": str(tmp_path / "kept")},
        "other": {"user_data_dir": str(tmp_path / "other"), "args": ["--user-agent=of-the-context"]},
    }
    outcome = crawl(
        [{"url": f"{url}?{name}", "meta": {"playwright_context": name}} for name in ("default", *contexts)],
        screenshot=True,
        PLAYWRIGHT_CONTEXTS=contexts,
        PLAYWRIGHT_LAUNCH_OPTIONS={**chromium, "args": [*chromium["args"], "--user-agent=of-all"]},
    )
    agents = {link["page_url"].partition("?")[2]: link["text"] for link in outcome.of("link")}
    assert agents == {"default": "of-all", "kept": "of-all", "other": "of-the-context"}
    assert len(outcome.of("capture")) == 3
    assert outcome.stats["playwright/context_count/persistent/True"] == 2


def test_service_workers(pages, crawl):
    """None is asked for, so that what one page left does not answer for the next; where the user's contexts allow them they are."""
    page = LINK + "<img src=/wait><script>navigator.serviceWorker.register('/sw.js').then(() => fetch('/registered'))</script>"
    told = threading.Event()

    def answer(handler: Any) -> Any:
        told.wait(20) if handler.path == "/wait" else told.set()
        return 200, {"Content-Type": "text/javascript"}, b""

    pages.routes |= dict.fromkeys(("/sw.js", "/registered", "/wait"), answer)
    crawl(pages.page("/page", page), render=True)
    assert "/registered" in pages.requests
    assert "/sw.js" not in pages.requests
    told.clear()
    crawl(pages.url + "/page", render=True, PLAYWRIGHT_CONTEXTS={"default": {"service_workers": "allow"}})
    assert "/sw.js" in pages.requests


def test_a_slow_page_holds_up_no_exchange(pages, crawl):
    """The next context is there before the last page of the old one is done; that one's cookies go on to it."""
    others_came, seen = threading.Event(), {}

    def slow(_: Any) -> Any:
        return 200, {"Content-Type": "text/html", "Set-Cookie": "late=1"}, LINK.encode() if others_came.wait(60) else b"alone"

    def page(handler: Any) -> Any:
        number = int(handler.path.partition("?")[2])
        seen[number] = "late=1" in (handler.headers.get("Cookie") or "")
        if number >= 5:
            others_came.set()
        return 200, {"Content-Type": "text/html"}, LINK.encode()

    pages.routes |= {"/slow": slow, "/numbered": page}
    outcome = crawl(
        [pages.url + "/slow", *(pages.url + f"/numbered?{number}" for number in range(20))],
        render=True,
        context_max_pages=2,
        CONCURRENT_REQUESTS=2,
        COOKIES_ENABLED=False,
        PLAYWRIGHT_PROCESS_REQUEST_HEADERS=None,
    )
    assert len(outcome.of("link", "/slow")) == 1
    assert len(outcome.of("link")) == 21
    assert not seen[5]
    assert seen[19]
    assert outcome.stats["linkmedia/render/context_recycled_count"] == 10
    assert outcome.open_pages == []


def test_popups_of_pages_that_close_are_closed(pages, crawl):
    """A page that goes on opening others leaves none behind: they would stay, and keep the context from being exchanged."""
    pages.routes["/window"] = lambda _: (200, {"Content-Type": "text/html"}, LINK.encode())
    urls = [pages.page(f"/page-{number}", f"{LINK}<script>setInterval(() => open('/window'), 10)</script>") for number in range(4)]
    urls += [pages.page(f"/page-{number}", LINK) for number in range(4, 7)]
    outcome = crawl(urls, render=True, context_max_pages=3, CONCURRENT_REQUESTS=1)
    assert len(outcome.of("link")) == 7
    assert outcome.stats["linkmedia/render/context_recycled_count"] == 2
    assert outcome.open_pages == []


def test_cached_pages_are_counted(pages, crawl, tmp_path: Path):
    """A page out of Scrapy's HTTP cache has its rendered DOM, no captures, and is counted; one that refreshes itself is there, too."""
    refresh = "<meta http-equiv=refresh content='30;url=/cached#top'>"
    url = pages.page("/cached", refresh + LINK + "<script>document.body.append('by a script')</script>")
    settings = {"screenshot": True, "HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": str(tmp_path / "cache"), "REDIRECT_MAX_TIMES": 1}
    first, second = crawl(url, **settings), crawl(url, **settings)
    assert first.captures()
    assert second.of("capture") == []
    assert second.stats["linkmedia/render/cached_count"] == 1
    assert "by a script" in second.of("response")[0]["body"]
    assert "playwright/page_count" not in second.stats


@pytest.mark.parametrize("how", ["firefox", "webkit"])
def test_other_browsers(pages, crawl, how):
    """Firefox and WebKit take screenshots; PDF and MHTML are errors that say why."""
    import playwright

    folder = find._browsers_folder(Path(playwright.__file__).parent / "driver" / "package")
    if not list(folder.glob(f"{how}-*/INSTALLATION_COMPLETE")):
        pytest.skip(f"Playwright's {how} is not installed")
    outcome = crawl(pages.page("/x", LINK), screenshot=True, pdf=True, mhtml=True, PLAYWRIGHT_BROWSER_TYPE=how)
    assert set(outcome.captures()) == {"screenshot"}
    assert {(error["stage"], error["reason"]) for error in outcome.of("error")} == {("pdf", "not_chromium"), ("mhtml", "not_chromium")}


class Paused:
    """A rendered crawl with a JOBDIR, which can be stopped and gone on with; its items are in a file."""

    def __init__(self, folder: Path, urls: list[str]) -> None:
        self.feed, self.store = folder / "items.jsonl", folder / "captures"
        self._folder, self._urls = folder, urls

    def start(self) -> subprocess.Popen[bytes]:
        order = {
            "requests": [{"url": url} for url in self._urls],
            "settings": {
                "LINKMEDIA_SCREENSHOT": True,
                "LINKMEDIA_STORE": str(self.store),
                "JOBDIR": str(self._folder / "job"),
                "FEEDS": {str(self.feed): {"format": "jsonlines"}},
                "RETRY_ENABLED": True,
                "CONCURRENT_REQUESTS": 4,
            },
        }
        return start_crawl(order)

    def links(self) -> list[str]:
        """The pages whose records are in the feed, once for each time."""
        found = []
        for line in self.feed.read_text().splitlines() if self.feed.exists() else ():
            with contextlib.suppress(ValueError):  # the line that was cut
                item = json.loads(line)
                if item["record"] == "link":
                    found.append(item["page_url"])
        return found


@pytest.mark.soak
@pytest.mark.skipif(not CAN_LOOK, reason="processes are looked at by /proc")
@pytest.mark.parametrize(
    "how",
    [pytest.param(signal.SIGINT, marks=pytest.mark.skipif(not SOAK, reason="with LINKMEDIA_SOAK=1")), signal.SIGKILL],
    ids=["SIGINT", "SIGKILL"],
)
def test_interrupted_and_resumed(pages, tmp_path: Path, how):
    """200 pages (20 without LINKMEDIA_SOAK=1), interrupted and resumed: after SIGINT each has its records, once; after kill -9 those that
    had them keep them, and Scrapy has forgotten what else was in its queue. No file is torn, no browser is left."""
    from tests.browser.test_stores import whole

    count = scale(200)
    urls = [pages.page(f"/page-{number}", LINK) for number in range(count)]
    crawl = Paused(tmp_path, urls)
    process = crawl.start()
    patience = time.monotonic() + 120
    while len(set(pages.requests)) < count // 3 and time.monotonic() < patience:
        time.sleep(0.02)
    browser = browser_of(process.pid)
    os.killpg(process.pid, how)  # as Ctrl-C does: everything that the terminal has started
    process.wait(60)
    before = crawl.links()
    assert len(before) < count
    if browser is not None:
        while Path(f"/proc/{browser}").exists() and time.monotonic() < patience:
            time.sleep(0.05)
        assert not Path(f"/proc/{browser}").exists()
    for _ in range(2):  # a crawl that was killed may have left its browser's pages; a second time there is nothing to do
        assert crawl.start().wait(300) == 0
    links = crawl.links()
    lost, doubled = set(urls) - set(links), len(links) - len(set(links))
    print(f"{how.name}: {len(before)} pages before, {len(lost)} lost, {doubled} doubled")
    assert set(before) <= set(links)
    if how == signal.SIGINT:
        assert (lost, doubled) == (set(), 0)
    files = [path for path in crawl.store.rglob("*") if path.is_file() and path.parent.name != ".parts"]
    assert len(files) >= len(set(links))
    assert all(whole(path) for path in files)
