"""Rendered crawls from end to end: what is rendered, what comes back, and what is left of it in the request."""

from __future__ import annotations

import base64
import gzip
from hashlib import md5
from pathlib import Path

import pytest
from scrapy.core.engine import ExecutionEngine
from scrapy.settings.default_settings import DOWNLOAD_HANDLERS_BASE

from linkmedia_scrapy.browser.verify import mhtml_missing, pdf_pages, picture_size
from tests.crawling import rows, run_spider

SHADOW = """<!doctype html><title>t</title><h1>Shop</h1><script>
const host = document.body.appendChild(document.createElement('div'));
host.attachShadow({mode: 'open'}).innerHTML = '<a href="/inside">Inside the shadow</a><div id=deep></div>';
host.shadowRoot.getElementById('deep').attachShadow({mode: 'open'}).innerHTML = '<a href="/deeper">Deeper</a>';
document.body.insertAdjacentHTML('beforeend', '<a href="/made">Made by a script</a>');
</script><noscript><a href="/noscript">no</a></noscript>"""


def test_dom_with_shadow_roots_and_all_captures(pages, crawl, tmp_path: Path):
    """The records come from the DOM after scripts, open shadow roots included; three captures lie in the store, whole."""
    url = pages.page("/shadow", SHADOW)
    outcome = crawl(url, screenshot=True, pdf=True, mhtml=True)
    assert {link["raw_href"] for link in outcome.of("link")} == {"/inside", "/deeper", "/made"}
    captures = outcome.captures()
    assert set(captures) == {"screenshot", "pdf", "mhtml"}
    for capture in captures.values():
        data = (tmp_path / "captures" / capture["path"]).read_bytes()
        assert (capture["size"], capture["checksum"]) == (len(data), md5(data).hexdigest())
        assert capture["complete"], capture["reason"]
        assert capture["data"] is None
    read = {kind: (tmp_path / "captures" / capture["path"]).read_bytes() for kind, capture in captures.items()}
    assert picture_size(read["screenshot"]) == ("png", captures["screenshot"]["width"], captures["screenshot"]["height"])
    assert pdf_pages(read["pdf"]) == 1
    assert mhtml_missing(read["mhtml"].decode(), url, []) == []
    assert outcome.stats["playwright/page_count"] == outcome.stats["playwright/page_count/closed"] == 1


LEAVES = """<!doctype html><title>A</title><a href=rel>rel</a><h1>Page A</h1><input id=i><div style="height:3000px"></div><script>
i.focus({preventScroll: true});  // what a capture begins with has the page go elsewhere
i.onblur = onbeforeprint = () => { location = '%s'; };
</script>"""


def test_pages_that_go_elsewhere_after_their_dom(pages, crawl, tmp_path: Path):
    """The response has the URL of its DOM, and captures are of the same page; where it cannot be kept there, there are none."""
    stays, blank = pages.page("/a/stays", LEAVES % "/b/elsewhere"), pages.page("/a/blank", LEAVES % "about:blank")
    made = "URL.createObjectURL(new Blob(['<h1>Page B</h1>'], {type: 'text/html'}))"  # which asks for nothing that could be refused
    goes = pages.page("/a/goes", LEAVES.replace("'%s'", made))
    pages.page("/b/elsewhere", "<!doctype html><title>B</title><h1>Page B</h1>")
    outcome = crawl([stays, blank, goes], screenshot=True, pdf=True, mhtml=True)
    assert {response["url"] for response in outcome.of("response")} == {stays, blank, goes}
    assert {link["url"] for link in outcome.of("link")} == {pages.url + "/a/rel"}
    captures = outcome.captures("/a/stays")
    assert captures["screenshot"]["height"] > 3000
    assert pdf_pages((tmp_path / "captures" / captures["pdf"]["path"]).read_bytes()) > 1
    assert "Page A" in (tmp_path / "captures" / captures["mhtml"]["path"]).read_text()
    assert "/b/elsewhere" not in pages.requests
    assert set(outcome.captures("/a/blank")) == {"screenshot", "pdf", "mhtml"}
    assert not outcome.captures("/a/goes")
    assert [error["reason"] for error in outcome.of("error", "/a/goes")] == ["navigated"] * 3


