"""Measuring and downloading in small: formats, variants, media, page items, the HTTP cache, settings that cannot be used."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import md5
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from scrapy.http import Request, Response

from linkmedia_scrapy import ConfigError, ImageItem, LinkMediaConfig
from linkmedia_scrapy import probes as probes_module
from linkmedia_scrapy.downloads import DownloadPipeline, check_downloads
from linkmedia_scrapy.fetching import PAGE_KEY, FetchError, PrivateFilesMiddleware, failure_reason
from linkmedia_scrapy.imagesizes import ImageSize, image_format, measure, note_size
from linkmedia_scrapy.probes import check_image_probe
from tests.crawling import Run, rows, run_spider
from tests.files.imagesite import picture
from tests.server import SiteServer

SPIDER = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "RETRY_TIMES": 0, "LINKMEDIA_IMAGE_SCORE_THRESHOLD": None, "LINKMEDIA_STORE": "store", "TELNETCONSOLE_ENABLED": False}}
    start_urls = ["{url}/page.html"]
    def parse(self, response):
        {parse}
"""
JPEG = picture("jpeg", 90, 60, 1)
PNG = picture("png", 30, 20, 2)


def drawn(form: str, **options: Any) -> bytes:
    target = io.BytesIO()
    Image.frombytes("RGB", (321, 123), random.Random(3).randbytes(321 * 123 * 3)).save(target, form, **options)
    return target.getvalue()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@pytest.mark.parametrize(
    ("make", "name", "size"),
    [
        (lambda: drawn("jpeg"), "jpeg", (321, 123)),
        (lambda: drawn("jpeg", progressive=True), "jpeg", (321, 123)),
        (lambda: drawn("jpeg", exif=turned()), "jpeg", (123, 321)),
        (lambda: drawn("png"), "png", (321, 123)),
        (lambda: drawn("gif"), "gif", (321, 123)),
        (lambda: drawn("webp"), "webp", (321, 123)),
        (lambda: drawn("webp", lossless=True), "webp", (321, 123)),
        (lambda: drawn("avif", speed=10), "avif", (321, 123)),
        (lambda: drawn("bmp"), "bmp", (321, 123)),
        (lambda: drawn("ico", sizes=[(64, 64), (16, 16)]), "ico", (64, 25)),
    ],
)
def test_measure(make: Callable[[], bytes], name: str, size: tuple[int, int]) -> None:
    """Format and upright size come out of the first 4096 bytes; fewer and fewer bytes give the same or nothing, and raise nothing."""
    data = make()
    assert measure(data) == measure(data[:4096]) == (name, *size)
    for length in range(200):
        assert measure(data[:length]) in (None, (name, *size))
    for seed in range(200):
        shaken = random.Random(seed)
        broken = bytearray(data[:600])
        for _ in range(3):
            broken[shaken.randrange(8, len(broken))] = shaken.randrange(256)
        measure(bytes(broken))


def test_an_icon_is_as_large_as_its_largest_picture() -> None:
    """One byte each for width and height: 0 is 256 (ICO's directory)."""
    small, large = bytes([16, 32, *[0] * 14]), bytes(16)
    assert measure(b"\0\0\1\0\2\0" + small + large) == ("ico", 256, 256)
    assert measure(b"\0\0\1\0\1\0" + small) == ("ico", 16, 32)


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg width="300" height="150">', (300, 150)),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="10cm" height="2in" viewBox="0 0 3 4"><rect width="7"', (378, 192)),
        (
            '<?xml version="1.0"?>\n<!-- a lake --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY a "b">]>\n<svg viewBox="0 0 300 150"/>',
            (300, 150),
        ),
        ('\ufeff <svg width="100%" height="40" viewBox="0,0 20,10">', (80, 40)),
        ('<svg width="40" viewBox="-5 -5 20 10">', (40, 20)),
        ("<svg>", None),
        ('<svg viewBox="0 0 0 5">', None),
        ('<svg width="-3" height="x">', None),
        ('<svg width="300', None),
        ("<html><svg width='3' height='3'>", None),
        ("<!--" + "--><!--" * 500, None),
        ('<svg width="1e999" height="3">', None),
        ('<svg width="' + "9" * 400 + '" viewBox="0 0 1e400 2">', None),
        ('<svg width="1000" viewBox="0 0 1e-9 2">', None),
        ('<svg height="1e2px" width=" +.5e+2 px">', (50, 100)),
        *((f'<svg height="3" width="{start * 1_000_000}x!">', None) for start in ("1", " ", "1.", "1e1", "+", "a")),
    ],
)
def test_measure_svg(svg: str, size: tuple[int, int] | None) -> None:
    """An SVG's size is that of its width and height, what is missing by its viewBox; read in linear time, or this would not end."""
    assert measure(svg.encode()) == (None if size is None else ("svg", *size))


