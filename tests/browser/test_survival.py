"""Crawls that go on: pages that misbehave, a browser that is killed, contexts that are exchanged."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from statistics import median
from typing import Any

import pytest

from tests.browser.conftest import Outcome, Pages
from tests.browser.processes import CAN_LOOK, kill_browser, kill_driver, memory_of
from tests.conftest import SOAK

LINK = "<!doctype html><title>t</title><a href=/own>own</a>"
PATHS = (
    "index.html",
    "gallery/index.html",
    "shop/index.html",
    "news/lake-light.html",
    "docs/index.html",
    "zh/index.html",
    "about.html",
    "archive.html",
)
# what a page does, and whether it may end without records of its own, but with an error record
FAULTS: dict[str, tuple[str, bool]] = {
    "plain": ("<img src=/img/logo.svg>", False),
    "dialogs": ("<script>alert(1); confirm(2); prompt(3); onbeforeunload = e => 'stay'</script>", False),
    "popups": ("<script>for (let i = 0; i < 5; i++) open('/other?' + i); open('/other', '', 'noopener')</script>", False),
    "download": ("<a id=d href=/file download>d</a><script>d.click()</script><iframe src=/file></iframe>", False),
    "hanging-image": ("<img src=/never width=9 height=9>", False),
    "loop": ("<script>setTimeout(() => { while (true); }, 50)</script>", False),
    "flood": ("<script>setInterval(() => { for (let i = 0; i < 50; i++) history.pushState(0, '', location) }, 1)</script>", False),
    "reload": ("<script>setTimeout(() => location.reload(), 20)</script>", True),
    "crash": ("", True),
    "redirects": ("", True),
    "never-answers": ("", True),
    "hangs-up": ("", True),
    "missing": ("", True),
}


def serve(pages: Pages, count: int) -> list[str | dict[str, Any]]:
    """Requests of `count` pages, all faults in turn, in an order that is always the same."""
    pages.page("/other", "<h1>other</h1>")
    pages.page("/file", "a,b", "text/csv", **{"Content-Disposition": "attachment; filename=x.csv"})
    asked: list[str | dict[str, Any]] = []
    for number in range(count):
        name = list(FAULTS)[number % len(FAULTS)]
        path = f"/{name}-{number}"
        request: dict[str, Any] = {"url": pages.url + path, "meta": {}}
        pages.page(path, LINK + FAULTS[name][0])
        if name == "crash":
            request["meta"]["playwright_page_methods"] = [["crash"]]
        elif name == "redirects":
            pages.routes[path] = lambda handler: (302, {"Location": handler.path}, b"")
        elif name == "never-answers":
            pages.routes[path] = pages.never
            # tried three times; the others have more time
            request["meta"]["playwright_page_goto_kwargs"] = {"wait_until": "commit", "timeout": 3000}
        elif name == "hangs-up":
            pages.routes[path] = hang_up
        elif name == "missing":
            pages.routes[path] = lambda _: (404, {"Content-Type": "text/html"}, LINK.encode())
            request["meta"]["handle_httpstatus_list"] = [404]
        asked.append(request)
    random.Random(8).shuffle(asked)
    return asked


def hang_up(handler: Any) -> Any:
    handler.connection.shutdown(socket.SHUT_RDWR)
    return 200, {}, b""


SETTINGS: dict[str, Any] = {
    "screenshot": True,
    "ready_timeout": 3,
    "capture_timeout": 6,
    "context_max_pages": 10,
    "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 12000,
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 8,
    "RETRY_ENABLED": True,
    "DOWNLOAD_TIMEOUT": 90,
}


def check_all(outcome: Outcome, asked: list[str | dict[str, Any]]) -> None:
    """Every URL has its records, or an error record and its errback; nothing is left open; warnings are one a cause."""
    errors = {item["page_url"]: item for item in outcome.of("error") if item["stage"] == "page"}
    links = {item["page_url"] for item in outcome.of("link")}
    failures = {item["asked"] for item in outcome.of("failure")}
    for entry in asked:
        assert isinstance(entry, dict)
        url = entry["url"]
        name = url.rpartition("/")[2].rpartition("-")[0]
        assert (url in links) != (url in errors), url
        assert (url in errors) == (url in failures), url
        assert url in links or FAULTS[name][1], (url, errors[url])
    assert outcome.open_pages == []
    warnings = [line for line in outcome.log.splitlines() if " WARNING: " in line or " ERROR: " in line]
    assert len(warnings) < 25, warnings
    assert "Call log" not in outcome.log


@pytest.mark.parametrize("where", ["launched", pytest.param("remote", marks=pytest.mark.soak)])
def test_faulty_pages_cost_only_themselves(pages, crawl, remote, where):
    """Dialogs, pop-ups, downloads, crashes, endless redirects and reloads, silence: all other pages have their records, none stays open."""
    if where == "remote" and not SOAK:
        pytest.skip("over CDP with LINKMEDIA_SOAK=1")
    over = {}
    if where == "remote":
        remote.start()
        over["PLAYWRIGHT_CDP_URL"] = remote.url
    asked = serve(pages, 2 * len(FAULTS))
    outcome = crawl(asked, seconds=300, **SETTINGS, **over)
    check_all(outcome, asked)
    stats = outcome.stats
    assert stats["playwright/page_count"] == stats["playwright/page_count/closed"]
    assert stats["linkmedia/render/crash_count"] == 2 * 3  # each tried three times
    assert stats["linkmedia/render/failed_count/crashed"] == 6
    assert stats["linkmedia/render/retried_count/crashed"] == 4
    assert stats["linkmedia/render/error_count/render/page/ERR_TOO_MANY_REDIRECTS"] == 2
    assert stats["linkmedia/render/error_count/render/page/TimeoutError"] == 2
    assert stats["linkmedia/render/context_recycled_count"] >= 3
    if where == "launched":  # a browser that somebody else runs may block pop-ups by itself
        assert stats["linkmedia/render/blocked_count/popup"] >= 2
    assert "/other" not in {path.partition("?")[0] for path in pages.requests}
    assert "linkmedia/render/browser_restart_count" not in stats


def test_a_page_that_never_answers_is_given_up(pages, crawl):
    """Whatever it is that does not come back, `DOWNLOAD_TIMEOUT` ends it: an error record, and the context goes on."""
    stuck, plain = pages.page("/stuck", LINK), [pages.page(f"/plain-{number}", LINK) for number in range(3)]
    hang = {"playwright_page_methods": [["evaluate", "new Promise(() => 0)"]]}
    outcome = crawl(
        [{"url": stuck, "meta": {**hang, "download_timeout": 4}}, *plain],
        render=True,
        context_max_pages=2,
        PLAYWRIGHT_MAX_PAGES_PER_CONTEXT=1,
    )
    (error,) = outcome.of("error")
    assert (error["page_url"], error["kind"], error["reason"], error["message"]) == (
        stuck,
        "render",
        "TimeoutError",
        "no answer from the page within 4 s",
    )
    assert {link["page_url"] for link in outcome.of("link")} == set(plain)
    assert outcome.open_pages == []


def test_listeners_that_fail(pages, crawl):
    """What a listener of one page fails with is logged, and no other page's; Playwright raises it wherever anything is asked next."""
    plain = [pages.page(f"/plain-{number}", LINK) for number in range(4)]
    trips = {"url": pages.page("/trips", LINK), "meta": {"playwright_page_event_handlers": {"response": "trip"}}}
    outcome = crawl([plain[0], trips, *plain[1:]], render=True, CONCURRENT_REQUESTS=2)
    assert {link["page_url"] for link in outcome.of("link")} == {*plain, trips["url"]}
    assert outcome.of("error") == []
    assert "KeyError" in outcome.log