LED_OUT = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    allowed_domains = ["127.0.0.1"]
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_SCREENSHOT": True}}
    async def start(self):
        for path in ("redirect", "script", "inside"):
            yield scrapy.Request("{url}/" + path, errback=self.failed)
        yield scrapy.Request("{url}/redirect?kept", self.close_page, errback=self.failed, meta={{"playwright_include_page": True}})
        yield scrapy.Request("{url}/redirect?wanted", meta={{"allow_offsite": True}})
    def parse(self, response):
        pass
    async def close_page(self, response):
        await response.meta["playwright_page"].close()
    def failed(self, failure):
        page = failure.request.meta.get("playwright_page")
        closed = None if page is None else page.is_closed()
        yield {{"record": "failure", "page_url": failure.request.url, "error": type(failure.value).__name__, "closed": closed}}
"""


def test_pages_that_are_led_out_of_the_site(pages, tmp_path: Path):
    """Where the browser was led out of `allowed_domains` nothing comes of the page, as after Scrapy's own redirects; `allow_offsite` holds."""
    there = pages.page("/there", "<a href=/x>there</a>")
    outside = there.replace("127.0.0.1", "localhost")
    pages.routes["/redirect"] = lambda _: (302, {"Location": outside}, b"")
    pages.routes["/inside"] = lambda _: (302, {"Location": there}, b"")
    pages.page("/script", f"<script>location.replace('{outside}')</script>")
    run = run_spider(tmp_path, LED_OUT.format(url=pages.url), "-O", "out.jsonl")
    found = rows(tmp_path / "out.jsonl")
    assert sorted(row["page_url"] for row in found if row["record"] == "failure") == [
        f"{pages.url}/{way}" for way in ("redirect", "redirect?kept", "script")
    ]
    assert {row["error"] for row in found if row["record"] == "failure"} == {"IgnoreRequest"}
    assert sorted(row["page_url"] for row in found if row["record"] == "link") == [there, outside]
    assert sorted(row["page_url"] for row in found if row["record"] == "capture") == [there, outside]
    assert len(list((tmp_path / "captures").rglob("*.png"))) == 2
    assert run.stats["offsite/filtered"] == 3
    # the callback that would have closed it is not called
    assert {row["page_url"].removeprefix(pages.url): row["closed"] for row in found if row.get("closed") is not None} == {
        "/redirect?kept": True
    }


LED_TO_ANOTHER = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    start_urls = ["{url}/start"]
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_SCREENSHOT": True, "CONCURRENT_REQUESTS": 1}}
    async def parse(self, response):
        for path in ("page", "moved", "moved-2?wanted", "moved-3", "around", "renamed", "renamed?refreshed"):
            meta = {{"redirect_urls": ["{url}/old"]}} if "refreshed" in path else {{}}  # as Scrapy's own redirects leave it
            yield response.follow("/" + path, self.parse_page, meta=meta, dont_filter="wanted" in path)
    async def parse_page(self, response):
        yield {{"record": "response", "page_url": response.url, "asked": response.request.url}}
        if response.request.url.endswith("/page"):
            inline = await self.crawler.engine.download_async(scrapy.Request("{url}/moved?inline"))
            yield {{"record": "inline", "page_url": inline.url}}
"""


@pytest.mark.skipif(not hasattr(ExecutionEngine, "scheduler"), reason="Scrapy shows its scheduler from 2.19 on")
def test_pages_that_redirects_lead_to_come_once(pages, tmp_path: Path):
    """A redirect to a page of the crawl brings it no second time, as Scrapy's own do not; inline downloads and addresses set by scripts stay."""
    pages.page("/start", "start")
    page, other = pages.page("/page", "<a href=/x>page</a>"), pages.page("/other", "<a href=/x>other</a>")
    pages.routes["/moved"] = pages.routes["/moved-2"] = lambda _: (302, {"Location": page}, b"")
    pages.routes["/moved-3"] = lambda _: (302, {"Location": other}, b"")
    pages.routes["/around"] = lambda handler: (
        (200, {"Content-Type": "text/html", "X": "1"}, b"around")
        if "c=1" in handler.headers.get("Cookie", "")
        else (302, {"Location": "/set"}, b"")
    )
    pages.routes["/set"] = lambda _: (302, {"Location": "/around", "Set-Cookie": "c=1; Path=/"}, b"")
    pages.page("/renamed", "<script>history.replaceState(null, '', '/page')</script>renamed")
    run = run_spider(tmp_path, LED_TO_ANOTHER.format(url=pages.url), "-O", "out.jsonl")
    found = rows(tmp_path / "out.jsonl")
    asked = sorted(row["asked"].removeprefix(pages.url) for row in found if row["record"] == "response")
    assert asked == ["/around", "/moved-2?wanted", "/moved-3", "/page", "/renamed", "/renamed?refreshed"]
    assert [row["page_url"] for row in found if row["record"] == "inline"] == [page]
    assert run.stats["dupefilter/filtered"] == 1
    assert run.count("capture_count/screenshot") == 8  # of the inline page, too
    assert run.code == 0