@pytest.mark.parametrize(
    "data", [b"", b"<!doctype html><p>no", b"\xff\xd8", b"GIF87", b"RIFF1234WAVE", b"\0\0\0\x18ftypisom", b"PK\3\4", b"\0" * 9]
)
def test_no_image(data: bytes) -> None:
    """Other files are no images."""
    assert image_format(data) == ""
    assert measure(data) is None


def test_note_size() -> None:
    """The true size goes beside what the page says, and stands in for it where the page says nothing."""
    said, unsaid = ImageItem(width=300, height=None), ImageItem()
    for image in (said, unsaid):
        note_size(image, ImageSize("png", 40, 30), 99)
    assert (said.width, said.height, said.natural_width, said.natural_height, said.format, said.size) == (300, None, 40, 30, "png", 99)
    assert (unsaid.width, unsaid.height) == (40, 30)


def test_reasons_are_words() -> None:
    """An exception that nobody thought of gives a word that can stand in a stat's name."""

    class HTTPSOddError(Exception):
        pass

    assert failure_reason(HTTPSOddError()) == "https_odd_error"


def test_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads without a store, and probing without imagesize, do not start."""
    for name in ("download_images", "download_media"):
        with pytest.raises(ConfigError, match=rf"^LINKMEDIA_{name.upper()} = True: needs LINKMEDIA_STORE"):
            check_downloads(LinkMediaConfig(store=None, **{name: True}))
    check_downloads(LinkMediaConfig(store=None))
    check_image_probe(LinkMediaConfig(image_probe=True))
    monkeypatch.setattr(probes_module, "can_measure", lambda: False)
    with pytest.raises(ConfigError, match=r"^LINKMEDIA_IMAGE_PROBE = True: needs imagesize"):
        check_image_probe(LinkMediaConfig(image_probe=True))


def crawl(
    folder: Path, files: dict[str, bytes], settings: dict[str, Any], *, parse: str = "pass"
) -> tuple[Run, list[dict[str, Any]], list[str]]:
    """A crawl of one page and its files: the process, the records, and what was asked for."""
    site = folder / "site"
    for name, data in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    with SiteServer(site) as server:
        arguments = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        run = run_spider(folder, SPIDER.format(url=server.url, parse=parse), "-O", "out.jsonl", *arguments)
        assert run.code == 0, run.log[-3000:]
        assert "Traceback" not in run.log, run.log[-3000:]
        return run, rows(folder / "out.jsonl"), list(server.requests)


def test_next_variant(tmp_path: Path) -> None:
    """Where the best candidate cannot be had the next one is, the largest first; the failure is counted, the record's URL stays."""
    html = b'<img srcset="/big.jpg 900w, /mid.jpg 600w, /small.png 300w" src="/small.png" alt="Lake"><img src="/gone.jpg" alt="Gone">'
    files = {"page.html": html, "mid.jpg": b"<!doctype html>not here", "small.png": PNG}
    run, found, asked = crawl(tmp_path, files, {"LINKMEDIA_DOWNLOAD_IMAGES": True})
    lake, gone = sorted((row for row in found if row["record"] == "image"), key=lambda row: row["alt"], reverse=True)
    assert lake["src"].endswith("/big.jpg")
    assert (lake["path"], lake["checksum"]) == (f"images/{md5(PNG).hexdigest()}.png", md5(PNG).hexdigest())
    assert (lake["natural_width"], lake["natural_height"], lake["format"], lake["size"]) == (30, 20, "png", len(PNG))
    assert (tmp_path / "store" / lake["path"]).read_bytes() == PNG
    assert (gone["path"], gone["checksum"], gone["size"]) == (None, None, None)
    assert asked.index("/big.jpg") < asked.index("/mid.jpg") < asked.index("/small.png")
    assert run.count("download_failed_count/http_404") == 2
    assert run.count("download_failed_count/not_an_image") == 1
    assert run.count("download_missing_count/image") == 1


