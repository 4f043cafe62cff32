"""Filters of feeds (``item_filter``): over the one that a feed has, what our records and page items are to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scrapy.extensions.feedexport import ItemFilter
from scrapy.utils.misc import load_object

from linkmedia_scrapy.items import RECORDS, PageItem, Record

if TYPE_CHECKING:
    from linkmedia_scrapy.pagerecords import PageRecords

__all__ = ["ForeignItemFilter", "UnfoldingItemFilter", "YieldedItemFilter"]

_ORIGINAL_FILTER: Final = "linkmedia_original_item_filter"
_LET_IN: Final = "linkmedia_let_in"


class _WrappingFilter(ItemFilter):
    """A filter over the one that the feed has."""

    def __init__(self, feed_options: dict[str, Any] | None) -> None:
        super().__init__(feed_options)
        original = (feed_options or {}).get(_ORIGINAL_FILTER)
        self._original = load_object(original)(feed_options) if original is not None else None

    @classmethod
    def wrap(cls, options: dict[str, Any]) -> dict[str, Any]:
        """A feed's options with this filter over the one that they have."""
        return {**options, "item_filter": cls, _ORIGINAL_FILTER: options.get("item_filter")}

    def _takes(self, item: Any) -> bool:
        return bool(self._original.accepts(item)) if self._original is not None else bool(super().accepts(item))


class UnfoldingItemFilter(_WrappingFilter):
    """Accepts what the feed's own filter accepts, and page items that hold records of the feed's kinds.

    Attributes:
        kinds: those of which it takes all records.
        reached: whether it was asked about a page item, or accepted anything else.

    """

    def __init__(self, feed_options: dict[str, Any] | None) -> None:
        super().__init__(feed_options)
        self._records: PageRecords = (feed_options or {})["item_export_kwargs"]["page_records"]
        self.kinds = [name for name, kind in RECORDS.items() if kind in self.item_classes and self._original is None]
        self.reached = False

    def accepts(self, item: Any) -> bool:
        """Whether the item goes into the feed."""
        if isinstance(item, PageItem):
            self.reached = True
            return self._records.any(item)
        taken = self._takes(item)
        self.reached = self.reached or taken
        return taken


class ForeignItemFilter(_WrappingFilter):
    """Accepts what the feed's own filter accepts, our records apart: the feed stays as it was before there were any."""

    def accepts(self, item: Any) -> bool:
        """Whether the item goes into the feed."""
        return not isinstance(item, Record) and self._takes(item)


class YieldedItemFilter(ForeignItemFilter):
    """Accepts what the feed's own filter accepts, but for records that came by themselves: what callbacks yield is the spider's own.

    The records of one kind may be let in: where a crawl extracts no other, these and the spider's items share their columns, which
    captures and errors would not.
    """

    @classmethod
    def letting_in(cls, options: dict[str, Any], kind: str | None) -> dict[str, Any]:
        """The same, with the records of one kind (a name of `RECORDS`) let in."""
        return {**cls.wrap(options), _LET_IN: kind}

    def __init__(self, feed_options: dict[str, Any] | None) -> None:
        super().__init__(feed_options)
        name = (feed_options or {}).get(_LET_IN)
        self._let_in = (PageItem, RECORDS[name]) if name is not None else ()

    def accepts(self, item: Any) -> bool:
        """Whether the item goes into the feed."""
        return not (isinstance(item, Record) and item.added and not isinstance(item, self._let_in)) and self._takes(item)
