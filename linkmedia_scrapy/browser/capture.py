"""Captures of a page that is ready: full-page, viewport and element screenshots, PDF and MHTML, each looked at after it was taken."""

from __future__ import annotations

import asyncio
import base64
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from linkmedia_scrapy.browser import jpeg, png
from linkmedia_scrapy.browser.stage import ScriptError, read_script
from linkmedia_scrapy.browser.verify import VerifyError, mhtml_missing, pdf_is_empty, pdf_pages, pdf_width, picture_size

if TYPE_CHECKING:
    from linkmedia_scrapy.browser.stage import Stage

__all__ = ["ONE_SHOT", "Capture", "CaptureError", "take"]

ONE_SHOT: Final = 16_384
"""Device pixels: how high a picture a browser is trusted to paint at once. Higher ones are put together from tiles."""
_WIDEST: Final = 16_384
_AREA: Final = _WIDEST * 4_096
"""Device pixels of one shot: wide pages are put together from tiles, too. A tile is as high as this and `ONE_SHOT` let it be, since for
each shot, however low, Chromium lays out the whole page anew."""
_LONGEST_SIDE: Final = {"jpeg": jpeg.LONGEST_SIDE, "webp": 16_383}
"""What the formats can hold (ITU T.81, B.2.2; RFC 9649, 2.6)."""
_EXTENSION: Final = {"png": "png", "jpeg": "jpg", "webp": "webp"}
_MIME: Final = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}

_QUIET: Final = """() => {
  // a caret that blinks and animations that run would make two pictures of one page differ
  for (const a of document.getAnimations()) {
    try { a.effect && a.effect.getComputedTiming().endTime === Infinity ? a.cancel() : a.finish(); } catch { a.cancel(); }
  }
  if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
}"""
_DECODE: Final = """async () => {
  const loaded = [...document.images].filter(e => e.complete && e.naturalWidth);
  await Promise.allSettled(loaded.map(async e => e.decode()));
  // an unpainted page gets no animation frames: the timer keeps the wait short there
  const frames = new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.race([frames, new Promise(resolve => setTimeout(resolve, 200))]);
}"""
_DECODING: Final = 2.0
"""Seconds that decoding, and two frames, may take."""
_LIFT: Final = read_script("lift.js")
_LOWER: Final = """() => {
  const lifted = window.__linkmedia_lifted || [];
  for (const animation of lifted.animations || []) animation.cancel();
  for (const [e, name, value, priority, styled] of lifted.reverse()) {
    e.style.setProperty(name, value, priority);
    // Chromium removes an attribute that it made of a style only once it was asked for it
    if (!styled && !e.style.length && e.hasAttribute('style')) e.removeAttribute('style');
  }
  delete window.__linkmedia_lifted;
  for (const [e, top, left] of window.__linkmedia_scrolled || []) e.scrollTo({top, left, behavior: 'instant'});
  delete window.__linkmedia_scrolled;
}"""
_LOWERING: Final = 1.0
_EMULATED: Final = """() => ({
  deviceScaleFactor: devicePixelRatio, screenWidth: screen.width, screenHeight: screen.height,
  screenOrientation: {type: screen.orientation.type.replace(/-p/, 'P').replace(/-s/, 'S'), angle: screen.orientation.angle},
  mobile: Object.hasOwn(window, 'orientation'), // which browsers of telephones alone have (Compatibility Standard, 6.1)
})"""
_SCROLLS_INSIDE: Final = f"() => ({read_script('boxes.js')})(true).length > 0"
_PAGE_BOX: Final = """left => {
  const e = document.documentElement, b = document.body, s = document.scrollingElement || e;
  const height = Math.max(e.scrollHeight, b ? b.scrollHeight : 0, innerHeight), seen = e.clientWidth || innerWidth;
  // the window's overflow is that of html, or of body where html has none
  const hides = /visible/.test(getComputedStyle(e).overflow) && b ? b : e;
  const width = /hidden|clip/.test(getComputedStyle(hides).overflowX) ? seen : Math.max(seen, s.scrollWidth);
  // where pages from right to left go on to the left, browsers other than Chromium are not asked for it
  const cut = left === null && width > seen && getComputedStyle(b || e).direction === 'rtl';
  return {x: width > seen ? -left : 0, y: 0, width: cut ? seen : width, height, cut};
}"""
_PRINTED_WIDTH: Final = f"""paper => {{
  // vertical lines are divided into pages from side to side
  if (/^(vertical|sideways)/.test(getComputedStyle(document.body || document.documentElement).writingMode)) return 0;
  const {{width}} = ({_PAGE_BOX})(0);
  return Math.min(width, paper + width - innerWidth); // what is as wide as the window becomes as wide as the paper
}}"""
_FITTED: Final = 1.5
"""How much wider than the paper a page may be for Chromium to print it smaller; of a wider one the rest is cut."""
_HAS_TEXT: Final = "() => !!document.body && !!document.body.innerText.trim()"
_VIEW_BOX: Final = "() => ({x: scrollX, y: scrollY, width: innerWidth, height: innerHeight})"
_ELEMENT_BOX: Final = read_script("element.js")

