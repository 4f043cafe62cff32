"""Settings: defaults, what each takes, what each refuses and in which words, and the settings of one request."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from linkmedia_scrapy import ConfigError, LinkMediaConfig
from linkmedia_scrapy.checks import SHIPPED_SOCIAL_DOMAINS

DEFAULTS: dict[str, Any] = {
    "extract": ("links", "images", "videos", "audios", "tables"),
    "exclude_external_links": False,
    "exclude_internal_links": False,
    "exclude_social_media_links": False,
    "social_media_domains": SHIPPED_SOCIAL_DOMAINS,
    "exclude_social_media_domains": frozenset(),
    "social_media_except": frozenset(),
    "exclude_domains": frozenset(),
    "own_domains": frozenset(),
    "internal_scope": "site",
    "private_suffixes": True,
    "link_kinds": ("a", "area"),
    "unique_links": True,
    "exclude_external_images": False,
    "image_domains": frozenset(),
    "exclude_all_images": False,
    "image_score_threshold": 2,
    "image_description_min_words": 1,
    "table_score_threshold": 7,
    "filter_requests": False,
    "auto": False,
    "feeds": None,
    "items": "records",
    "csv_escape_formulas": True,
    "unique_across_pages": False,
}
"""What the settings are where nobody sets them: public."""

CRAWL_ONLY = {
    *("auto", "csv_escape_formulas", "feeds", "filter_requests", "items", "store", "table_files"),
    *("unique_across_pages", "unique_across_pages_limit"),
    *("download_images", "download_media", "image_probe", "image_probe_max_bytes"),
    *("block_private_network", "browser_timeout", "context_max_pages", "render_required"),
}


def read(**values: Any) -> LinkMediaConfig:
    """The configuration of a crawl with these settings."""
    return LinkMediaConfig.from_settings(Settings({f"LINKMEDIA_{name.upper()}": value for name, value in values.items()}))


def test_defaults() -> None:
    """The defaults are those that are documented, in settings and without any."""
    config = LinkMediaConfig()
    assert {name: getattr(config, name) for name in DEFAULTS} == DEFAULTS
    assert LinkMediaConfig.from_settings(Settings()) == config


def test_every_setting_is_explained() -> None:
    """Every setting has a check and a sentence that explains it, and its default passes its own check."""
    for item in dataclasses.fields(LinkMediaConfig):
        assert item.metadata["doc"].endswith("."), item.name
        assert item.metadata["check"].convert(item.default) == item.default, item.name
        assert item.metadata["page"] is (item.name not in CRAWL_ONLY), item.name


_BOOLEANS = [name for name, value in DEFAULTS.items() if isinstance(value, bool)]
_DOMAINS = [name for name, value in DEFAULTS.items() if value == frozenset()]

ACCEPTED: list[tuple[str, Any, Any]] = [
    *((name, value, True) for name in _BOOLEANS for value in (True, 1, "1", "True", "true", "yes", "ON", " on ")),
    *((name, value, False) for name in _BOOLEANS for value in (False, 0, "0", "False", "no", "off")),
    *(
        (name, value, frozenset({"example.com", "xn--bcher-kva.example"}))
        for name in _DOMAINS
        for value in (
            ["example.com", "bücher.example"],
            ("Example.COM.", "xn--bcher-kva.example"),
            {"example.com", "BÜCHER.example"},
            frozenset({"example.com", "xn--bcher-kva.example"}),
            "example.com,bücher.example",
            " example.com , bücher.example ,",
            '["example.com", "bücher.example"]',
        )
    ),
    *((name, value, frozenset()) for name in _DOMAINS for value in ([], "", (), "[]")),
    ("own_domains", ["192.0.2.1", "[::1]", "localhost"], frozenset({"192.0.2.1", "[::1]", "localhost"})),
    ("extract", ["links"], ("links",)),
    ("extract", "tables,links", ("links", "tables")),
    ("extract", '["audios", "images"]', ("images", "audios")),
    ("extract", ["links", "links"], ("links",)),
    ("extract", [], ()),
    ("link_kinds", ("contact", "a"), ("a", "contact")),
    ("link_kinds", "a,area,iframe,link,form,meta,contact", ("a", "area", "iframe", "link", "form", "meta", "contact")),
    *(("internal_scope", value, value) for value in ("site", "host", "origin")),
    ("image_score_threshold", 3.5, 3.5),
    ("image_score_threshold", "3.5", 3.5),
    ("image_score_threshold", "0", 0),
    ("image_score_threshold", 10, 10),
    ("image_score_threshold", None, None),
    ("image_score_threshold", "None", None),
    ("image_score_threshold", "", None),
    ("table_score_threshold", -100, -100),
    ("table_score_threshold", "none", None),
    ("image_description_min_words", 0, 0),
    ("image_description_min_words", "5", 5),
    ("table_max_slots", 1, 1),
    ("unique_across_pages_limit", "10", 10),
    ("feeds", "out/%(records)s.csv", "out/%(records)s.csv"),
    ("feeds", Path("out/%(records)s.csv"), "out/%(records)s.csv"),
    ("feeds", "s3://bucket/%(time)s/%(records)s.jsonl", "s3://bucket/%(time)s/%(records)s.jsonl"),
    ("feeds", None, None),
    ("feeds", "", None),
    ("social_media_domains", ["social.example"], frozenset({("social.example", "network")})),
    ("social_media_domains", "social.example,other.example", frozenset({("social.example", "network"), ("other.example", "network")})),
    ("social_media_domains", '["social.example"]', frozenset({("social.example", "network")})),
    ("social_media_domains", [], frozenset()),
]


@pytest.mark.parametrize(("name", "value", "result"), ACCEPTED)
def test_accepted(name: str, value: Any, result: Any) -> None:
    """A setting takes Python's values and the texts of the command line, and gives what the code uses."""
    assert getattr(read(**{name: value}), name) == result
    assert getattr(LinkMediaConfig(**{name: value}), name) == result
    again = LinkMediaConfig(**{name: result})
    assert getattr(again, name) == result


