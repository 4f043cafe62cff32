"""What pages are waited for and what is said of them: pages that changed JavaScript under us, that break off, that load late or not at all."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from linkmedia_scrapy import LinkMediaConfig
from linkmedia_scrapy.browser import dom, ready, restraints, stage
from tests.browser.conftest import render

IMAGE = "<img src=/img/logo.svg width=50 height=50>"
GAP = "<div style='height:1500px'>gap</div>"


async def wait_for(page: Any, url: str, **settings: Any) -> Any:
    """What rendering a page gives, with a screenshot and all images."""
    return await render(page, url, LinkMediaConfig(**{"screenshot": True, "wait_for_images": True, "ready_timeout": 20, **settings}))


@pytest.fixture
def rendered(pages, on_page) -> Callable[..., dict[str, Any]]:
    """Render pages, given by their names and HTML, in one browser."""

    def run(sources: dict[str, str], **settings: Any) -> dict[str, Any]:
        urls = [
            pages.page(f"/{name}", "<!doctype html><title>t</title>" + html) if html else f"{pages.url}/{name}"
            for name, html in sources.items()
        ]

        async def work(page: Any) -> list[Any]:
            others = [await page.context.browser.new_page() for _ in urls[1:]]
            return await asyncio.gather(*(wait_for(one, url, **settings) for one, url in zip([page, *others], urls, strict=True)))

        return dict(zip(sources, on_page(work), strict=True))

    return run


def said(results: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Reasons, and images in all, loaded and failed."""
    return {name: (result.proof.reasons, *counts(result)) for name, result in results.items()}


def counts(result: Any) -> tuple[int, int, int]:
    return result.proof.total, result.proof.loaded, result.proof.failed


CHANGED = {
    "globals": "<script>function Map(e){this.e=e} function Set(){} class URL{} window.Promise=function(){}; window.MutationObserver=null</script>",
    "constant": "<script>const URL='https://example.com/'</script>",
    "arrays": "<script>for (const name of ['map','filter','flatMap','push','some','sort']) Array.prototype[name]=()=>{throw new Error('mine')}</script>",
    "elements": "<script>Element.prototype.getBoundingClientRect=null;document.querySelectorAll=null;window.getComputedStyle=null</script>",
    "without-eval": "<script>window.eval=null;window.globalThis=null</script>",
    "names": "<form name=querySelectorAll></form><form name=readyState></form><form name=contentType></form><form name=documentElement></form>"
    "<form><input name=getClientRects><input name=shadowRoot></form><img name=scrollingElement src=/img/logo.svg width=9>",
}


def test_pages_that_changed_javascript(rendered):
    """What a page puts in the place of builtins, or names as properties are named, changes nothing for us."""
    shown = f"<a href=/own>own</a>{IMAGE}<div style='height:20px;background:url(/img/pixel.gif)'>x</div>"
    results = rendered({name: shown + html for name, html in CHANGED.items()})
    assert said(results) == {name: ([], 3 if name == "names" else 2, 3 if name == "names" else 2, 0) for name in CHANGED}
    for result in results.values():
        assert result.html.startswith("<!DOCTYPE html><html>")
        assert "href=/own" in result.html.replace('"', "")
        assert [capture.kind for capture in result.captures] == ["screenshot"]


def test_questions_that_fail(rendered, monkeypatch):
    """A page that no question can be put to has its DOM, open shadow roots included, and its captures, and says so."""
    shadow = "<p id=p></p><script>p.attachShadow({mode: 'open'}).innerHTML = '<a href=/inside>i</a>'</script>"
    for module, name in ((ready, "_MEASURE"), (ready, "_SCROLL"), (stage, "_DOCUMENT"), (dom, "_DOM")):
        monkeypatch.setattr(module, name, "() => { throw new Error('no'); }")
    result = rendered({"page": "<a href=/own>own</a>" + shadow})["page"]
    assert result.proof.reasons == ["script_error"]
    assert [capture.kind for capture in result.captures] == ["screenshot"]
    assert 'href="/own"' in result.html
    assert 'href="/inside"' in result.html
    assert 'shadowrootmode="open"' in result.html


def test_candidates_and_lazy_images(rendered):
    """Of several candidates for a background one counts; lazy images that scrolling does not reach load all the same, as the page wrote them."""
    lazy = "".join(f"<img loading=lazy src=/img/pixel.gif?{number} width=500 height=200>" for number in range(9))
    results = rendered(
        {
            "candidates": "<div style=\"height:50px;background-image:image-set(url('/img/logo.svg?1') 1x, url('/img/logo.svg?2') 2x)\"></div>",
            "beside": f"<div style='width:600px;overflow-x:auto;white-space:nowrap'>{lazy}</div>{GAP}",
            "hidden": f"<div style='width:600px;height:210px;overflow:hidden'><div style='display:flex;width:5000px'>{lazy}</div></div>{GAP}",
            "box": f"<div style='height:200px;overflow:auto'><div style='width:500px'>{lazy}</div></div>{GAP}",
            "outside": f"<div style='position:absolute;left:-99999px'>{lazy}</div>{GAP}",
        }
    )
    assert said(results) == {name: ([], *2 * [images], 0) for name, images in zip(results, (1, 9, 9, 9, 9), strict=True)}
    assert results["beside"].html.count('loading="lazy"') == 9