def kill_driver_after(pages: Pages, count: int) -> Any:
    """What kills a crawl's driver when so many pages have been asked for, the last of them being under way."""

    def kill(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and len({path for path in list(pages.requests) if path.startswith("/page-")}) < count:
            time.sleep(0.02)
        assert kill_driver(process.pid)

    return kill


@pytest.mark.skipif(not CAN_LOOK, reason="the driver is found by /proc")
def test_a_driver_that_dies(pages, crawl):
    """Playwright's driver is killed in the middle: it is started again and every page has all of its records, no retry being counted."""
    urls = [pages.page(f"/page-{number}", LINK + "<img src=/late.svg>") for number in range(10)]
    pages.file("/late.svg", "img/logo.svg", 0.5)
    outcome = crawl(
        urls,
        screenshot=True,
        mhtml=True,
        during=kill_driver_after(pages, 5),
        CONCURRENT_REQUESTS=3,
        RETRY_ENABLED=True,
        RETRY_TIMES=0,
    )
    assert {link["page_url"] for link in outcome.of("link")} == set(urls)
    assert sorted((item["page_url"], item["kind"]) for item in outcome.of("capture")) == sorted(
        (url, kind) for url in urls for kind in ("screenshot", "mhtml")
    )
    assert outcome.of("error") == outcome.of("failure") == []
    stats = outcome.stats
    assert stats["linkmedia/render/driver_restart_count"] == stats["linkmedia/render/browser_restart_count"] == 1
    assert 1 <= stats["linkmedia/render/failed_count/browser_lost"] == stats["linkmedia/render/retried_count/browser_lost"] <= 3
    assert outcome.open_pages == []
    assert "never retrieved" not in outcome.log
    assert outcome.log.count("driver is gone, and the browser's cookies with it") == 1


@pytest.mark.skipif(not CAN_LOOK, reason="the driver is found by /proc")
def test_a_driver_that_cannot_be_started_again(pages, crawl, tmp_path, monkeypatch):
    """The crawl ends as it does without a browser, after `LINKMEDIA_BROWSER_TIMEOUT`."""
    from playwright._impl._driver import compute_driver_executable

    node = tmp_path / "node"
    node.symlink_to(compute_driver_executable()[0])
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    urls = [pages.page(f"/page-{number}", LINK + "<img src=/never>") for number in range(30)]
    kill = kill_driver_after(pages, 2)

    def take_away(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and not pages.requests:
            time.sleep(0.02)
        node.unlink()
        kill(process)

    outcome = crawl(urls, render=True, browser_timeout=2, during=take_away, CONCURRENT_REQUESTS=2, RETRY_ENABLED=True)
    assert outcome.stats["finish_reason"] == "no_browser"
    assert outcome.stats["linkmedia/render/error_count/render/page/no_browser"] >= 1
    assert outcome.log.count("Pages cannot be rendered, the crawl ends: ") == 1


@pytest.mark.skipif(not CAN_LOOK, reason="the driver is found by /proc")
def test_a_page_that_always_kills_the_driver(pages, crawl):
    """It is given up, and takes none of the pages beside it along."""
    plain = [pages.page(f"/page-{number}", LINK) for number in range(6)]
    bad = pages.page("/bad", LINK)
    outcome = crawl(
        [*plain[:2], {"url": bad, "meta": {"playwright_page_methods": [["kill"]]}}, *plain[2:]],
        render=True,
        CONCURRENT_REQUESTS=7,
        RETRY_ENABLED=True,
        RETRY_TIMES=0,
    )
    assert {link["page_url"] for link in outcome.of("link")} == set(plain)
    (error,) = outcome.of("error")
    assert (error["page_url"], error["kind"], error["stage"], error["reason"]) == (bad, "render", "page", "browser_lost")
    assert outcome.of("failure") == [{"record": "failure", "asked": bad, "error": "BrowserLostError"}]
    assert outcome.stats["linkmedia/render/driver_restart_count"] >= 4
    assert all(item["meta"] == {} for item in outcome.of("response"))


@pytest.mark.soak
@pytest.mark.skipif(not CAN_LOOK, reason="the browser is found by /proc")
def test_browser_killed_three_times(pages, crawl):
    """300 pages (20 without LINKMEDIA_SOAK=1), all faults, the browser killed three times: every URL has its records or an error record."""
    count = 300 if SOAK else 20
    asked = serve(pages, count)
    kills: list[float] = []

    def kill(process: subprocess.Popen[bytes]) -> None:
        for part in (1, 2, 3):
            while process.poll() is None and len(set(pages.requests)) < part * count // 4:
                time.sleep(0.05)
            while process.poll() is None and not kill_browser(process.pid):
                time.sleep(0.05)
            kills.append(time.monotonic())
            seen = len(pages.requests)
            time.sleep(1)
            while process.poll() is None and len(pages.requests) == seen:
                time.sleep(0.05)  # so that the next one is another, and has been launched: one that dies before that is not counted

    outcome = crawl(asked, seconds=1800, during=kill, **SETTINGS)
    check_all(outcome, asked)
    assert len(kills) == 3
    assert outcome.stats["linkmedia/render/browser_restart_count"] == 3
    print({name: value for name, value in outcome.stats.items() if "render/" in name or name in ("elapsed_time_seconds", "retry/count")})


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="3,000 pages take half an hour: with LINKMEDIA_SOAK=1")
@pytest.mark.skipif(not CAN_LOOK, reason="memory is read from /proc")
def test_memory_stays_flat(pages, crawl):
    """3,000 pages (LINKMEDIA_SOAK_PAGES of them) with an MHTML snapshot each: after the first 500, neither Python nor Chromium grows."""
    count = int(os.environ.get("LINKMEDIA_SOAK_PAGES", "3000"))
    asked = [f"{pages.url}/{PATHS[number % len(PATHS)]}?page={number}" for number in range(count)]
    samples: list[tuple[int, int, int]] = []

    def watch(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            time.sleep(1)
            done = len({path for path in list(pages.requests) if "?page=" in path})
            python, browser = memory_of(process.pid)
            if browser:
                samples.append((done, python, browser))

    outcome = crawl(asked, seconds=3 * count, during=watch, mhtml=True, LOG_LEVEL="WARNING", DROP_ITEMS=True)
    assert outcome.stats["linkmedia/render/page_count"] == count
    start = min(500, count // 4)
    third = (count - start) // 3
    early, late = ([sample for sample in samples if first <= sample[0] < first + third] for first in (start, count - third))
    told = {name: (median(s[i] for s in early), median(s[i] for s in late)) for i, name in ((1, "Python"), (2, "Chromium"))}
    print(
        f"resident kB, first and last third of what follows page {start} of {count}: {told}; {outcome.stats['linkmedia/render/context_recycled_count']} contexts exchanged"
    )
    assert told["Python"][1] < 1.15 * told["Python"][0]
    assert told["Chromium"][1] < 1.15 * told["Chromium"][0]
