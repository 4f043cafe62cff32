"""What the add-on wires for rendering, which browser is chosen, and which values of its settings are refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError, HttpErrorMiddleware
from scrapy.spiders import SitemapSpider
from scrapy.utils.datatypes import SequenceExclude
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from linkmedia_scrapy import ConfigError, LinkMediaAddon, LinkMediaConfig, LinkMediaMixin, extract, extract_response, reactor
from linkmedia_scrapy.browser import find
from linkmedia_scrapy.browser.decision import image_blocker, reason_not_to_render, wants_status
from linkmedia_scrapy.browser.failures import RenderFailures, unrendered
from linkmedia_scrapy.browser.png import PngError, PngStitcher, check
from linkmedia_scrapy.browser.verify import VerifyError, pdf_pages, picture_size
from linkmedia_scrapy.downloadermiddlewares import RenderMiddleware
from linkmedia_scrapy.items import ImageItem
from linkmedia_scrapy.reactor import wrong_reactor
from linkmedia_scrapy.rendering import RENDERED_HEADER, RenderedPage, add_rendering
from linkmedia_scrapy.rules import Rules

OURS = {scheme: f"linkmedia_scrapy.browser.handler.{scheme.capitalize()}Handler" for scheme in ("http", "https", "file")}


def wired(**values: object) -> Settings:
    settings = Settings(values)
    LinkMediaAddon().update_settings(settings)
    return settings


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(find, "_own_chromium", lambda: False)
    monkeypatch.setattr(find.shutil, "which", lambda _: None)
    monkeypatch.setattr(find, "_usual_places", list)


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("darwin", "Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        ("win32", "Google/Chrome/Application/chrome.exe"),
        ("win32", "Microsoft/Edge/Application/msedge.exe"),
        ("linux", None),
    ],
)
def test_browsers_that_are_not_on_the_path(monkeypatch, tmp_path, platform, path):
    """In macOS and Windows an installed browser is found where it is installed."""
    monkeypatch.setattr(find, "_own_chromium", lambda: False)
    monkeypatch.setattr(find.shutil, "which", lambda _: None)
    monkeypatch.setattr(find, "_APPLICATIONS", tmp_path)
    monkeypatch.setattr(find.sys, "platform", platform)
    for name in ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert find.find_chromium() is None
    if path is not None:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
        assert find.find_chromium() == str(tmp_path / path)


def test_handlers_are_wired_beside_the_users(monkeypatch):
    """A handler that the user set, or took away, stays; without scrapy-playwright none is wired."""
    assert dict(wired()["DOWNLOAD_HANDLERS"]) == OURS
    mine = wired(DOWNLOAD_HANDLERS={"https": "mine.Handler", "ftp": "mine.Ftp"})["DOWNLOAD_HANDLERS"]
    assert dict(mine) == {**OURS, "https": "mine.Handler", "ftp": "mine.Ftp"}
    assert wired(DOWNLOAD_HANDLERS={"file": None})["DOWNLOAD_HANDLERS"]["file"] is None  # switched off, and it stays so
    monkeypatch.setattr(find, "playwright_installed", lambda: False)
    assert dict(wired()["DOWNLOAD_HANDLERS"]) == {}
    with pytest.raises(ConfigError, match="pip install"):
        wired(LINKMEDIA_PDF=True)


def test_browser_of_the_user_wins(no_browser):
    """Whatever the user says of a browser holds, and nothing is looked for."""
    for name, value in (
        ("PLAYWRIGHT_LAUNCH_OPTIONS", {"channel": "chrome"}),
        ("PLAYWRIGHT_CDP_URL", "http://x"),
        ("PLAYWRIGHT_BROWSER_TYPE", "firefox"),
    ):
        settings = wired(LINKMEDIA_SCREENSHOT=True, **{name: value})
        assert settings.get("PLAYWRIGHT_LAUNCH_OPTIONS") == (value if name == "PLAYWRIGHT_LAUNCH_OPTIONS" else None)


def test_no_browser_is_one_line_where_pages_are_rendered(no_browser):
    """With nothing to render with the crawl does not start; one that renders nothing does."""
    wired()
    with pytest.raises(ConfigError) as error:
        wired(LINKMEDIA_RENDER=True)
    assert "\n" not in str(error.value)
    assert "playwright install chromium" in str(error.value)


@pytest.mark.parametrize("given", [{}, {"PLAYWRIGHT_LAUNCH_OPTIONS": {}}])
def test_browser_that_is_found_is_named(monkeypatch, given):
    """Where the user names none, in an empty dict either, it is the one that is launched."""
    monkeypatch.setattr(find, "find_chromium", lambda: "/usr/bin/chromium")
    assert wired(**given)["PLAYWRIGHT_LAUNCH_OPTIONS"]["executable_path"] == "/usr/bin/chromium"


@pytest.mark.parametrize("root", [True, False])
def test_only_root_goes_without_sandbox(monkeypatch, root):
    """Chromium's sandbox is on wherever Chromium allows it."""
    monkeypatch.setattr(find, "_own_chromium", lambda: False)
    monkeypatch.setattr(find.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "google-chrome" else None)
    monkeypatch.setattr(find, "_is_root", lambda: root)
    options = find.launch_options()
    assert options is not None
    assert (options["executable_path"], options["chromium_sandbox"]) == ("/usr/bin/google-chrome", not root)


