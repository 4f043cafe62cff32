"""An MHTML snapshot is the page: opened again without network it has the same links, images, tables and looks."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.browser import capture
from linkmedia_scrapy.browser.network import Network
from linkmedia_scrapy.browser.stage import Stage, read_script
from linkmedia_scrapy.browser.verify import VerifyError, mhtml_missing
from tests.browser.conftest import render

PAGES = (
    "index.html",
    "gallery/index.html",
    "shop/index.html",
    "news/lake-light.html",
    "docs/index.html",
    "zh/index.html",
    "old/index.html",
)
EVERYTHING = LinkMediaConfig(image_score_threshold=None, table_score_threshold=None, mhtml=True, screenshot=True, wait_for_images=True)


def found(html: str, url: str, charset: str) -> tuple[list[str], list[list[list[str]]]]:
    page = extract(html, url, encoding=charset, rendered=True, config=EVERYTHING)
    return [link.url for link in page.links], [table.grid() for table in page.tables]


@pytest.mark.parametrize("path", PAGES)
def test_opened_again_offline(pages, on_page, tmp_path: Path, path):
    """Same links, images and tables as the live DOM; less than 1 % of the pixels differ."""
    image = pytest.importorskip("PIL.Image")
    chops = pytest.importorskip("PIL.ImageChops")

    async def both(page):
        url = f"{pages.url}/{path}"
        live = await render(page, url, EVERYTHING)
        taken = {entry.kind: entry.data for entry in live.captures}
        file = tmp_path / "page.mhtml"
        file.write_bytes(taken["mhtml"])
        other = await (await page.context.browser.new_context(offline=True)).new_page()
        await other.goto(file.as_uri())
        for _ in range(50):  # its lazy images load as it is scrolled, too
            for where in ("document.body.scrollHeight", "0"):
                await other.evaluate(f"scrollTo(0, {where})")
                await asyncio.sleep(0.05)
            if await other.evaluate("[...document.images].every(image => image.complete)"):
                break
        stage = Stage(other, Network(), EVERYTHING, await other.context.new_cdp_session(other))
        return (
            url,
            live,
            taken,
            await stage.ask(read_script("dom.js")),
            await stage.ask(read_script("measure.js"), {"full": False}),
            await capture.take(stage, "screenshot"),
        )

    url, live, taken, dom, measured, picture = on_page(both)
    assert not live.errors
    assert found(dom["html"], url, live.charset) == found(live.html, url, live.charset)
    # the snapshot names the candidate of a srcset that was loaded, and no other
    shown = [image["url"] for image in live.proof.images if image["loaded"]]
    assert shown
    assert [image["url"] for image in measured["images"] if image["state"] == "loaded"] == shown
    one, two = (image.open(io.BytesIO(data)).convert("RGB") for data in (taken["screenshot"], picture.data))
    assert one.size == two.size
    difference = chops.difference(one, two).convert("L").point(lambda value: 255 if value > 16 else 0)
    share = difference.histogram()[255] / (one.size[0] * one.size[1])
    print(f"{path}: {share:.4%} of pixels differ")
    assert share < 0.01


def test_a_missing_image_and_another_page_are_seen(on_page, pages):
    """A snapshot without an image that the page had is not complete; one of another page is none."""

    async def take(page):
        result = await render(page, pages.url + "/index.html", EVERYTHING)
        return next(entry.data.decode() for entry in result.captures if entry.kind == "mhtml"), page.url

    text, url = on_page(take)
    assert mhtml_missing(text, url, [pages.url + "/img/hero.jpg", "data:image/gif;base64,R0lGOD"]) == []
    assert mhtml_missing(text, url, [pages.url + "/img/not-there.jpg"]) == [pages.url + "/img/not-there.jpg"]
    for broken, where in ((text, url + "x"), (text[: len(text) // 2], url), ("", url), ("<html></html>", url)):
        with pytest.raises(VerifyError):
            mhtml_missing(broken, where, [])
