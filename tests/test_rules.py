"""Rules: what is left out of a page and why, and the same of records from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linkmedia_scrapy import AudioItem, ErrorItem, ImageItem, LinkItem, LinkMediaConfig, PageItem, TableItem, VideoItem, extract
from linkmedia_scrapy.rules import Rules

PAGE = "https://www.example.com/"


def link_reason(url: str, page: str = PAGE, **settings: Any) -> str:
    """Why a link is left out of a page; "" where it is kept."""
    found = extract(f"<a href='{url}'>t</a>", page, config=LinkMediaConfig(**settings))
    if found.links:
        assert found.dropped == {}
        return ""
    ((reason, count),) = found.dropped["link"].items()
    assert count == 1
    return reason


LINK_RULES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "https://www.facebook.com/x", ""),
    ({"exclude_external_links": True}, "https://other.example/", "external"),
    ({"exclude_external_links": True}, "https://shop.example.com/", ""),
    ({"exclude_external_links": True, "own_domains": ["other.example"]}, "https://a.other.example/", ""),
    ({"exclude_external_links": True, "internal_scope": "host"}, "https://shop.example.com/", "external"),
    ({"exclude_internal_links": True}, "https://shop.example.com/", "internal"),
    ({"exclude_internal_links": True}, "https://other.example/", ""),
    ({"exclude_internal_links": True, "own_domains": ["other.example"]}, "https://other.example/", "internal"),
    ({"exclude_internal_links": True, "exclude_external_links": True}, "https://other.example/", "external"),
    ({"exclude_internal_links": True, "exclude_external_links": True}, "/x", "internal"),
    ({"exclude_domains": ["other.example"]}, "https://other.example/", "excluded_domain"),
    ({"exclude_domains": ["other.example"]}, "https://A.B.Other.Example:81/", "excluded_domain"),
    ({"exclude_domains": ["other.example"]}, "https://other.example./", "excluded_domain"),
    ({"exclude_domains": ["other.example"]}, "https://user@other.example/", "excluded_domain"),
    ({"exclude_domains": ["other.example"]}, "https://another.example/", ""),
    ({"exclude_domains": ["other.example"]}, "https://other.example.net/", ""),
    ({"exclude_domains": ["other.example"]}, "https://other.example@safe.example/", ""),
    ({"exclude_domains": ["sub.other.example"]}, "https://other.example/", ""),
    ({"exclude_domains": ["example.com"]}, "/x", "excluded_domain"),
    ({"exclude_domains": ["bücher.example"]}, "https://www.xn--bcher-kva.example/", "excluded_domain"),
    ({"exclude_domains": ["xn--bcher-kva.example"]}, "https://www.BÜCHER.example/", "excluded_domain"),
    ({"exclude_domains": ["192.0.2.1"]}, "http://192.0.2.1:8080/", "excluded_domain"),
    ({"exclude_domains": ["192.0.2.1"]}, "http://0xC0000201/", "excluded_domain"),
    ({"exclude_domains": ["[::1]"]}, "http://[0::1]/", "excluded_domain"),
    ({"exclude_domains": ["facebook.com"], "social_media_except": ["facebook.com"]}, "https://facebook.com/", "excluded_domain"),
    ({"exclude_social_media_links": True}, "https://www.facebook.com/x", "social_media"),
    ({"exclude_social_media_links": True}, "https://notfacebook.com/", ""),
    ({"exclude_social_media_links": True}, "https://facebook.com.evil.net/", ""),
    ({"exclude_social_media_links": True}, "https://www.youtube.com/watch?v=1", "social_media"),
    *(
        ({"exclude_social_media_links": True}, f"https://{host}/x", "social_media")
        for host in (
            "vk.com service.weibo.com t.me social-plugins.line.me line.naver.jp b.hatena.ne.jp mixi.jp band.us share.naver.com tv.naver.com "
            "story.kakao.com v.douyin.com live.bilibili.com v.qq.com wpa.qq.com connect.qq.com zalo.me xing.com connect.mail.ru ble.ir aparat.com"
        ).split()
    ),
    *(
        ({"exclude_social_media_links": True}, f"https://{host}/x", "")
        for host in "www.qq.com news.naver.com d.hatena.ne.jp e.mail.ru".split()
    ),
    ({"exclude_social_media_links": True, "social_media_except": ["facebook.com"]}, "https://www.facebook.com/x", ""),
    ({"exclude_social_media_links": True, "social_media_except": ["m.facebook.com"]}, "https://www.facebook.com/x", "social_media"),
    ({"exclude_social_media_links": True, "social_media_except": ["m.facebook.com"]}, "https://m.facebook.com/x", ""),
    ({"exclude_social_media_links": True, "social_media_domains": ["mine.example"]}, "https://www.facebook.com/x", ""),
    ({"exclude_social_media_links": True, "social_media_domains": ["mine.example"]}, "https://a.mine.example/x", "social_media"),
    ({"social_media_domains": ["mine.example"]}, "https://mine.example/x", ""),
    ({"exclude_social_media_domains": ["mine.example"]}, "https://a.mine.example/x", "social_media"),
    ({"exclude_social_media_domains": ["mine.example"]}, "https://www.facebook.com/x", ""),
    ({"exclude_social_media_domains": ["mine.example"], "social_media_except": ["mine.example"]}, "https://mine.example/x", "social_media"),
    ({"exclude_external_links": True, "exclude_social_media_links": True}, "https://www.facebook.com/x", "social_media"),
    ({"exclude_external_links": True, "exclude_domains": ["other.example"]}, "https://other.example/", "excluded_domain"),
]


@pytest.mark.parametrize(("settings", "url", "reason"), LINK_RULES)
def test_links(settings: dict[str, Any], url: str, reason: str) -> None:
    """A link is kept or left out, for the first reason that holds: domain, social medium, site."""
    assert link_reason(url, **settings) == reason


@pytest.mark.parametrize(("settings", "url", "reason"), [entry for entry in LINK_RULES if entry[1].startswith("http")])
def test_links_from_elsewhere(settings: dict[str, Any], url: str, reason: str) -> None:
    """A link that somebody else made is judged as one of a page is, and gets its scope."""
    record = LinkItem(page_url=PAGE, url=url, scope="?", base_domain="?")
    assert Rules(LinkMediaConfig(**settings)).for_page(PAGE).reason(record) == reason
    assert record.scope in {"internal", "external"}
    assert record.base_domain != "?"


@pytest.mark.parametrize(
    ("url", "scope", "domain"),
    [
        ("HTTPS://SHOP.EXAMPLE.COM", "internal", "example.com"),
        ("https://example.co", "external", "example.co"),
        ("https://example.com", "internal", "example.com"),
        ("https://BÜCHER.example", "external", "xn--bcher-kva.example"),
        ("not a url", "external", ""),
        ("", "external", ""),
        ("\ud800", "external", ""),
    ],
)
def test_urls_from_elsewhere_need_not_be_normal(url: str, scope: str, domain: str) -> None:
    """A URL as people write it is judged by its host, one after the other and in any order."""
    rules = Rules(LinkMediaConfig()).for_page("HTTPS://WWW.EXAMPLE.COM")
    for _ in range(2):
        rules.reason(LinkItem(url="https://example.co"))
        record = LinkItem(url=url)
        assert rules.reason(record) == ""
        assert (record.scope, record.base_domain) == (scope, domain)


def test_each_url_is_judged_by_its_own_host() -> None:
    """However long its scheme is, and whether or not a path follows: what is remembered of one host is of that host alone."""
    rules = Rules(LinkMediaConfig(exclude_domains=frozenset({"bad.example"}))).for_page(PAGE)
    for scheme in ("ftp", "http", "webcal", "view-source"):
        for path in ("", "/", "/a"):
            hosts = ("good.example", "bad.example", "b", "goof.example")
            reasons = [rules.reason(LinkItem(url=f"{scheme}://{host}{path}")) for host in hosts]
            assert reasons == ["", "excluded_domain", "", ""], scheme


def test_a_domain_of_two_classes() -> None:
    """The class that keeps players counts, in whatever order a set holds the two."""
    for turned in (False, True):

        class Ordered(frozenset[tuple[str, str]]):
            def __iter__(self, turned: bool = turned) -> Iterator[tuple[str, str]]:
                return iter(sorted(super().__iter__(), reverse=turned))

        config = LinkMediaConfig(exclude_social_media_links=True)
        object.__setattr__(config, "social_media_domains", Ordered([("tv.example", "network"), ("tv.example", "video")]))
        assert Rules(config).domain_reason("tv.example", player=True) == ""


@pytest.mark.parametrize(
    ("settings", "src", "reason"),
    [
        ({}, "https://cdn.example/a.jpg", ""),
        ({"exclude_external_images": True}, "https://cdn.example/a.jpg", "external"),
        ({"exclude_external_images": True}, "https://img.example.com/a.jpg", ""),
        ({"exclude_external_images": True, "image_domains": ["cdn.example"]}, "https://a.cdn.example/a.jpg", ""),
        ({"exclude_external_images": True, "image_domains": ["cdn.example"]}, "https://notcdn.example/a.jpg", "external"),
        ({"exclude_external_images": True, "own_domains": ["cdn.example"]}, "https://cdn.example/a.jpg", ""),
        ({"exclude_domains": ["cdn.example"], "image_domains": ["cdn.example"]}, "https://cdn.example/a.jpg", "excluded_domain"),
        ({"exclude_social_media_links": True}, "https://www.facebook.com/a.jpg", "social_media"),
        ({"exclude_social_media_domains": ["cdn.example"]}, "https://cdn.example/a.jpg", "social_media"),
        ({"exclude_external_links": True, "exclude_internal_links": True}, "https://cdn.example/a.jpg", ""),
        ({"exclude_external_images": True}, "a.jpg", ""),
    ],
)
def test_images(settings: dict[str, Any], src: str, reason: str) -> None:
    """Images have rules of their own: external ones, domains that are kept all the same, and no rule for links by site."""
    config = LinkMediaConfig(image_score_threshold=None, **settings)
    found = extract(f"<img src='{src}' alt=x>", PAGE, config=config)
    assert found.dropped.get("image", {}) == ({reason: 1} if reason else {})
    assert len(found.images) == (not reason)
    if src.startswith("http"):
        assert Rules(config).for_page(PAGE).reason(ImageItem(src=src)) == reason


@pytest.mark.parametrize(
    "url", ["data:image/svg+xml,%3Csvg/%3E", "DATA:image/gif;base64,R0lGODlhAQABAA", " data:,x", "data:image/png;base64,a//b"]
)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"exclude_external_images": True},
        {"exclude_domains": ["other.example"]},
        {"internal_scope": "origin", "exclude_external_images": True},
    ],
    ids=["no rule", "external", "domains", "origin"],
)
def test_images_in_the_page_itself(settings: dict[str, Any], url: str) -> None:
    """A `data:` URL is of the page's own site, whoever makes its record; no rule is against it."""
    rules = Rules(LinkMediaConfig(**settings)).for_page(PAGE)
    record = ImageItem(page_url=PAGE, src=url, scope="?", base_domain="?")
    assert rules.reason(record) == ""
    assert (record.scope, record.base_domain) == ("internal", "")


