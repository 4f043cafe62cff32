"""Records: the order of their fields, which is public, and what other people's code does with them."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from itemadapter import ItemAdapter, is_item
from itemadapter.adapter import DictAdapter
from scrapy.utils.spider import iterate_spider_output

from linkmedia_scrapy import AudioItem, CaptureItem, ErrorItem, ImageItem, LinkItem, PageItem, TableItem, VideoItem, extract
from linkmedia_scrapy.items import RECORDS, Record

_PLAYER = (
    "record page_url kind src sources poster tracks provider provider_id canonical_url embed_url title desc duration width height type mime_type "
    "group_id score base_domain scope region heading path checksum size"
).split()

FIELDS: dict[type[Record], list[str]] = {
    LinkItem: (
        "record page_url kind url raw_href text title base_domain scope rel nofollow target hreflang mime_type download region heading "
        "occurrences score"
    ).split(),
    ImageItem: (
        "record page_url kind src alt title desc caption score score_parts type group_id format width height variants placeholder_src "
        "lazy base_domain scope link_url is_main region heading occurrences natural_width natural_height displayed_width "
        "displayed_height visible path checksum size"
    ).split(),
    VideoItem: _PLAYER,
    AudioItem: _PLAYER,
    TableItem: (
        "record page_url kind headers rows caption summary title score score_parts header_rows row_header_columns cell_links id "
        "css_class region heading path truncated"
    ).split(),
    CaptureItem: (
        "record page_url kind path checksum size width height complete reason images_total images_loaded images_failed scroll_steps "
        "elapsed_ms data"
    ).split(),
    ErrorItem: "record page_url kind stage reason message".split(),
    PageItem: "record url status links images videos audios tables captures errors dropped success error_message".split(),
}
"""The order of the columns of CSV feeds: public, changed only with the major version."""

CLASSES = list(FIELDS)


@pytest.mark.parametrize("item_class", CLASSES)
def test_fields(item_class: type[Record]) -> None:
    """The fields and their order are those that are promised."""
    assert [item.name for item in dataclasses.fields(item_class)] == FIELDS[item_class]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item_class", "record"),
    [
        (LinkItem, "link"),
        (ImageItem, "image"),
        (VideoItem, "video"),
        (AudioItem, "audio"),
        (TableItem, "table"),
        (CaptureItem, "capture"),
        (ErrorItem, "error"),
        (PageItem, "page"),
    ],
)
def test_record_names(item_class: type[Record], record: str) -> None:
    """Every record says what it is in its first field."""
    assert item_class()["record"] == record
    assert next(iter(item_class())) == "record"


def test_records_by_plural() -> None:
    """The plurals name the fields of a page, in the order in which it yields its records."""
    assert list(RECORDS) == ["links", "images", "videos", "audios", "tables", "captures", "errors"]
    page = PageItem(**{name: [record_class()] for name, record_class in RECORDS.items()})
    assert [type(record) for record in page.records()] == list(RECORDS.values())


@pytest.mark.parametrize("item_class", CLASSES)
def test_keyword_only(item_class: type[Record]) -> None:
    """Records take keywords only, so that the order of fields is no order of arguments, and no unknown ones."""
    with pytest.raises(TypeError):
        item_class("link")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        item_class(no_such=1)  # type: ignore[call-arg]


def test_defaults_are_not_shared() -> None:
    """Two records have lists of their own."""
    first, second = ImageItem(), ImageItem()
    first.variants.append({})
    first.score_parts["x"] = 1
    assert (second.variants, second.score_parts) == ([], {})


def test_items_by_name() -> None:
    """Declared fields are read and written as items, too."""
    link = LinkItem(url="http://e.example/")
    assert link["url"] == "http://e.example/"
    link["text"] = "t"
    assert link.text == "t"
    assert "text" in link
    assert link.get("text") == "t"
    assert dict(link)["text"] == "t"
    assert list(link) == FIELDS[LinkItem] == link.keys()


def test_undeclared_names() -> None:
    """A name that a record does not declare is None until somebody sets it, and then kept after the fields."""
    link = LinkItem()
    assert link["price"] is None
    assert "price" not in link
    assert link.get("price", 5) == 5
    link["price"] = 1
    link["seen"] = True
    link["price"] = 2
    assert (link["price"], link.get("price"), "price" in link) == (2, 2, True)
    assert link.keys() == [*FIELDS[LinkItem], "price", "seen"]
    assert link.to_dict()["price"] == 2
    assert LinkItem()["price"] is None
    with pytest.raises(AttributeError):
        link.price = 3  # type: ignore[attr-defined]


def test_methods_of_dicts() -> None:
    """What pipelines written for dicts call: names that are there keep their values, others are set beside the fields."""
    link = LinkItem(text="t")
    assert (link.setdefault("text", "u"), link.setdefault("currency", "EUR"), link["currency"]) == ("t", "EUR", "EUR")
    link.update({"text": "v", "currency": "USD"}, seen=True)
    link.update([("title", "w")])
    assert (link.text, link["currency"], link["seen"], link.title) == ("v", "USD", True, "w")
    assert link.items() == [(name, link[name]) for name in (*FIELDS[LinkItem], "currency", "seen")]
    assert (len(link), link.values()) == (len(FIELDS[LinkItem]) + 2, [value for _, value in link.items()])
    clone = link.copy()
    clone["text"] = "x"
    assert (link.text, clone["currency"]) == ("v", "USD")


@pytest.mark.parametrize("of", [lambda record: record, ItemAdapter], ids=["record", "adapter"])
def test_taking_out(of: Callable[[Record], Any]) -> None:
    """What was set beside the fields goes, a field has its default again, and what was never there is no error; its kind a record keeps."""
    link = LinkItem(text="t", rel=["a"])
    link["seen"] = True
    assert (of(link).pop("seen"), of(link).pop("text"), of(link).pop("price", None)) == (True, "t", None)
    del of(link)["rel"]
    assert link == LinkItem()
    assert link.keys() == FIELDS[LinkItem]
    with pytest.raises(KeyError):
        del of(link)["record"]


def test_returned_rather_than_yielded() -> None:
    """A callback may return one record, as any item: Scrapy takes it for one, and not for a list."""
    page = PageItem(links=[LinkItem()])
    assert list(iterate_spider_output(page)) == [page]


def test_item_adapter() -> None:
    """ItemAdapter works on a record as on any item, for names that it does not declare, too."""
    link = LinkItem(url="u", rel=["a"])
    assert is_item(link)
    assert ItemAdapter.is_item_class(LinkItem)
    adapter = ItemAdapter(link)
    adapter["text"] = "t"
    adapter["extra"] = {"x": 1}
    assert (link.text, link["extra"], adapter["extra"], adapter.get("none")) == ("t", {"x": 1}, {"x": 1}, None)
    assert list(adapter) == [*FIELDS[LinkItem], "extra"]
    assert len(adapter) == len(FIELDS[LinkItem]) + 1
    assert adapter.asdict() == {**link.to_dict()}
    assert list(adapter.field_names()) == FIELDS[LinkItem]
    assert ItemAdapter.get_field_names_from_class(LinkItem) == FIELDS[LinkItem]


def test_item_adapter_for_media_pipelines() -> None:
    """Scrapy's media pipelines find no URLs, and what they note of an item without any is not set; what anybody else sets is."""
    link, page = ItemAdapter(LinkItem()), ItemAdapter(PageItem(images=[ImageItem()]))
    for adapter in (link, page):
        assert adapter.get("image_urls", []) == adapter.get("my_urls") == []
        with pytest.raises(KeyError):
            adapter["images"] = []
    assert "images" not in link.item
    assert page["images"] == [ImageItem()]
    with pytest.raises(KeyError):
        page["images"] = [{"path": "a.jpg"}]
    link["files"] = page["images"] = []
    assert (link["files"], page["images"]) == ([], [])


