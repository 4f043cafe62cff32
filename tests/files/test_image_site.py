"""A site of a thousand images (a tenth, unless LINKMEDIA_SOAK is 1): measured and downloaded in whole crawls."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import scale
from tests.crawling import Run, rows, run_spider
from tests.files.imagesite import ImageSite, Served

SPIDER = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    allowed_domains = ["127.0.0.1"]
    custom_settings = {{
        "ADDONS": ADDON, "ROBOTSTXT_OBEY": True, "RETRY_TIMES": 1, "LINKMEDIA_IMAGE_SCORE_THRESHOLD": None, "LINKMEDIA_EXTRACT": ["images"],
        "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_WARNSIZE": 0,
    }}
    start_urls = [f"{url}/page/{{n}}" for n in range({pages})]
    def parse(self, response):
        for link in response.css("a::attr(href)").getall():
            yield scrapy.Request(link, callback=self.parse)
"""
FAILED = {"404": "http_404", "403": "http_403", "not_an_image": "not_an_image", "robots": "robots"}
BOUND = 131_072

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def site():
    """The site."""
    with ImageSite(scale(1000)) as server:
        yield server


def crawled(site: ImageSite, folder: Path, *settings: str) -> tuple[Run, dict[str, dict[str, Any]]]:
    """A crawl of the whole site, and its image records by path."""
    site.asked.clear()
    arguments = [part for setting in settings for part in ("-s", setting)]
    run = run_spider(folder, SPIDER.format(url=site.url, pages=site.pages), "-O", "out.jsonl", "-s", "LOG_LEVEL=DEBUG", *arguments)
    assert run.code == 0, run.log[-3000:]
    assert run.stats["finish_reason"] == "finished"
    assert "Traceback" not in run.log
    assert site.asked["/page/0?other"] == 0  # pages of the other host are not followed
    records = {urlsplit(row["src"]).path: row for row in rows(folder / "out.jsonl") if row["record"] == "image"}
    assert len(records) == len(site.images)
    return run, records


def wanted(image: Served, reason: str) -> bool:
    return FAILED.get(image.kind) == reason


def counts(run: Run, prefix: str) -> dict[str, int]:
    """The stats below a name, by what stands behind it."""
    start = f"linkmedia/{prefix}/"
    return {name.removeprefix(start): value for name, value in run.stats.items() if name.startswith(start)}


def asked_as_often(site: ImageSite, images: list[Served], expected: dict[str, int]) -> None:
    """Each of the images was asked for once, or as often as `expected` says of its kind, but for the few whose connection was lost.

    What `StopDownload` ends may have come whole meanwhile: then Twisted takes the connection for one that can be used again, writes the
    next request to it while it closes, and sends that a second time.
    """
    wanted = {image.path: expected.get(image.kind, 1) for image in images}
    lost = {path: site.asked[path] for path, count in wanted.items() if count and site.asked[path] == count + 1}
    assert len(lost) <= max(2, 0.02 * len(site.images)), lost
    assert {path: count for path, count in wanted.items() if site.asked[path] > count and path not in lost} == {}


def test_probe(site: ImageSite, tmp_path: Path) -> None:
    """Sizes, formats and lengths are right for 98 % of what exists, from few bytes; what fails is counted, and its record as it was."""
    run, records = crawled(site, tmp_path, "LINKMEDIA_IMAGE_PROBE=True")
    right = exist = 0
    for image in site.images:
        row = records[image.path]
        found = (row["format"], row["width"], row["height"], row["natural_width"], row["natural_height"])
        if image.exists:
            exist += 1
            good = found == (image.format, image.width, image.height, image.width, image.height)
            right += good and row["size"] in (image.length, None if image.kind == "chunked" else image.length)
        else:
            assert (row["width"], row["natural_width"], row["size"]) == (None, None, None)
    assert right >= 0.98 * exist
    assert counts(run, "image_probe_failed_count") == Counter(FAILED[image.kind] for image in site.images if not image.exists)
    assert run.count("image_probe_count") == exist
    read = [int(number) for number in re.findall(r"Prob.*, (\d+) bytes read", run.log)]
    assert len(read) == len(site.images)
    assert statistics.median(read) <= 4096
    assert max(read) == run.count("image_probe_bytes_max") <= BOUND
    assert sum(read) == run.count("image_probe_bytes")
    # two requests where the size comes late, and a retry where the file does not come whole
    asked_as_often(site, site.images, {"late_size": 2, "truncated": 2, "robots": 0})
    print(f"\nprobe: right {right} of {exist}, median {statistics.median(read):.0f} bytes, most {max(read)}")


def test_small_bound(site: ImageSite, tmp_path: Path) -> None:
    """Less is read where the setting says so, whatever the server sends."""
    run, _ = crawled(site, tmp_path, "LINKMEDIA_IMAGE_PROBE=True", "LINKMEDIA_IMAGE_PROBE_MAX_BYTES=5000")
    read = [int(number) for number in re.findall(r"Prob.*, (\d+) bytes read", run.log)]
    assert max(read) <= 5000
    assert run.count("image_probe_count") >= 0.5 * len(site.images)
    failed = counts(run, "image_probe_failed_count")
    assert set(failed) == {"http_404", "http_403", "robots", "no_size"}  # that an answer is no image is not seen before too much of it
    assert run.count("image_probe_count") + sum(failed.values()) == len(site.images)


@pytest.mark.parametrize("probe", ["False", "True"])
def test_download(site: ImageSite, tmp_path: Path, probe: str) -> None:
    """Files are whole, named by their contents and kept once; what fails is counted; sizes are known without another request."""
    run, records = crawled(site, tmp_path, "LINKMEDIA_DOWNLOAD_IMAGES=True", f"LINKMEDIA_IMAGE_PROBE={probe}", "LINKMEDIA_STORE=store")
    whole = [image for image in site.images if image.whole]
    for image in site.images:
        row = records[image.path]
        if not image.whole:
            assert (row["path"], row["checksum"]) == (None, None)
            continue
        content = (tmp_path / "store" / row["path"]).read_bytes()
        assert (row["checksum"], row["size"]) == (image.checksum, image.length)
        assert md5(content).hexdigest() == image.checksum
        assert (row["format"], row["natural_width"], row["natural_height"]) == (image.format, image.width, image.height)
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(files) == len({image.checksum for image in whole})
    expected = Counter("truncated" if image.exists else FAILED[image.kind] for image in site.images if not image.whole)
    assert counts(run, "download_failed_count") == expected
    assert counts(run, "download_missing_count") == {"image": len(site.images) - len(whole)}
    assert run.count("download_count/image") == len(whole)
    assert run.count("download_identical_count/image") == len(whole) - len(files)
    assert run.count("download_bytes/image") == sum(image.length for image in whole)
    asked_as_often(site, whole, {})