def test_own_chromium_is_found_by_its_revision(monkeypatch, tmp_path: Path):
    """Playwright's own browser counts where the revision that this Playwright wants was installed to its end."""
    pytest.importorskip("playwright")
    import playwright

    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert not find._own_chromium()
    listed = json.loads((Path(playwright.__file__).parent / "driver/package/browsers.json").read_text())["browsers"]
    revision = next(entry["revision"] for entry in listed if entry["name"] == "chromium-headless-shell")
    folder = tmp_path / f"chromium_headless_shell-{revision}"
    folder.mkdir()
    assert not find._own_chromium()
    (folder / "INSTALLATION_COMPLETE").touch()
    assert find._own_chromium()
    monkeypatch.setattr(find.shutil, "which", lambda _: "/usr/bin/other")
    assert find.find_chromium() == ""


def test_an_account_without_a_home_has_no_own_chromium(monkeypatch, tmp_path: Path):
    """As a container's may be: that is no reason not to crawl. Where the folder is named, no home is looked for."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(find.sys, "platform", "linux")

    def home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(find.Path, "home", home)
    assert not find._own_chromium()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find._browsers_folder(tmp_path) == tmp_path / "ms-playwright"


def test_a_home_that_may_not_be_looked_at_has_no_own_chromium(monkeypatch, tmp_path: Path):
    """As that of root is to a container's user: Path.is_file raises there before Python 3.14, as it does of names that are too long."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / ("x" * 300)))
    assert not find._own_chromium()


def sitemap_request() -> Request:
    return Request("http://a.example/sitemap", callback=SitemapSpider(name="s", sitemap_urls=[])._parse_sitemap)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request("http://a.example/"), ""),
        (Request("http://a.example/page.html?x=.json"), ""),
        (Request("http://a.example/x.php", meta={"linkmedia": {"render": False}}), "not_asked"),
        (Request("http://a.example/x.json"), "extension"),
        (Request("http://a.example/X.PDF"), "extension"),
        (Request("http://a.example/x.json", meta={"linkmedia": {"screenshot": True}}), ""),
        (Request("http://a.example/x.json", meta={"linkmedia": {"pdf": "False"}}), "extension"),
        (Request("http://a.example/", method="POST"), "method"),
        (Request("http://a.example/", method="POST", meta={"linkmedia": {"render": True}}), ""),
        (Request("http://a.example/", headers={"Accept": "application/json"}), "accept"),
        (Request("http://a.example/", headers={"Accept": "application/json, */*"}), ""),
        (Request("http://a.example/", meta={"linkmedia": {"render": "no"}}), "not_asked"),
        (Request("http://a.example/", meta={"linkmedia": {"render": "maybe"}}), ""),
        (Request("http://a.example/", meta={"linkmedia": {"render": None}}), ""),
        (Request("file:///etc/hosts"), "scheme"),
        (Request("file:///etc/hosts", meta={"linkmedia": {"render": True}}), ""),
        (Request("file:///etc/hosts", meta={"linkmedia": {"render": True}, "depth": 1}), "scheme"),
        (Request("ftp://a.example/x", meta={"linkmedia": {"render": True}}), "scheme"),
        (sitemap_request(), "sitemap"),
    ],
    ids=str,
)
def test_what_is_rendered(request_, reason):
    """With rendering on for all: pages are rendered, files and data are not, and a request's own word counts most, if it can be used."""
    for settings in ({"render": True}, {"screenshot": True}):
        config, _ = LinkMediaConfig(**settings).for_page(request_.meta.get("linkmedia") or {})
        assert reason_not_to_render(request_, config) == reason
    assert request_.callback is not NO_CALLBACK


