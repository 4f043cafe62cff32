"""Screenshots, PDF and MHTML, taken from pages of our own and looked at again."""

from __future__ import annotations

import asyncio
import io
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from linkmedia_scrapy import LinkMediaConfig
from linkmedia_scrapy.browser import capture, png
from linkmedia_scrapy.browser import stage as stages
from linkmedia_scrapy.browser.network import Network
from linkmedia_scrapy.browser.ready import make_ready
from linkmedia_scrapy.browser.stage import Stage
from linkmedia_scrapy.browser.verify import pdf_pages, picture_size
from tests.conftest import ROOT, SOAK

# each row is one colour that is its number: red counts hundreds, green the rest; the header and the footer are blue
ROWS = """<!doctype html><style>*{margin:0;padding:0}header{position:sticky;top:0;height:40px;background:rgb(0,0,255)}
footer{position:fixed;bottom:0;height:20px;width:100%%;background:rgb(0,0,200)}.row{height:20px}</style><header></header><div id=rows></div><footer></footer>
<script>{let s='';for(let i=0;i<%d;i++)s+='<div class=row style="background:rgb('+(i/100|0)+','+i%%100+',0)"></div>';rows.innerHTML=s}</script>"""


def rows_of(data: bytes) -> list[tuple[int, int, int]]:
    """The colour at x = 600 of every line of a PNG, decoded by a reader of its own."""
    header = png.read_header(data)
    raw = zlib.decompress(b"".join(body for kind, body in chunks(data) if kind == b"IDAT"))
    pixel, stride = header.pixel, header.row
    above = bytes(stride - 1)
    colours = []
    for y in range(header.height):
        kind, line = raw[y * stride], bytearray(raw[y * stride + 1 : (y + 1) * stride])
        if kind == 2 and not any(line):
            line = bytearray(above)
        elif kind:
            unfilter(kind, line, above, pixel)
        above = bytes(line)
        colours.append(tuple(line[600 * pixel : 600 * pixel + 3]))
    return colours