REFUSED: list[tuple[str, Any]] = [
    *((name, value) for name in _BOOLEANS for value in ("maybe", "", 2, -1, 0.5, None, [], "TrueFalse")),
    *(
        (name, value)
        for name in _DOMAINS
        for value in (
            None,
            5,
            True,
            {"example.com": 1},
            b"example.com",
            ["http://example.com"],
            ["example.com/path"],
            ["example.com:80"],
            ["*.example.com"],
            [".example.com"],
            [None],
            [1],
            [""],
            "a b",
            "[",
            '["a"',
            "user@example.com",
            ["exa\tmple.com"],
            ["a..b"],
            ["256.1.1.1"],
            ["127.1"],
            ["\ud800"],
        )
    ),
    *(("extract", value) for value in ("link", ["links", "captures"], None, 1, {"links": True}, [None], "all")),
    *(("link_kinds", value) for value in ("anchor", ["A"], None, 0)),
    *(("internal_scope", value) for value in ("domain", "", None, 1, ["site"], "SITE")),
    *(("image_score_threshold", value) for value in (11, -1, "high", True, "nan", "inf", float("nan"), [], "1e400")),
    *(("table_score_threshold", value) for value in (101, -101, False)),
    *(("image_description_min_words", value) for value in (-1, 1.5, "1.5", None, True, "x", "9" * 5000)),
    *(("table_max_slots", value) for value in (0, -5, "", None)),
    *(("unique_across_pages_limit", value) for value in (0, None)),
    *(("feeds", value) for value in ("out.csv", "out/%(record)s.csv", 5, ["%(records)s.csv"], {"%(records)s.csv": {}})),
    *(
        ("social_media_domains", value)
        for value in (
            None,
            5,
            "no/such/file.txt",
            ["http://x"],
            "a,b c",
            {"a": 1},
            "\0",
            frozenset({("a",)}),
            frozenset({("a b", "network")}),
            frozenset({(1, 2)}),
        )
    ),
]


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=[f"{name}-{ascii(value)[:40]}" for name, value in REFUSED])
def test_refused(name: str, value: Any) -> None:
    """A value that cannot be used raises one line: the setting, the value, what is allowed."""
    with pytest.raises(ConfigError) as caught:
        read(**{name: value})
    line = str(caught.value)
    assert line.startswith(f"LINKMEDIA_{name.upper()} = ")
    assert ": must " in line
    assert len(line.splitlines()) == 1
    assert len(line) < 500
    with pytest.raises(ConfigError):
        LinkMediaConfig(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (
            "LINKMEDIA_INTERNAL_SCOPE",
            "hosts",
            "LINKMEDIA_INTERNAL_SCOPE = 'hosts': must be one of site, host, origin (unknown: 'hosts'; did you mean 'host'?)",
        ),
        (
            "LINKMEDIA_EXTRACT",
            ["image"],
            (
                "LINKMEDIA_EXTRACT = ['image']: must be a list of some of links, images, videos, audios, tables "
                "(unknown: 'image'; did you mean 'images'?)"
            ),
        ),
        ("LINKMEDIA_AUTO", "perhaps", "LINKMEDIA_AUTO = 'perhaps': must be True or False"),
        ("LINKMEDIA_IMAGE_SCORE_THRESHOLD", 12, "LINKMEDIA_IMAGE_SCORE_THRESHOLD = 12: must be a number from 0 to 10, or None"),
        ("LINKMEDIA_TABLE_MAX_SLOTS", 0, "LINKMEDIA_TABLE_MAX_SLOTS = 0: must be a whole number >= 1"),
        (
            "LINKMEDIA_EXCLUDE_DOMAINS",
            ["ok.example", "http://x/"],
            (
                "LINKMEDIA_EXCLUDE_DOMAINS = ['ok.example', 'http://x/']: must be a list of domains such as example.com, "
                "without scheme, port or path ('http://x/' is not a domain)"
            ),
        ),
        ("LINKMEDIA_FEEDS", "out.csv", "LINKMEDIA_FEEDS = 'out.csv': must have %(records)s in it, as in out/%(records)s.csv"),
        ("LINKMEDIA_EXCLUDE_DOMAIN", "x", "LINKMEDIA_EXCLUDE_DOMAIN = 'x': no such setting; did you mean LINKMEDIA_EXCLUDE_DOMAINS?"),
        ("LINKMEDIA_IMAGE_TRESHOLD", 1, "LINKMEDIA_IMAGE_TRESHOLD = 1: no such setting; did you mean LINKMEDIA_IMAGE_SCORE_THRESHOLD?"),
        ("LINKMEDIA_zzzzzz", 1, "LINKMEDIA_zzzzzz = 1: no such setting"),
        ("LINK_MEDIA_AUTO", True, "LINK_MEDIA_AUTO = True: no such setting; did you mean LINKMEDIA_AUTO?"),
        ("LinkMedia_Auto", True, "LinkMedia_Auto = True: no such setting; did you mean LINKMEDIA_AUTO?"),
        (
            "linkmedia_exclude_external_links",
            "1",
            "linkmedia_exclude_external_links = '1': no such setting; did you mean LINKMEDIA_EXCLUDE_EXTERNAL_LINKS?",
        ),
        (
            "LINKMEDIA_STOR",
            f"s3://key:{'x' * 100}@b/c",
            "LINKMEDIA_STOR = 's3://key:***@b/c': no such setting; did you mean LINKMEDIA_STORE?",
        ),
        (
            "LINKMEDIA_FEEDS",
            "ftp://me:p@ss/word@ftp.example:21/@me.csv",
            "LINKMEDIA_FEEDS = 'ftp://me:***@me.csv': must have %(records)s in it, as in out/%(records)s.csv",
        ),
        (
            "LINKMEDIA_FEEDS",
            "ftp://ftp.example:21/@me.csv",
            "LINKMEDIA_FEEDS = 'ftp://ftp.example:21/@me.csv': must have %(records)s in it, as in out/%(records)s.csv",
        ),
    ],
)
def test_what_an_error_says(name: str, value: Any, line: str) -> None:
    """The line names the setting, the value without a URI's password, what is allowed, and the nearest known name."""
    with pytest.raises(ConfigError) as caught:
        LinkMediaConfig.from_settings(Settings({name: value}))
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("exclude_domain", "LinkMediaConfig(exclude_domain=['x']): no such setting; did you mean exclude_domains?"),
        ("LINKMEDIA_EXTRACT", "LinkMediaConfig(LINKMEDIA_EXTRACT=['x']): no such setting; did you mean extract?"),
        ("zzzzzz", "LinkMediaConfig(zzzzzz=['x']): no such setting"),
    ],
)
def test_unknown_arguments(name: str, line: str) -> None:
    """A program that misspells a name is told the nearest one; the error is a ConfigError, and a TypeError as in any call."""
    with pytest.raises(ConfigError) as caught:
        LinkMediaConfig(**{name: ["x"]})
    assert str(caught.value) == line
    assert isinstance(caught.value, TypeError)


