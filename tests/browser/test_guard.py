"""Private networks: what pages of public hosts, and of files, can reach from a rendered crawl."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from linkmedia_scrapy.addresses import AddressSpaces, is_private_address
from linkmedia_scrapy.browser import find
from linkmedia_scrapy.browser.guard import Guard
from linkmedia_scrapy.browser.restraints import Restraints
from tests.browser.conftest import Pages
from tests.conftest import SOAK

# Each way in, by the path that the private server would see. PRIVATE is its origin, NAME that of a name which resolves to it.
WAYS = {
    "image": "<img src=PRIVATE/image>",
    "image-by-name": "<img src=NAME/image-by-name>",
    "image-redirected": "<img src=/to/image-redirected>",
    "fetch": "<script>fetch('PRIVATE/fetch', {mode: 'no-cors'}).catch(e => 0)</script>",
    "fetch-redirected": "<script>fetch('/to/fetch-redirected').catch(e => 0)</script>",
    "script": "<script src=PRIVATE/script></script>",
    "stylesheet": "<link rel=stylesheet href=PRIVATE/stylesheet>",
    "iframe": "<iframe src=PRIVATE/iframe></iframe>",
    "iframe-redirected": "<iframe src=/to/iframe-redirected></iframe>",
    "iframe-by-name": "<iframe src=NAME/iframe-by-name></iframe>",
    "websocket": "<script>new WebSocket('PRIVATE/websocket'.replace('http', 'ws'))</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('PRIVATE/worker').catch(e => 0)\"])))</script>",
    "refresh": "<meta http-equiv=refresh content='0;url=PRIVATE/refresh'>",
    "location": "<script>location = 'PRIVATE/location'</script>",
    "location-redirected": "<script>location = '/to/location-redirected'</script>",
    "popup": "<script>window.open('PRIVATE/popup')</script>",
    "popup-noopener": "<script>window.open('PRIVATE/popup-noopener', '', 'noopener')</script>",
    "popup-redirected": "<script>window.open('/to/popup-redirected')</script>",
    "form": "<form id=f action=PRIVATE/form target=_blank></form><script>f.submit()</script>",
    "redirected": None,  # the page itself
}
NAME = "inside.test"


@pytest.fixture
def private() -> Any:
    with Pages() as server:
        for way in WAYS:
            server.page("/" + way, "<h1>secret</h1>", **{"Access-Control-Allow-Origin": "*"})
        yield server
        server.let_go.set()


def options_of(pages: Pages, *, blocks: bool) -> dict[str, Any]:
    """A browser to which our pages' server is a public one, and NAME a name for the private one."""
    options = find.launch_options(block_private_network=blocks)
    assert options is not None
    place = pages.url.partition("://")[2]
    options["args"] += [f"--ip-address-space-overrides={place}=public", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    return options


def serve_ways(pages: Pages, private: Pages) -> dict[str, str]:
    """The URL of a page for each way in; ``/to/X`` redirects to the private server's X."""
    by_name = private.url.replace("127.0.0.1", NAME)
    urls = {}
    for way, html in WAYS.items():
        pages.routes["/to/" + way] = lambda handler: (302, {"Location": private.url + "/" + handler.path.rpartition("/")[2]}, b"")
        if html is None:
            urls[way] = pages.url + "/to/" + way
        else:
            wait = "<img src=/wait>"  # for what scripts begin
            body = f"<!doctype html><title>t</title><a href=/own>o</a>{html}{wait}".replace("PRIVATE", private.url).replace("NAME", by_name)
            urls[way] = pages.page("/" + way, body)
    pages.file("/wait", "img/logo.svg", 1.5)
    return urls


@pytest.mark.parametrize("where", ["launched", pytest.param("remote", marks=pytest.mark.soak)])
def test_a_public_page_reaches_nothing_private(pages, private, crawl, remote, where):
    """A loopback server sees nothing of what pages of a public host try, by address, name or redirect; the pages have their records."""
    if where == "remote" and not SOAK:
        pytest.skip("over CDP with LINKMEDIA_SOAK=1")
    urls = serve_ways(pages, private)
    options = options_of(pages, blocks=True)
    over: dict[str, Any] = {}
    if where == "remote":  # where Local Network Access is on, and somebody says so by having a browser of today
        remote.start(*options["args"])
        over["PLAYWRIGHT_CDP_URL"] = remote.url
    # what no browser shows is asked for again without one, and robots.txt at once
    shown: list[str] = []

    def later(handler: Any) -> Any:
        shown.append(handler.path)
        return (200, {"Content-Type": "text/plain"}, b"x") if len(shown) == 1 else (302, {"Location": private.url + "/later"}, b"")

    pages.routes["/later"] = later
    pages.routes["/robots.txt"] = lambda _: (302, {"Location": private.url.replace("http://", "///") + "/robots.txt"}, b"")
    asked = [*urls.values(), pages.url + "/later"]
    outcome = crawl(asked, screenshot=True, PLAYWRIGHT_LAUNCH_OPTIONS=options, RETRY_ENABLED=True, ROBOTSTXT_OBEY=True, **over)
    assert private.requests == []
    assert len(shown) == 2
    for way, url in urls.items():
        if way != "redirected":
            assert [link["raw_href"] for link in outcome.of("link", "/" + way)] == ["/own"], way
            assert outcome.captures("/" + way)["screenshot"], way
        assert "secret" not in str(outcome.of("response", url))
    for path in ("/to/redirected", "/later"):
        (failed,) = outcome.of("error", path)
        assert (failed["kind"], failed["stage"], failed["reason"]) == ("render", "page", "private_network")
    assert "retry/count" not in outcome.stats
    assert outcome.stats["linkmedia/render/blocked_count/private_network"] >= 8
    if where == "launched":  # a browser that somebody else runs may block pop-ups by itself
        assert outcome.stats["linkmedia/render/blocked_count/popup"] >= 3


def test_switched_off_it_reaches_what_it_wants(pages, private, crawl):
    """Without the guard the same server sees each way; so the test above can fail. Popups stay closed: their pages are nobody's."""
    urls = serve_ways(pages, private)
    crawl(list(urls.values()), render=True, block_private_network=False, PLAYWRIGHT_LAUNCH_OPTIONS=options_of(pages, blocks=False))
    seen = {path.partition("?")[0].strip("/") for path in private.requests}
    assert seen - {"favicon.ico"} == {way for way in WAYS if not way.startswith(("popup", "form"))}


@pytest.mark.parametrize("blocks", [True, False], ids=["guarded", "unguarded"])
def test_webrtc(pages, crawl, blocks):
    """A public page makes no calls to private addresses, neither by UDP nor by TCP."""
    seen = []
    with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        for inside in (udp, tcp):
            inside.bind(("127.0.0.1", 0))
            inside.setblocking(False)
        tcp.listen()
        stun, turn = (inside.getsockname()[1] for inside in (udp, tcp))
        servers = [{"urls": f"stun:127.0.0.1:{stun}"}, {"urls": f"turn:127.0.0.1:{turn}?transport=tcp", "username": "u", "credential": "p"}]
        call = f"const p = new RTCPeerConnection({{iceServers: {json.dumps(servers)}}}); p.createDataChannel('x'); p.setLocalDescription()"
        url = pages.page("/calls", f"<a href=/own>own</a><script>{call}</script><img src=/wait>")
        pages.file("/wait", "img/logo.svg", 2)
        outcome = crawl(url, render=True, block_private_network=blocks, PLAYWRIGHT_LAUNCH_OPTIONS=options_of(pages, blocks=blocks))
        with suppress(BlockingIOError):
            udp.recv(100)
            seen.append("udp")
        with suppress(BlockingIOError):
            tcp.accept()[0].close()
            seen.append("tcp")
    assert seen == ([] if blocks else ["udp", "tcp"])
    assert outcome.of("link")


def test_a_private_page_reaches_what_is_private(pages, private, crawl):
    """Whoever crawls an intranet sees it whole: the guard is for pages of public hosts."""
    url = pages.page("/intranet", f"<img src={private.url}/image><iframe src={private.url}/iframe></iframe>")
    outcome = crawl(url, render=True)
    assert sorted(private.requests) == ["/iframe", "/image"]
    assert "linkmedia/render/blocked_count/private_network" not in outcome.stats


def test_a_file_shows_no_other_file(crawl, tmp_path: Path):
    """A file is rendered where its own request asks for that; it cannot read other files, and what it links to is not rendered."""
    (tmp_path / "secret.html").write_text("<h1>secret</h1><a href=/leak>leak</a>")
    (tmp_path / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    page = tmp_path / "page.html"
    page.write_text(
        "<a href=own>own</a><img src=picture.svg><iframe src=secret.html></iframe><p id=p></p>"
        "<script>p.textContent = 'by a script'; fetch('secret.html').catch(e => 0)</script>"
    )
    leaving = tmp_path / "leaving.html"
    leaving.write_text("<a href=own>own</a><script>location = 'secret.html'</script>")
    asks = {"linkmedia": {"render": True, "render_frames": True}}
    urls = [file.as_uri() for file in (page, leaving)]
    outcome = crawl([*({"url": url, "meta": asks} for url in urls), page.as_uri() + "?plain"], block_private_network=False)
    bodies = {item["asked"]: item["body"] for item in outcome.of("response")}
    assert "by a script</p>" in bodies[urls[0]]
    assert [link["page_url"] for link in outcome.of("link") if link["raw_href"] == "own"].count(urls[1]) == 1
    assert not [link for link in outcome.of("link") if link["raw_href"] == "/leak"]
    assert "secret</h1>" not in "".join(bodies.values())
    assert outcome.stats["linkmedia/render/page_count"] == 2


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("0.0.0.0", True),
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("::1", True),
        ("::", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("64:ff9b::a00:1", True),
        ("2002:7f00:1::", True),
        ("64:ff9b:1::7f00:1", True),
        ("fec0::1", True),
        ("93.184.216.34", False),
        ("2606:2800:220:1::1", False),
        ("::ffff:93.184.216.34", False),
    ],
)
def test_private_addresses(address, private):
    """Loopback, link-local, private and shared addresses, also where another address carries them."""
    assert is_private_address(address) is private


def test_names_and_what_the_command_line_says(monkeypatch):
    """Names are as private as any of their addresses; what does not resolve is not; the browser's own overrides hold."""
    spaces = AddressSpaces(["--ip-address-space-overrides=127.0.0.1:8080=public,127.0.0.1:9=local", "--x"])
    lookups = []

    def getaddrinfo(host, *_, **__):
        lookups.append(host)
        if host == "nowhere.test":
            raise OSError("no such name")
        addresses = {"both.test": ["93.184.216.34", "10.0.0.1"], "inside.test": ["10.0.0.1", "::1"]}.get(host, ["93.184.216.34"])
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def ask(*urls: str, wholly: bool = False) -> list[bool]:
        return [await spaces.is_private(url, wholly=wholly) for url in urls]

    urls = [
        "http://both.test/",
        "https://public.test/",
        "http://nowhere.test/",
        "http://both.test:81/",
        "http://a.localhost/",
        "ws://localhost./",
    ]
    assert asyncio.run(ask(*urls)) == [True, False, False, True, True, True]
    assert lookups == ["both.test", "public.test", "nowhere.test"]
    assert asyncio.run(ask(*urls, "http://inside.test/", wholly=True)) == [False, False, False, False, True, True, True]
    assert asyncio.run(ask("http://127.0.0.1:8080/x", "http://127.0.0.1:9/", "http://127.0.0.1/", "http://[::1]/")) == [
        False,
        True,
        True,
        True,
    ]


def test_silent_name_servers_hold_up_nobody_else(monkeypatch):
    """Names that a page has by the hundred, and that take their time, leave the threads alone by which files are stored."""
    let_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: let_go.wait(60) and [])
    spaces = AddressSpaces()

    async def work() -> str:
        asked = [asyncio.ensure_future(spaces.is_private(f"http://{number}.test/")) for number in range(100)]
        await asyncio.sleep(0)  # all have begun
        try:
            return await asyncio.wait_for(asyncio.to_thread(str, "stored"), 4)
        finally:
            let_go.set()
            assert await asyncio.gather(*asked) == [False] * 100

    assert asyncio.run(work()) == "stored"


