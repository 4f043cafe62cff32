"""Which records of a page item a feed takes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from scrapy.utils.misc import load_object

from linkmedia_scrapy.items import RECORDS, PageItem, Record

__all__ = ["PageRecords"]


class PageRecords:
    """Which records of a page item a feed takes: those that it would take as items."""

    def __init__(self, names: tuple[str, ...], classes: tuple[type, ...], accepts: Callable[[Record], bool] | None) -> None:
        self._names = names
        self._classes = classes
        self._accepts = accepts

    @classmethod
    def of(cls, options: dict[str, Any]) -> PageRecords | None:
        """Those of a feed with these options; None where its `item_classes` name no record class, or page items themselves."""
        try:
            classes = tuple(load_object(entry) for entry in options.get("item_classes") or ())
            names = tuple(
                name for name, kind in RECORDS.items() if any(issubclass(kind, entry) or issubclass(entry, kind) for entry in classes)
            )
            if not names or PageItem in classes:
                return None
            original = options.get("item_filter")
            return cls(names, classes, load_object(original)(options).accepts if original is not None else None)
        except Exception:
            return None  # Scrapy loads them, too, and says what is wrong

    def any(self, page: PageItem) -> bool:
        """Whether the page has records of the feed's kinds."""
        return any(getattr(page, name) for name in self._names)

    def of_page(self, page: PageItem) -> list[Record]:
        """The records, kind by kind, each kind in the order of the page."""
        records: list[Record] = list(chain.from_iterable(getattr(page, name) for name in self._names))
        if self._accepts is not None:
            return [record for record in records if self._accepts(record)]
        if all(issubclass(kind, self._classes) for kind in set(map(type, records))):
            return records
        return [record for record in records if isinstance(record, self._classes)]