@pytest.mark.parametrize("status", [200, 300, 404, 503])
@pytest.mark.parametrize(
    ("meta", "settings", "listed"),
    [
        pytest.param({}, {}, None, id="none"),
        pytest.param({"handle_httpstatus_all": True}, {}, None, id="meta-all"),
        pytest.param({"handle_httpstatus_list": [404]}, {}, None, id="meta-list"),
        pytest.param({"handle_httpstatus_list": []}, {"HTTPERROR_ALLOW_ALL": True}, [404], id="meta-over-all"),
        pytest.param({"handle_httpstatus_list": SequenceExclude(range(300, 400))}, {}, None, id="scrapy-shell"),
        pytest.param({}, {"HTTPERROR_ALLOW_ALL": True}, None, id="settings-all"),
        pytest.param({}, {"HTTPERROR_ALLOWED_CODES": [404]}, None, id="settings-list"),
        pytest.param({}, {"HTTPERROR_ALLOWED_CODES": [404]}, [503], id="spider-over-settings"),
        pytest.param({}, {"HTTPERROR_ALLOWED_CODES": [404]}, [], id="spider-empty"),
    ],
)
def test_captures_are_of_pages_that_reach_the_spider(status, meta, settings, listed):
    """A page gets captures exactly where Scrapy lets its status through to the spider."""
    crawler = get_crawler(settings_dict=settings)
    crawler.spider = crawler._create_spider("statuses")
    if listed is not None:
        crawler.spider.handle_httpstatus_list = listed
    request = Request("http://x.test/", meta=meta)
    try:
        HttpErrorMiddleware.from_crawler(crawler).process_spider_input(Response(request.url, status=status, request=request))
        reaches = True
    except HttpError:
        reaches = False
    assert wants_status(request, crawler, status) is reaches


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("viewport", "1280", "WIDTHxHEIGHT"),
        ("viewport", "0x10", "WIDTHxHEIGHT"),
        ("screenshot_format", "gif", "one of png"),
        ("screenshot_quality", 101, "0 to 100"),
        ("ready_timeout", 0, "0.1"),
        ("pdf_options", {"formt": "A4"}, "did you mean 'format'"),
        ("pdf_options", "A4", "a dict of"),
        ("pdf_options", "{format: A4}", "a dict of"),
    ],
)
def test_values_that_are_refused(name, value, why):
    """A value that cannot be used is one line that says what can."""
    with pytest.raises(ConfigError, match=why) as error:
        LinkMediaConfig(**{name: value})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["screenshot", "pdf", "mhtml"])
def test_captures_need_a_place(kind):
    """With neither a store nor inlined captures each page would be rendered for nothing: said at the start, in one line."""
    name = f"LINKMEDIA_{kind.upper()}"
    line = f"{name} = True: needs LINKMEDIA_STORE, where captures go, or LINKMEDIA_CAPTURE_INLINE"
    with pytest.raises(ConfigError, match=f"^{line}$"):
        wired(**{name: True, "LINKMEDIA_STORE": None})
    wired(**{name: True, "LINKMEDIA_STORE": None, "LINKMEDIA_CAPTURE_INLINE": True, "LINKMEDIA_RENDER_REQUIRED": False})
    wired(LINKMEDIA_STORE=None)


