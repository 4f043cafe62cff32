"""`extract`: one page's HTML in, its records out."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any, Final

from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.images import extract_images
from linkmedia_scrapy.extraction.links import extract_links
from linkmedia_scrapy.extraction.players import extract_players
from linkmedia_scrapy.extraction.tables import extract_tables
from linkmedia_scrapy.extraction.urls import Resolver
from linkmedia_scrapy.items import ErrorItem, PageItem
from linkmedia_scrapy.rules import Rules

__all__ = ["extract", "report_failure"]

logger = logging.getLogger(__name__)

_DEFAULTS: Final = LinkMediaConfig()


@lru_cache(maxsize=64)
def _rules(config: LinkMediaConfig) -> Rules:
    return Rules(config)


def extract(
    html: bytes | str,
    url: str,
    *,
    encoding: str | None = None,
    rendered: bool = False,
    config: LinkMediaConfig | None = None,
) -> PageItem:
    """Everything that a page holds of links, images, videos, audio and data tables.

    :param html: the page; bytes are decoded by byte order mark, then `encoding`, then what the page declares, then a guess.
    :param url: where the page comes from, after redirects; references are resolved against it and internal is what belongs to its site.
    :param encoding: of bytes, what the transport says (``Content-Type``); of a `str`, what the page had, for the queries of its links.
    :param rendered: whether scripts have run: then what stands inside noscript is not part of the page.
    :param config: what is extracted and left out; the defaults where None.

    Never raises on HTML, however broken: what goes wrong in our own code is in the page's `errors`. The same input gives the same output.

    :raises TypeError: where an argument is of another type.

    >>> page = extract('<a href="/terms">Terms</a>', "https://example.com/")
    >>> page.links[0].url, page.links[0].text, page.links[0].scope
    ('https://example.com/terms', 'Terms', 'internal')
    """
    for name, value, types, told in (
        ("html", html, (bytes, str), "bytes or str"),
        ("url", url, str, "a str"),
        ("encoding", encoding, (str, NoneType), "a str or None"),
        ("rendered", rendered, bool, "a bool"),
        ("config", config, (LinkMediaConfig, NoneType), "a LinkMediaConfig or None"),
    ):
        if not isinstance(value, types):
            raise TypeError(f"extract: {name} must be {told}, not {type(value).__name__}")
    # None of a page's elements and records is garbage while they are made, and none is in a cycle: the collector would only go through all
    # of them again and again, which makes a large page cost more than its size.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _extract(html, url, encoding, rendered, config or _DEFAULTS)
    finally:
        if collects:
            gc.enable()


def _extract(html: bytes | str, url: str, encoding: str | None, rendered: bool, config: LinkMediaConfig) -> PageItem:
    item = PageItem(url=url)
    try:
        backgrounds = "images" in config.extract and not config.exclude_all_images
        document = Document(html, encoding=encoding, rendered=rendered, backgrounds=backgrounds)
        context = PageContext(
            url=url,
            document=document,
            resolver=Resolver(url, document.base_href(), document.encoding),
            rules=_rules(config).for_page(url),
            config=config,
        )
    except Exception as error:
        report_failure(item, "parse", error)
        return item
    for stage, work in _stages(config):
        try:
            for name, records in work(context).items():
                for record in records:
                    record._judged = True
                    record._undeclared = None  # each look at an attribute that was never set raises and catches an exception
                setattr(item, name, records)
        except Exception as error:
            report_failure(item, stage, error)
    item.dropped = context.dropped
    return item


def _stages(config: LinkMediaConfig) -> list[tuple[str, Callable[[PageContext], dict[str, list[Any]]]]]:
    """What is done for a page, in this order: players are looked for among the references that links have resolved."""
    stages: list[tuple[str, Callable[[PageContext], dict[str, list[Any]]]]] = []
    wanted = config.extract
    if "links" in wanted:
        stages.append(("links", lambda page: {"links": extract_links(page)}))
    if "images" in wanted and not config.exclude_all_images:
        stages.append(("images", lambda page: {"images": extract_images(page)}))
    players = [name for name in ("videos", "audios") if name in wanted]
    if players:
        stages.append(("players", lambda page: extract_players(page, players)))
    if "tables" in wanted:
        stages.append(("tables", lambda page: {"tables": extract_tables(page)}))
    return stages


def report_failure(item: PageItem, stage: str, error: Exception) -> None:
    """Note an exception in our code in the page's item, and log it: the rest of the page goes on."""
    logger.error("Extracting %s from %s failed", stage, item.url, exc_info=error)
    reason = type(error).__name__
    item.errors.append(ErrorItem(page_url=item.url, kind="extract", stage=stage, reason=reason, message=str(error)[:500]))
    item.success = False
    item.error_message = item.error_message or f"{stage}: {reason}: {error}"[:500]