def test_popups_are_watched_until_the_page_closes(on_page):
    """A page that fails, or is a download, leaves no watch in its context: the next pages' popups would pass all of them."""

    async def watch(first):
        context = await first.context.browser.new_context()  # one that does not close with its page
        left, unroute = asyncio.Event(), context.unroute
        watched: list[Any] = []

        async def noted(*arguments: Any) -> None:
            await unroute(*arguments)
            watched.append(arguments)
            left.set()

        context.unroute = noted
        page = await context.new_page()
        await Restraints(page).attach()
        assert watched == []
        await page.close()
        await asyncio.wait_for(left.wait(), 20)
        return watched

    assert [pattern for pattern, _ in on_page(watch)] == ["**/*"]


@pytest.mark.parametrize(
    ("page", "url", "forbidden"),
    [
        ("file:///a/page.html", "file:///a/page.html#part", False),
        ("file:///a/page.html", "file:///etc/passwd", True),
        ("file://localhost/a/b/../page.html", "file:///a/page.html", False),
        ("file:///c:/page.html", "file:///C:/page.html", False),
        ("file:///c:/page.html", "file:///C:/other.html", True),
        ("file:///a/page.html", "https://93.184.216.34/x.png", False),
        ("https://93.184.216.34/", "file:///etc/passwd", True),
        ("https://93.184.216.34/", "ws://127.0.0.1/", True),
        ("https://93.184.216.34/", "data:text/html,x", False),
    ],
)
def test_what_a_page_may_ask_for(page, url, forbidden):
    """A file's page may not ask for other files, nobody else's for any."""
    guard = Guard(AddressSpaces(), page)

    class Routed:
        async def route(self, *_: Any) -> None:
            """Take the guard's route."""

    async def ask() -> bool:
        await guard.attach(Routed(), None)  # type: ignore[arg-type]
        return await guard.forbids(url)

    assert asyncio.run(ask()) is forbidden
    assert guard.blocked == ({url} if forbidden else set())