def test_inlined_captures_open_no_store(monkeypatch, tmp_path: Path):
    """Without a store none is opened: it would be the folder in which the crawl was started."""
    monkeypatch.chdir(tmp_path)
    settings = wired(LINKMEDIA_MHTML=True, LINKMEDIA_STORE=None, LINKMEDIA_CAPTURE_INLINE=True, LINKMEDIA_RENDER_REQUIRED=False)
    RenderMiddleware.from_crawler(SimpleNamespace(settings=settings))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ('{"format": "Foo"}', "['format'] = 'Foo': must be one of Letter, Legal, "),
        ({"margin": "2 miles"}, "['margin'] = '2 miles': must be a length such as 2cm"),
        ({"margin": {"up": "2cm"}}, "['margin'] = {'up': '2cm'}: must be a length such as 2cm, 0.5in or 40px, or a dict of them: top, "),
        ({"margin": {"top": "2cm", "left": "wide"}}, "['margin']['left'] = 'wide': must be a length such as 2cm"),
        ({"width": True}, "['width'] = True: must be a length such as 2cm"),
        ({"page_ranges": "all"}, "['page_ranges'] = 'all': must be page ranges such as 1-3, 5"),
        ({"scale": 3}, "['scale'] = 3: must be a number from 0.1 to 2"),
        ({"landscape": "maybe"}, "['landscape'] = 'maybe': must be True or False"),
    ],
)
def test_an_entry_that_is_refused_is_named(options, line):
    """Of a dict the line names the key, its value and what is allowed for it, in settings and in one request's meta."""
    with pytest.raises(ConfigError) as error:
        LinkMediaConfig(pdf_options=options)
    assert str(error.value).startswith(f"LINKMEDIA_PDF_OPTIONS{line}")
    config, (problem,) = LinkMediaConfig().for_page({"pdf_options": options})
    assert config == LinkMediaConfig()
    assert problem.startswith(f"request.meta['linkmedia']['pdf_options']{line}")


def test_pdf_options_are_taken_as_they_are_given():
    """A dict, its JSON, and what the check gives, are one and the same; margins of one length go to all sides."""
    config = LinkMediaConfig(pdf_options={"margin": "1cm", "landscape": "yes"})
    assert dict(dict(config.pdf_options)["margin"]) == dict.fromkeys(("top", "right", "bottom", "left"), "1cm")
    assert LinkMediaConfig(pdf_options='{"margin": "1cm", "landscape": true}') == LinkMediaConfig(pdf_options=config.pdf_options) == config
    assert hash(config) == hash(LinkMediaConfig(pdf_options=config.pdf_options))


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00", b"RIFF\x00\x00\x00\x00WEBP", b"GIF89a"], ids=repr)
def test_what_is_no_picture(data):
    """Bytes that are no whole picture are refused, whatever they begin like."""
    with pytest.raises(VerifyError):
        picture_size(data)