def test_a_page_whose_scripts_are_switched_off(pages, rendered):
    """By itself it is complete, lazy images included; it is not taken for one that hangs."""
    html = f"<!doctype html><title>t</title>{GAP}{GAP}<img loading=lazy src=/img/hero.jpg><noscript>{IMAGE}</noscript>"
    pages.page("/sandboxed", html, **{"Content-Security-Policy": "sandbox"})
    assert said(rendered({"sandboxed": ""})) == {"sandboxed": ([], 2, 2, 0)}


def cut(kind: str, body: bytes, *, status: int = 200, hangs: bool = False, pages: Any = None) -> Callable[[Any], Any]:
    """An answer that breaks off in the middle of its body, or hangs there."""

    def answer(handler: Any) -> Any:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(2 * len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        pages.let_go.wait(120 if hangs else 0.3)
        handler.connection.shutdown(socket.SHUT_RDWR)
        return 200, {}, b""

    return answer


def test_pictures_that_stand_in_the_page(rendered):
    """They count, and their bytes are not handed over each time that the page is looked at."""
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='50'>" + " " * 5000 + "</svg>"
    url = "data:image/svg+xml," + quote(picture)
    result = rendered({"page": f"<img src='{url}'><p style='height:9px;background:url({url})'>x</p>{IMAGE}"})["page"]
    assert (result.proof.reasons, *counts(result)) == ([], 2, 2, 0)
    assert [(image["url"][-8:], image["natural_width"]) for image in result.proof.images] == [("data:", 90), ("logo.svg", 150)]


def test_images_that_break_off(pages, rendered):
    """An image whose connection breaks, and an error page in an image's place that does not end, are failed, neither loaded nor pending."""
    picture = (pages.folder / "img" / "hero.jpg").read_bytes()
    pages.routes["/half"] = cut("image/jpeg", picture[: len(picture) // 2], pages=pages)
    pages.routes["/refused"] = cut("text/html", b"no", status=403, hangs=True, pages=pages)
    result = rendered({"page": f"{IMAGE}<img src=/half width=90 height=90><img src=/refused>"}, ready_timeout=4)["page"]
    assert counts(result) == (3, 1, 2)
    assert "image_failed" in result.proof.reasons


def test_a_page_that_breaks_off(pages, rendered):
    """What came of it is scrolled through and taken at once, and the reason says so; one that goes elsewhere before its end breaks off not."""
    html = f"<!doctype html><title>t</title><a href=/first>1</a>{GAP}{GAP}<img loading=lazy src=/img/hero.jpg>{' ' * 5000}"
    pages.routes["/cut"] = cut("text/html", html.encode(), pages=pages)
    pages.routes["/going"] = cut("text/html", f"<script>location = '/there'</script>{' ' * 5000}".encode(), hangs=True, pages=pages)
    pages.page("/there", f"there{IMAGE}")
    results = rendered({"cut": "", "going": ""}, ready_timeout=60)
    assert said({"going": results["going"]}) == {"going": ([], 1, 1, 0)}
    result = results["cut"]
    assert result.proof.reasons == ["document_cut"]
    assert result.proof.scroll_steps >= 3
    assert counts(result) == (1, 1, 0)
    assert "/first" in result.html
    assert result.seconds["ready"] < 30


SEEN = """<style>body{margin:0}img{display:block;width:99px;height:%dpx}</style>%s<script>
const o = new IntersectionObserver(seen => { for (const {isIntersecting, target} of seen) if (isIntersecting) { target.src = target.dataset.src; o.unobserve(target); } }, %s);
for (const e of document.images) o.observe(e)</script>"""


def test_images_that_load_once_they_are_well_in_view(rendered):
    """Those that wait to be seen whole, or to be a bit above the window's lower end, load wherever the ends of its screens are."""
    images = "".join(f"<img data-src=/img/pixel.gif?{number}>" for number in range(40)) + GAP
    results = rendered({"whole": SEEN % (300, images, "{threshold: 1}"), "above": SEEN % (50, images, "{rootMargin: '0px 0px -10% 0px'}")})
    assert said(results) == {name: ([], 40, 40, 0) for name in results}


PAUSES = """%s<script>const load = () => { for (const e of document.querySelectorAll('[data-src]')) {
  const {top, bottom} = e.getBoundingClientRect();
  if (top < innerHeight && bottom > 0) { e.src = e.dataset.src; e.removeAttribute('data-src'); }
} };
let pause;
onscroll = () => { clearTimeout(pause); pause = setTimeout(load, %d); };</script>"""


def test_images_that_load_in_a_pause_of_the_scrolling(rendered):
    """Scripts that let so many milliseconds pass after the last event, too, see each screen; one that never loads its images is not waited for."""
    images = "".join(f"{GAP}<img data-src=/img/pixel.gif?{number} width=400 height=300>" for number in range(5)) + GAP
    results = rendered({"a": PAUSES % (images, 300), "b": PAUSES % (images, 500), "never": images})
    assert said(results) == {"a": ([], 5, 5, 0), "b": ([], 5, 5, 0), "never": ([], 0, 0, 0)}


SKELETON = "<p id=root>Wait</p><img src=%s onload='fill()'><script>const fill = () => { root.innerHTML = `%s`; %s };</script>"
WATCH = "for (const e of root.children) new IntersectionObserver(([{isIntersecting}]) => { if (isIntersecting && e.dataset.src) e.src = e.dataset.src; }).observe(e);"
CANCELS = """%s<script>for (const e of document.images) new IntersectionObserver(([{isIntersecting}]) => {
  if (isIntersecting) e.src = e.dataset.src;
  else if (!e.naturalWidth) e.removeAttribute('src');
}).observe(e)</script>"""


def test_contents_in_the_place_of_a_skeleton(pages, rendered):
    """What comes once all that there was has been scrolled through is scrolled through, too."""
    images = "".join(f"{GAP}<img data-src=/img/pixel.gif?{number} width=400 height=300>" for number in range(5))
    skeleton = SKELETON % (pages.file("/slow.jpg", "img/hero.jpg", 1.5), images, WATCH)
    assert said(rendered({"skeleton": skeleton})) == {"skeleton": ([], 6, 6, 0)}


def test_images_that_are_given_up_out_of_view(pages, rendered):
    """A script that takes an image's source away where it leaves the window before it is there sees it once more."""
    slow = [pages.file(f"/slow-{number}.jpg", "img/hero.jpg", 0.9) for number in range(4)]
    images = "".join(f"{GAP}<img data-src={path} alt=a>" for path in slow) + GAP
    assert said(rendered({"cancels": CANCELS % images})) == {"cancels": ([], 4, 4, 0)}


LATER = "<script>onload = () => setTimeout(() => { %s }, 100)</script>"
LATE = {  # what comes late makes "came" the title
    "import": "<script type=module>import('/late.js')</script>",
    "script": LATER % "document.head.append(Object.assign(document.createElement('script'), {src: '/late.js'}))",
    "sheet": LATER
    % """document.head.append(Object.assign(document.createElement('link'), {
        rel: 'stylesheet', href: '/late.css', onload() { document.title = 'came' }}))""",
    "data": LATER % "fetch('/late.css').then(() => fetch('/late.css?again')).then(() => { document.title = 'came' })",
    "frame": f"{GAP}{GAP}<iframe loading=lazy src=/late-frame onload=\"document.title = 'came'\"></iframe>",
    "swapped": GAP * 2
    + """<img id=i src=/img/pixel.gif data-src=/late.jpg width=400 height=300><script>new IntersectionObserver((seen, o) => {
        if (!seen[0].isIntersecting) return;
        o.disconnect();
        const n = new Image();
        n.onload = () => { i.src = n.src; document.title = 'came'; };
        n.src = i.dataset.src;
    }).observe(i)</script>""",
}


def test_what_loads_after_the_page(pages, rendered):
    """Scripts, style sheets, data and frames that begin to load once the page has loaded, and images that a loader fetches first, are waited for."""

    def serve(path: str, kind: str, body: bytes) -> None:
        pages.routes[path] = lambda _: pages.let_go.wait(2) or (200, {"Content-Type": kind}, body)

    serve("/late.jpg", "image/jpeg", (pages.folder / "img" / "hero.jpg").read_bytes())
    serve(
        "/late.js", "text/javascript", b"document.title = 'came'; document.body.append(Object.assign(new Image(), {src: '/img/logo.svg'}))"
    )
    serve("/late.css", "text/css", b"body{color:red}")
    serve("/late-frame", "text/html", b"framed")
    results = rendered(LATE)
    images = {"import": 1, "script": 1, "sheet": 0, "data": 0, "frame": 0, "swapped": 1}
    assert said(results) == {name: ([], count, count, 0) for name, count in images.items()}
    assert {name for name, result in results.items() if "<title>came</title>" in result.html} == set(LATE)
    assert results["swapped"].proof.images[0]["url"].endswith("/late.jpg")


def test_what_hangs_after_the_page(rendered):
    """A script that does not come after the page has loaded, and data that stay open, cost some seconds and have a reason of their own."""
    results = rendered(
        {
            "script": IMAGE + LATER % "document.head.append(Object.assign(document.createElement('script'), {src: '/never'}))",
            "data": f"{IMAGE}{GAP}<script>fetch('/never')</script>",
        },
        ready_timeout=60,
    )
    assert said(results) == {"script": (["script_pending"], 1, 1, 0), "data": (["fetch_pending"], 1, 1, 0)}
    assert max(result.seconds["ready"] for result in results.values()) < 30


def test_a_console_is_not_listened_to(pages, on_page):
    """What a page writes to its console comes to none of our sessions: one that writes without end kept all others from being answered."""
    url = pages.page("/page", "<script>console.log('a'); console.error('b')</script>")
    heard: list[Any] = []

    def hear(event: Any) -> None:
        heard.append(event)

    async def work(page: Any) -> Any:
        making, context = page.context.new_cdp_session, page.context

        async def listening(of: Any) -> Any:
            session = await making(of)
            session.on("Runtime.consoleAPICalled", hear)
            return session

        context.new_cdp_session = listening
        return await wait_for(page, url)

    assert on_page(work).proof.reasons == []
    assert heard == []


def test_a_page_that_goes_on_asking(pages, on_page, monkeypatch):
    """It is closed once it has asked for more than a page does, images aside: each of what it asks for passes the driver that all pages have."""
    from playwright.async_api import Error as BrowserError

    monkeypatch.setattr(restraints, "MOST_REQUESTS", 9)
    images = pages.page("/images", "".join(f"<img src=/img/logo.svg?{number}>" for number in range(20)))
    assert on_page(lambda page: wait_for(page, images)).proof.loaded == 20
    asks = pages.page("/asks", "<script>setInterval(() => fetch('/missing'), 10)</script>")
    with pytest.raises(BrowserError, match="the page asked for more than 9 files"):
        on_page(lambda page: wait_for(page, asks))


def test_a_page_of_nothing(pages, rendered):
    """A page whose source cannot be decoded, or whose scripts take all away, has no captures, and each one says why."""
    pages.page("/undecodable", "<!doctype html>not packed", **{"Content-Encoding": "gzip"})
    results = rendered({"undecodable": "", "removed": "<script>onload = () => document.documentElement.remove()</script>"}, mhtml=True)
    for result in results.values():
        assert (result.html, result.captures) == ("", [])
        assert [(error.kind, error.stage, error.reason) for error in result.errors] == [
            ("capture", kind, "no_document") for kind in ("screenshot", "mhtml")
        ]


def test_clocks_are_not_contents_that_vanish(rendered):
    """A clock, and quotations that give way to each other, take nothing away; a list that keeps only what is in view does."""
    ticking = "<p id=c></p><script>let n = 0; setInterval(() => { c.%s }, 20)</script>" + GAP * 5
    results = rendered(
        {
            "clock": ticking % "textContent = 'ends in ' + n++",
            "quotes": ticking % "innerHTML = `<q>quote ${n++}</q>\\n<cite>somebody ${n}</cite>`",
            "list": ticking % "innerHTML = Array.from({length: 9}, () => `<q>row ${n++}</q>`).join('\\n')",
        }
    )
    assert {name: result.proof.reasons for name, result in results.items()} == {"clock": [], "quotes": [], "list": ["content_replaced"]}


def test_a_page_that_is_slow_to_answer(rendered, monkeypatch):
    """Where the question for the DOM takes too long, the browser's own reading of it is taken, and not the page's source."""
    monkeypatch.setattr(stage, "GRACE", 2)
    monkeypatch.setattr(dom, "_DOM", "() => { const begun = Date.now(); while (Date.now() - begun < 4000); }")
    result = rendered({"page": f"{IMAGE}<script>document.body.append('by a script')</script>"}, ready_timeout=1)["page"]
    assert result.rendered
    assert result.html.endswith("by a script</body></html>")
    assert "script_stuck" in result.proof.reasons
    assert [capture.kind for capture in result.captures] == ["screenshot"]


def test_pages_of_many_elements(rendered):
    """Looking for backgrounds among very many elements ends in time: what is there is taken, and what is under way counts as missing."""
    style = "<style>b::before{content:'';background:url(/img/pixel.gif)}</style>"
    many = f"{style}{IMAGE}<div style='height:99px;overflow:hidden'>{'<span><b>a</b></span> ' * 50_000}</div>"
    results = rendered(
        {"many": many, "missing": f"{many}<div style='height:9px;background:url(/never)'>x</div>"}, ready_timeout=8, screenshot=False
    )
    assert "image_pending" not in results["many"].proof.reasons
    assert "image_pending" in results["missing"].proof.reasons
    for result in results.values():
        assert result.rendered
        assert result.proof.loaded >= 2
        assert result.seconds["ready"] < 30
