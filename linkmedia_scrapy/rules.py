"""What is left out, and why: one class decides for links, images, players and tables, in extraction and in pipelines alike.

A decision is a reason code ("" to keep), which is counted as ``linkmedia/dropped_count/<record>/<reason>``:
excluded_domain, social_media, external, internal, score, all_images, min_rows, min_columns. Imports no Scrapy.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.sites import PageSite, host_matches
from linkmedia_scrapy.extraction.urls import host_of, normalize
from linkmedia_scrapy.items import AudioItem, ImageItem, LinkItem, Record, TableItem, VideoItem

__all__ = ["PageRules", "Rules", "Verdict"]

_PLAYERS_STAY: Final = "video"  # the class of social media whose players are contents, not decoration


class Verdict(NamedTuple):
    """What the rules say of the URLs of one host, seen from one page."""

    base_domain: str
    scope: str
    link: str
    """The reason to leave a link out, "" to keep it; likewise for images and players."""
    image: str
    player: str


class Rules:
    """The rules of one configuration."""

    def __init__(self, config: LinkMediaConfig) -> None:
        self.config = config
        self._social = dict(sorted(config.social_media_domains))  # of two classes of a domain the same one in every crawl

    def for_page(self, page_url: str) -> PageRules:
        """The rules as they apply to what stands in the page at `page_url`."""
        return PageRules(self, normalize(page_url) or page_url)

    def domain_reason(self, host: str, *, player: bool = False) -> str:
        """Why nothing of this host is kept, whatever site the page belongs to; "" where nothing speaks against it."""
        config = self.config
        if host_matches(host, config.exclude_domains) is not None:
            return "excluded_domain"
        if host_matches(host, config.exclude_social_media_domains) is not None:
            return "social_media"
        if config.exclude_social_media_links and host_matches(host, config.social_media_except) is None:
            entry = host_matches(host, self._social)
            if entry is not None and not (player and self._social[entry] == _PLAYERS_STAY):
                return "social_media"
        return ""


class PageRules:
    """The rules as they apply to one page; what they say is remembered by scheme and authority.

    `may_drop_images` is False where no rule can leave an image out for its URL.
    """

    def __init__(self, rules: Rules, page_url: str) -> None:
        config = rules.config
        self._rules = rules
        self.config = config
        self.may_drop_images = bool(
            config.exclude_domains
            or config.exclude_social_media_domains
            or config.exclude_social_media_links
            or config.exclude_external_images
        )
        self._site = PageSite(page_url, config.internal_scope, config.private_suffixes, config.own_domains)
        self._verdicts: dict[str, Verdict] = {}
        self._last_start = ""
        self._last_verdict: Verdict | None = None

    def judge(self, url: str) -> Verdict:
        """What the rules say of an absolute URL as the URL standard writes it. A `data:` URL is internal, and nothing speaks against it."""
        if self._last_verdict is not None and url.startswith(self._last_start):  # links to one host stand together
            return self._last_verdict
        end = url.find("/", url.find(":") + 3)
        key = url[:end] if end > 0 else url  # scheme and authority, where there is one
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._verdict(url, host_of(url))
        if end > 0:
            self._last_start, self._last_verdict = url[: end + 1], verdict
        return verdict

    def image_reason(self, score: float) -> str:
        """Why an image with this score is left out; "" where it is kept."""
        return _score_reason(score, self.config.image_score_threshold)

    def table_reason(self, score: float | None, rows: int, columns: int) -> str:
        """Why a table is left out; "" where it is kept.

        :param score: None where nobody has scored it.
        :param rows: those below the header rows.
        """
        if rows < self.config.table_min_rows:
            return "min_rows"
        if columns < self.config.table_min_columns:
            return "min_columns"
        return _score_reason(score, self.config.table_score_threshold) if score is not None else ""

    def judge_foreign(self, url: str) -> Verdict:
        """The same of a URL from elsewhere, which need not be as the standard writes it."""
        return self.judge(normalize(url) or url)

    def _verdict(self, url: str, host: str) -> Verdict:
        if url[:5] == "data:":  # what stands in the page itself is of no other site
            return Verdict(base_domain="", scope="internal", link="", image="", player="")
        config = self.config
        internal = self._site.is_internal(url, host)
        everywhere = self._rules.domain_reason(host)
        link = image = everywhere
        if not link and internal and config.exclude_internal_links:
            link = "internal"
        if not link and not internal and config.exclude_external_links:
            link = "external"
        if not image and not internal and config.exclude_external_images and host_matches(host, config.image_domains) is None:
            image = "external"
        return Verdict(
            base_domain=self._site.base_domain(host),
            scope="internal" if internal else "external",
            link=link,
            image=image,
            player=self._rules.domain_reason(host, player=True) if everywhere else "",
        )

    def reason(self, record: Record) -> str:
        """Why a record that was made elsewhere is left out; "" where it is kept. Fills in its `base_domain` and `scope`.

        What nobody has scored is not judged by its score.
        """
        if isinstance(record, TableItem):
            score = record.score if record.score_parts else None
            return self.table_reason(score, len(record.rows), max(map(len, record.grid()), default=0))
        if isinstance(record, LinkItem):
            if record.kind == "contact":
                return ""
            verdict = self.judge_foreign(record.url)
            record.base_domain, record.scope = verdict.base_domain, verdict.scope
            return verdict.link
        if isinstance(record, ImageItem):
            verdict = self.judge_foreign(record.src)
            record.base_domain, record.scope = verdict.base_domain, verdict.scope
            if self.config.exclude_all_images:
                return "all_images"
            if verdict.image or not record.score_parts:
                return verdict.image
            return self.image_reason(record.score)
        if isinstance(record, VideoItem | AudioItem):
            verdict = self.judge_foreign(record.src)
            record.base_domain, record.scope = verdict.base_domain, verdict.scope
            return verdict.player
        return ""


def _score_reason(score: float, threshold: float | None) -> str:
    """Why a record with this score is left out: it is below the threshold; "" where it is kept."""
    return "score" if threshold is not None and score < threshold else ""