def test_pages_that_refresh_themselves(pages, crawl, tmp_path: Path):
    """A page that reloads itself, or whose refresh leads nowhere, has its records; one that leads elsewhere is followed, and not captured.

    From a file Scrapy follows none.
    """
    refresh = "<meta http-equiv=refresh content='30;url=%s'><a href=/x>x</a>"
    urls = [
        pages.page(f"/{name}", refresh % url)
        for name, url in {"again": "/again#top", "script": "javascript:go()", "broken": "http://[x", "on": "/there"}.items()
    ]
    there = pages.page("/there", "<a href=/x>x</a>")
    saved = tmp_path / "saved.html"
    saved.write_text(refresh % there)
    outcome = crawl([*urls, {"url": saved.as_uri(), "meta": {"linkmedia": {"mhtml": True}}}], mhtml=True, REDIRECT_MAX_TIMES=1)
    seen = sorted([*urls[:3], there, saved.as_uri()])
    assert sorted(item["page_url"] for item in outcome.of("link") if item["kind"] == "a") == seen
    assert sorted(item["page_url"] for item in outcome.of("capture")) == seen
    assert outcome.stats["linkmedia/capture_count/mhtml"] == 5


UNSEEN = "<%s>const old = `<meta http-equiv=refresh content='30;url=/there'>`</%s><a href=/x>x</a>"


@pytest.mark.parametrize(
    ("settings", "followed"),
    [({}, "template"), ({"METAREFRESH_IGNORE_TAGS": ["template"]}, "noscript")],
    ids=["noscript, Scrapy's own", "template"],
)
def test_refreshes_in_tags_that_are_ignored(pages, crawl, settings, followed):
    """METAREFRESH_IGNORE_TAGS holds, and no refresh is looked for in scripts, which have run."""
    urls = {tag: pages.page("/" + tag, UNSEEN % (tag, tag)) for tag in ("script", "noscript", "template")}
    there = pages.page("/there", "<a href=/x>x</a>")
    outcome = crawl(list(urls.values()), render=True, **settings)
    urls[followed] = there
    assert sorted(item["page_url"] for item in outcome.of("link") if item["kind"] == "a") == sorted(urls.values())


def test_pages_that_go_where_nothing_is(pages, crawl):
    """A page that leaves for a place that cannot be had, or for nowhere, has its own records and captures; never those of an error page."""
    own, refresh = "<!doctype html><a href=/own>own</a>", "<meta http-equiv=refresh content='0;url=%s'>"
    late = "<script>onload = () => setTimeout(() => location = '%s', 50)</script>"
    dead = {
        "by-script": own + late % "http://nowhere.invalid/x",
        "by-refresh": own + refresh % "http://nowhere.invalid/x",
        "at-once": own + "<script>location = 'http://nowhere.invalid/x'</script>",
    }
    blank = {"blank": own + "<script>location = 'about:blank'</script>", "blank-late": own + late % "about:blank"}
    blob = {"blob": "<script>location = URL.createObjectURL(new Blob(['<a href=/own>own</a>'], {type: 'text/html'}))</script>"}
    urls = {name: pages.page("/" + name, html) for name, html in {**dead, **blank, **blob}.items()}
    outcome = crawl(list(urls.values()), wait_for_images=True, screenshot=True)
    links = [(link["page_url"], link["url"]) for link in outcome.of("link") if link["kind"] == "a"]
    assert sorted(links) == sorted((url, pages.url + "/own") for url in urls.values())
    assert {item["asked"]: item["url"] for item in outcome.of("response")} == {url: url for url in urls.values()}
    assert {item["page_url"]: item["complete"] for item in outcome.of("capture")} == dict.fromkeys(urls.values(), True)
    errors = {(error["page_url"], error["kind"], error["stage"], error["reason"]) for error in outcome.of("error")}
    assert errors == {(urls[name], "render", "ready", "ERR_NAME_NOT_RESOLVED") for name in dead}
    assert {error["message"] for error in outcome.of("error")} == {"the page went to http://nowhere.invalid/x: net::ERR_NAME_NOT_RESOLVED"}