def test_media(tmp_path: Path) -> None:
    """A video's first source that can be had is kept as it is; embeds and streams are skipped; images stay where they are."""
    sound = b"ID3" + bytes(range(256)) * 30
    html = (
        b'<img src="/i.png" alt="x"><video><source src="/gone.webm"><source src="/film?id=1" type="video/mp4"></video><audio src="/rain.mp3"></audio>'
        b'<audio src="/same.mp3"></audio><video src="/live.m3u8"></video><iframe src="https://www.youtube.com/embed/TaRn0wick_4"></iframe>'
        b'<video src="/page.html"></video><video src="/sorry.mp4"></video>'
    )
    files = {"page.html": html, "film": b"\0\0\0\x18ftypmp42" + b"7" * 5000, "rain.mp3": sound, "same.mp3": sound, "i.png": PNG}
    files["sorry.mp4"] = b'\r\n<html lang="en"><head><title>No such film</title></head></html>'
    run, found, asked = crawl(tmp_path, files, {"LINKMEDIA_DOWNLOAD_MEDIA": True})
    media = {row["src"].rpartition("/")[2]: row for row in found if row["record"] in ("video", "audio")}
    film, live, talk, page, sorry, rain, same = (
        media[name] for name in ("gone.webm", "live.m3u8", "TaRn0wick_4", "page.html", "sorry.mp4", "rain.mp3", "same.mp3")
    )
    assert film["path"] == f"videos/{md5(files['film']).hexdigest()}.bin"
    assert (tmp_path / "store" / film["path"]).read_bytes() == files["film"]
    assert rain["path"] == same["path"] == f"audios/{md5(sound).hexdigest()}.mp3"
    assert rain["size"] == len(sound)
    assert [row["path"] for row in (live, talk, page, sorry)] == [None, None, None, None]
    assert "/i.png" not in asked
    assert (run.count("download_skipped_count/video/stream"), run.count("download_skipped_count/video/embed")) == (1, 1)
    assert (run.count("download_failed_count/not_a_medium"), run.count("download_identical_count/audio")) == (2, 1)
    assert run.count("download_missing_count/video") == 2


@pytest.mark.parametrize(
    ("mime_type", "extension"),
    [("video/mp4", "mp4"), ("application/hta", "bin"), ("application/x-sh", "bin"), ("text/x-python", "bin"), ("x", "bin"), ("", "bin")],
)
def test_media_are_named_as_media(mime_type: str, extension: str) -> None:
    """A server that calls a medium a program does not get it a program's name."""
    response = Response("https://example.com/film?id=1", headers={"Content-Type": mime_type}, body=b"x")
    item = SimpleNamespace(record="video", checksum="0cc1")
    assert DownloadPipeline.file_path(None, Request(response.url), response, item=item) == f"videos/0cc1.{extension}"  # type: ignore[arg-type]