def test_what_is_no_pdf_or_png():
    """A PDF without trailer or pages, and tiles that do not belong together or are none."""
    for data in (b"", b"%PDF-1.4\nstartxref\n1\n%%EOF", b"%PDF-1.4 /Type /Page "):
        with pytest.raises(VerifyError):
            pdf_pages(data)
    with pytest.raises(PngError):
        PngStitcher().finish()
    with pytest.raises(PngError):
        check(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


def test_measures_find_their_image():
    """An http image of an https page is loaded by https; its record, as the page has it, gets the browser's measures all the same."""
    measures = {"natural_width": 9, "natural_height": 8, "displayed_width": 7.5, "displayed_height": 6, "visible": True}
    page = extract(
        "<img src=http://b.example/x.jpg alt='a picture'>", "https://a.example/", config=LinkMediaConfig(image_score_threshold=None)
    )
    rendered = RenderedPage(images=[{"url": "https://b.example/x.jpg", "loaded": True, **measures}])
    add_rendering(page, Request(page.url), rendered, LinkMediaConfig())
    (image,) = page.images
    assert image.src == "http://b.example/x.jpg"
    assert {name: image[name] for name in measures} == measures


def test_not_required_is_no_refusal(no_browser):
    """With LINKMEDIA_RENDER_REQUIRED = False a crawl without a browser starts; what is missing is known to the middleware."""
    settings = wired(LINKMEDIA_RENDER=True, LINKMEDIA_RENDER_REQUIRED=False)
    assert find.why_unavailable(settings) == find.HOW_TO_GET_ONE
    assert find.why_unavailable(wired(PLAYWRIGHT_CDP_URL="http://x")) == ""


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("TWISTED_REACTOR", None, "TWISTED_REACTOR = None: must be 'twisted.internet.asyncioreactor.AsyncioSelectorReactor'"),
        ("TWISTED_REACTOR_ENABLED", False, "TWISTED_REACTOR_ENABLED = False: must be True"),
    ],
)
def test_the_setting_of_another_reactor_is_named(monkeypatch, name, value, line):
    """What scrapy-playwright would raise for each page is said of the setting that brought it about; with asyncio's reactor nothing is."""
    monkeypatch.setattr(reactor, "verify_installed_reactor", lambda _: None)
    assert wrong_reactor(Settings({name: value})) == ""

    def other(_):
        raise RuntimeError("does not match the requested one")

    monkeypatch.setattr(reactor, "verify_installed_reactor", other)
    assert wrong_reactor(Settings({name: value})) == f"{line} where pages are rendered"


@pytest.mark.parametrize("blocks", [True, False])
def test_guard_is_in_the_command_line(monkeypatch, blocks):
    """Chromium's own guard is on unless the setting is off, and of WebRTC, too."""
    monkeypatch.setattr(find, "find_chromium", lambda: "/usr/bin/chromium")
    arguments = wired(LINKMEDIA_BLOCK_PRIVATE_NETWORK=blocks)["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"]
    switches = {name: set(value.split(",")) for name, _, value in (argument.partition("=") for argument in arguments)}
    assert ("LocalNetworkAccessChecks" in switches.get("--disable-features", ())) is not blocks
    assert ("LocalNetworkAccessChecksWebRTC" in switches.get("--enable-features", ())) is blocks


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, ""),
        ({"exclude_all_images": True}, "all_images"),
        ({"exclude_external_images": True}, "external"),
        ({"exclude_domains": ["cdn.example"]}, "excluded_domain"),
        ({"exclude_social_media_domains": ["cdn.example"]}, "social_media"),
        ({"exclude_social_media_links": True, "social_media_domains": ["cdn.example"]}, "social_media"),
    ],
)
def test_the_browser_loads_no_image_that_is_dropped(settings, reason):
    """What a rule leaves out for its URL is left out by the browser, too."""
    page_rules = Rules(LinkMediaConfig(**settings)).for_page("https://a.example/")
    image = ImageItem(page_url="https://a.example/", src="https://cdn.example/1.jpg")
    assert page_rules.reason(image) == reason
    blocks = image_blocker(page_rules)
    assert (blocks is not None and blocks(image.src)) == bool(reason)