def test_pages_that_print_themselves(pages, crawl):
    """``window.print`` does nothing, in frames neither: a page that is being printed cannot be made a PDF of."""
    url = pages.page(
        "/prints", "<h1>x</h1><script>print(); onload = () => print()</script><iframe srcdoc='<script>print()</script>'></iframe>"
    )
    outcome = crawl(url, pdf=True)
    assert outcome.captures()["pdf"]["complete"]
    assert not outcome.of("error")


def test_a_dom_that_is_too_large(pages, crawl):
    """Beyond `DOWNLOAD_MAXSIZE` a page is an error record, once, and a frame is missing; 0 is none, and the request's own value goes first."""
    grow = "<!doctype html><title>t</title><a href=/own>own</a><p id=p hidden></p><script>p.textContent = '\u4e2d'.repeat(3e5)</script>"
    big, small = pages.page("/big", grow), pages.page("/small", "<a href=/own>own</a><iframe src=/big></iframe>")
    allowed = [{"url": pages.page(f"/allowed-{size}", grow), "meta": {"download_maxsize": size}} for size in (0, 10**6)]
    outcome = crawl([big, small, *allowed], render=True, render_frames=True, DOWNLOAD_MAXSIZE=200_000, RETRY_ENABLED=True)
    links = {link["page_url"] for link in outcome.of("link")}
    assert links == {small, *(request["url"] for request in allowed)}
    errors = {(error["page_url"], error["kind"], error["stage"], error["reason"]) for error in outcome.of("error")}
    assert errors == {(big, "render", "page", "too_large"), (small, "render", "frame", "too_large")}
    assert [failure["error"] for failure in outcome.of("failure")] == ["PageTooLargeError"]
    assert outcome.stats["linkmedia/render/failed_count/too_large"] == 1
    assert outcome.stats["linkmedia/render/error_count/render/page/too_large"] == 1
    assert "retry/count" not in outcome.stats


def test_a_download_that_is_too_large(pages, crawl):
    """A file in the place of a page is held to `DOWNLOAD_MAXSIZE`, too, by what it is once it is unpacked."""
    packed = gzip.compress(bytes(300_000))
    pages.routes["/bomb"] = pages.routes["/file"] = lambda _: (200, {"Content-Type": "application/x-y", "Content-Encoding": "gzip"}, packed)
    allowed = {"url": pages.url + "/file", "meta": {"download_maxsize": 300_000}}
    outcome = crawl([pages.url + "/bomb", allowed], render=True, DOWNLOAD_MAXSIZE=200_000, RETRY_ENABLED=True)
    assert [len(response["body"]) for response in outcome.of("response")] == [300_000]
    assert [(error["page_url"], error["reason"]) for error in outcome.of("error")] == [(pages.url + "/bomb", "too_large")]
    assert pages.requests.count("/bomb") == 1


def test_addresses_that_pages_give_themselves(pages, crawl):
    """One of megabytes is not taken: it would stand in all records of the page, and before each of its links."""
    urls = []
    for length in (5_000, 100_000):
        give = f"<script>history.pushState(0, '', '/' + 'a'.repeat({length}) + '/page')</script>"
        urls.append(pages.page(f"/{length}", f"<a href=x>x</a>{give}"))
    outcome = crawl(urls, render=True)
    lengths = {item["asked"]: len(item["url"]) for item in outcome.of("response")}
    assert lengths == {urls[0]: len(pages.url) + 5_006, urls[1]: len(urls[1])}
    assert sorted(len(link["url"]) for link in outcome.of("link")) == [len(pages.url + "/x"), len(pages.url) + 5_003]