@pytest.mark.parametrize("setting", ["LINKMEDIA_IMAGE_PROBE", "LINKMEDIA_DOWNLOAD_IMAGES"])
def test_page_items(tmp_path: Path, setting: str) -> None:
    """The images of a page item are measured and downloaded like records that come alone; a URL that several have is asked for once."""
    html = b'<p><img src="/a.jpg" alt="Lake"></p><p><img src="/b.png" alt="Boat"></p>'
    parse = (
        "from linkmedia_scrapy import ImageItem, PageItem\n"
        "        url = response.urljoin('/a.jpg')\n"
        "        yield PageItem(url=response.url, images=[ImageItem(page_url=response.url, src=url), ImageItem(page_url=response.url, src=url + '#x')])"
    )
    _, found, asked = crawl(tmp_path, {"page.html": html, "a.jpg": JPEG, "b.png": PNG}, {setting: True}, parse=parse)
    alone = sorted((row for row in found if row["record"] == "image"), key=lambda row: row["src"])
    images = [*next(row for row in found if row["record"] == "page")["images"], *alone]
    assert [(row["natural_width"], row["natural_height"], row["size"]) for row in images] == [(90, 60, len(JPEG))] * 3 + [
        (30, 20, len(PNG))
    ]
    assert sorted(asked)[:2] == ["/a.jpg", "/b.png"]
    assert len(asked) == 3
    assert all(bool(row["path"]) is (setting == "LINKMEDIA_DOWNLOAD_IMAGES") for row in images)


def test_urls_that_are_none(tmp_path: Path) -> None:
    """Of a record that a callback made with one, the next is tried; the item is not lost."""
    parse = (
        "from linkmedia_scrapy import ImageItem\n"
        "        yield ImageItem(page_url=response.url, src='http://[bad/a.png', variants=[{'src': response.urljoin('/b.png')}])"
    )
    run, found, _ = crawl(tmp_path, {"page.html": b"<p>", "b.png": PNG}, {"LINKMEDIA_DOWNLOAD_IMAGES": True}, parse=parse)
    assert [row["checksum"] for row in found] == [md5(PNG).hexdigest()]
    assert run.count("download_failed_count/value_error") == 1


def test_data_urls(tmp_path: Path) -> None:
    """What stands in the page itself is measured and kept without a request."""
    url = b"data:image/png;base64," + base64.b64encode(PNG)
    parse = f"yield LinkMediaImage(page_url=response.url, src={url.decode()!r})"
    run, found, asked = crawl(
        tmp_path,
        {"page.html": b"<p>"},
        {"LINKMEDIA_IMAGE_PROBE": True, "LINKMEDIA_DOWNLOAD_IMAGES": True},
        parse="from linkmedia_scrapy import ImageItem as LinkMediaImage\n        " + parse,
    )
    (row,) = found
    assert (row["natural_width"], row["format"], row["size"], row["checksum"]) == (30, "png", len(PNG), md5(PNG).hexdigest())
    assert asked == ["/page.html"]
    assert run.count("image_probe_skipped_count/downloaded") == 1


def test_compressed_images(tmp_path: Path) -> None:
    """A server that compresses in spite of being asked not to is understood, but not where little becomes much."""
    bodies = {"/a.jpg": JPEG, "/bomb.jpg": JPEG[:20] + bytes(60_000_000)}

    def answer(handler: Any) -> Any:
        return 200, {"Content-Type": "image/jpeg", "Content-Encoding": "gzip"}, gzip.compress(bodies[handler.path])

    page = b'<p><img src="/a.jpg" alt="Lake"></p><p><img src="/bomb.jpg" alt="Boat"></p>'
    routes = {"/page.html": lambda _: (200, {"Content-Type": "text/html"}, page), **dict.fromkeys(bodies, answer)}
    with SiteServer(routes=routes) as server:
        run = run_spider(tmp_path, SPIDER.format(url=server.url, parse="pass"), "-O", "out.jsonl", "-s", "LINKMEDIA_IMAGE_PROBE=True")
    images = {row["alt"]: row["natural_width"] for row in rows(tmp_path / "out.jsonl") if row["record"] == "image"}
    assert (run.code, images) == (0, {"Lake": 90, "Boat": None})
    assert run.count("image_probe_failed_count/too_large") == 1


