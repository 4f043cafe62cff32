"""What every extractor needs of one page, in one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.urls import Resolver
from linkmedia_scrapy.rules import PageRules

__all__ = ["PageContext"]


@dataclass(slots=True)
class PageContext:
    """One page while it is read: its document, the URLs and rules as they apply to it, and a count of what is left out and why."""

    url: str
    document: Document
    resolver: Resolver
    rules: PageRules
    config: LinkMediaConfig
    dropped: dict[str, dict[str, int]] = field(default_factory=dict)
    json_ld: list[tuple[str, Any]] | None = None
    """The texts of the page's JSON-LD scripts and their values; None until `structured.json_ld` has read them."""

    def http_url(self, reference: str | None) -> str | None:
        """The absolute URL of a reference to something that can be fetched: http(s), and files where the page is one; else None."""
        url = self.resolver.resolve(reference) if reference and not reference.isspace() else None
        if url is None or url.startswith(("https://", "http://")):
            return url
        return url if url.startswith("file:") and self.url.startswith("file:") else None

    def drop(self, record: str, reason: str) -> None:
        """Count a record that is left out."""
        reasons = self.dropped.get(record)
        if reasons is None:
            reasons = self.dropped[record] = {}
        reasons[reason] = reasons.get(reason, 0) + 1
