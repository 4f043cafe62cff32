"""Whether a page is said to be complete exactly where it is, and whether a page that stalls is salvaged in time."""

from __future__ import annotations

import re

import pytest

TIMEOUT = 12.0
GRACE = 0.25 * TIMEOUT + 2

GAP = "<div style='height:1500px'>gap</div>"
OBSERVER = """<script>new IntersectionObserver((seen, o) => { for (const e of seen) if (e.isIntersecting) { const i = e.target;
  i.src = i.dataset.src; o.unobserve(i); } }).observe(%s)</script>"""
SWAP = """<script>addEventListener('scroll', () => { clearTimeout(window.t); window.t = setTimeout(() => {
  for (const i of document.querySelectorAll('img[data-src]')) if (i.getBoundingClientRect().top < innerHeight + 100) {
    i.src = i.dataset.src; delete i.dataset.src; } }, 100); })</script>"""
ENDLESS = """<div id=list></div><script>let n = 0, busy = false; const last = %d;
async function more() { if (busy || n >= last) return; busy = true; await fetch('/img/pixel.gif?' + n); await new Promise(r => setTimeout(r, 150));
  for (let k = 0; k < 10; k++, n++) list.insertAdjacentHTML('beforeend', '<p style="height:100px">row ' + n + '</p>' + (n %% 5 ? '' : '<img src="/img/pixel.gif?row' + n + '">'));
  busy = false; }
more(); addEventListener('scroll', () => { if (scrollY + innerHeight > document.documentElement.scrollHeight - 300) more(); });</script>"""
REPLACED = """<div id=a style="height:1200px">Loading</div><div id=b style="height:1200px">Loading</div><script>
new IntersectionObserver(seen => { for (const e of seen) if (e.isIntersecting && !e.target.dataset.done) { e.target.dataset.done = 1;
  setTimeout(() => { e.target.innerHTML = '<h2>Real contents</h2><img src="/slow-' + e.target.id + '">'; }, 200); } }, {}).observe(b);
setTimeout(() => { a.innerHTML = '<h2>First</h2><img src="/slow-a">'; }, 100);</script>"""
VIRTUAL = """<div style="position:relative;height:7000px" id=v></div><script>function show() { const first = Math.floor(scrollY / 50); let s = '';
  for (let i = first; i < Math.min(140, first + 20); i++) s += '<div style="position:absolute;top:' + i * 50 + 'px">entry number ' + i + '</div>\\n'; v.innerHTML = s; }
show(); addEventListener('scroll', show);</script>"""

# name: (html, complete, reason, images total/loaded/failed or None where it depends on how far scrolling gets)
LAZY = {
    "loading-lazy": (f"{GAP}<img loading=lazy src=/img/hero.jpg?1>{GAP}{GAP}<img loading=lazy src=/img/logo.svg width=50 height=50>", True, "", (2, 2, 0)),
    "observer": (f"{GAP}{GAP}<img id=i data-src=/img/hero.jpg?2 style='min-height:50px;min-width:50px'>" + OBSERVER % "i", True, "", (1, 1, 0)),
    "data-src-swapped": (f"{GAP}<img data-src=/img/hero.jpg?3>{GAP}{GAP}<img data-src=/img/logo.svg>{SWAP}", True, "", (2, 2, 0)),
    "infinite-with-end": (ENDLESS % 60, True, "", (12, 12, 0)),
    "infinite-without-end": (ENDLESS % 10**9, False, "scroll_time", None),
    "slow-image": ("<img src=/slow-picture width=100 height=100>", True, "", (1, 1, 0)),
    "failing-images": ("<img src=/missing.png><img src=/img/logo.svg><div style='background:url(/missing-too.png)'>x</div>", False, "image_failed", (3, 1, 2)),
    "hanging-image": ("<img src=/never width=100 height=100><img src=/img/logo.svg>", False, "image_pending", (2, 1, 0)),
    "backgrounds": (
        "<style>.b{height:300px;background:url(/slow-background)}.p::before{content:'';display:block;height:9px;background:url('/img/logo.svg')}</style>"
        f"<div class=b></div>{GAP}<p class=p>x</p>", True, "", (2, 2, 0),
    ),
    "picture": (
        f"{GAP}<picture><source srcset='/img/hero.jpg?w 800w, /img/hero.jpg?x 1600w' sizes=100vw><img loading=lazy src=/img/logo.svg></picture>"
        "<img srcset='/img/hero.jpg?d1 1x, /img/hero.jpg?d2 2x'>", True, "", (2, 2, 0),
    ),
    "frames": (f"<iframe src=/in-frame></iframe>{GAP}<iframe loading=lazy src=/in-frame?2></iframe>", True, "", (0, 0, 0)),
    "content-replaced": (REPLACED, True, "", (2, 2, 0)),
    "virtual-list": (VIRTUAL, False, "content_replaced", (0, 0, 0)),
}  # fmt: skip