def test_item_adapter_of_nested_records() -> None:
    """A page's records are turned into dicts with it."""
    page = PageItem(links=[LinkItem(text="t")])
    assert ItemAdapter(page).asdict()["links"][0]["text"] == "t"


def test_item_adapter_stays_open_for_others() -> None:
    """Others still add adapters in the documented way, and their items are theirs."""
    assert isinstance(ItemAdapter.ADAPTER_CLASSES, deque)
    ItemAdapter.ADAPTER_CLASSES.appendleft(DictAdapter)
    try:
        assert ItemAdapter({"a": 1})["a"] == 1
        assert ItemAdapter(LinkItem(text="t"))["text"] == "t"
    finally:
        ItemAdapter.ADAPTER_CLASSES.popleft()


def test_item_adapter_leaves_other_dataclasses_alone() -> None:
    """A dataclass of the user's own is as strict as it was."""

    @dataclasses.dataclass
    class Mine:
        name: str = ""

    with pytest.raises(KeyError):
        ItemAdapter(Mine())["other"] = 1


_NASTY = "line one\nline two\r\x85\u2028\t" * 200

LONG: list[Record] = [
    LinkItem(url="http://e.example/" + "a" * 5000, text=_NASTY),
    ImageItem(src="x" * 5000, alt=_NASTY),
    VideoItem(src="x" * 5000, title=_NASTY),
    AudioItem(src="x" * 5000, title=_NASTY),
    TableItem(caption=_NASTY, page_url="x" * 5000),
    CaptureItem(path="x" * 5000),
    ErrorItem(message=_NASTY, reason=_NASTY),
    PageItem(url="x" * 5000 + "\n"),
]