@pytest.mark.parametrize(
    ("page_url", "url", "refused"),
    [
        ("http://93.184.216.34/", "http://127.0.0.1:8080/x", True),
        ("https://93.184.216.34/", "http://169.254.169.254/x.png", True),
        ("https://93.184.216.34/", "https://93.184.216.35/x.png", False),
        ("http://10.0.0.1/", "http://10.0.0.2/x.png", False),
        ("file:///page.html", "http://127.0.0.1/x.png", False),
        ("", "http://127.0.0.1/x.png", False),
        ("https://93.184.216.34/", "data:image/png;base64,", False),
    ],
)
def test_private_files(page_url: str, url: str, refused: bool) -> None:
    """A public page has nothing asked for at private addresses; what private pages and files name is theirs."""
    request = Request(url, meta={PAGE_KEY: page_url})
    with pytest.raises(FetchError, match=r"^private_network$") if refused else nullcontext():
        asyncio.run(PrivateFilesMiddleware().process_request(request))


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("setting", ["LINKMEDIA_IMAGE_PROBE", "LINKMEDIA_DOWNLOAD_IMAGES"])
def test_files_of_public_pages(tmp_path: Path, setting: str, blocks: bool) -> None:
    """The files of a page of a public host are not asked for on this machine, nor is their robots.txt."""
    parse = (
        "from linkmedia_scrapy import ImageItem\n"
        "        for name in ('a.jpg', 'b.jpg'):\n"
        "            yield ImageItem(page_url='http://93.184.216.34/', src=response.urljoin(name))"
    )
    files = {"page.html": b"<p>", "a.jpg": JPEG, "b.jpg": PNG}
    settings = {setting: True, "LINKMEDIA_BLOCK_PRIVATE_NETWORK": blocks, "ROBOTSTXT_OBEY": True}
    run, found, asked = crawl(tmp_path, files, settings, parse=parse)
    assert sorted(asked) == (["/page.html", "/robots.txt"] if blocks else ["/a.jpg", "/b.jpg", "/page.html", "/robots.txt"])
    assert [row["natural_width"] is None for row in found] == [blocks, blocks]
    kind = "image_probe" if setting == "LINKMEDIA_IMAGE_PROBE" else "download"
    assert run.count(f"{kind}_failed_count/private_network") == (2 if blocks else 0)


