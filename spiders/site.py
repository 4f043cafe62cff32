"""`scrapy crawl site -a url=https://example.com`: a whole site, by following its internal links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.linkextractors import IGNORED_EXTENSIONS

from linkmedia_scrapy import ConfigError, LinkItem, extract_response
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.sites import PageSite
from linkmedia_scrapy.extraction.urls import host_of
from linkmedia_scrapy.responses import is_html
from spiders.base import ReadySpider

_SCOPES = ("site", "host", "origin")
_FOLLOW = {"extract": ["links"], "link_kinds": ["a", "area", "iframe"], "exclude_external_links": False, "exclude_internal_links": False}
_FILE_ENDINGS = tuple("." + extension for extension in IGNORED_EXTENSIONS)


class SiteSpider(ReadySpider, Spider):
    """The records of a site's pages, in the order in which links lead to them."""

    name = "site"
    arguments = ("url", "scope", "depth", "pages")
    usage = "-a url=https://example.com [-a scope=site|host|origin] [-a depth=N] [-a pages=N]"

    def read_arguments(self, arguments: dict[str, str]) -> None:
        """url: where to begin; scope: what belongs to the site; depth: links from there at most; pages: how many at most."""
        self.start_urls = self.urls_to_begin_with(arguments)
        config = LinkMediaConfig.from_settings(self.settings)
        scope = arguments.get("scope") or config.internal_scope
        if scope not in _SCOPES:
            raise ConfigError(f"spider {self.name}: scope = {scope!r}: must be one of {', '.join(_SCOPES)}")
        self._sites = [PageSite(url, scope, config.private_suffixes, config.own_domains) for url in self.start_urls]
        self._depth = self.whole_number(arguments, "depth", 0)
        self._pages = self.whole_number(arguments, "pages", 1)
        self._follow_config, _ = config.for_page(_FOLLOW)

    async def start(self) -> AsyncIterator[Any]:
        """The pages to begin with."""
        for url in self.start_urls:
            if self._may_ask(url):
                yield Request(url)

    def parse(self, response: Response) -> Any:
        """A page's records, then the internal pages that it links to."""
        yield from self.linkmedia(response)
        depth = response.meta.get("depth", 0)
        if depth == 0 and not self._is_of_site(response.url):
            self.logger.warning(
                "%s has led to %s, which does not belong to the site: links there are not followed; begin with -a url=%s to have them",
                *(response.meta.get("redirect_urls", ["the start"])[0], response.url, response.url),
            )
        if not is_html(response) or (self._depth is not None and depth >= self._depth):
            return
        for link in extract_response(response, self._follow_config).links:
            if self._leads_on(link) and self._may_ask(link.url):
                yield response.follow(link.url)

    def _leads_on(self, link: LinkItem) -> bool:
        return not link.nofollow and not _is_file(link.url) and self._is_of_site(link.url)

    def _is_of_site(self, url: str) -> bool:
        host = host_of(url)
        return any(site.is_internal(url, host) for site in self._sites)

    def _may_ask(self, url: str) -> bool:
        asked: set[str] = self.state.setdefault("asked", set())
        page = url.partition("#")[0]
        if page in asked or (self._pages is not None and len(asked) >= self._pages):
            return False
        asked.add(page)
        return True


def _is_file(url: str) -> bool:
    return urlsplit(url).path.lower().endswith(_FILE_ENDINGS)