@pytest.mark.parametrize(
    ("meta", "settings", "said"),
    [
        pytest.param({"proxy": "http://p.test:3128"}, {}, True, id="request's"),
        pytest.param({"proxy": None}, {}, False, id="none"),
        pytest.param({"proxy": "http://p.test:3128", "_scheme_proxy": True}, {}, False, id="environment's"),
        pytest.param(
            {"proxy": "http://p.test:3128"}, {"PLAYWRIGHT_LAUNCH_OPTIONS": {"proxy": {"server": "http://b.test"}}}, False, id="browser's"
        ),
        pytest.param(
            {"proxy": "http://p.test:3128"},
            {"PLAYWRIGHT_CONTEXTS": {"default": {"proxy": {"server": "http://b.test"}}}},
            False,
            id="context's",
        ),
        pytest.param(
            {"proxy": "http://p.test:3128", "playwright_context_kwargs": {"proxy": {"server": "http://b.test"}}},
            {},
            False,
            id="new context's",
        ),
    ],
)
def test_a_proxy_that_the_browser_does_not_use(meta, settings, said, caplog):
    """A request's own proxy does not reach the browser: one warning says so, and each page is counted; a browser with a proxy is its user's."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER": True, "LINKMEDIA_RENDER_REQUIRED": False, **settings})
    crawler.spider = crawler._create_spider("proxied")
    middleware = RenderMiddleware(crawler)
    middleware._unavailable = ""
    for number in range(2):
        asyncio.run(middleware.process_request(Request(f"http://x.test/{number}", meta=dict(meta))))
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["request.meta['proxy'] = 'http"] * said
    assert crawler.stats.get_value("linkmedia/render/unused_proxy_count", 0) == 2 * said


def test_captures_of_the_page_whose_meta_a_request_has():
    """They are not those of a page that the HTTP cache has, which no middleware behind it gets to see before."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER_REQUIRED": False})
    crawler.spider = crawler._create_spider("cached")
    meta = {"linkmedia": {"screenshot": True}, "linkmedia_captures": [{"kind": "screenshot"}], "linkmedia_errors": [{"kind": "render"}]}
    request = Request("http://x.test/next", meta=meta)
    asyncio.run(RenderMiddleware(crawler).process_response(request, Response(request.url, flags=["cached"], request=request)))
    assert request.meta == {"linkmedia": {"screenshot": True}}


@pytest.mark.parametrize(("headers", "stat"), [({RENDERED_HEADER: "1"}, "cached_count"), ({}, "skipped_count/http_cache")])
def test_what_the_cache_has_of_a_rendering(headers, stat):
    """Before Scrapy 2.19 its HTTP cache keeps no flags: a rendered page is one all the same, and is not said to be from another crawl."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER": True, "LINKMEDIA_RENDER_REQUIRED": False})
    crawler.spider = crawler._create_spider("cached")
    request = Request("http://x.test/")
    body = b"<noscript><a href=/scripts-are-off>x</a></noscript>"
    response = HtmlResponse(request.url, headers=headers, body=body, flags=["cached"], request=request)
    asyncio.run(RenderMiddleware(crawler).process_response(request, response))
    assert [name for name in crawler.stats.get_stats() if "cache" in name] == [f"linkmedia/render/{stat}"]
    assert [link.url for link in extract_response(response).links] == ([] if headers else ["http://x.test/scripts-are-off"])


@pytest.mark.parametrize(("value", "kept"), [(True, True), ("refreshes_in_vain", None)])
def test_redirects_are_followed_again(value, kept):
    """After a page that refreshes itself, by a retry of it and by what is made with its meta, unless the user has said otherwise."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER_REQUIRED": False})
    crawler.spider = crawler._create_spider("again")
    request = Request("http://x.test/next", meta={"dont_redirect": value})
    asyncio.run(RenderMiddleware(crawler).process_request(request))
    assert request.meta.get("dont_redirect") is kept