_NAME_SOURCES: Final = """() => {
  // Chromium's snapshot leaves an image out that has a srcset and no src
  const named = [...document.querySelectorAll('img:not([src])')].filter(e => e.complete && e.currentSrc);
  if (!named.length) return;
  for (const e of named) e.setAttribute('src', e.currentSrc);
  // for a moment the image is on its way again
  const back = Promise.all(named.map(e => e.decode().catch(() => null)));
  return Promise.race([back.then(() => null), new Promise(resolve => setTimeout(resolve, 1000))]);
}"""
_NAMING: Final = 2.0


class CaptureError(Exception):
    """A capture that could not be taken; `reason` is a short code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(slots=True)
class Capture:
    """A capture and what is said of it: `width` and `height` in pixels (None for PDF and MHTML), `reasons` why it is not complete."""

    kind: str
    data: bytes
    extension: str
    mime_type: str
    width: int | None = None
    height: int | None = None
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    elapsed_ms: int = 0


async def take(stage: Stage, kind: str) -> Capture:
    """A screenshot, pdf or mhtml of the page.

    :raises CaptureError: where there is none, or what came is not what it should be.
    """
    started = time.monotonic()
    # a page may take part of a capture's time to answer, whatever of its own is left; the rest is for the capture without its scripts
    stage.grace = max(stage.grace, stage.config.capture_timeout / 3)
    work: dict[str, Callable[[Stage], Awaitable[Capture]]] = {"screenshot": _screenshot, "pdf": _pdf, "mhtml": _mhtml}
    try:
        capture = await asyncio.wait_for(work[kind](stage), stage.config.capture_timeout)
    except TimeoutError:
        raise CaptureError("timeout", f"no {kind} within {stage.config.capture_timeout:g} s") from None
    except (VerifyError, png.PngError, jpeg.JpegError) as error:
        raise CaptureError("broken", str(error)) from error
    capture.elapsed_ms = round(1000 * (time.monotonic() - started))
    return capture


async def _screenshot(stage: Stage) -> Capture:
    if stage.config.screenshot_area == "viewport" and stage.config.screenshot_selector is None:  # it is painted, and may have been scrolled
        return await _screenshot_as_it_is(stage)
    async with _lifted(stage):
        return await _screenshot_as_it_is(stage)


@asynccontextmanager
async def _lifted(stage: Stage, *, scripted: bool = False) -> AsyncIterator[None]:
    """The page with what it does not paint where nobody looks, for as long as this lasts; `scripted`: only what scripts hide."""
    with suppress(ScriptError):  # a page whose own names stand in the way is taken as it is
        await stage.ask(_LIFT, scripted)
    try:
        yield
    finally:
        await stage.attempt(_LOWER, _LOWERING)


async def _screenshot_as_it_is(stage: Stage) -> Capture:
    await stage.ask(_QUIET)
    await _keep_emulation(stage)
    left = await _left_of_origin(stage)
    await _warm_up(stage, left or 0)
    # An image that is loaded may be decoded only when it is painted, which can be after the picture is taken; and what the warm-up painted
    # is in the picture without two frames after it. Not asked as the rest is: a page that does not keep this promise is not stuck.
    await stage.attempt(_DECODE, _DECODING)
    box, reasons = await _box(stage, left)
    config, notes = stage.config, list[str]()
    wanted = config.screenshot_format
    width, height = (round(box[side] * config.screenshot_scale) for side in ("width", "height"))
    in_tiles = height > ONE_SHOT or width * height > _AREA
    highest = min(ONE_SHOT, _AREA // max(1, width))
    step = None
    if in_tiles and wanted == "jpeg" and jpeg.pillow_installed():
        step = _tile_step(config.screenshot_scale, min(highest, jpeg.highest_tile(width)), jpeg.UNIT)
    if wanted != "png" and (max(width, height) > _LONGEST_SIDE[wanted] or (in_tiles and step is None)):
        notes.append(f"png_instead_of_{wanted}")
        wanted, step = "png", None
    if in_tiles:
        step = step or _tile_step(config.screenshot_scale, highest) or max(1, math.floor(highest / config.screenshot_scale))
        data = await _tiled(stage, box, wanted, step)
    else:
        data = await _shot(stage, box, wanted)
    found, real_width, real_height = await asyncio.to_thread(picture_size, data)
    # of half a pixel at the end of a picture that is scaled the browser may make one or none
    if found != wanted or abs(real_width - width) > 1 or abs(real_height - height) > 1:
        raise CaptureError("wrong_size", f"{found} of {real_width} x {real_height} px, not {wanted} of {width} x {height} px")
    return Capture("screenshot", data, _EXTENSION[wanted], _MIME[wanted], real_width, real_height, reasons, notes)


async def _box(stage: Stage, left: float | None) -> tuple[dict[str, float], list[str]]:
    """What is to be in the picture, in CSS pixels from the left end of the page, and why that is not all there is.

    :raises CaptureError: where there is no such element.
    """
    config = stage.config
    if config.screenshot_selector is not None:
        box = await stage.ask(_ELEMENT_BOX, {"selector": config.screenshot_selector, "left": left})
        if "error" in box:
            raise CaptureError(box["error"], f"screenshot_selector {config.screenshot_selector!r}")
    else:
        box = await stage.ask(_PAGE_BOX if config.screenshot_area == "full" else _VIEW_BOX, left)
    reasons: list[str] = []
    # Chromium counts from the left end of the page. Whole pixels: a box that ends within one would be stretched.
    box = {**box, "x": box["x"] + (left or 0), "width": math.ceil(box["width"]), "height": math.ceil(box["height"])}
    if config.screenshot_max_height is not None and box["height"] > config.screenshot_max_height:
        box["height"] = config.screenshot_max_height
        reasons.append("max_height")
    widest = math.floor(_WIDEST / config.screenshot_scale)
    if box.pop("cut", False) or box["width"] > widest:
        beyond = max(0, box["width"] - widest)
        box["width"] -= beyond
        box["x"] += min(beyond, left or 0)  # a page from right to left begins on the right
        reasons.append("page_width")
    if box.pop("inner", False) or (config.screenshot_selector is None and await stage.ask(_SCROLLS_INSIDE)):
        reasons.append("inner_scroll")
    return box, reasons


def _tile_step(scale: float, limit: int, unit: int = 1) -> int | None:
    """How many CSS pixels, `limit` device pixels at most, tiles are high that end with a multiple of `unit` device pixels.

    None where no height does. With a rest of a pixel at each seam the picture would grow.

    >>> _tile_step(1.25, 16_384), _tile_step(1.1, 16_384), _tile_step(1 / 3, 16_384), _tile_step(1.5, 4096, 16)
    (13104, 14890, 49152, 2720)
    """
    parts = ((step, step * scale / unit) for step in range(math.floor(limit / scale), 0, -1))
    return next((step for step, units in parts if math.isclose(units, round(units), abs_tol=1e-6)), None)


async def _tiled(stage: Stage, box: dict[str, float], picture_format: str, step: int) -> bytes:
    """One picture out of tiles; only the compressed picture and one tile are held."""
    stitcher = png.PngStitcher() if picture_format == "png" else jpeg.JpegStitcher(stage.config.screenshot_quality)
    done = 0
    while done < box["height"]:
        tile = {**box, "y": box["y"] + done, "height": min(step, box["height"] - done)}
        data = await _shot(stage, tile, "png")
        await asyncio.to_thread(stitcher.add, data)
        done += step
    return await asyncio.to_thread(stitcher.finish)


async def _left_of_origin(stage: Stage) -> float | None:
    """How far the page goes on to the left of where it begins, as pages from right to left do, in CSS pixels; None where nobody says."""
    if stage.session is None:
        return None
    metrics = await stage.session.send("Page.getLayoutMetrics")
    return float(metrics["cssLayoutViewport"]["pageX"] - await stage.ask("() => scrollX"))


async def _keep_emulation(stage: Stage) -> None:
    """Let our session know how large, dense and mobile Playwright's has made the window.

    Shots put back what their own session knows. All else is gone with the first: density and meta viewport at once, and the height as soon
    as a page beside this one closes and Chromium shows this one in its stead.
    """
    size = stage.page.viewport_size
    if stage.session is not None and size is not None:
        emulated = await stage.ask(_EMULATED)
        await stage.session.send("Emulation.setDeviceMetricsOverride", {**size, **emulated})
        stage.density = emulated["deviceScaleFactor"]


async def _warm_up(stage: Stage, left: float) -> None:
    """Take a shot of a corner, for nothing.

    The first shots of a new browser that reach beyond the window, several at once, come from the window's own surface: they show the page's
    first screen again and again, and nothing of them says so. After a shot within the window none did, of 64 pages where 14 had.
    """
    if stage.session is not None:
        clip = {"x": left, "y": 0, "width": 10, "height": 10, "scale": 1}
        await stage.session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True, "clip": clip})


async def _shot(stage: Stage, box: dict[str, float], picture_format: str) -> bytes:
    """A picture of a box of the page, counted from its left end; neither layout nor scroll position changes for it."""
    config = stage.config
    if stage.session is None:  # Firefox, WebKit: Playwright's own way, which knows neither WebP nor a scale
        options: dict[str, Any] = {"type": "jpeg", "quality": config.screenshot_quality} if picture_format == "jpeg" else {"type": "png"}
        return bytes(await stage.page.screenshot(full_page=True, clip=box, **options))  # type: ignore[arg-type]
    parameters: dict[str, Any] = {
        "format": picture_format,
        "captureBeyondViewport": True,
        "optimizeForSpeed": True,
        "clip": {**box, "scale": config.screenshot_scale / stage.density},
    }
    if picture_format != "png":
        parameters["quality"] = config.screenshot_quality
    answer = await stage.session.send("Page.captureScreenshot", parameters)
    return base64.b64decode(answer["data"])


async def _pdf(stage: Stage) -> Capture:
    if stage.session is None:
        raise CaptureError("not_chromium", "only Chromium makes PDFs")
    options: dict[str, Any] = {name: dict(value) if isinstance(value, tuple) else value for name, value in stage.config.pdf_options}
    async with _lifted(stage):
        reasons = ["inner_scroll"] if await stage.ask(_SCROLLS_INSIDE) else []
        data = await stage.page.pdf(**options)
        paper = pdf_width(data) / options.get("scale", 1)
        if pdf_is_empty(data) and await stage.ask(_HAS_TEXT):
            reasons.append("print_hidden")
        elif await stage.ask(_PRINTED_WIDTH, paper) > _FITTED * paper:
            reasons.append("page_width")
    await asyncio.to_thread(pdf_pages, data)
    return Capture("pdf", data, "pdf", "application/pdf", reasons=reasons)


async def _mhtml(stage: Stage) -> Capture:
    if stage.session is None:
        raise CaptureError("not_chromium", "only Chromium makes MHTML snapshots")
    await stage.attempt(_NAME_SOURCES, _NAMING)  # a page whose scripts are switched off keeps no promise
    async with _lifted(stage, scripted=True):
        answer = await stage.session.send("Page.captureSnapshot", {"format": "mhtml"})
    text: str = answer["data"]
    loaded = [image["url"] for image in stage.proof.images if image["loaded"]]
    missing = await asyncio.to_thread(mhtml_missing, text, stage.page.url, loaded)
    reasons = [f"missing_parts:{len(missing)}"] if missing else []
    return Capture("mhtml", text.encode(), "mhtml", "multipart/related", reasons=reasons)