@pytest.mark.parametrize("mode", ["records", "pages"])
@pytest.mark.parametrize("setting", ["LINKMEDIA_IMAGE_PROBE", "LINKMEDIA_DOWNLOAD_IMAGES"])
def test_files_of_one_host_at_once(tmp_path: Path, setting: str, mode: str) -> None:
    """A page of many images does not have its server asked for all of them together."""
    under_way: list[str] = []
    most = 0

    def answer(handler: Any) -> Any:
        nonlocal most
        under_way.append(handler.path)
        most = max(most, len(under_way))
        time.sleep(0.2)  # the others come meanwhile, if they are let
        under_way.remove(handler.path)
        return 200, {"Content-Type": "image/png"}, PNG

    names = [f"/{number}.png" for number in range(12)]
    page = "".join(f'<p><img src="{name}" alt="Lake"></p>' for name in names).encode()
    routes = {"/page.html": lambda _: (200, {"Content-Type": "text/html"}, page), **dict.fromkeys(names, answer)}
    limits = ("-s", f"{setting}=True", "-s", f"LINKMEDIA_ITEMS={mode}", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=3")
    with SiteServer(routes=routes) as server:
        run = run_spider(tmp_path, SPIDER.format(url=server.url, parse="pass"), *limits)
    assert run.count("image_probe_count") + run.count("download_count/image") == len(names)
    assert most <= 3


def test_rendered_images_are_not_probed(tmp_path: Path) -> None:
    """What a browser has measured is not asked for."""
    parse = "from linkmedia_scrapy import ImageItem\n        yield ImageItem(page_url=response.url, src=response.urljoin('/a.jpg'), natural_width=7, natural_height=8)"
    run, found, asked = crawl(tmp_path, {"page.html": b"<p>", "a.jpg": JPEG}, {"LINKMEDIA_IMAGE_PROBE": True}, parse=parse)
    assert (found[0]["natural_width"], asked) == (7, ["/page.html"])
    assert run.count("image_probe_skipped_count/rendered") == 1


def test_http_cache(tmp_path: Path) -> None:
    """The head of a file does not get into the HTTP cache, where a download would take it for the whole; the whole is used by a probe."""
    big = picture("jpeg", 200, 150, 5)
    files = {"page.html": b'<p><img src="/a.jpg" alt="Lake"></p>', "a.jpg": big}
    cache = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": tmp_path / "cache"}
    site = tmp_path / "site"
    site.mkdir()
    for name, data in files.items():
        (site / name).write_bytes(data)
    with SiteServer(site) as server:
        for setting, asks in (("IMAGE_PROBE", 1), ("DOWNLOAD_IMAGES", 1), ("IMAGE_PROBE", 0)):
            server.requests.clear()
            arguments = [part for name, value in {**cache, f"LINKMEDIA_{setting}": True}.items() for part in ("-s", f"{name}={value}")]
            run = run_spider(tmp_path, SPIDER.format(url=server.url, parse="pass"), "-O", "out.jsonl", *arguments)
            assert run.code == 0
            (row,) = (row for row in rows(tmp_path / "out.jsonl") if row["record"] == "image")
            assert (row["natural_width"], row["natural_height"], row["size"]) == (200, 150, len(big))
            assert server.requests.count("/a.jpg") == asks
    assert (tmp_path / "store" / "images" / f"{md5(big).hexdigest()}.jpg").read_bytes() == big


def test_store_that_fails(tmp_path: Path) -> None:
    """A store that does not take files costs these files: all are counted, the first is logged, no variant is tried, and the crawl goes on."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "images").write_text("in the way")
    site = tmp_path / "site"
    site.mkdir()
    (site / "page.html").write_bytes(b'<p><img src="/a.jpg" srcset="/b.jpg 2x" alt="Lake"><p><img src="/c.jpg" alt="Quay">')
    for name, size in (("a", 40), ("b", 80), ("c", 60)):
        (site / f"{name}.jpg").write_bytes(picture("jpeg", size, size, 0))
    with SiteServer(site) as server:
        run = run_spider(
            tmp_path,
            SPIDER.format(url=server.url, parse="pass"),
            *("-O", "out.jsonl", "-s", "LINKMEDIA_DOWNLOAD_IMAGES=True", "-s", "LOG_LEVEL=INFO"),
        )
        assert sorted(server.requests) == ["/b.jpg", "/c.jpg", "/page.html"]
    images = [row for row in rows(tmp_path / "out.jsonl") if row["record"] == "image"]
    assert (run.code, [row["path"] for row in images], run.count("download_failed_count/store")) == (0, [None, None], 2)
    assert run.count("download_missing_count/image") == 2
    assert run.log.count("Storing images/") == 1
    assert "Traceback" not in run.log


@pytest.mark.parametrize(
    ("name", "value"),
    [("LINKMEDIA_DOWNLOAD_IMAGES", "yes please"), ("LINKMEDIA_IMAGE_PROBE_MAX_BYTES", "100"), ("LINKMEDIA_STORE", "gopher://lake/x")],
)
def test_bad_settings_stop_the_crawl(tmp_path: Path, name: str, value: str) -> None:
    """A value that cannot be used ends the command with one line that names it."""
    code = SPIDER.replace('"LINKMEDIA_STORE": "store"', '"LINKMEDIA_DOWNLOAD_MEDIA": True').format(url="http://127.0.0.1:9", parse="pass")
    run = run_spider(tmp_path, code, "-s", f"{name}={value}")
    assert run.code != 0
    assert f"{name} = '{value}'" in run.log
    assert "Traceback" not in run.log
