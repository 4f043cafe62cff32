"""What all records can do: they are items that every part of Scrapy takes.

A record also takes ``record["field"]``, as the items of most pipelines do; a name that it does not declare is kept beside its fields,
exported after them, and None where nobody set it, so that a pipeline written for another item does not lose it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import MISSING
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from itemadapter import ItemAdapter
from itemadapter.adapter import DataclassAdapter

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Record", "plain"]


class Record:
    """What all records can do. Equality is by fields."""

    __slots__ = ("_added", "_asked_for_media", "_judged", "_undeclared")
    __hash__ = None  # type: ignore[assignment]  # mutable
    __dataclass_fields__: ClassVar[dict[str, Any]]
    holds: ClassVar[Container[str]] = ()
    """The names of the fields that hold records."""
    record: str
    """The name of its kind of record: link, image …"""

    def __getitem__(self, name: str | int) -> Any:
        """The value of a name; for ``iter()`` the names by number, since Scrapy takes what has an ``__iter__`` for a list of items."""
        if isinstance(name, int):
            return self.keys()[name]
        if name in self.__dataclass_fields__:
            return getattr(self, name)
        return self.undeclared.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.__dataclass_fields__:
            setattr(self, name, value)
        else:
            self._undeclared = {**self.undeclared, name: value}

    def __delitem__(self, name: str) -> None:
        """Take out what was set beside the fields; a field, which feeds have a column for, has its default again.

        :raises KeyError: for the name of its kind, which every record keeps; ItemAdapter's `clear`, which goes on until then, ends there.
        """
        if name == "record":
            raise KeyError(name)
        field = self.__dataclass_fields__.get(name)
        if field is not None:
            setattr(self, name, field.default if field.default_factory is MISSING else field.default_factory())
        else:
            self._undeclared = {key: value for key, value in self.undeclared.items() if key != name}

    def __contains__(self, name: object) -> bool:
        return name in self.__dataclass_fields__ or name in self.undeclared

    def __len__(self) -> int:
        return len(self.keys())

    def keys(self) -> list[str]:
        """The names of the fields, in order, and of what was set beside them."""
        return [*self.__dataclass_fields__, *self.undeclared]

    def values(self) -> list[Any]:
        """The values of `keys`."""
        return [self[name] for name in self.keys()]

    def items(self) -> list[tuple[str, Any]]:
        """The names with their values."""
        return [(name, self[name]) for name in self.keys()]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or of what was set beside the fields; `default` where there is no such name."""
        return self[name] if name in self else default

    def setdefault(self, name: str, default: Any = None) -> Any:
        """The value of a name, which is set to `default` first where there is no such name."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, default: Any = None) -> Any:
        """The value of a name, which is taken out; `default` where there is no such name."""
        value = self.get(name, default)
        del self[name]
        return value

    def copy(self) -> Self:
        """A copy, whose lists are the same ones."""
        return copy(self)

    def update(self, values: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **more: Any) -> None:
        """Set several names at once."""
        for name, value in dict(values, **more).items():
            self[name] = value

    @property
    def judged(self) -> bool:
        """Whether the rules have had their say, by the settings of its page. `copy.copy` keeps that, `replace` does not."""
        return getattr(self, "_judged", False)

    @property
    def added(self) -> bool:
        """Whether it came by itself, after what a callback yielded, rather than out of the callback."""
        return getattr(self, "_added", False)

    @added.setter
    def added(self, value: bool) -> None:
        self._added = value

    @property
    def undeclared(self) -> dict[str, Any]:
        """What was set under names that the record does not declare."""
        return getattr(self, "_undeclared", None) or {}

    def to_dict(self) -> dict[str, Any]:
        """The fields in order, as plain values that JSON can hold."""
        return {name: plain(value) for name, value in self.items()}

    def _summary(self) -> str:
        """What `str()` says of the record besides its class."""
        raise NotImplementedError

    def __str__(self) -> str:
        line = " ".join(f"<{type(self).__name__} {self._summary()}>".split())  # Scrapy logs it: one line
        return line if len(line) <= 200 else line[:198] + "…>"


def plain(value: Any) -> Any:
    """A value as plain ones that JSON can hold."""
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value


_MEDIA_RESULTS: Final = frozenset({"files", "images"})
"""Where Scrapy's media pipelines put what they have downloaded."""


class _RecordAdapter(DataclassAdapter):
    """Lets ``ItemAdapter(record)["name"] = value`` work for names that the record does not declare."""

    @classmethod
    def is_item(cls, item: Any) -> bool:
        return isinstance(item, Record)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        return issubclass(item_class, Record)

    def __getitem__(self, field_name: str) -> Any:
        """The value; of a name that nobody set None, or [] where it is what Scrapy's media pipelines look for, which want a list."""
        if field_name.endswith("_urls") and field_name not in self.item:
            self.item._asked_for_media = True  # noqa: SLF001 - of the record's own, and for nobody else
            return []
        return self.item[field_name]

    def __setitem__(self, field_name: str, value: Any) -> None:
        """Set a field.

        :raises KeyError: for what Scrapy's media pipelines leave in every item: the files of no URLs, or any where a page item has its
            image records. They take it for an item without such a field.
        """
        if field_name in _MEDIA_RESULTS:
            of_no_urls = not value and getattr(self.item, "_asked_for_media", False)
            self.item._asked_for_media = False  # noqa: SLF001
            if of_no_urls or (field_name in self.item.holds and not all(isinstance(entry, Record) for entry in value)):
                raise KeyError(field_name)
        self.item[field_name] = value

    def __delitem__(self, field_name: str) -> None:
        del self.item[field_name]

    def get_field_meta(self, field_name: str) -> MappingProxyType[str, Any]:
        return super().get_field_meta(field_name) if field_name in self.item.__dataclass_fields__ else MappingProxyType({})

    def __iter__(self) -> Iterator[str]:
        return iter(self.item.keys())

    def __len__(self) -> int:
        return len(self.item.keys())


ItemAdapter.ADAPTER_CLASSES = deque((_RecordAdapter, *ItemAdapter.ADAPTER_CLASSES))  # a deque still: others add to it