def test_long_values_are_cut_in_errors() -> None:
    """A value of megabytes does not fill the error."""
    with pytest.raises(ConfigError) as caught:
        read(exclude_domains=["a b" * 100_000])
    assert len(str(caught.value)) < 1000


def test_settings_of_others_are_left_alone() -> None:
    """Names without our prefix are nobody's business here."""
    others = {"LINKMEDIAX": 1, "MY_LINKMEDIA_AUTO": "x", "LINK_MEDIAX": 1, "LINKS_MEDIA_AUTO": 1}
    assert LinkMediaConfig.from_settings(Settings(others)) == LinkMediaConfig()


def test_priorities_are_scrapys() -> None:
    """Of several values the one with Scrapy's highest priority counts."""
    settings = Settings()
    settings.set("LINKMEDIA_INTERNAL_SCOPE", "host", priority="project")
    settings.set("LINKMEDIA_INTERNAL_SCOPE", "origin", priority="spider")
    settings.set("LINKMEDIA_INTERNAL_SCOPE", "site", priority="addon")
    assert LinkMediaConfig.from_settings(settings).internal_scope == "origin"


def test_configurations_are_values() -> None:
    """A configuration cannot be changed, compares and hashes by value, and survives pickling."""
    config = LinkMediaConfig(exclude_domains=["example.com"], extract=["links"])
    assert config == LinkMediaConfig(extract="links", exclude_domains="EXAMPLE.com")
    assert hash(config) == hash(LinkMediaConfig(extract="links", exclude_domains="EXAMPLE.com"))
    assert config != LinkMediaConfig()
    assert pickle.loads(pickle.dumps(config)) == config
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.auto = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        LinkMediaConfig(no_such=1)  # type: ignore[call-arg]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_social_media_file(tmp_path: Path, encoding: str) -> None:
    """A text file replaces the shipped list: one domain a line, classes in brackets, # for comments, with a byte order mark or without."""
    file = tmp_path / "domains.txt"
    file.write_text("social.example\n  # mine\n\n [ video ] \nBÜCHER.example  # a comment\n", encoding=encoding)
    want = frozenset({("social.example", "network"), ("xn--bcher-kva.example", "video")})
    assert read(social_media_domains=str(file)).social_media_domains == want
    assert read(social_media_domains=file).social_media_domains == want