def test_a_dom_that_the_driver_cannot_hand_over(pages, crawl):
    """It costs its own page, whatever `DOWNLOAD_MAXSIZE` is; the driver would end with it."""
    grow = "<!doctype html><a href=/own>own</a><p id=p hidden></p><script>p.textContent = '\u4e2d'.repeat(81e6)</script>"
    big, small = pages.page("/big", grow), pages.page("/small", "<a href=/own>own</a>")
    outcome = crawl([big, small], render=True, DOWNLOAD_MAXSIZE=0, RETRY_ENABLED=True)
    assert {link["page_url"] for link in outcome.of("link")} == {small}
    assert [(error["page_url"], error["reason"]) for error in outcome.of("error")] == [(big, "too_large")]
    assert "linkmedia/render/driver_restart_count" not in outcome.stats


def test_answers_that_no_browser_shows(pages, crawl):
    """204, 304, 401 and an error without a body give what they give without a browser, after one try."""
    pages.routes["/204"] = lambda _: (204, {}, b"")
    pages.routes["/304"] = lambda _: (304, {}, b"")
    pages.routes["/404"] = lambda _: (404, {"Content-Type": "text/html"}, b"")
    pages.routes["/401"] = lambda _: (401, {"WWW-Authenticate": "Basic realm=x", "Content-Type": "text/html"}, b"<a href=/own>own</a>")
    asked = [pages.url + path for path in ("/204", "/304", "/404", "/401")]
    outcome = crawl(asked, render=True, HTTPERROR_ALLOW_ALL=True, RETRY_ENABLED=True, PLAYWRIGHT_DOWNLOAD_TIMEOUT=1000)
    assert sorted(response["status"] for response in outcome.of("response")) == [204, 304, 401, 404]
    assert [link["page_url"] for link in outcome.of("link")] == [pages.url + "/401"]
    assert outcome.of("error") == outcome.of("failure") == []
    assert [pages.requests.count(path) for path in ("/204", "/304", "/404", "/401")] == [2, 2, 2, 2]
    assert outcome.stats["linkmedia/render/skipped_count/no_document"] == 3
    assert outcome.stats["linkmedia/render/skipped_count/authentication"] == 1
    assert "retry/count" not in outcome.stats


def test_an_error_without_a_body_that_passes(pages, crawl):
    """What Scrapy's retry asks for again is rendered when it is there."""
    answers = iter([(503, {}, b"")] * 2)
    page = (200, {"Content-Type": "text/html"}, b"<h1>x</h1>")
    pages.routes["/busy"] = lambda _: next(answers, page)
    outcome = crawl(pages.url + "/busy", screenshot=True, RETRY_ENABLED=True)
    assert list(outcome.captures()) == ["screenshot"]
    assert outcome.of("error") == []
    assert outcome.stats["retry/reason_count/503 Service Unavailable"] == 1


def test_meta_is_the_users_again_and_plain(pages, crawl):
    """Nothing of ours that could not be stored in a queue stays in the meta, and the user's own keys come back as they were."""
    url = pages.page("/m", "<h1>x</h1>")
    outcome = crawl(
        [{"url": url, "meta": {"playwright_page_methods": [["evaluate", "document.body.append('by the user')"]]}}], screenshot=True
    )
    (response,) = outcome.of("response")
    assert set(response["playwright_meta"]) <= {"playwright_context", "playwright_page_methods", "playwright_security_details"}
    assert "playwright_page_methods" in response["playwright_meta"]
    assert "by the user" in response["body"]
    assert [capture["kind"] for capture in response["meta"]["linkmedia_captures"]] == ["screenshot"]


def test_only_what_asks_is_rendered_and_no_browser_otherwise(pages, crawl):
    """With nothing but the add-on, a request can ask for itself; the others are downloaded plainly."""
    one, two = pages.page("/one", SHADOW), pages.page("/two", SHADOW)
    outcome = crawl([{"url": one, "meta": {"linkmedia": {"screenshot": True}}}, two])
    assert [capture["page_url"] for capture in outcome.of("capture")] == [one]
    assert outcome.stats["linkmedia/render/page_count"] == 1
    unrendered = crawl([two])
    assert "playwright/browser_count" not in unrendered.stats
    assert "scrapy-playwright" not in unrendered.log
    assert {link["raw_href"] for link in unrendered.of("link")} == {"/noscript"}