def test_inline_svg_is_judged_the_same_twice() -> None:
    """An inline SVG that extraction keeps is kept once more where its record is judged again, and stays what it was."""
    config = LinkMediaConfig(image_inline_svg=True, image_score_threshold=None, exclude_external_images=True)
    (image,) = extract("<svg><path/></svg>", PAGE, config=config).images
    before = repr(image)
    assert Rules(config).for_page(PAGE).reason(image) == ""
    assert (image.scope, image.base_domain, repr(image)) == ("internal", "", before)


@pytest.mark.parametrize("placeholder", ["data:image/gif;base64,R0lGODlhAQABAA", " DATA:,x", "/wait.gif"])
def test_placeholders_of_the_page_itself_are_kept(placeholder: str) -> None:
    """What a lazy image shows until it is loaded is left out where its site is, and stays where it is of the page itself."""
    config = LinkMediaConfig(image_score_threshold=None, exclude_external_images=True)
    (image,) = extract(f"<img src='{placeholder}' data-src=/a.jpg>", PAGE, config=config).images
    assert image.placeholder_src is not None
    (image,) = extract("<img src='https://other.example/wait.gif' data-src=/a.jpg>", PAGE, config=config).images
    assert image.placeholder_src is None


def test_exclude_all_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """`exclude_all_images` does no work for images, and takes those from elsewhere out."""
    from linkmedia_scrapy.extraction import page as page_module

    def fail(context: object) -> None:
        pytest.fail("images were worked on")

    monkeypatch.setattr(page_module, "extract_images", fail)
    config = LinkMediaConfig(exclude_all_images=True)
    found = extract("<img src=a.jpg width=800 height=600>", PAGE, config=config)
    assert (found.images, found.dropped, found.errors) == ([], {}, [])
    assert Rules(config).for_page(PAGE).reason(ImageItem(src=PAGE + "a.jpg")) == "all_images"