@pytest.mark.parametrize("record", [*LONG, *(item_class() for item_class in CLASSES)], ids=lambda record: type(record).__name__)
def test_str(record: Record) -> None:
    """Scrapy logs `str(item)`: one line, at most 200 characters, that begins with the class."""
    line = str(record)
    assert len(line) <= 200
    assert len(line.splitlines()) == 1
    assert line.startswith(f"<{type(record).__name__} ")
    assert line.endswith(">")


def test_str_is_cut_no_sooner_than_it_must() -> None:
    """A line of 200 characters stands as it is; of a longer one there are 200."""
    lines = [str(ErrorItem(message="x" * length)) for length in range(170, 190)]
    assert [len(line) for line in lines] == [min(len(lines[0]) + more, 200) for more in range(20)]
    assert [line for line in lines if "…" not in line][-1].endswith("x'>")
    assert len([line for line in lines if "…" not in line][-1]) == 200


def test_str_says_what_it_is() -> None:
    """The line holds what tells one record from another."""
    assert str(LinkItem(url="http://e.example/x", text="a text")) == "<LinkItem a http://e.example/x 'a text'>"
    assert (
        str(PageItem(url="http://e.example/", links=[LinkItem()] * 2, errors=[ErrorItem()]))
        == "<PageItem http://e.example/ 2 links, 1 errors>"
    )


def _samples() -> list[Record]:
    page = extract(
        "<a href=x>t</a><img src=a.jpg width=800 height=600><video src=v.mp4></video><audio src=s.mp3></audio>"
        "<table><caption>c</caption><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<td>4</table>",
        "http://e.example/",
    )
    return [*page.records(), CaptureItem(path="p"), ErrorItem(message="m"), page]


@pytest.mark.parametrize("record", _samples(), ids=lambda record: type(record).__name__)
@pytest.mark.parametrize(
    "clone",
    [
        copy.copy,
        copy.deepcopy,
        *(
            lambda record, protocol=protocol: pickle.loads(pickle.dumps(record, protocol))
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
)
def test_copies(record: Record, clone: Any) -> None:
    """A copy, and a pickled record, are equal, keep what was set beside the fields, and go their own way."""
    record = copy.deepcopy(record)
    record["beside"] = [1]
    twin = clone(record)
    assert twin == record
    assert type(twin) is type(record)
    assert twin["beside"] == [1]
    assert twin.to_dict() == record.to_dict()
    twin["beside"] = [2]
    twin["page_url"] = "other"
    assert record["beside"] == [1]
    assert record["page_url"] != "other"


def test_equality() -> None:
    """Records are equal by class and fields, and have no hash: they change."""
    assert LinkItem(url="a") == LinkItem(url="a")
    assert LinkItem(url="a") != LinkItem(url="b")
    assert VideoItem() != AudioItem()
    with pytest.raises(TypeError):
        hash(LinkItem())


@pytest.mark.parametrize("record", _samples(), ids=lambda record: type(record).__name__)
def test_plain_values(record: Record) -> None:
    """`to_dict` holds what JSON can hold, fields in order."""
    plain = record.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    if not isinstance(record, PageItem):
        assert list(plain) == FIELDS[type(record)]


def test_plain_values_of_undeclared_fields() -> None:
    """So is what other pipelines put into a record, however deep."""
    item = LinkItem(url="u")
    item["checked"] = {"by": [{"link": LinkItem(url="v")}, (1, 2)]}
    assert item.to_dict()["checked"] == {"by": [{"link": LinkItem(url="v").to_dict()}, [1, 2]]}


def test_subclasses() -> None:
    """A record class may be subclassed with fields of its own."""

    @dataclasses.dataclass(slots=True, kw_only=True)
    class Priced(LinkItem):
        price: int = 0

    item = Priced(url="u", price=3)
    assert (item["price"], item.to_dict()["price"], item.keys()[-1]) == (3, 3, "price")


def test_page_to_dict() -> None:
    """A page's dict has the shape that Crawl4AI's results have."""
    page = PageItem(
        url="u",
        links=[LinkItem(url="i", scope="internal"), LinkItem(url="e", scope="external", text="t")],
        images=[ImageItem(src="s")],
        captures=[CaptureItem(kind="screenshot", data="aGk="), CaptureItem(kind="pdf", path="p.pdf")],
    )
    plain = page.to_dict()
    assert list(plain) == ["url", "success", "error_message", "links", "media", "screenshot", "pdf", "mhtml", "captures"]
    assert [link["href"] for link in plain["links"]["internal"]] == ["i"]
    assert [(link["href"], link["text"]) for link in plain["links"]["external"]] == [("e", "t")]
    assert list(plain["media"]) == ["images", "videos", "audio", "tables"]
    assert (plain["screenshot"], plain["pdf"], plain["mhtml"]) == ("aGk=", None, None)
    assert [capture["path"] for capture in plain["captures"]] == [None, "p.pdf"]
    json.dumps(plain)
    assert PageItem().to_dict()["links"] == {"internal": [], "external": []}