@pytest.mark.parametrize("content", [b"http://x/\n", b"\xff\xfe\x00", b"a b"])
def test_social_media_file_that_is_none(content: bytes, tmp_path: Path) -> None:
    """A file that is no list of domains is refused in one line."""
    file = tmp_path / "domains.txt"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read(social_media_domains=str(file))
    assert len(str(caught.value).splitlines()) == 1


def test_shipped_social_domains() -> None:
    """At least 150 domains are shipped, of all five classes, each in the form of URLs."""
    classes = {group for _, group in SHIPPED_SOCIAL_DOMAINS}
    assert len({domain for domain, _ in SHIPPED_SOCIAL_DOMAINS}) >= 150
    assert len(classes) == 5
    assert {"video", "network"} <= classes


def test_for_page() -> None:
    """The keys of one request go over the settings, in lower case and without the prefix; the settings stay as they are."""
    config = LinkMediaConfig(exclude_domains=["a.example"], image_score_threshold=5)
    changed, problems = config.for_page({"exclude_domains": ["b.example"], "image_score_threshold": None, "extract": ["links"]})
    assert problems == []
    assert (changed.exclude_domains, changed.image_score_threshold, changed.extract) == (frozenset({"b.example"}), None, ("links",))
    assert (config.exclude_domains, config.image_score_threshold) == (frozenset({"a.example"}), 5)
    assert config.for_page({}) == (config, [])


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"exclude_domain": ["x"]}, "request.meta['linkmedia']['exclude_domain'] = ['x']: no such key; did you mean exclude_domains?"),
        ({"LINKMEDIA_EXTRACT": []}, "request.meta['linkmedia']['LINKMEDIA_EXTRACT'] = []: no such key; did you mean extract?"),
        ({"Link_Kinds": []}, "request.meta['linkmedia']['Link_Kinds'] = []: no such key; did you mean link_kinds?"),
        ({"auto": True}, "request.meta['linkmedia']['auto'] = True: a setting of the whole crawl, not of one request"),
        ({"image_probe": True}, "request.meta['linkmedia']['image_probe'] = True: a setting of the whole crawl, not of one request"),
        ({"feeds": "x"}, "request.meta['linkmedia']['feeds'] = 'x': a setting of the whole crawl, not of one request"),
        ({"unique_links": "maybe"}, "request.meta['linkmedia']['unique_links'] = 'maybe': must be True or False"),
        ({1: 2}, "request.meta['linkmedia'][1] = 2: no such key"),
        ({None: 2}, "request.meta['linkmedia'][None] = 2: no such key"),
        ("extract", "request.meta['linkmedia'] = 'extract': must be a dict of settings"),
        (["extract"], "request.meta['linkmedia'] = ['extract']: must be a dict of settings"),
        (True, "request.meta['linkmedia'] = True: must be a dict of settings"),
    ],
)
def test_for_page_problems(overrides: Any, problem: str) -> None:
    """A wrong key or value leaves the setting as it is, and is told in one line; the right ones beside it count."""
    config = LinkMediaConfig()
    changed, problems = config.for_page(overrides)
    assert changed == config
    assert [line if "did you mean" in problem else line.partition("; did you mean")[0] for line in problems] == [problem]
    if isinstance(overrides, dict):
        changed, problems = config.for_page({**overrides, "internal_scope": "host"})
        assert changed.internal_scope == "host"
        assert len(problems) == 1