def test_what_is_no_html_comes_as_it_is(pages, crawl):
    """JSON, a picture, a PDF and XML have their own bytes, not those of a browser's viewer."""
    picture = (pages.folder / "img" / "hero.jpg").read_bytes()
    urls = [
        pages.page("/data", '{"a": 1}', "application/json"),
        pages.page("/picture", picture, "image/jpeg"),
        pages.page("/paper", b"%PDF-1.4 not really", "application/pdf"),
        pages.page("/feed", "<rss><channel/></rss>", "application/xml"),
        pages.page("/plain", "just text", "text/plain"),
        pages.page("/attached", "a,b", "text/csv", **{"Content-Disposition": "attachment; filename=x.csv"}),
    ]
    outcome = crawl(urls, screenshot=True)
    bodies = {item["asked"].rpartition("/")[2]: item["body"] for item in outcome.of("response")}
    assert bodies["data"] == '{"a": 1}'
    assert bodies["picture"].encode("latin-1") == picture
    assert bodies["paper"] == "%PDF-1.4 not really"
    assert bodies["feed"] == "<rss><channel/></rss>"
    assert bodies["plain"] == "just text"
    assert bodies["attached"] == "a,b"
    assert outcome.of("capture") == []


def test_media_robots_and_known_endings_never_meet_the_browser(pages, crawl):
    """Robots.txt is fetched without the browser, and so is what no HTML page is called."""
    pages.page("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
    urls = [pages.page("/a.json", "{}", "application/json"), pages.page("/b.xml", "<a/>", "application/xml")]
    outcome = crawl(urls, render=True, ROBOTSTXT_OBEY=True)
    assert outcome.stats["linkmedia/render/skipped_count/extension"] == 2
    assert "playwright/page_count" not in outcome.stats
    assert len(outcome.of("response")) == 2


def test_page_encoding_is_kept_for_queries(pages, crawl):
    """A link's query is in the page's own encoding, and text that the encoding lacks survives."""
    html = '<!doctype html><meta charset=gbk><a href="/s?q=中文">中文</a><p id=p></p><script>p.innerHTML = "<a href=/t>\\u20b9 \\ud83d\\ude00</a>"</script>'
    sixteen = '<a href="/s?q=é">é</a>'.encode("utf-16")
    urls = pages.page("/zh", html.encode("gbk"), "text/html"), pages.page("/16", sixteen, "text/html; charset=utf-16")
    outcome = crawl(list(urls), render=True)
    links = {link["raw_href"]: link for link in outcome.of("link", "/zh")}
    assert links["/s?q=中文"]["url"].endswith("?q=%D6%D0%CE%C4")
    assert links["/t"]["text"] == "₹ 😀"
    assert [link["url"].rpartition("?")[2] for link in outcome.of("link", "/16")] == ["q=%C3%A9"]


def test_error_pages_get_no_captures_unless_they_are_wanted(pages, crawl):
    """A status that never reaches the spider leaves no file behind; one that does is captured."""
    pages.routes["/gone"] = lambda _: (404, {"Content-Type": "text/html"}, b"<h1>gone</h1>")
    url = pages.url + "/gone"
    outcome = crawl([url, {"url": url + "?x", "meta": {"handle_httpstatus_list": [404]}}], screenshot=True)
    assert [capture["page_url"] for capture in outcome.of("capture")] == [url + "?x"]
    assert outcome.stats["linkmedia/capture_count/screenshot"] == 1


def test_frames_of_the_same_site_by_setting(pages, crawl):
    """Frames are counted; with the setting, those of the page's own site are part of its records."""
    pages.page("/inner", '<a href="/from-frame">f</a>')
    other = pages.url.replace("127.0.0.1", "localhost")
    url = pages.page(
        "/outer",
        f'<a href="/own">o</a><iframe src=/inner></iframe><iframe srcdoc="<a href=/srcdoc>s</a>"></iframe><iframe src={other}/inner></iframe>',
    )
    outcome = crawl([url, {"url": url + "?frames", "meta": {"linkmedia": {"render_frames": True}}}], render=True)
    assert [link["raw_href"] for link in outcome.of("link", "/outer")] == ["/own"]
    assert [link["raw_href"] for link in outcome.of("link", "/outer?frames")] == ["/own", "/from-frame", "/srcdoc"]
    assert {link["page_url"] for link in outcome.of("link")} == {url, url + "?frames"}
    assert outcome.stats["linkmedia/render/frame_count"] == 2 * 3


def test_more_frames_than_are_looked_at(pages, crawl):
    """Of 53 frames of the page's own site the first 50 are extracted, and the rest is counted; those of other sites take no place."""
    frames = "".join(f"<iframe srcdoc='<a href=/{number}>x</a>'></iframe>" for number in range(53))
    other = pages.url.replace("127.0.0.1", "localhost")
    url = pages.page("/many", f"<iframe src={other}/></iframe>{frames}")
    outcome = crawl(url, render=True, render_frames=True)
    assert [link["raw_href"] for link in outcome.of("link")] == [f"/{number}" for number in range(50)]
    assert outcome.stats["linkmedia/render/frame_skipped_count"] == 3


def test_pages_that_an_earlier_crawl_has_put_into_the_http_cache(pages, crawl, tmp_path: Path):
    """They come as they are there, unrendered, which is counted, and told once; a server that says otherwise is not believed."""
    says = {"X-Linkmedia-Rendered": "1"}
    urls = [pages.page(f"/cached-{number}", "<noscript><a href=/ns>x</a></noscript>", **says) for number in range(2)]
    urls.append(pages.page("/notes", "no page, so that nothing is missing", "text/plain"))
    cache = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": str(tmp_path / "cache")}
    crawl(urls, **cache)
    outcome = crawl(urls, screenshot=True, **cache)
    assert len(outcome.of("link")) == 2
    assert outcome.captures() == {}
    assert outcome.stats["linkmedia/render/skipped_count/http_cache"] == 2
    assert outcome.log.count("the HTTP cache has them as they were downloaded") == 1


def test_a_download_handler_that_does_not_render(pages, crawl):
    """Each page has its error record, which names the handler; that is told once."""
    plain = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
    urls = [pages.page(f"/plain-{number}", "<a href=/a>x</a>") for number in range(2)]
    outcome = crawl(urls, screenshot=True, DOWNLOAD_HANDLERS={"http": plain})
    assert len(outcome.of("link")) == 2
    why = f'DOWNLOAD_HANDLERS["http"] is {plain}, which does not render'
    assert [(error["reason"], error["message"]) for error in outcome.of("error")] == [("not_rendered", why)] * 2
    assert outcome.log.count(f"Pages are not rendered: {why}") == 1


def test_a_download_handler_below_ours(pages, crawl):
    """What is not rendered goes to the one that DOWNLOAD_HANDLERS_BASE names."""
    rendered = {"url": pages.page("/rendered", "<a href=/a>x</a>"), "meta": {"linkmedia": {"render": True}}}
    base = {**DOWNLOAD_HANDLERS_BASE, "http": "tests.browser.runner.OwnHandler"}
    outcome = crawl([rendered, pages.url + "/plain"], DOWNLOAD_HANDLERS_BASE=base)
    assert {response["asked"]: response["flags"] for response in outcome.of("response")} == {
        rendered["url"]: ["playwright"],
        pages.url + "/plain": ["own"],
    }


def test_images_are_measured(pages, crawl):
    """An image record says what the browser made of it.

    Natural sizes are the file's pixels whatever density a candidate is shown at, and None of a file that did not come; nothing is asked
    for again.
    """
    shown = "<img src=/img/hero.jpg width=300 height=200 alt='a hero image'><img src=/img/logo.svg style='display:none' alt='hidden one'>"
    hero = "/img/hero.jpg"
    candidates = (
        f"<img srcset='{hero}?w 640w' sizes=320px><img srcset='{hero}?x 4x'><img src=/missing.png alt='no such file'>"
        f"<picture><source srcset='{hero}?source 640w' sizes=100vw><img src={hero}?unused></picture>"
    )
    outcome = crawl([pages.page("/shown", shown), pages.page("/candidates", candidates)], render=True, image_score_threshold=None)
    displayed = {
        image["src"].rpartition("/")[2]: (image["natural_width"], image["displayed_width"], image["displayed_height"], image["visible"])
        for image in outcome.of("image", "/shown")
    }
    assert displayed["hero.jpg"] == (1280, 300, 200, True)
    assert displayed["logo.svg"][1:] == (0, 0, False)
    sizes = {
        image["src"].rpartition("/")[2]: (image["natural_width"], image["natural_height"]) for image in outcome.of("image", "/candidates")
    }
    assert sizes == {"hero.jpg?w": (1280, 520), "hero.jpg?x": (1280, 520), "hero.jpg?source": (1280, 520), "missing.png": (None, None)}
    assert sorted(target for target in pages.requests if "hero.jpg?" in target) == [f"{hero}?source", f"{hero}?w", f"{hero}?x"]


def test_excluded_images_are_not_downloaded(pages, crawl):
    """The server is not asked for images that the page's settings leave out; the page is complete without them."""
    html = "<img src=/img/hero.jpg?{0}><div style='background:url(/img/logo.svg?{0});height:50px'></div><img src={1}/img/hero.jpg?{0}ext>"
    other = pages.url.replace("127.0.0.1", "localhost")
    urls = {name: pages.page(f"/{name}", html.format(name, other)) for name in ("all", "external", "none")}
    meta = {"all": {"exclude_all_images": True}, "external": {"exclude_external_images": True}, "none": {}}
    outcome = crawl([{"url": urls[name], "meta": {"linkmedia": {"screenshot": True, **meta[name]}}} for name in urls], wait_for_images=True)
    asked = {target.partition("?")[2] for target in pages.requests if "/img/" in target}
    assert asked == {"external", "none", "noneext"}
    for name, total in (("all", 0), ("external", 2), ("none", 3)):
        capture = outcome.captures("/" + name)["screenshot"]
        assert (capture["images_total"], capture["images_loaded"], capture["complete"]) == (total, total, True), (name, capture)
    # Three are img elements, which the load event waits for; whether it does for a background is the browser's affair.
    assert 3 <= outcome.stats["linkmedia/render/blocked_count/image"] <= 4


def test_an_init_callback_that_fails(pages, crawl):
    """One of the user's own costs what it was for, and not what is watched and blocked on the page, nor its captures."""
    url = pages.page("/failing", "<h1>x</h1><img src=/img/hero.jpg>")
    meta = {"linkmedia": {"pdf": True, "exclude_all_images": True}, "playwright_page_init_callback": "tests.browser.runner.fail"}
    outcome = crawl([{"url": url, "meta": meta}])
    assert "of the user's own" in outcome.log
    assert outcome.of("error") == []
    assert list(outcome.captures()) == ["pdf"]
    assert "/img/hero.jpg" not in pages.requests


def test_inlined_captures_without_a_store(pages, crawl, tmp_path: Path):
    """Inlined captures are in the records alone: neither in the meta nor in the log."""
    url = pages.page("/inline", "<h1>Inline</h1>")
    outcome = crawl(url, screenshot=True, mhtml=True, capture_inline=True, LINKMEDIA_STORE=None)
    captures = outcome.captures()
    assert picture_size(base64.b64decode(captures["screenshot"]["data"]))[1:] == (1280, 720)
    assert captures["mhtml"]["data"].startswith("From: ")
    assert captures["mhtml"]["path"] is None
    assert "data" not in outcome.of("response")[0]["meta"]["linkmedia_captures"][0]
    assert captures["screenshot"]["data"][:60] not in outcome.log
    assert not (tmp_path / "captures").exists()


def test_failures_are_records_and_the_rest_comes(pages, crawl, tmp_path: Path):
    """A capture that cannot be taken or stored is an error record with its stage; the page's other records still come."""
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "pdf").write_text("in the way")
    url = pages.page("/f", "<a href=/x>x</a>")
    asks = {"screenshot": True, "screenshot_selector": "#missing", "pdf": True, "mhtml": True}
    outcome = crawl([{"url": url, "meta": {"linkmedia": asks}}])
    errors = {(error["kind"], error["stage"], error["reason"]) for error in outcome.of("error")}
    assert {(kind, stage) for kind, stage, _ in errors} == {("capture", "screenshot"), ("store", "pdf")}
    assert ("capture", "screenshot", "no_such_element") in errors
    assert set(outcome.captures()) == {"mhtml"}
    assert len(outcome.of("link")) == 1
    assert outcome.stats["linkmedia/error_count/capture/screenshot"] == 1