def unfilter(kind: int, line: bytearray, above: bytes, pixel: int) -> None:
    for i in range(len(line)):
        a = line[i - pixel] if i >= pixel else 0
        b, c = above[i], above[i - pixel] if i >= pixel else 0
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        line[i] = (line[i] + (a, b, (a + b) // 2, paeth)[kind - 1]) & 0xFF


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    at, found = 8, []
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


async def stage_of(page, **settings) -> Stage:
    session = await page.context.new_cdp_session(page)
    return Stage(page, Network(), LinkMediaConfig(**settings), session)


@pytest.mark.parametrize("scale", [1, 2, 1.25])
def test_tiles_equal_one_shot_pixel_for_pixel(on_page, monkeypatch, scale):
    """A page of 6,000 px: tiles joined are the same picture as one shot."""
    html = ROWS % 298 + "<p style='position:absolute;top:1000px;font-size:90px'>Text that crosses a seam</p>"

    async def both(page):
        await page.set_content(html)
        stage = await stage_of(page, screenshot_scale=scale)
        one = await capture.take(stage, "screenshot")
        monkeypatch.setattr(capture, "ONE_SHOT", 1037)
        return one, await capture.take(stage, "screenshot"), await capture.take(stage, "screenshot")

    one, tiled, again = on_page(both)
    assert (one.width, one.height) == (tiled.width, tiled.height) == (1280 * scale, 6000 * scale)
    assert one.data != tiled.data  # or the tiles were not taken
    assert again.data == tiled.data
    if scale == 1:
        assert rows_of(one.data) == rows_of(tiled.data)
    pillow = pytest.importorskip("PIL.Image")
    assert pillow.open(io.BytesIO(one.data)).convert("RGB").tobytes() == pillow.open(io.BytesIO(tiled.data)).convert("RGB").tobytes()


def test_a_page_that_is_busy_while_it_is_taken(on_page, monkeypatch):
    """A page whose time is over may take part of a capture's time to answer, as one does on a machine with too much to do."""
    monkeypatch.setattr(stages, "GRACE", 0.2)

    async def take(page):
        await page.set_content("<h1>busy</h1>")
        stage = await stage_of(page, ready_timeout=0.1)
        await asyncio.sleep(0.1)
        assert not stage.left
        await page.evaluate("() => { setTimeout(() => { const begun = Date.now(); while (Date.now() - begun < 2000); }) }")
        return [await capture.take(stage, kind) for kind in ("screenshot", "pdf")], stage.proof

    captures, proof = on_page(take)
    assert [entry.kind for entry in captures] == ["screenshot", "pdf"]
    assert proof.reasons == []


TALL = r"""
import asyncio, re, sys, json
from pathlib import Path
from playwright.async_api import async_playwright
from linkmedia_scrapy.browser import capture
from tests.browser.test_capture import ROWS, stage_of

async def main(rows, options, out):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        page = await browser.new_page()
        await page.set_content(ROWS % rows)
        stage = await stage_of(page, capture_timeout=300)
        taken = await capture.take(stage, "screenshot")
        Path(out).write_bytes(taken.data)
        again = await capture.take(stage, "screenshot")
        await browser.close()
    # not getrusage: its peak is that of the process this one was started from, where that was larger
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()).group(1))
    print(json.dumps({"height": taken.height, "same": again.data == taken.data, "peak_kb": peak, "ms": taken.elapsed_ms}))

asyncio.run(main(int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]))
"""


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_tall_page_has_every_row_once(chromium, tmp_path: Path):
    """200,000 px (a tenth without LINKMEDIA_SOAK=1): each numbered row once, sticky header and fixed footer once, memory below 400 MB."""
    import json

    count = 9998 if SOAK else 998
    out = tmp_path / "tall.png"
    command = [sys.executable, "-c", TALL, str(count), json.dumps(chromium), str(out)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, timeout=600)
    told = json.loads(done.stdout)
    print(told)
    assert told["height"] == count * 20 + 40
    assert told["same"]
    assert told["peak_kb"] < 400_000
    colours = rows_of(out.read_bytes())
    expected = [(0, 0, 255)] * 40 + [(i // 100, i % 100, 0) for i in range(count) for _ in range(20)]
    expected[700:720] = [(0, 0, 200)] * 20
    assert colours == expected


def test_formats_and_their_limits(on_page):
    """JPEG and WebP where they can hold the page, PNG and a note where not."""

    async def take(page):
        stage = await stage_of(page, screenshot_format="webp")
        await page.set_content(ROWS % 100)
        webp = await capture.take(stage, "screenshot")
        stage.config = LinkMediaConfig(screenshot_format="jpeg", screenshot_quality=30)
        jpeg = await capture.take(stage, "screenshot")
        stage.config = LinkMediaConfig(screenshot_format="jpeg", screenshot_quality=95)
        fine = await capture.take(stage, "screenshot")
        await page.set_content(ROWS % 900)
        stage.config = LinkMediaConfig(screenshot_format="webp")
        too_high = await capture.take(stage, "screenshot")
        stage.config = LinkMediaConfig(screenshot_max_height=500)
        cut = await capture.take(stage, "screenshot")
        return webp, jpeg, fine, too_high, cut

    webp, jpeg, fine, too_high, cut = on_page(take)
    assert picture_size(webp.data) == ("webp", 1280, 2040)
    assert picture_size(jpeg.data) == ("jpeg", 1280, 2040)
    assert len(jpeg.data) < len(fine.data)
    assert (too_high.extension, too_high.notes, too_high.reasons) == ("png", ["png_instead_of_webp"], [])
    assert picture_size(too_high.data) == ("png", 1280, 18040)
    assert (cut.height, cut.reasons) == (500, ["max_height"])


@pytest.mark.parametrize("scale", [0.5, 2.5])
def test_half_a_pixel_at_the_end(on_page, scale):
    """A page whose height in pixels of the picture ends with a half has its picture, whose size is said."""

    async def take(page):
        await page.set_content("<!doctype html><body style='margin:0'><div style='height:1005px'></div>")
        return await capture.take(await stage_of(page, screenshot_scale=scale), "screenshot")

    taken = on_page(take)
    assert picture_size(taken.data) == ("png", taken.width, taken.height)
    assert abs(taken.height - 1005 * scale) == 0.5


EMULATED = {
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "viewport": {"width": 390, "height": 800},
    "screen": {"width": 400, "height": 900},
}
WINDOW = "[innerWidth, innerHeight, devicePixelRatio, screen.width, screen.height, screen.orientation.type, matchMedia('(min-resolution: 2x)').matches]"


@pytest.mark.parametrize("context", [{}, {"device_scale_factor": 2}, EMULATED], ids=["plain", "dense", "mobile"])
def test_the_window_stays_as_it_is(on_page, context):
    """The context's window, density and meta viewport are those of the picture and of the page after it, also where pages beside it close."""

    async def take(page):
        beside = [await page.context.new_page() for _ in range(2)]
        for one in (page, *beside):
            await one.goto(
                "data:text/html,<!doctype html><body style='margin:0'><div style='width:100%25;height:3000px;background:red'></div>"
            )
        before = await page.evaluate(WINDOW)
        stages = [await stage_of(one) for one in (page, *beside)]
        taken, *_ = await asyncio.gather(*(capture.take(stage, "screenshot") for stage in stages))
        for one in reversed(beside):
            await one.close()
        await asyncio.sleep(0.3)
        return before, await page.evaluate(WINDOW), taken

    before, after, taken = on_page(take, **context)
    assert after == before
    assert (taken.width, taken.height) == (980 if "is_mobile" in context else 1280, 3000)
    assert colours_of(taken.data, (taken.width - 5, 2990)) == [RED]


def test_jpeg_out_of_tiles(on_page, monkeypatch):
    """A JPEG higher than one shot is the picture that the tiles show, every row of it; without Pillow, or beyond 65,535 px, it is a PNG."""
    image, chops = pytest.importorskip("PIL.Image"), pytest.importorskip("PIL.ImageChops")

    async def take(page):
        await page.set_content(
            ROWS % 898 + "<p style='position:absolute;top:13060px;font-size:90px;color:red'>Text that crosses a seam</p>"
        )
        stage = await stage_of(page, capture_timeout=300)
        truth = await capture.take(stage, "screenshot")
        stage.config = LinkMediaConfig(screenshot_format="jpeg", screenshot_quality=95, capture_timeout=300)
        joined = await capture.take(stage, "screenshot")
        monkeypatch.setattr(capture.jpeg, "pillow_installed", lambda: False)
        without = await capture.take(stage, "screenshot")
        monkeypatch.undo()
        await page.set_content(ROWS % 3400)
        too_high = await capture.take(stage, "screenshot")
        return truth, joined, without, too_high

    truth, joined, without, too_high = on_page(take)
    assert (joined.extension, joined.notes, joined.reasons) == ("jpg", [], [])
    assert picture_size(joined.data) == ("jpeg", 1280, 18000)
    one, two = (image.open(io.BytesIO(entry.data)).convert("L") for entry in (truth, joined))
    two.load()
    difference = chops.difference(one, two)
    # what JPEG itself changes is little, and where text is; a seam or a shift would be rows of it
    rows = [max(difference.crop((600, y, 601, y + 20)).histogram()[60:]) for y in range(0, 18000, 20)]
    assert sum(map(bool, rows)) < 10
    assert sum(difference.histogram()[40:]) < 0.001 * 1280 * 18000
    for entry in (without, too_high):
        assert (entry.extension, entry.notes) == ("png", ["png_instead_of_jpeg"])
    assert too_high.height == 68040


def test_viewport_and_element(on_page):
    """The viewport's picture has its size; an element's has the element's, wherever on the page it is."""

    async def take(page):
        await page.set_content(
            ROWS % 300 + "<div id=box style='position:absolute;left:100px;top:3000px;width:333px;height:77px;background:rgb(9,9,9)'></div>"
        )
        stage = await stage_of(page, screenshot_area="viewport")
        view = await capture.take(stage, "screenshot")
        stage.config = LinkMediaConfig(screenshot_selector="#box")
        box = await capture.take(stage, "screenshot")
        errors = []
        for selector in ("#nothing", "p[", "script"):
            stage.config = LinkMediaConfig(screenshot_selector=selector)
            with pytest.raises(capture.CaptureError) as error:
                await capture.take(stage, "screenshot")
            errors.append(error.value.reason)
        return view, box, errors

    view, box, errors = on_page(take, viewport={"width": 900, "height": 500})
    assert (view.width, view.height) == (900, 500)
    assert (box.width, box.height) == (333, 77)
    raw = zlib.decompress(b"".join(body for kind, body in chunks(box.data) if kind == b"IDAT"))
    assert raw[1:4] == b"\t\t\t"
    assert errors == ["no_such_element", "invalid_selector", "element_not_visible"]


def test_a_shot_within_the_window_comes_first(on_page):
    """A new browser's first shots beyond the window may repeat its first screen, depending on time; after one within it, and frames, none does."""

    async def take(page):
        await page.set_content(
            ROWS % 98 + "<script>let frames = 0; (function next() { frames++; requestAnimationFrame(next); })()</script>"
        )
        stage, shots = await stage_of(page), []
        send = stage.session.send

        async def sent(method, parameters=None):
            if method == "Page.captureScreenshot":
                shots.append((parameters["clip"]["height"], parameters.get("captureBeyondViewport", False), await page.evaluate("frames")))
            return await send(method, parameters)

        stage.session.send = sent
        await capture.take(stage, "screenshot")
        return shots

    corner, whole = on_page(take)
    assert (corner[:2], whole[:2]) == ((10, False), (2000, True))
    assert whole[2] >= corner[2] + 2


def colours_of(data: bytes, *places: tuple[int, int]) -> list[tuple[int, int, int]]:
    """The colours of some pixels of a PNG."""
    picture = pytest.importorskip("PIL.Image").open(io.BytesIO(data)).convert("RGB")
    return [picture.getpixel(place) for place in places]


SKIPS = "<style>body{margin:0}section{contain-intrinsic-size:auto 90px;background:rgb(9,9,9)}.auto{content-visibility:auto}.hidden{content-visibility:hidden;height:500px}</style>"
SECTION = "<section class=%s><p style='margin:0;height:500px;background:rgb(9,%d,9)'>a</p></section>"


def test_sections_that_nobody_looks_at_are_painted(on_page):
    """What ``content-visibility: auto`` leaves out is in the picture, in shadow roots too; what is hidden stays so, and the page as it was."""
    html = "<!doctype html>" + SKIPS + "".join(SECTION % ("auto", 100 + i) for i in range(19)) + SECTION % ("hidden", 255)
    html += f"<div id=host></div><script>host.attachShadow({{mode: 'open'}}).innerHTML = `{SKIPS}{SECTION % ('auto', 200)}`</script>"

    async def take(page):
        await page.set_content(html)
        before = await page.content()
        picture = await capture.take(await stage_of(page), "screenshot")
        return picture, before == await page.content()

    picture, unchanged = on_page(take)
    assert unchanged
    assert (picture.height, picture.reasons) == (10500, [])
    expected = [(9, 100 + i, 9) for i in range(19)] + [(9, 9, 9), (9, 200, 9)]
    assert colours_of(picture.data, *((600, 500 * i + 250) for i in range(21))) == expected


def test_what_comes_into_view_with_scrolling_is_in_picture_and_pdf(on_page):
    """Elements that an animation shows by their place in the window (``animation-timeline: view()``) are seen below the window, too."""
    pypdf = pytest.importorskip("pypdf")
    html = "<!doctype html><style>body{margin:0}@keyframes k{from{opacity:0}}p{margin:0;height:500px;background:rgb(0,99,0);animation:k linear both;animation-timeline:view()}</style>"

    async def take(page):
        await page.set_content(html + "<p>text</p>" * 6)
        pdf = await capture.take(await stage_of(page), "pdf")
        await page.set_content(html + "<p></p>" * 6)
        return pdf.data, (await capture.take(await stage_of(page), "screenshot")).data

    pdf, picture = on_page(take)
    assert set(colours_of(picture, *((600, 500 * i + 250) for i in range(6)))) == {(0, 99, 0)}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert text.count("text") == 6


HIDES = """<!doctype html><meta charset=utf-8><style>body{margin:0}p{margin:0;height:500px;background:rgb(0,99,0);%s}.on{opacity:1;visibility:visible;transform:none}</style>
%s<script>const all = document.querySelectorAll('p'), inView = (e, r = e.getBoundingClientRect()) => r.top < innerHeight && r.bottom > 0; %s</script>"""
OBSERVES = (
    "new IntersectionObserver(seen => { for (const {target, isIntersecting} of seen) target.classList.toggle('on', isIntersecting); })"
)
SHOWN_IN_VIEW = {
    "transition": ("opacity:0;transform:scale(.5);transition:all .5s", f"const o = {OBSERVES}; for (const e of all) o.observe(e);"),
    "visibility": ("visibility:hidden", f"const o = {OBSERVES}; for (const e of all) o.observe(e);"),
    "style attribute": ("", "onscroll = () => { for (const e of all) e.style.opacity = +inView(e); }; onscroll();"),
    "at once and from the load event on": ("", "onload = onscroll = () => { for (const e of all) e.style.opacity = +inView(e); };"),
}


@pytest.mark.parametrize("way", SHOWN_IN_VIEW)
def test_what_scripts_show_only_in_view_is_in_all_captures(on_page, pages, way):
    """Contents that a script hides again once they have been scrolled out of view; their images are visible, and the page is as it was."""
    style, script = SHOWN_IN_VIEW[way]
    picture = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='>"

    async def take(page):
        await page.goto(pages.page("/hides", HIDES % (style, f"<p>{picture}</p>" * 6, script)))
        stage = await stage_of(page, wait_for_images=True)
        await make_ready(stage)
        before = await page.content()
        found = [await capture.take(stage, kind) for kind in ("screenshot", "mhtml")]
        return *(one.data for one in found), [image["visible"] for image in stage.proof.images], before == await page.content()

    picture, mhtml, visible, unchanged = on_page(take)
    assert set(colours_of(picture, *((600, 500 * i + 250) for i in range(6)))) == {(0, 99, 0)}
    assert visible == [True] * 6
    shown = re.findall(rb"<p(?: [^>]*)?>", mhtml.replace(b"=\r\n", b"").replace(b"=3D", b"="))
    assert [b"opacity: 1" in p or b'class="on"' in p or b"style" not in p for p in shown] == [True] * 6
    assert unchanged


HIDDEN_BY_TIME = {
    "a spinner": "<p id=e style='opacity:0;background:red'></p>",
    "a placeholder on its picture": "<div style='position:relative;height:500px'><p></p><p id=e style='position:absolute;inset:0;background:red'></p></div>",
    "the slide before": """<div style='position:relative;height:500px'><p class=s style='position:absolute;inset:0;opacity:0'></p>
        <p class=s id=e style='position:absolute;inset:0;opacity:0;background:red'></p></div>""",
    "a button for those who scroll": "<p></p><p id=b style='position:fixed;inset:0;opacity:0;background:red'></p>",
    "what the pointer shows": "<p></p><p style='height:0'></p><p id=h style='margin-top:-500px;opacity:0;background:red'></p>",
}
BY_TIME = """<script>
if (window.e) new IntersectionObserver(seen => {
  if (!seen[0].isIntersecting) return;
  e.style.opacity = 1;
  setTimeout(() => { e.style.opacity = 0; if (document.querySelector('.s')) document.querySelector('.s').style.opacity = 1; }, 200);
}).observe(e);
if (window.b) onscroll = () => { b.style.opacity = +(scrollY > 100); };
</script>"""


@pytest.mark.parametrize("what", HIDDEN_BY_TIME)
def test_what_scripts_have_hidden_for_good_stays_hidden(on_page, what):
    """What was seen for a while, and not for its place in the window, or never."""
    gap = "<div style='height:1000px'></div>"

    async def take(page):
        style = "<!doctype html><style>body{margin:0}p{margin:0;height:500px;background:rgb(0,99,0)}</style>"
        await page.set_content(style + gap + HIDDEN_BY_TIME[what] + gap + BY_TIME)
        stage = await stage_of(page, wait_for_images=True)
        await make_ready(stage)
        return (await capture.take(stage, "screenshot")).data

    assert colours_of(on_page(take), (600, 1250))[0] != (255, 0, 0)


def test_backgrounds_that_are_fixed_are_in_the_picture(on_page):
    """Backgrounds fixed to the window are painted below it, the page's own and a section's; afterwards the page is as it was."""
    html = (
        "<!doctype html><style>body{margin:0;background:linear-gradient(red,red) fixed}p{margin:0;height:2000px}"
        "div{height:500px;background:linear-gradient(lime,lime) fixed}</style><p></p><div></div>"
    )

    async def take(page):
        await page.set_content(html)
        before = await page.content()
        picture = await capture.take(await stage_of(page), "screenshot")
        return picture.data, before == await page.content()

    data, unchanged = on_page(take)
    assert unchanged
    assert colours_of(data, (600, 100), (600, 1900), (600, 2250)) == [RED, RED, LIME]


SEEN = """<script>const o = new IntersectionObserver(all => { for (const e of all) if (e.isIntersecting) e.target.style.background = 'rgb(0,99,0)'; });
for (const e of document.querySelectorAll('.row')) o.observe(e)</script>"""
SHORT = "<div class=row style='height:200px'>row</div>" * 20


@pytest.mark.parametrize(
    "css",
    [
        "html{height:100%;overflow:hidden}body{height:100%;overflow-y:auto}",
        "html,body{height:100%;overflow:hidden}",
        "html,body{height:100%;overflow-x:hidden}",
    ],
)
def test_a_body_that_scrolls_or_cuts_is_a_page(on_page, css):
    """Where body has the overflow and the window's height, it is scrolled to its end, and picture and PDF show all of it."""

    async def take(page):
        await page.set_content(f"<!doctype html><style>{css}body{{margin:0}}</style>{SHORT}{SEEN}")
        stage = await stage_of(page, wait_for_images=True)
        await make_ready(stage)
        top = await page.evaluate("document.body.scrollTop")
        return top, await capture.take(stage, "screenshot"), await capture.take(stage, "pdf")

    top, picture, pdf = on_page(take)
    assert (top, picture.height, picture.reasons, pdf.reasons) == (0, 4000, [], [])
    assert set(colours_of(picture.data, *((600, 200 * i + 100) for i in range(20)))) == {(0, 99, 0)}
    assert pdf_pages(pdf.data) >= 4


def test_a_body_that_a_dialog_keeps_from_scrolling_is_a_page(on_page):
    """The picture shows what is below the window, though the page does not scroll there as long as its body is fixed."""
    rows = "".join(f"<p style='margin:0;height:200px;background:rgb(0,{100 + i},0)'></p>" for i in range(20))

    async def take(page):
        await page.set_content(
            f"<!doctype html><style>body{{margin:0;position:fixed;overflow:hidden;width:100%;height:100%}}</style>{rows}"
        )
        return await capture.take(await stage_of(page), "screenshot")

    picture = on_page(take)
    assert picture.height == 4000
    assert colours_of(picture.data, *((600, 200 * i + 100) for i in range(20))) == [(0, 100 + i, 0) for i in range(20)]


def test_contents_that_are_scrolled_by_script_are_a_page(on_page):
    """Contents that a script moves in a box of the window's size are in picture and PDF, wherever they are; what else is fixed stays."""
    rows = "".join(f"<p style='margin:0;height:200px;background:rgb(0,{100 + i},0)'>row</p>" for i in range(20))
    css = "body{margin:0;height:3900px}main,b{position:fixed;inset:0;overflow:hidden}b{left:1200px;background:blue}"

    async def take(page):
        await page.set_content(f"<!doctype html><style>{css}</style><main><div>{rows}</div></main><b></b>")
        before = await page.content()
        stage = await stage_of(page)
        taken = await capture.take(stage, "screenshot"), await capture.take(stage, "pdf")
        return *taken, before == await page.content()

    picture, pdf, unchanged = on_page(take)
    assert unchanged
    assert picture.height == 4000
    assert colours_of(picture.data, *((600, 200 * i + 100) for i in range(20))) == [(0, 100 + i, 0) for i in range(20)]
    assert colours_of(picture.data, (1250, 700), (1250, 730)) == [BLUE, (0, 103, 0)]
    pypdf = pytest.importorskip("pypdf")
    assert sum(page.extract_text().count("row") for page in pypdf.PdfReader(io.BytesIO(pdf.data)).pages) == 20


BOX = "<main style='height:100vh;overflow-y:auto'>" + SHORT + "</main>"
INSIDE = {
    "footer": BOX + "<footer style='height:40px'>f</footer>",
    "two": BOX.replace("style='", "style='width:50vw;float:left;") * 2,
    "shadow": f"<div id=host></div><script>host.attachShadow({{mode: 'open'}}).innerHTML = `{BOX}`</script>",
}


def test_boxes_that_scroll_inside_a_page(on_page):
    """They are scrolled to their end and back to the top; picture and PDF say that they do not show all. A long page's own boxes do not count."""

    async def take(page):
        stage = await stage_of(page, wait_for_images=True)
        found = {}
        for name, html in {**INSIDE, "long": BOX.replace("style='", "style='width:40vw;float:left;") + SHORT * 2}.items():
            await page.goto("about:blank")
            await page.set_content(
                f"<!doctype html><style>body{{margin:0}}</style>{html}{SEEN.replace('document.', '(window.host?.shadowRoot || document).')}"
            )
            await make_ready(stage)
            state = "() => { const r = window.host?.shadowRoot || document; return [r.querySelector('main').scrollTop, [...r.querySelectorAll('.row')].filter(e => !e.style.background).length]; }"
            found[name] = [await page.evaluate(state), *[(await capture.take(stage, kind)).reasons for kind in ("screenshot", "pdf")]]
        return found

    found = on_page(take)
    assert found.pop("long")[1:] == [[], []]
    assert found == {name: [[0, 0], ["inner_scroll"], ["inner_scroll"]] for name in INSIDE}


FRAMED = f"<style>body{{margin:0}}</style>{SHORT}<img loading=lazy src=/img/hero.jpg>{SEEN}"
AROUND = {
    "frame": (
        "<!doctype html><style>html,body{height:100%;margin:0}iframe{width:100%;height:100%;border:0}</style><iframe src=/framed></iframe>",
        20,
    ),
    "frameset": ("<frameset cols='30%,70%'><frame src=/short><frame src=/framed></frameset>", 20),
    "sections": (
        "<!doctype html><style>body{margin:0}main{display:flex;overflow-x:auto}p{flex:none;width:100vw;height:90vh}</style><main><p>1<p>2</main>",
        0,
    ),
    "fits": (
        "<!doctype html><style>html,body{height:100%;margin:0}iframe{width:100%;height:100%;border:0}</style><iframe src=/short></iframe>",
        None,
    ),
}


def test_frames_and_sections_that_scroll_inside_a_page(on_page, pages):
    """A frame that fills the window is scrolled to its end and back; picture and PDF of it, and of what scrolls to the side, are not complete."""
    pages.page("/framed", FRAMED)
    pages.page("/short", "short")

    async def take(page):
        found = {}
        for name, (html, _) in AROUND.items():
            await page.goto(pages.page(f"/{name}", html))
            stage = await stage_of(page, wait_for_images=True)
            await make_ready(stage)
            seen = [
                await frame.evaluate("[...document.querySelectorAll('.row')].filter(e => e.style.background).length")
                for frame in page.frames
            ]
            tops = [await frame.evaluate("scrollY") for frame in page.frames]
            found[name] = (max(seen), max(tops), *[(await capture.take(stage, kind)).reasons for kind in ("screenshot", "pdf")])
        return found

    found = on_page(take)
    assert found.pop("fits") == (0, 0, [], [])
    assert found == {name: (AROUND[name][1], 0, ["inner_scroll"], ["inner_scroll"]) for name in found}


def test_the_page_sees_that_the_reader_is_back(on_page):
    """A page has two frames in which it is told that it was scrolled back to the top, such as to show its header, however slow they are."""

    async def take(page):
        await page.set_content(SHORT)
        stage = await stage_of(page, wait_for_images=True)
        await stage.ask("""() => {
          window.left = false, window.seen = 0;
          addEventListener('scroll', () => { left ||= scrollY > 0; });
          window.requestAnimationFrame = done => setTimeout(() => { seen += left && scrollY === 0; done(); }, 200);
        }""")
        await make_ready(stage)
        return await stage.ask("() => seen")

    assert on_page(take) == 2


def test_wide_pages(on_page):
    """What can be scrolled to is in the picture, up to what a picture can hold; what is hidden is not."""
    table = "<!doctype html><html dir=%s><style>body{margin:0;overflow-x:%s}</style><div style='width:%dpx;height:50px;background:linear-gradient(90deg,red 50%%,lime 50%%)'></div>"

    async def take(page):
        stage, taken = await stage_of(page), []
        for values in (("ltr", "visible", 5000), ("ltr", "hidden", 5000), ("ltr", "visible", 20000)):
            await page.set_content(table % values)
            taken.append(await capture.take(stage, "screenshot"))
        return taken

    taken = on_page(take)
    assert [(one.width, one.reasons) for one in taken] == [(5000, []), (1280, []), (16384, ["page_width"])]
    assert colours_of(taken[0].data, (10, 10), (2490, 10), (2510, 10), (4990, 10)) == [(255, 0, 0)] * 2 + [(0, 255, 0)] * 2


RED, LIME, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("overflow", "width", "settings", "size", "reasons", "colours"),
    [
        ("visible", 5000, {}, 5000, [], {10: RED, 3710: RED, 3730: BLUE, 4990: BLUE}),
        ("hidden", 5000, {}, 1280, [], {10: BLUE, 1270: BLUE}),
        ("visible", 5000, {"screenshot_area": "viewport"}, 1280, [], {10: BLUE, 1270: BLUE}),
        ("visible", 5000, {"screenshot_selector": "i"}, 100, [], {10: LIME, 90: LIME}),
        ("hidden", 5000, {"screenshot_selector": "i"}, 100, [], {10: LIME, 90: LIME}),
        ("visible", 20000, {}, 16384, ["page_width"], {10: RED, 15100: RED, 15110: BLUE, 16374: BLUE}),
    ],
)
def test_pages_from_right_to_left(on_page, overflow, width, settings, size, reasons, colours):
    """They begin on the right, and go on to the left: pictures show what they ask for, and what a picture cannot hold is cut on the left."""
    html = (
        f"<!doctype html><html dir=rtl><style>body{{margin:0;overflow-x:{overflow}}}div{{height:50px}}</style>"
        f"<div style='background:blue'></div><div style='position:absolute;top:0;right:1280px;width:{width - 1280}px;background:red'></div>"
        "<i style='position:absolute;top:0;right:2000px;width:100px;height:50px;background:lime'></i>"
    )

    async def take(page):
        await page.set_content(html)
        return await capture.take(await stage_of(page, **settings), "screenshot")

    taken = on_page(take)
    assert (taken.width, taken.reasons) == (size, reasons)
    assert colours_of(taken.data, *[(x, 10) for x in colours]) == list(colours.values())


T = "<p id=t style='margin:0;width:100px;height:50px;background:red'></p>"
SPACE = "<div style='height:1000px'></div>"
SELECTED = {
    "in a box that scrolls": (f"<div style='height:200px;overflow:auto'>{SPACE}{T}{SPACE}</div>", (100, 50), []),
    "in boxes in each other": (
        f"<div style='height:300px;overflow:auto'>{SPACE}<div style='height:200px;overflow:auto'>{SPACE}{T}</div></div>",
        (100, 50),
        [],
    ),
    "in an application": (
        f"<style>html,body{{height:100%;overflow:hidden}}</style><main style='height:100%;overflow:auto'>{SPACE}{T}</main>",
        (100, 50),
        [],
    ),
    "larger than its box": (f"<div style='height:30px;width:300px;overflow:auto'>{SPACE}{T}</div>", (100, 30), ["inner_scroll"]),
    "cut as everybody sees it": (f"<div style='height:30px;overflow:hidden'>{T}</div>", (100, 30), []),
    "out of a box that its place does not depend on": (
        f"<div style='height:200px;overflow:auto'>{SPACE}{T.replace('margin', 'position:absolute;top:500px;margin')}</div>",
        (100, 50),
        [],
    ),
    "in a box that has no box": (f"<div style='display:contents;overflow:hidden'>{T}</div>", (100, 50), []),
    "in a box that is shown larger": (
        f"<div style='width:100px;height:60px;overflow:hidden;transform:scale(2);transform-origin:0 0'>{T}</div>",
        (200, 100),
        [],
    ),
    "half out of the page": (T.replace("margin", "position:absolute;left:-40px;top:-10px;margin"), (60, 40), []),
    "out of the page": (T.replace("margin", "position:absolute;left:-400px;margin"), "element_not_visible", []),
    "invisible": (T.replace("margin", "visibility:hidden;margin"), "element_not_visible", []),
    "another slide": (
        f"<div style='width:90px;overflow:hidden;white-space:nowrap'><b style='display:inline-block;width:90px'></b>{T.replace('margin', 'display:inline-block;margin')}</div>",
        "element_not_visible",
        [],
    ),
}


@pytest.mark.parametrize(("html", "size", "reasons"), SELECTED.values(), ids=SELECTED)
def test_element_is_in_its_picture(on_page, html, size, reasons):
    """An element is brought into view in the boxes that scroll around it; what is not to be seen of it is not in the picture, nor all else."""

    async def take(page):
        await page.set_content(f"<!doctype html><style>body{{margin:0}}</style>{html}")
        stage = await stage_of(page, screenshot_selector="#t")
        try:
            taken = await capture.take(stage, "screenshot")
        except capture.CaptureError as error:
            return error.reason, [], 0, None
        scrolled = await page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollTop))")
        return (taken.width, taken.height), taken.reasons, scrolled, taken.data

    found, why, scrolled, data = on_page(take)
    assert (found, why, scrolled) == (size, reasons, 0)
    assert data is None or set(colours_of(data, (1, 1), (size[0] - 2, size[1] - 2))) == {RED}


@pytest.mark.parametrize("scripts", [True, False])
def test_page_that_keeps_no_promises(on_page, scripts):
    """A page in which no image is ever decoded and no timer ends, or whose scripts are switched off, has its screenshot all the same."""
    square = "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'/>"
    broken = "<script>setTimeout = () => 0; HTMLImageElement.prototype.decode = () => new Promise(() => {})</script>"

    async def take(page):
        await page.goto(f'data:text/html,<img src="data:image/svg+xml,{square}">{broken}')
        stage = await stage_of(page)
        return (await capture.take(stage, "screenshot")).reasons, stage.proof.reasons

    assert on_page(take, java_script_enabled=scripts) == ([], [])


def test_animated_page_twice_gives_the_same_picture(on_page):
    """Animations and a caret do not make two pictures of one page differ."""
    html = "<style>@keyframes k{to{transform:translateX(500px)}}div{width:99px;height:99px;background:red;animation:k 1s infinite alternate}</style><div></div><input autofocus>"

    async def take(page):
        await page.set_content(html)
        stage = await stage_of(page)
        first = await capture.take(stage, "screenshot")
        await asyncio.sleep(0.3)
        return first.data, (await capture.take(stage, "screenshot")).data

    first, second = on_page(take)
    assert first == second


def test_pdf_has_the_words_of_the_page(on_page, pages):
    """The text of the PDF is the page's; options change the paper."""
    pypdf = pytest.importorskip("pypdf")

    async def take(page):
        await page.goto(pages.url + "/news/lake-light.html")
        words = await page.evaluate("document.querySelector('main, article, body').innerText")
        stage = await stage_of(page)
        plain = await capture.take(stage, "pdf")
        stage.config = LinkMediaConfig(
            pdf_options={
                "format": "A5",
                "landscape": True,
                "margin": "1cm",
                "page_ranges": "1",
                "footer_template": "<b style='font-size:9px'>THEFOOTER</b>",
            }
        )
        return words, plain.data, (await capture.take(stage, "pdf")).data

    words, plain, small = on_page(take)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(plain)).pages)
    have = set(re.findall(r"\w{3,}", re.sub(r"-\s*\n\s*", "", text).lower()))
    want = set(re.findall(r"\w{3,}", words.lower()))
    print(f"{len(want & have)} of {len(want)} words")
    assert len(want) > 100
    assert len(want & have) / len(want) > 0.97, sorted(want - have)
    (page,) = pypdf.PdfReader(io.BytesIO(small)).pages
    assert (round(page.mediabox.width / 10), round(page.mediabox.height / 10)) == (60, 42)  # points; A5 is 595 x 420
    assert "THEFOOTER" in page.extract_text()