def test_what_is_made_again_without_the_browser():
    """Redirects and all, until its answer is there: of a retry, and of what is made with its meta, nobody knows that no browser shows it."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER": True, "LINKMEDIA_RENDER_REQUIRED": False})
    crawler.spider = crawler._create_spider("again")
    middleware = RenderMiddleware(crawler)
    middleware._unavailable = ""
    request = unrendered(Request("http://x.test/document"))
    for status, headers, rendered in ((302, {"Location": "/document.pdf"}, False), (503, {}, True)):
        asyncio.run(middleware.process_request(request))
        assert "playwright" not in request.meta
        asyncio.run(middleware.process_response(request, Response(request.url, status, headers)))
        request = request.copy()
        assert ("linkmedia_unrendered" not in request.meta) is rendered
    asyncio.run(middleware.process_request(request))
    assert request.meta["playwright"]


@pytest.mark.parametrize(
    ("meta", "size"), [({}, 5), ({"download_maxsize": 7}, 7), ({"download_maxsize": 0}, 0), ({"download_maxsize": None}, 0)]
)
def test_how_large_a_dom_may_be(meta, size):
    """As large as Scrapy lets a response be; what stands for no limit there does here."""
    crawler = get_crawler(settings_dict={"LINKMEDIA_RENDER": True, "LINKMEDIA_RENDER_REQUIRED": False, "DOWNLOAD_MAXSIZE": 5})
    crawler.spider = crawler._create_spider("sized")
    middleware = RenderMiddleware(crawler)
    middleware._unavailable = ""
    request = Request("http://x.test/", meta=meta)
    asyncio.run(middleware.process_request(request))
    assert middleware._take_out(request)._max_size == size


def test_one_error_record_for_a_page_that_is_given_up_again():
    """A middleware of the user's may send a given-up request once more: its errback yields the last failure's record, then what is its own."""

    class Marked(LinkMediaMixin, Spider):
        name = "marked"

    crawler = get_crawler(Marked)
    crawler.spider = Marked.from_crawler(crawler)
    failures = RenderFailures(crawler)
    request = Request("http://a.example/", errback=lambda failure: [{"own": failure}])
    for message in ("first", "second"):
        assert failures.handle(request, ValueError(message), SimpleNamespace(crashed=False, flooded=False, guard=None)) is None
        request = request.copy()

    async def output():
        return [entry async for entry in request.errback("failure")]

    error, own = asyncio.run(output())
    assert (error.message, error.added, own) == ("second", True, {"own": "failure"})


def test_an_errback_that_passes_the_failure_on():
    """It is raised after the page's record, as Scrapy raises it, and is no item."""

    class Marked(LinkMediaMixin, Spider):
        name = "marked"

    crawler = get_crawler(Marked)
    crawler.spider = Marked.from_crawler(crawler)
    request = Request("http://a.example/", errback=lambda failure: failure)
    RenderFailures(crawler).handle(request, ValueError("no page"), SimpleNamespace(crashed=False, flooded=False, guard=None))

    async def output():
        async for entry in request.errback(Failure(ValueError("no page"))):
            assert entry.reason == "ValueError"

    with pytest.raises(ValueError, match="no page"):
        asyncio.run(output())


def test_a_context_that_keeps_its_cookies_is_closed():
    """One that is not used again goes, with all that it holds in memory, whether or not it says what cookies it has."""
    pytest.importorskip("scrapy_playwright.handler")
    from linkmedia_scrapy.browser.contexts import ContextHandler

    class Context:
        closed = False

        async def cookies(self):
            raise TimeoutError

        async def close(self):
            self.closed = True

    context, handler = Context(), ContextHandler.__new__(ContextHandler)
    handler._pages, handler._retired = {}, {context: ("default", [])}
    asyncio.run(handler._close_retired())
    assert context.closed
    assert not handler._retired


def test_a_listener_of_a_page_that_closes():
    """Neither logged nor, as Playwright has it, raised where anything is asked next; what else fails there is logged alone."""
    launching = pytest.importorskip("linkmedia_scrapy.browser.launching")
    from playwright.async_api import Error as BrowserError

    logged: list[BaseException] = []
    driver = SimpleNamespace(_error=None)

    def log(error: BaseException) -> None:
        logged.append(error)
        driver._error = error

    driver._on_event_listener_error = log
    launching._keep_apart(driver)
    for error in (BrowserError("Request.all_headers: Target page, context or browser has been closed"), KeyError("of the user's")):
        driver._on_event_listener_error(error)
        assert driver._error is None
    assert [type(error) for error in logged] == [KeyError]


def test_what_is_used_of_scrapy_playwright_is_there():
    """The private methods of its handler that ours override or call: one that is gone would fail every page, or be overridden in vain."""
    theirs = pytest.importorskip("scrapy_playwright.handler").ScrapyPlaywrightDownloadHandler
    for name in (
        "_close",
        "_create_browser_context",
        "_create_page",
        "_launch",
        "_make_close_browser_context_callback",
        "_maybe_future_from_coro",
        "_maybe_launch_browser",
        "_maybe_launch_in_thread",
    ):
        assert callable(getattr(theirs, name, None)), name
