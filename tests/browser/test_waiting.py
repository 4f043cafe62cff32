"""What pages are waited for and what is said of them: pages that changed JavaScript under us, that break off, that load late or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from linkmedia_scrapy import LinkMediaConfig
from linkmedia_scrapy.browser import job as jobs
from linkmedia_scrapy.browser import ready

IMAGE = "<img src=/img/logo.svg width=50 height=50>"
GAP = "<div style='height:1500px'>gap</div>"


async def render(page: Any, url: str, **settings: Any) -> Any:
    """A page through everything that a crawl does with it."""
    config = LinkMediaConfig(**{"screenshot": True, "wait_for_images": True, "ready_timeout": 20, **settings})
    work = jobs.PageJob(config, blocks=None, extracts_frame=lambda _: False, wants_status=lambda _: True)
    await work.prepare(page, None)  # type: ignore[arg-type]
    await page.goto(url, wait_until="commit")
    await work.run(page)
    assert work.result is not None
    return work.result


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
            return await asyncio.gather(*(render(one, url, **settings) for one, url in zip([page, *others], urls, strict=True)))

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
    for module, name in ((ready, "_MEASURE"), (ready, "_SCROLL"), (ready, "_DOCUMENT"), (jobs, "_DOM")):
        monkeypatch.setattr(module, name, "() => { throw new Error('no'); }")
    result = rendered({"page": "<a href=/own>own</a>" + shadow})["page"]
    assert result.proof.reasons == ["script_error"]
    assert [capture.kind for capture in result.captures] == ["screenshot"]
    assert 'href="/own"' in result.html
    assert 'href="/inside"' in result.html
    assert 'shadowrootmode="open"' in result.html
