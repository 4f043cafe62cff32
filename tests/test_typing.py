"""A typed program that uses the package: what it declares is what mypy makes of it (`make lint`), and what it is when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

import scrapy
from scrapy.http import HtmlResponse, Response

from linkmedia_scrapy import ImageItem, LinkMediaConfig, LinkMediaMixin, PageItem, Record, extract, extract_response


def test_settings_are_given_as_in_the_docs() -> None:
    """Lists, a size and a dict are what the arguments take; what is held is hashable."""
    config = LinkMediaConfig(
        extract=["links", "images"],
        exclude_domains=["ads.example"],
        social_media_domains=["social.example"],
        viewport="1280x720",
        pdf_options={"format": "A5"},
        ready_timeout=5,
    )
    domains = assert_type(config.exclude_domains, frozenset[str])
    kinds = assert_type(config.extract, tuple[str, ...])
    viewport = assert_type(config.viewport, tuple[int, int] | None)
    assert (kinds, domains, viewport) == (("links", "images"), frozenset({"ads.example"}), (1280, 720))
    assert LinkMediaConfig(viewport=viewport, exclude_domains=domains, extract=kinds) != LinkMediaConfig()


def test_records_have_their_fields() -> None:
    """A page's lists hold records of one kind each; of all records, isinstance tells the kind."""
    page = assert_type(extract("<a href=/a>A</a><img src=/b.jpg width=600 height=400>", "https://example.com/"), PageItem)
    assert_type(page.links[0].url, str)
    sources = [assert_type(record.src, str) for record in page.records() if isinstance(record, ImageItem)]
    assert sources == ["https://example.com/b.jpg"]
    assert assert_type(extract_response(HtmlResponse("https://example.com/")).status, int | None) == 200


class TypedSpider(LinkMediaMixin, scrapy.Spider):
    """One that chooses for itself."""

    name = "typed"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Record]:
        """Its tables."""
        yield from (record for record in assert_type(self.linkmedia(response), Iterator[Record]) if record.record == "table")