def test_an_empty_pdf_of_a_page_with_text_is_not_complete(on_page):
    """A style sheet for print that hides everything is told; a page that is empty itself has an empty PDF."""

    async def take(page):
        stage, found = await stage_of(page), []
        for html in (
            "<style>@media print{body{display:none}}</style><h1>x</h1>",
            "<h1>x</h1>",
            "<div style='height:9px;background:red'></div>",
        ):
            await page.set_content(html)
            found.append((await capture.take(stage, "pdf")).reasons)
        return found

    assert on_page(take) == [["print_hidden"], [], []]


def test_what_the_paper_cuts_is_told(on_page):
    """A PDF says where the page goes on beside the paper, by more than is printed smaller; not where lines are vertical, nor of paper that is wide."""
    wide = "<!doctype html><p style='width:3000px;height:9px;background:red'></p>"

    async def take(page):
        found = []
        for html, options in (
            (wide, {}),
            (wide, {"scale": 0.2}),
            (wide, {"width": "3000px", "height": "1000px"}),
            (wide.replace("3000", "1400"), {}),
            (wide.replace("<p", "<html style='writing-mode:vertical-rl'><p"), {}),
        ):
            await page.set_content(html)
            found.append((await capture.take(await stage_of(page, pdf_options={"print_background": True, **options}), "pdf")).reasons)
        return found

    assert on_page(take) == [["page_width"], [], [], [], []]


def test_what_is_broken_is_an_error(on_page, monkeypatch):
    """A picture that does not decode or is of another size is no capture."""

    async def take(page):
        await page.set_content("<h1>x</h1>")
        stage = await stage_of(page)
        whole = await capture._shot(stage, {"x": 0, "y": 0, "width": 1280, "height": 720}, "png")
        reasons = []
        for data in (whole[:-20], whole[:500] + b"\0" + whole[501:], b"", b"<html>"):

            async def shot(*_, data=data):
                return data

            monkeypatch.setattr(capture, "_shot", shot)
            with pytest.raises(capture.CaptureError) as error:
                await capture.take(stage, "screenshot")
            reasons.append(error.value.reason)
        monkeypatch.undo()
        small = await capture._shot(stage, {"x": 0, "y": 0, "width": 1280, "height": 700}, "png")

        async def other(*_):
            return small

        monkeypatch.setattr(capture, "_shot", other)
        with pytest.raises(capture.CaptureError) as error:
            await capture.take(stage, "screenshot")
        return [*reasons, error.value.reason]

    assert on_page(take) == ["broken"] * 4 + ["wrong_size"]