@pytest.fixture
def lazy(pages, crawl):
    pages.file("/slow-picture", "img/hero.jpg", 4)
    for name in ("/slow-background", "/slow-a", "/slow-b"):
        pages.file(name, "img/hero.jpg", 0.7)
    pages.page("/in-frame", "<img src=/img/hero.jpg>framed")
    return {name: pages.page(f"/{name}", f"<!doctype html><title>t</title><h1>{name}</h1>{entry[0]}") for name, entry in LAZY.items()}


def test_complete_is_right_on_lazy_pages(lazy, crawl):
    """Thirteen ways of loading late: `complete`, the reason and the counts of images are right, within the deadline, a quarter and 2 s."""
    outcome = crawl(
        list(lazy.values()),
        screenshot=True,
        wait_for_images=True,
        ready_timeout=TIMEOUT,
        PLAYWRIGHT_MAX_PAGES_PER_CONTEXT=4,
        LOG_LEVEL="DEBUG",
    )
    wrong = {}
    for name, (_, complete, reason, images) in LAZY.items():
        capture = outcome.captures("/" + name)["screenshot"]
        counts = tuple(capture[key] for key in ("images_total", "images_loaded", "images_failed"))
        if (capture["complete"], capture["reason"]) != (complete, reason) or (images is not None and counts != images):
            wrong[name] = (capture["complete"], capture["reason"], counts)
    assert not wrong
    taken = {re.sub(".*/", "", url): float(ms) for url, ms in re.findall(r"rendered (\S+) in (\d+) ms", outcome.log)}
    assert set(taken) == set(LAZY)
    assert not {name: ms for name, ms in taken.items() if ms > 1000 * (TIMEOUT + GRACE)}


STALLED = {
    "script": ("<a href=/before>b</a><script src=/never></script><a href=/after>a</a>", "script_pending", {"/before", "/after"}),
    "script-in-head": ("<head><script src=/never></script></head><a href=/after>a</a>", "script_pending", {"/after"}),
    "image": ("<a href=/before>b</a><img src=/never width=9 height=9>", "image_pending", {"/before"}),
    "stylesheet": ("<link rel=stylesheet href=/never><a href=/before>b</a>", "stylesheet_pending", {"/before"}),
    "frame": ("<a href=/before>b</a><iframe src=/never></iframe>", "frame_pending", {"/before"}),
    "font": ("<style>@font-face{font-family:f;src:url(/never)}a{font-family:f}</style><a href=/before>b</a>", "font_pending", {"/before"}),
    "loop": ("<a href=/before>b</a><script>setTimeout(() => { while (true); }, 50)</script>", "script_stuck", {"/before"}),
    "loop-at-once": ("<a href=/before>b</a><script>while (true);</script><a href=/after>a</a>", "script_stuck", {"/before", "/after"}),
}


@pytest.mark.parametrize("wait_for_images", [False, True])
def test_stalled_pages_are_salvaged(pages, crawl, wait_for_images):
    """What hangs costs its page the deadline and no more: DOM, records, and captures that say what is missing."""
    urls = [pages.page(f"/stalled-{name}", f"<!doctype html><title>t</title>{entry[0]}") for name, entry in STALLED.items()]
    outcome = crawl(
        urls, screenshot=True, pdf=True, mhtml=True, wait_for_images=wait_for_images, ready_timeout=3, PLAYWRIGHT_MAX_PAGES_PER_CONTEXT=4
    )
    wrong = {}
    for name, (_, reason, links) in STALLED.items():
        captures = outcome.captures(f"/stalled-{name}")
        got = {link["raw_href"] for link in outcome.of("link", f"/stalled-{name}")}
        reasons = {kind: (capture["complete"], capture["reason"]) for kind, capture in captures.items()}
        errors = {error["stage"] for error in outcome.of("error", f"/stalled-{name}")}
        # A page that never lets go of its thread is printed by grace of the browser's scheduler: an error record will do.
        missing = {"screenshot", "pdf", "mhtml"} - set(captures)
        excused = errors if name.startswith("loop") else set()
        if got != links or not missing <= excused or any(done or reason not in why for done, why in reasons.values()):
            wrong[name] = (got, reasons, [error["message"] for error in outcome.of("error", f"/stalled-{name}")])
    assert not wrong
    assert outcome.stats["playwright/page_count"] == outcome.stats["playwright/page_count/closed"]