@pytest.mark.parametrize("kind", ["links", "images", "videos", "audios", "tables"])
def test_extract_setting(kind: str) -> None:
    """Only the kinds that `extract` names are extracted."""
    html = (
        "<a href=x>t</a><img src=a.jpg width=800 height=600><video src=v.mp4></video><audio src=s.mp3></audio>"
        "<table><caption>c</caption><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<td>4</table>"
    )
    found = extract(html, PAGE, config=LinkMediaConfig(extract=[kind]))
    assert [name for name in ("links", "images", "videos", "audios", "tables") if getattr(found, name)] == [kind]


@pytest.mark.parametrize("item_class", [VideoItem, AudioItem])
@pytest.mark.parametrize(
    ("settings", "src", "reason"),
    [
        ({}, "https://other.example/a", ""),
        ({"exclude_domains": ["other.example"]}, "https://a.other.example/a", "excluded_domain"),
        ({"exclude_social_media_links": True}, "https://www.youtube.com/embed/abcdefg", ""),
        ({"exclude_social_media_links": True}, "https://www.facebook.com/v.mp4", "social_media"),
        ({"exclude_social_media_domains": ["youtube.com"]}, "https://www.youtube.com/embed/abcdefg", "social_media"),
        ({"exclude_domains": ["youtube.com"]}, "https://www.youtube.com/embed/abcdefg", "excluded_domain"),
        ({"exclude_external_links": True, "exclude_external_images": True, "exclude_all_images": True}, "https://other.example/a", ""),
    ],
)
def test_players(item_class: type[VideoItem], settings: dict[str, Any], src: str, reason: str) -> None:
    """Players of video platforms stay where social media links go; domains that are excluded go all the same."""
    config = LinkMediaConfig(**settings)
    assert Rules(config).for_page(PAGE).reason(item_class(src=src)) == reason
    tag = item_class().record
    found = extract(f"<{tag} src='{src}'></{tag}>", PAGE, config=config)
    assert found.dropped == ({tag: {reason: 1}} if reason else {})


