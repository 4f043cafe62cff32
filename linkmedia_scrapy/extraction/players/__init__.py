"""Players: videos and audio in elements, embedded players of services, metadata and links; one record a medium.

`elements` and `declared` find, `embeds` knows players and `providers` services by their URLs, `merging` puts together what is said of the
same medium. Only what the page says: nobody is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.players.declared import json_ld_findings, meta_findings
from linkmedia_scrapy.extraction.players.elements import element_findings, link_findings
from linkmedia_scrapy.extraction.players.merging import records

__all__ = ["extract_players"]


def extract_players(page: PageContext, wanted: Iterable[str]) -> dict[str, list[Any]]:
    """The page's `videos` and `audios` (those of them that are `wanted`): what it shows in document order, then what it only names.

    What a video or audio element has no URL for is counted as no_url; what the rules leave out by their reasons.
    """
    links = page.document.elements("link:is([as],[rel~=enclosure],[itemprop])")
    findings = [*element_findings(page), *link_findings(page, links), *json_ld_findings(page), *meta_findings(page, links)]
    if not findings:
        return {name: [] for name in wanted}
    return records(page, findings, wanted)