@pytest.mark.parametrize(
    ("threshold", "score", "reason"),
    [(2, 2, ""), (2, 1.99, "score"), (2, 0, "score"), (0, 0, ""), (None, 0, ""), (10, 9.9, "score"), (10, 10, "")],
)
def test_image_scores(threshold: float | None, score: float, reason: str) -> None:
    """An image is kept when its score is at the threshold or above; None keeps all; an unscored one is not judged by it."""
    rules = Rules(LinkMediaConfig(image_score_threshold=threshold)).for_page(PAGE)
    assert rules.reason(ImageItem(src=PAGE, score=score, score_parts={"x": score})) == reason
    assert rules.reason(ImageItem(src=PAGE, score=score)) == ""


@pytest.mark.parametrize(("threshold", "score", "reason"), [(7, 7, ""), (7, 6.99, "score"), (-100, -50, ""), (None, -50, "")])
def test_table_scores(threshold: float | None, score: float, reason: str) -> None:
    """A table is kept when its score is at the threshold or above; None keeps all; an unscored one is not judged by it."""
    rules = Rules(LinkMediaConfig(table_score_threshold=threshold)).for_page(PAGE)
    assert rules.reason(TableItem(score=score, score_parts={"x": score})) == reason
    assert rules.reason(TableItem(score=score)) == ""


@pytest.mark.parametrize(
    "record", [ErrorItem(), PageItem(), LinkItem(kind="contact", url="mailto:a@excluded.example")], ids=["error", "page", "contact"]
)
def test_what_no_rule_is_for(record: Any) -> None:
    """Errors, pages and contacts are never left out."""
    config = LinkMediaConfig(
        exclude_external_links=True, exclude_internal_links=True, exclude_domains=["excluded.example"], exclude_all_images=True
    )
    assert Rules(config).for_page(PAGE).reason(record) == ""


def test_the_page_stays_as_it_is() -> None:
    """What the rules leave out is still text of the page: a link that goes does not change another's heading or text."""
    html = "<h2>See <a href=https://out.example/>out</a></h2><a href=/in>in <img src=https://out.example/i.jpg alt=pic></a>"
    free = extract(html, PAGE)
    strict = extract(html, PAGE, config=LinkMediaConfig(exclude_external_links=True, exclude_external_images=True))
    assert strict.links == [link for link in free.links if link.scope == "internal"]
    assert strict.links[0].heading == "See out"
