"""Videos and audio: found in elements, frames, metadata and links; one record a medium, never one without a URL."""

from __future__ import annotations

import base64
import html
import json
from typing import Any

import pytest

from linkmedia_scrapy import AudioItem, LinkMediaConfig, VideoItem, extract
from tests.conftest import SITE, calls

URL = "https://journal.example.org/a/page.html"
BASE = "https://journal.example.org"


def players(html: str, **settings: Any) -> list[VideoItem | AudioItem]:
    """The page's videos, then its audio."""
    page = extract(html, URL, config=LinkMediaConfig(**settings))
    assert not page.errors
    assert all(record.src.startswith(("https://", "http://")) for record in [*page.videos, *page.audios])
    return [*page.videos, *page.audios]


_FRAME = '<iframe src="https://www.youtube-nocookie.com/embed/TaRn0wick_4?feature=oembed" title="Lake"></iframe>'


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def json_ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_bundled_page() -> None:
    """Every field of the site's page of films and sounds."""
    page = extract((SITE / "media" / "index.html").read_bytes(), f"{BASE}/media/index.html")
    lake, boat, talk, heron = page.videos
    bell, rain, episode12, episode11 = page.audios
    media = f"{BASE}/media"
    assert lake.sources == [
        {"src": f"{media}/lake.webm", "mime_type": "video/webm", "media": ""},
        {"src": f"{media}/lake.mp4", "mime_type": "video/mp4", "media": ""},
    ]
    assert lake.tracks == [
        {"src": f"{media}/lake.en.vtt", "kind": "subtitles", "srclang": "en", "label": "English", "default": True},
        {"src": f"{media}/lake.de.vtt", "kind": "subtitles", "srclang": "de", "label": "Deutsch", "default": False},
    ]
    assert [(record.kind, record.src, record.poster, record.mime_type, record.width, record.height) for record in (lake, boat)] == [
        ("element", f"{media}/lake.webm", f"{media}/poster.jpg", "video/webm", 640, 360),
        ("element", f"{media}/boat.mp4", f"{BASE}/img/gallery/g09.jpg", "video/mp4", 640, 360),
    ]
    assert [(record.kind, record.provider, record.provider_id, record.title) for record in (talk, heron)] == [
        ("embed", "youtube", "TaRn0wick_4", "Talk: reading clouds"),
        ("embed", "vimeo", "999000421", "Building the Heron"),
    ]
    assert talk.src == "https://www.youtube-nocookie.com/embed/TaRn0wick_4"
    assert talk.base_domain == "youtube-nocookie.com"
    assert [source["src"] for source in bell.sources] == [f"{media}/bell.ogg", f"{media}/bell.wav"]
    assert [(record.kind, record.src, record.title, record.scope) for record in (rain, episode12, episode11)] == [
        ("element", f"{media}/rain.mp3", "", "internal"),
        ("link", f"{media}/episode-12.mp3", "Episode 12: The bell in the fog", "internal"),
        ("link", "https://podcasts.example.net/slow-water/11.mp3", "Episode 11: Ice and how to hear it", "external"),
    ]
    for record in (*page.videos, *page.audios):
        assert (record.region, record.page_url, record.canonical_url is None) == ("main", page.url, record.provider == "")
    assert [record.heading for record in page.videos][:2] == ["Tarnmere at dusk", "The regatta, without sound"]
    assert len({record.group_id for record in (*page.videos, *page.audios)}) == 8


@pytest.mark.parametrize(
    "player",
    [
        '<iframe src="https://www.youtube.com/embed/TaRn0wick_4"></iframe>',
        '<blockquote class=instagram-media data-instgrm-permalink="https://www.instagram.com/p/TaRn0wick_4/"></blockquote>',
    ],
    ids=["frame", "placed"],
)
@pytest.mark.parametrize(
    ("before", "after", "heading", "desc"),
    [
        ("<h2>Lakes</h2><figure>", "<figcaption>The  lake</figcaption></figure>", "Lakes", "The lake"),
        ("<h1>Water</h1><section><h2>Lakes</h2></section><div>", "</div><h2>Rivers</h2>", "Water", ""),
        ("<section><h2>Lakes</h2><p>x<div>", "</div></section>", "Lakes", ""),
        ("<article><header><h2>Lakes</h2></header>", "</article>", "Lakes", ""),
        ("<header><h2>Lakes</h2></header>", "", "", ""),
        ("<h1>Water</h1><div hidden><h2>Lakes</h2></div>", "", "Water", ""),
        ("<h1>Water</h1><ul><li><h2>Lakes</h2><li>", "</ul>", "Water", ""),
    ],
)
def test_surroundings(player: str, before: str, after: str, heading: str, desc: str) -> None:
    """Heading and caption are those of the place, for what a script is to make into a player, too."""
    (record,) = players(before + player + after)
    assert (record.heading, record.desc) == (heading, desc)


def test_one_record_a_medium() -> None:
    """An element, a frame, a lite player, JSON-LD, Open Graph, a player card and a link that tell of one film are one record."""
    frame = '<figure><iframe src="https://www.youtube.com/embed/TaRn0wick_4?start=3"></iframe><figcaption>The lake</figcaption></figure>'
    told = {
        "@type": "NewsArticle",
        "video": {
            "@type": "VideoObject",
            "name": "Lake",
            "description": "All of it",
            "duration": "PT1M5S",
            "thumbnailUrl": ["/t.jpg"],
            "embedUrl": "https://www.youtube.com/embed/TaRn0wick_4",
            "contentUrl": "/lake.mp4",
            "width": {"@type": "QuantitativeValue", "value": 1280},
            "height": "720",
        },
    }
    (video,) = players(
        '<meta property="og:video" content="https://www.youtube.com/v/TaRn0wick_4"><meta property="og:video:type" content="text/html">'
        '<meta name="twitter:player" content="https://www.youtube.com/embed/TaRn0wick_4">'
        + json_ld(told)
        + frame
        + '<lite-youtube videoid="TaRn0wick_4"></lite-youtube><a href="/lake.mp4#t=5">take it</a>'
    )
    assert (video.kind, video.src) == ("embed", "https://www.youtube.com/embed/TaRn0wick_4?start=3")
    assert [source["src"] for source in video.sources] == [f"{BASE}/lake.mp4#t=5"]
    assert (video.title, video.desc, video.duration) == ("Lake", "The lake", 65.0)
    assert (video.poster, video.width, video.height) == (f"{BASE}/t.jpg", 1280, 720)


def test_two_findings_are_joined_by_a_third() -> None:
    """A frame and a file are one medium once metadata say so, and stand where the first of them stood."""
    told = {"@type": "VideoObject", "embedUrl": "https://player.vimeo.com/video/999000421", "contentUrl": "/b.mp4"}
    first, second = players(
        '<iframe src="https://player.vimeo.com/video/999000421"></iframe><video src="/c.mp4"></video><video src="/b.mp4"></video>'
        + json_ld(told)
    )
    assert (first.provider, [source["src"] for source in first.sources]) == ("vimeo", [f"{BASE}/b.mp4"])
    assert second.src == f"{BASE}/c.mp4"


@pytest.mark.parametrize(
    ("html", "kind", "src", "sources"),
    [
        pytest.param(
            "<audio controls><source type=audio/mpeg src='/ice.mp3?_=1'><a href=/ice.mp3>/ice.mp3</a></audio>",
            "element",
            "/ice.mp3?_=1",
            1,
            id="wordpress-audio",
        ),
        pytest.param(
            "<div class=wp-video><video><source type=video/mp4 src='/lake.mp4?_=2'><a href=/lake.mp4>/lake.mp4</a></video></div>",
            "element",
            "/lake.mp4?_=2",
            1,
            id="wordpress-video",
        ),
        pytest.param(
            "<audio><source src='/ice.mp3?_=1'><a href='/ice.mp3?_=1'>x</a></audio><p><a href=/ice.mp3>In a new window</a> | "
            "<a href=/ice.mp3 download=ice.mp3>Download</a> | <a href='/ice.mp3?download=1'>Save</a></p>",
            "element",
            "/ice.mp3?_=1",
            1,
            id="podcast-plugin",
        ),
        pytest.param(
            "<video src=/lake.mp4><p><a href=https://cdn.example/dl/lake-hd.mp4>Download</a></p></video>",
            "element",
            "/lake.mp4",
            1,
            id="fallback-of-another-file",
        ),
        pytest.param("<amp-video src=/lake.mp4><a href=/dl.mp4>x</a></amp-video>", "element", "/lake.mp4", 1, id="fallback-in-amp"),
        pytest.param(
            "<meta property=og:video content=/lake.mp4><video src='/lake.mp4?v=1.2&amp;ts=1718000000#t=3'></video>",
            "element",
            "/lake.mp4?v=1.2&ts=1718000000#t=3",
            1,
            id="open-graph-without-version",
        ),
        pytest.param("<video src=/lake.mp4?1718000000></video><a href=/lake.mp4>x</a>", "element", "/lake.mp4?1718000000", 1, id="digits"),
        pytest.param("<video><a href=/lake.mp4>x</a></video>", "link", "/lake.mp4", 1, id="nothing-else-to-play"),
        pytest.param(
            "<video src=/lake.mp4><object data=/lake.flv><embed src=/old.flv></object><iframe src=https://youtu.be/TaRn0wick_4></iframe></video>",
            "element",
            "/lake.mp4",
            1,
            id="fallback-players",
        ),
    ],
)
def test_one_record_with_fallback_and_cache_busters(html: str, kind: str, src: str, sources: int) -> None:
    """The links that browsers without players would show are no media of their own, and a version or time in a file's URL makes no other file."""
    (player,) = players(html)
    assert (player.kind, player.src, len(player.sources)) == (kind, BASE + src, sources)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<audio src='/play.mp3?id=1'></audio><audio src='/play.mp3?id=2'></audio>", id="other-parameter"),
        pytest.param("<audio src='/play.mp3?t=rain'></audio><audio src='/play.mp3?t=ice'></audio>", id="name-for-a-value"),
        pytest.param("<audio src='/play.mp3?t=101'></audio><audio src='/play.mp3?t=102'></audio>", id="short-number-for-a-value"),
        pytest.param("<audio src='/play.mp3?7'></audio><audio src='/play.mp3?8'></audio>", id="short-number"),
        pytest.param("<audio src='/play?v=1'></audio><audio src='/play?v=2'></audio>", id="no-file-name"),
        pytest.param("<audio src=/ice.mp3></audio><a href=/rain.mp3>Rain</a>", id="link-beside"),
    ],
)
def test_two_records(html: str) -> None:
    """What tells one medium from another stays: parameters that are no cache busters, links that stand beside a player."""
    assert len(players(html)) == 2


def test_group_id_without_cache_buster() -> None:
    """A file has one group_id, whatever its cache buster is when the page is crawled."""
    first, second = (players(f"<video src='/lake.mp4?v={version}'></video>")[0] for version in ("41", "42"))
    assert first.src != second.src
    assert first.group_id == second.group_id


@pytest.mark.parametrize(
    ("html", "record", "kind", "src"),
    [
        ("<video src=/v.mp4></video>", "video", "element", "/v.mp4"),
        ("<video><source data-src=/v.mp4></video>", "video", "element", "/v.mp4"),
        ("<video data-src=/v.mp4></video>", "video", "element", "/v.mp4"),
        ("<video src=blob:x data-src=/v></video>", "video", "element", "/v"),
        ("<video src=' ' data-src=/v></video>", "video", "element", "/v"),
        ("<audio src=/a></audio>", "audio", "element", "/a"),
        ("<amp-video src=/v.mp4></amp-video>", "video", "element", "/v.mp4"),
        ("<amp-audio src=/a.mp3></amp-audio>", "audio", "element", "/a.mp3"),
        ("<hls-video src=/v.m3u8></hls-video>", "video", "element", "/v.m3u8"),
        ("<amp-ima-video data-tag=/ad data-src=/v.mp4></amp-ima-video>", "video", "element", "/v.mp4"),
        ("<amp-video-iframe src=https://player.example/?id=1></amp-video-iframe>", "video", "embed", "https://player.example/?id=1"),
        ("<iframe src=/v.mp4></iframe>", "video", "embed", "/v.mp4"),
        ("<iframe src=about:blank data-src=https://youtu.be/TaRn0wick_4></iframe>", "video", "embed", "https://youtu.be/TaRn0wick_4"),
        ("<object data=/a.mp3></object>", "audio", "embed", "/a.mp3"),
        ("<object data=/x type=video/mp4></object>", "video", "embed", "/x"),
        (
            "<object><param name=movie value=https://www.youtube.com/v/TaRn0wick_4></object>",
            "video",
            "embed",
            "https://www.youtube.com/v/TaRn0wick_4",
        ),
        ("<embed src=/v.mov>", "video", "embed", "/v.mov"),
        ("<a href=/v.MP4?x=1#t>film</a>", "video", "link", "/v.MP4?x=1#t"),
        ("<a href='/live/index.m3u8'>live</a>", "video", "link", "/live/index.m3u8"),
        ("<a href='/live.mpd?token=1'>live</a>", "video", "link", "/live.mpd?token=1"),
        ("<a href=/a.flac type=audio/flac>sound</a>", "audio", "link", "/a.flac"),
        ("<a href=/a.mp3 rel=enclosure>sound</a>", "audio", "feed", "/a.mp3"),
        ("<link rel=enclosure href=/e type=audio/mpeg length=9531>", "audio", "feed", "/e"),
        ("<link rel=preload as=video href=/v>", "video", "link", "/v"),
        ("<meta property=og:video content=/v.mp4>", "video", "meta", "/v.mp4"),
        ("<meta property=og:video content=/v><meta property=og:video:type content=video/mp4>", "video", "meta", "/v"),
        ("<meta property=og:audio content=/a.mp3>", "audio", "meta", "/a.mp3"),
        ("<meta property=og:video content=/a.mp3>", "audio", "meta", "/a.mp3"),
        ("<meta property=og:video:url content=/p.html><meta property=og:video:type content=text/html>", "video", "meta", "/p.html"),
        ("<meta name=twitter:player content=/p.html>", "video", "meta", "/p.html"),
        ("<meta name=twitter:player content=/p.html><meta name=twitter:player:stream content=/v.mp4>", "video", "meta", "/v.mp4"),
        (
            "<div itemscope itemtype=https://schema.org/AudioObject><meta itemprop=contentUrl content=/a><b itemprop=name>Rain</b></div>",
            "audio",
            "meta",
            "/a",
        ),
        ("<div itemscope itemtype=https://schema.org/VideoObject><link itemprop=embedURL href=/p></div>", "video", "meta", "/p"),
        ("<div itemscope itemtype=https://schema.org/VideoObject><meta itemprop=contentURL content=/v></div>", "video", "meta", "/v"),
        ("<div itemscope itemtype=https://schema.org/VideoObject><iframe itemprop=embedUrl src=/p></iframe></div>", "video", "meta", "/p"),
        (json_ld({"@graph": [{"@type": ["VideoObject"], "contentUrl": "/v"}]}), "video", "jsonld", "/v"),
        (json_ld({"@type": "AudioObject", "contentUrl": ["/a"]}), "audio", "jsonld", "/a"),
        (
            json_ld({"@type": "PodcastEpisode", "associatedMedia": {"@type": "MediaObject", "contentUrl": "/a.mp3"}}),
            "audio",
            "jsonld",
            "/a.mp3",
        ),
        (json_ld({"@type": "Article", "audio": "/a.mp3"}), "audio", "jsonld", "/a.mp3"),
        (json_ld({"video": "https://youtu.be/TaRn0wick_4"}), "video", "jsonld", "https://youtu.be/TaRn0wick_4"),
        (json_ld({"@type": "VideoObject", "contentURL": "/v"}), "video", "jsonld", "/v"),
        (json_ld({"video": {"embedURL": "/p"}}), "video", "jsonld", "/p"),
        (
            json_ld({"@type": "VideoObject", "embedUrl": ' <iframe width=1 src="//youtu.be/TaRn0wick_4?a&amp;b"></iframe>'}),
            "video",
            "jsonld",
            "https://youtu.be/TaRn0wick_4?a&b",
        ),
        (json_ld({"@type": "VideoObject", "url": "https://youtu.be/TaRn0wick_4"}), "video", "jsonld", "https://youtu.be/TaRn0wick_4"),
        ("<a href=/Ice.Mp4?x>Ice</a>", "video", "link", "/Ice.Mp4?x"),
        ("<rss><item><title>Ice</title><enclosure url=/e.mp3 type=audio/mpeg length=7 /></item></rss>", "audio", "feed", "/e.mp3"),
        ("<rss><item><enclosure url='/e?id=3' type=audio/mpeg /></item></rss>", "audio", "feed", "/e?id=3"),
        ("<rss><item><enclosure url=/e.mp4 /></item></rss>", "video", "feed", "/e.mp4"),
    ],
)
def test_found(html: str, record: str, kind: str, src: str) -> None:
    """Each way of telling makes one record, with an absolute URL."""
    (player,) = players(html)
    assert (player.record, player.type, player.kind) == (record, record, kind)
    assert player.src == (src if "://" in src else BASE + src)


@pytest.mark.parametrize(
    ("html", "record", "provider", "identifier", "src"),
    [
        pytest.param(
            "<video><source type=video/youtube src='https://www.youtube.com/watch?v=TaRn0wick_4&#038;_=1'></video>",
            "video",
            "youtube",
            "TaRn0wick_4",
            "https://www.youtube.com/embed/TaRn0wick_4",
            id="source",
        ),
        pytest.param(
            "<video src=https://vimeo.com/999000421></video>",
            "video",
            "vimeo",
            "999000421",
            "https://player.vimeo.com/video/999000421",
            id="untyped",
        ),
        pytest.param(
            """<video data-setup='{"techOrder": ["youtube"], "sources": [{"type": "video/youtube",
            "src": "https:\\/\\/youtu.be\\/TaRn0wick_4"}]}'></video>""",
            "video",
            "youtube",
            "TaRn0wick_4",
            "https://www.youtube.com/embed/TaRn0wick_4",
            id="data-setup",
        ),
        pytest.param(
            """<video-js data-setup='{"sources": {"src": "https://vimeo.com/999000421"}}'></video-js>""",
            "video",
            "vimeo",
            "999000421",
            "https://player.vimeo.com/video/999000421",
            id="one-source-in-data-setup",
        ),
        pytest.param(
            "<audio><source type=audio/x-soundcloud src=https://api.soundcloud.com/tracks/123></audio>",
            "audio",
            "soundcloud",
            "tracks/123",
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123",
            id="audio",
        ),
        pytest.param(
            "<video src='https://www.bbc.co.uk/news/av-embeds/tarnmere-1/vpid/p0tarn01'></video>",
            "video",
            "bbc",
            "p0tarn01",
            "https://www.bbc.co.uk/news/av-embeds/tarnmere-1/vpid/p0tarn01",
            id="no-player-by-identifier",
        ),
    ],
)
def test_source_of_a_service(html: str, record: str, provider: str, identifier: str, src: str) -> None:
    """What scripts play in a video or audio element in the service's player is that service's medium, not a file."""
    (player,) = players(html)
    assert (player.record, player.kind, player.provider, player.provider_id, player.src) == (record, "embed", provider, identifier, src)
    assert player.sources == []


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        pytest.param(
            """<video data-setup='{"sources": [{"src": "/lake.mp4", "type": "video/mp4"}, {"src": 5}, 7]}'></video>""",
            ["/lake.mp4"],
            id="data-setup",
        ),
        pytest.param("""<video src=/lake.mp4 data-setup='{"src": '></video>""", ["/lake.mp4"], id="no-json"),
        pytest.param("<video-js><source src=/lake.m3u8></video-js>", ["/lake.m3u8"], id="video-js"),
        pytest.param(
            "<audio src=https://open.acast.com/streams/ice></audio>", ["https://open.acast.com/streams/ice"], id="service-of-audio"
        ),
        pytest.param(
            "<video><source src=/lake.mp4><source type=video/youtube src=https://youtu.be/TaRn0wick_4></video>", ["/lake.mp4"], id="both"
        ),
    ],
)
def test_files_of_an_element(html: str, sources: list[str]) -> None:
    """An element's files are its sources, those in video.js's options too, and what services of audio stream under any path."""
    (player,) = players(html)
    assert player.kind == "element"
    assert [source["src"] for source in player.sources] == [src if "://" in src else BASE + src for src in sources]


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("src=about:blank data-src-cmplz=https://www.youtube.com/embed/TaRn0wick_4", id="data-src-cmplz"),
        pytest.param("class='a b' allowfullscreen data-consent-src=//www.youtube.com/embed/TaRn0wick_4", id="data-consent-src"),
        pytest.param("consent-original-src-_=https://www.youtube.com/embed/TaRn0wick_4", id="consent-original-src"),
        pytest.param("src=/consent.html data-anything=' https://www.youtube.com/embed/TaRn0wick_4 '", id="any-name"),
    ],
)
def test_frame_without_consent(attributes: str) -> None:
    """A frame that waits for consent is a player, whatever the attribute is called that keeps its URL."""
    (video,) = players(f"<iframe {attributes}></iframe>")
    assert (video.kind, video.src) == ("embed", "https://www.youtube.com/embed/TaRn0wick_4")


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("src=https://example.com/ data-poster=/lake.mp4 data-log=https://example.com/lake.mp4", id="file"),
        pytest.param("src=https://example.com/ title='Talk: https://youtu.be/TaRn0wick_4'", id="text"),
        pytest.param("src=https://example.com/ data-channel=https://www.youtube.com/user/tarnwick", id="page-of-a-service"),
    ],
)
def test_frame_without_player(attributes: str) -> None:
    """Of a frame's attributes without a meaning only the URL of a service's medium tells of a player."""
    assert players(f"<iframe {attributes}></iframe>") == []


@pytest.mark.parametrize(
    ("tag", "name", "value", "src"),
    [
        pytest.param(
            "div",
            "data-settings",
            r'{"youtube_url":"https:\/\/www.youtube.com\/watch?v=TaRn0wick_4","video_type":"youtube"}',
            ["https://www.youtube.com/embed/TaRn0wick_4"],
            id="elementor-youtube",
        ),
        pytest.param(
            "div",
            "data-settings",
            r'{"video_type":"vimeo","vimeo_url":"https:\/\/vimeo.com\/999000421"}',
            ["https://player.vimeo.com/video/999000421"],
            id="elementor-vimeo",
        ),
        pytest.param(
            "div",
            "data-settings",
            '{"hosted_url":{"url":"https://cdn.example/lake.mp4"}}',
            ["https://cdn.example/lake.mp4"],
            id="elementor-file",
        ),
        pytest.param(
            "section",
            "data-settings",
            '{"background_background":"video","background_video_link":"https://youtu.be/TaRn0wick_4"}',
            ["https://www.youtube.com/embed/TaRn0wick_4"],
            id="elementor-background",
        ),
        pytest.param(
            "div",
            "data-settings",
            '{"tabs":[{"vimeo_url":"https://vimeo.com/999000421"},{"youtube_url":"https://youtu.be/TaRn0wick_4"}]}',
            ["https://player.vimeo.com/video/999000421", "https://www.youtube.com/embed/TaRn0wick_4"],
            id="elementor-playlist",
        ),
        pytest.param(
            "div",
            "data-html",
            '<iframe height="480" src="//www.youtube.com/embed/TaRn0wick_4?rel=0&amp;wmode=opaque"></iframe>',
            ["https://www.youtube.com/embed/TaRn0wick_4"],
            id="squarespace",
        ),
        pytest.param(
            "span",
            "data-s9e-mediaembed-iframe",
            r'["allowfullscreen","","src","https:\/\/www.youtube.com\/embed\/TaRn0wick_4","style","border:0"]',
            ["https://www.youtube.com/embed/TaRn0wick_4"],
            id="s9e",
        ),
        pytest.param(
            "div",
            "data-video-embed-field-lazy",
            '<div class="wide"><iframe src="https://www.youtube.com/embed/TaRn0wick_4?autoplay=1"></iframe></div>',
            ["https://www.youtube.com/embed/TaRn0wick_4"],
            id="drupal-lazy",
        ),
        pytest.param(
            "div",
            "data-video-embed-field-modal",
            '<iframe src="https://player.vimeo.com/video/999000421"></iframe>',
            ["https://player.vimeo.com/video/999000421"],
            id="drupal-modal",
        ),
        pytest.param(
            "div", "data-borlabs-cookie-content", _base64(_FRAME), ["https://www.youtube-nocookie.com/embed/TaRn0wick_4"], id="borlabs"
        ),
        pytest.param("div", "data-borlabs-cookie-content", _FRAME, [], id="borlabs-without-base64"),
        pytest.param("div", "data-borlabs-cookie-content", _base64("<p>A map</p>"), [], id="borlabs-without-player"),
        pytest.param(
            "div", "data-settings", r'{"link":{"url":"https:\/\/youtu.be\/TaRn0wick_4"},"a_href":"//vimeo.com/999000421"}', [], id="links"
        ),
        pytest.param("div", "data-settings", '{"text":"as in https://youtu.be/TaRn0wick_4"}', [], id="text"),
        pytest.param("div", "data-settings", '{"youtube_url":"https://youtu.be/TaRn0wick_4"', [], id="no-json"),
        pytest.param("div", "data-settings", "[" * 100_000 + "//", [], id="deep"),
        pytest.param("div", "data-html", '<a href="https://youtu.be/TaRn0wick_4">The lake</a>', [], id="link-in-html"),
        pytest.param("div", "data-html", "true", [], id="no-html"),
    ],
)
def test_told_to_a_script(tag: str, name: str, value: str, src: list[str]) -> None:
    """Players that an attribute tells a script of, in JSON or HTML, are found wherever they stand in there; links and text are none."""
    found = players(f"<main><{tag} {name}='{html.escape(value)}'></{tag}></main>")
    assert [player.src.partition("?")[0] for player in found] == src
    assert all((player.kind, player.region) == ("embed", "main") for player in found)


@pytest.mark.parametrize("inside", ["{}", "<script type=text/template>{}</script>"])
def test_blocked_until_consent(inside: str) -> None:
    """Borlabs Cookie 2 keeps what waits for consent in an element that it hides."""
    hidden = "<div class=borlabs-hide data-borlabs-cookie-type=content-blocker data-borlabs-cookie-id=youtube>{}</div>"
    (video,) = players(hidden.format(inside.format(_base64(_FRAME))))
    assert (video.kind, video.provider, video.provider_id) == ("embed", "youtube", "TaRn0wick_4")
    assert players(hidden.format("<p>Please consent</p>")) == []


@pytest.mark.parametrize(
    ("html", "src"),
    [
        ("<figure class=media><oembed url=https://youtu.be/TaRn0wick_4></oembed></figure>", ["https://www.youtube.com/embed/TaRn0wick_4"]),
        ("<oembed url=https://example.org/page></oembed>", []),
    ],
)
def test_oembed(html: str, src: list[str]) -> None:
    """What an editor leaves to a script or service that embeds: the medium's page stands for its player."""
    assert [player.src for player in players(html)] == src


@pytest.mark.parametrize(
    ("html", "dropped"),
    [
        ("<video></video>", {"video": {"no_url": 1}}),
        ("<audio><source></audio>", {"audio": {"no_url": 1}}),
        ("<video src='blob:https://x/1'></video>", {"video": {"scheme": 1}}),
        ("<video src='javascript:x'></video>", {"video": {"scheme": 1}}),
        ("<a href=/mp3>no</a><a href=/mp4/>no</a><a href=https://example.mp4>no</a><a href=/x.html?f=a.mp3>no</a>", {}),
        ("<iframe src=https://example.com/></iframe><object data=/x.svg type=image/svg+xml></object>", {}),
        ("<meta property=og:video content=''><meta property=og:video:width content=3><meta property=og:audio:type content=x>", {}),
        (json_ld({"@type": "VideoObject", "name": "no URL", "url": "/page.html"}), {}),
        (json_ld({"@type": "VideoObject", "embedUrl": "<div>no player</div>"}), {}),
        (json_ld({"@type": "VideoObject", "contentUrl": {"a": 1}, "embedUrl": 5, "duration": [], "width": {}}), {}),
        (json_ld({"video": [{"contentUrl": "javascript:x"}], "audio": 7}), {}),
        ("<template><video src=/v.mp4></video></template>", {}),
        ("<link rel=preload as=image href=/v.mp4x><link rel=preload as=video>", {}),
    ],
)
def test_no_record(html: str, dropped: dict[str, dict[str, int]]) -> None:
    """What has no URL that leads to a medium makes no record; elements among it are counted."""
    page = extract(html, URL)
    assert not page.errors
    assert (page.videos, page.audios) == ([], [])
    assert {name: reasons for name, reasons in page.dropped.items() if name in ("video", "audio")} == dropped


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        pytest.param(
            {"associatedMedia": {"@type": "MediaObject", "contentUrl": "/a.mp3"}, "timeRequired": "PT2M"},
            ("Ice", "Of ice", f"{BASE}/ice.jpg", 120.0),
            id="media",
        ),
        pytest.param({"audio": "/a.mp3", "duration": "PT1M"}, ("Ice", "Of ice", f"{BASE}/ice.jpg", 60.0), id="url"),
        pytest.param(
            {
                "audio": [{"@type": "AudioObject", "contentUrl": "/a.mp3", "name": "File", "duration": "PT3M"}],
                "duration": "PT1M",
                "@type": ["Episode", "Thing"],
            },
            ("File", "Of ice", f"{BASE}/ice.jpg", 180.0),
            id="audio-that-tells",
        ),
        pytest.param(
            {"@type": "NewsArticle", "audio": {"@type": "AudioObject", "contentUrl": "/a.mp3"}}, ("", "", None, None), id="no-recording"
        ),
    ],
)
def test_recordings(told: dict[str, Any], fields: tuple[str, str, str | None, float | None]) -> None:
    """An episode or a song is its file: what JSON-LD says of it is said of the medium, unless the medium tells itself."""
    episode = {"@type": "PodcastEpisode", "name": "Ice", "description": "Of ice", "image": "/ice.jpg", **told}
    (audio,) = players("<audio src=/a.mp3></audio>" + json_ld(episode))
    assert (audio.title, audio.desc, audio.poster, audio.duration) == fields


def test_microdata_on_elements() -> None:
    """What microdata say of an item is said of the player that has the item's URL."""
    (audio,) = players(
        "<div itemscope itemtype=https://schema.org/AudioObject><h2 itemprop=name>Ice</h2><audio itemprop=contentUrl src=/a.mp3></audio>"
        "<meta itemprop=duration content=PT2M><meta itemprop=thumbnailURL content=/ice.jpg></div>"
    )
    assert (audio.kind, audio.title, audio.duration, audio.poster) == ("element", "Ice", 120.0, f"{BASE}/ice.jpg")


def test_microdata_of_several_names() -> None:
    """An item may have several types, and one element several of its properties."""
    (video,) = players(
        "<div itemscope itemtype=' https://schema.org/VideoObject https://schema.org/Clip'><h2 itemprop='headline name'>Ice</h2>"
        "<meta itemprop='contentUrl url' content=/v><meta itemprop='image thumbnailUrl' content=/ice.jpg></div>"
    )
    assert (video.kind, video.src, video.title, video.poster) == ("meta", f"{BASE}/v", "Ice", f"{BASE}/ice.jpg")


def test_microdata_of_a_general_type_before_its_own() -> None:
    """What only says that it is a medium does not hide what sort of one it is, as in JSON-LD."""
    types = "https://schema.org/MediaObject https://schema.org/AudioObject"
    (audio,) = players(f"<div itemscope itemtype='{types}'><meta itemprop=contentUrl content=/a></div>")
    assert (audio.record, audio.src) == ("audio", f"{BASE}/a")


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            {
                "contentUrl": {"@value": "/v"},
                "name": {"@value": "Ice", "@language": "en"},
                "duration": {"@value": "PT2M"},
                "width": {"value": 640},
            },
            id="objects",
        ),
        pytest.param(
            {"contentUrl": ["/v"], "name": [{"@value": "Ice"}, {"@value": "Is"}], "duration": ["PT2M"], "width": [{"@value": 640}, 320]},
            id="lists",
        ),
    ],
)
def test_values_of_json_ld(told: dict[str, Any]) -> None:
    """A text, a number or a duration may be a value object (JSON-LD 1.1, 4.2), such as one of a language; of several it is the first."""
    (video,) = players(json_ld({"@type": "VideoObject", **told}))
    assert (video.src, video.title, video.duration, video.width) == (f"{BASE}/v", "Ice", 120.0, 640)


def test_json_ld_with_half_a_character() -> None:
    """A lone surrogate becomes U+FFFD: no file could be written with it, and a page item would be lost as a whole."""
    (video,) = players(json_ld({"@type": "VideoObject", "contentUrl": "/v", "name": "\ud83d\ude00 ic\ud83d", "description": "\ude00 e"}))
    assert (video.title, video.desc) == ("\U0001f600 ic\ufffd", "\ufffd e")


def test_feed_fields() -> None:
    """A feed that is read as HTML gives title, duration and bytes of its enclosures."""
    html = "<rss><item><title>Ice</title><enclosure url=/e.mp3 type=audio/mpeg length=7 /><itunes:duration>12:30</itunes:duration></item></rss>"
    (audio,) = players(html)
    assert (audio.title, audio.size, audio.duration, audio.mime_type) == ("Ice", 7, 750.0, "audio/mpeg")


def test_open_graph_parts() -> None:
    """Parts of Open Graph's arrays belong to the medium that they follow; a secure URL is another source of the same."""
    first, second = players(
        "<meta property=og:video content=http://a.example/1.mp4><meta property=og:video:secure_url content=https://a.example/1.mp4>"
        "<meta property=og:video:width content=640><meta property=og:video:height content=360><meta property=og:video:type content=video/mp4>"
        "<meta property=og:video content=http://a.example/2.mp4><meta property=og:video:width content=320>"
    )
    assert [source["src"] for source in first.sources] == ["http://a.example/1.mp4", "https://a.example/1.mp4"]
    assert (first.width, first.height, first.mime_type, second.width, second.height) == (640, 360, "video/mp4", 320, None)


@pytest.mark.parametrize(
    "html",
    [
        "<meta property=og:video content=/stream?id=1>",
        "<meta name=twitter:player:stream content=/stream?id=1>",
        json_ld({"@type": "VideoObject", "contentUrl": "/stream?id=1"}),
    ],
)
def test_declared_file_of_unknown_type(html: str) -> None:
    """What metadata name as a medium's file is a source of it, not a page that plays it, whatever its URL looks like."""
    (video,) = players(html)
    assert ([source["src"] for source in video.sources], video.embed_url) == ([f"{BASE}/stream?id=1"], None)


@pytest.mark.parametrize(
    ("kind", "medium", "fields"),
    [
        ("property=og:type content=video.other", "og:video content=/v.mp4", ("Lake", "Of it", f"{BASE}/p.jpg")),
        ("property=og:type content=Video", "og:video content=/v.mp4", ("Lake", "Of it", f"{BASE}/p.jpg")),
        ("property=og:type content=music.song", "og:audio content=/a.mp3", ("Lake", "Of it", f"{BASE}/p.jpg")),
        ("property=og:type content=article", "og:video content=/v.mp4", ("", "", None)),
        ("property=og:type content=video.other", "og:audio content=/a.mp3", ("", "", None)),
        ("name=twitter:card content=player", "twitter:player content=/p", ("Tarn", "", f"{BASE}/t.jpg")),
        ("name=twitter:card content=summary", "twitter:player content=/p", ("", "", None)),
    ],
)
def test_page_of_one_medium(kind: str, medium: str, fields: tuple[str, str, str | None]) -> None:
    """What metadata say of a page is said of its medium, where that is what the page is."""
    about = (
        "<meta property=og:title content=Lake><meta property=og:description content='Of  it'><meta property=og:image content=/p.jpg>"
        "<meta name=twitter:title content=Tarn><meta name=twitter:image content=/t.jpg>"
    )
    for picture in ("twitter:image ", "twitter:image:src "):
        (player,) = players(f"<meta {kind}>{about.replace('twitter:image ', picture)}<meta property={medium}>")
        assert (player.title, player.desc, player.poster) == fields


@pytest.mark.parametrize(
    ("settings", "kept", "dropped"),
    [
        ({}, ["youtube", "tiktok", "", ""], {}),
        ({"exclude_social_media_links": True}, ["youtube", "", ""], {"video": {"social_media": 1}}),
        ({"exclude_social_media_domains": ["youtube.com"]}, ["tiktok", "", ""], {"video": {"social_media": 1}}),
        ({"exclude_domains": ["cdn.example"]}, ["youtube", "tiktok", ""], {"audio": {"excluded_domain": 1}}),
    ],
)
def test_rules(settings: dict[str, Any], kept: list[str], dropped: dict[str, Any]) -> None:
    """Players of social media go with their links, those of video platforms stay; an excluded domain's sources go one by one."""
    html = (
        "<iframe src=https://www.youtube.com/embed/TaRn0wick_4></iframe><iframe src=https://www.tiktok.com/embed/v2/7012></iframe>"
        "<iframe src=https://www.facebook.com/plugins/like.php?href=x></iframe>"
        "<video><source src=https://cdn.example/1.webm><source src=/1.mp4></video><audio src=https://cdn.example/1.mp3></audio>"
    )
    page = extract(html, URL, config=LinkMediaConfig(**settings))
    assert [record.provider for record in [*page.videos, *page.audios]] == kept
    assert page.dropped == dropped
    film = next(record for record in page.videos if not record.provider)
    assert [source["src"] for source in film.sources][-1:] == [f"{BASE}/1.mp4"]
    assert len(film.sources) == (1 if "exclude_domains" in settings else 2)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<lite-youtube videoid=TaRn0wick_4 videotitle=Clouds></lite-youtube>", id="lite-youtube"),
        pytest.param("<mux-player playback-id=TaRnWick0123456789abc metadata-video-title=' Clouds '></mux-player>", id="mux"),
        pytest.param(
            "<div class=lazy-video-container data-provider-name=youtube data-video-id=TaRn0wick_4 data-video-title=Clouds></div>",
            id="discourse",
        ),
        pytest.param("<video src=/1.mp4 aria-label=Clouds title=x videotitle=y></video>", id="label-first"),
    ],
)
def test_title_of_a_player(html: str) -> None:
    """A player's name stands in the attributes that HTML has for it, or in one of the player's own."""
    assert [player.title for player in players(html)] == ["Clouds"]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("YouTube video player", ""),
        ("Embedded  video", ""),
        ("youtube-player", ""),
        ("Vimeo video player", "Vimeo video player"),
        ("Video: the lake", "Video: the lake"),
        ("\u2026", ""),
    ],
)
def test_title_that_is_none(title: str, kept: str) -> None:
    """What a frame is called by its service, by itself, is not what the medium is called: that others tell."""
    frame = f'<iframe src=https://www.youtube.com/embed/TaRn0wick_4 title="{title}"></iframe>'
    told = json_ld({"@type": "VideoObject", "name": "Lake", "embedUrl": "https://www.youtube.com/embed/TaRn0wick_4"})
    assert [player.title for player in players(frame)] == [kept]
    assert [player.title for player in players(frame + told)] == [kept or "Lake"]


@pytest.mark.parametrize(
    "html",
    [
        "<video src=/v.mp4 poster=/p.jpg></video>",
        "<amp-audio src=/a.mp3 artwork=/p.jpg></amp-audio>",
        """<video-js data-setup='{"poster": "/p.jpg", "sources": [{"src": "/v.m3u8"}]}'></video-js>""",
        "<amp-ima-video data-src=/v.mp4 data-poster=/p.jpg></amp-ima-video>",
        "<amp-video-iframe src=https://player.example/?id=1 poster=/p.jpg></amp-video-iframe>",
        "<lite-youtube videoid=TaRn0wick_4 poster=/p.jpg></lite-youtube>",
    ],
)
def test_poster_of_a_player(html: str) -> None:
    """The picture that the page has for a player."""
    assert [player.poster for player in players(html)] == [f"{BASE}/p.jpg"]


@pytest.mark.parametrize(("value", "seconds"), [("33", 33.0), ("1:02", 62.0), ("0", None), ("long", None)])
def test_duration_of_an_element(value: str, seconds: float | None) -> None:
    """MediaWiki says how long a film or sound is."""
    assert [player.duration for player in players(f"<audio src=/1.ogg data-durationhint={value}></audio>")] == [seconds]


def test_rules_on_posters_and_tracks() -> None:
    """A kept video has no poster and no text track from an excluded domain, and no point for one; both are counted."""
    html = "<video src=/1.mp4 poster=https://bad.example/p.jpg><track src=https://bad.example/en.vtt>{}</video>"
    page = extract(html.format("<track src=/de.vtt>"), URL, config=LinkMediaConfig(exclude_domains=["bad.example"], extract=("videos",)))
    (video,) = page.videos
    assert (video.poster, [track["src"] for track in video.tracks]) == (None, [f"{BASE}/de.vtt"])
    assert page.dropped == {"poster": {"excluded_domain": 1}, "track": {"excluded_domain": 1}}
    (bare,) = players("<video src=/1.mp4></video>")
    assert [found.score for found in players(html.format(""), exclude_domains=["bad.example"])] == [bare.score]


def test_thumbnail_in_place_of_an_excluded_poster() -> None:
    """Where the page's poster is left out the service's own stands in for it; with the players of platforms their pictures stay, too."""
    html = "<lite-youtube videoid=TaRn0wick_4 poster=https://bad.example/p.jpg></lite-youtube>"
    thumbnail = "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg"
    (video,) = players(html, exclude_domains=["bad.example"], exclude_social_media_links=True)
    assert video.poster == thumbnail
    (video,) = players(html, exclude_domains=["bad.example", "ytimg.com"])
    assert video.poster is None


def test_score() -> None:
    """A player in the contents of a page beats what metadata name, and that beats a link in the footer; never beyond 0 to 10."""
    main = players('<main><h1>x</h1><video src=a.mp4 width=640 poster=p.jpg title="The lake"></video></main>')
    bare = players("<video src=a.mp4></video>")
    named = players(json_ld({"@type": "VideoObject", "contentUrl": f"{BASE}/a.mp4"}))
    linked = players("<footer><a href=a.mp4></a></footer>")
    sound = players("<audio src=a.mp3></audio>")  # it has no size that could be too small
    assert [player.score for found in (main, bare, named, linked, sound) for player in found] == [10.0, 6.0, 5.0, 2.0, 7.0]


@pytest.mark.parametrize("extracted", [("videos",), ("audios",), ("videos", "audios"), ("links", "videos", "audios", "images", "tables")])
def test_what_is_asked_for(extracted: tuple[str, ...]) -> None:
    """Each kind comes alone as it does with the others, links to files among them."""
    page = extract((SITE / "media" / "index.html").read_bytes(), f"{BASE}/media/index.html", config=LinkMediaConfig(extract=extracted))
    assert (len(page.videos), len(page.audios)) == (4 if "videos" in extracted else 0, 4 if "audios" in extracted else 0)


def test_corpus(corpus: Any) -> None:
    """Every medium and every known player that Chromium shows on the real pages is a record or part of one; none is without a URL."""
    hosts = (
        "youtube.com/embed",
        "youtube-nocookie.com/embed",
        "player.vimeo.com",
        "dailymotion.com/embed",
        "embed.acast.com",
        "v.qq.com/video",
        "emp.bbc.com",
    )
    media = frames = 0
    for line in (corpus / "oracle.jsonl").read_text(encoding="utf-8").splitlines():
        shown = json.loads(line)
        if "error" in shown or not (shown["video"] or shown["audio"] or shown["iframes"]):
            continue
        folder, name = shown["file"].split("/", 1)
        page = extract((corpus / folder / "pages" / name).read_bytes(), shown["url"])
        found = [*page.videos, *page.audios]
        assert all(record.src for record in found)
        urls = {url for record in found for url in (record.src, *(source["src"] for source in record.sources))}
        identifiers = {record.provider_id for record in found if record.provider_id}
        assert urls.issuperset(shown["video"] + shown["audio"])
        media += len(shown["video"] + shown["audio"])
        for url in shown["iframes"]:
            if any(host in url.partition("?")[0] for host in hosts):
                frames += 1
                assert url in urls or any(identifier in url for identifier in identifiers), url
    assert (media, frames) == (2, 36)


def test_expected_media_of_metascraper(corpus: Any) -> None:
    """Where metascraper expects a video or audio that the page's HTML names, it is part of a record."""
    checked = 0
    for line in (corpus / "metascraper" / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        meta = json.loads(line)
        html = (corpus / "metascraper" / "pages" / meta["file"]).read_text(encoding="utf-8", errors="replace")
        for name in ("video", "audio"):
            expected = (meta["expected"] or {}).get(name)
            if expected and expected in html:
                page = extract(html, meta["url"])
                assert expected in {source["src"] for record in [*page.videos, *page.audios] for source in record.sources}
                checked += 1
    assert checked


def test_links_in_a_medium_of_many_sources() -> None:
    """The medium around links is read once, however many links stand in it: twice the page takes about twice the calls."""

    def work(number: int) -> int:
        inside = "".join(f"<source src=/{index}.mp4><a href=/{index}-x.mp4>x</a>" for index in range(number))
        return calls(lambda: extract(f"<video>{inside}</video>", URL))

    work(100)  # what is imported and compiled once
    assert work(400) < 2.3 * work(200)


def test_quotations_in_each_other() -> None:
    """Of a quoted post the first links are looked at: with 500 in each other, 200 kB of links took seconds."""
    html = "<blockquote class=twitter-video>" * 100 + "<a href=/x>x</a>" * 2000
    assert calls(lambda: extract(html, URL, config=LinkMediaConfig(extract=("videos",)))) < 100_000


def test_one_duration_of_many_media() -> None:
    """The page's duration, which may be a long text, is read once, and is that of all media without one of their own."""
    media = "".join(f"<meta property=og:video content=/{index}.mp4>" for index in range(100))
    html = f"<meta property=video:duration content=15>{media}<meta property=og:video:duration content=7>"
    found = players(html)
    assert [record.duration for record in found] == [15.0] * 99 + [7.0]
    assert calls(lambda: extract(html, URL), "seconds") < 10


def test_a_record_stands_where_its_medium_does_first() -> None:
    """Two that a third shows to be one: the first keeps its place and name, whichever the third names first."""
    html = "<video src=a.mp4 title=Ferry></video><video src=c.mp4></video><video src=b.mp4 title=Boat></video>"
    found = players(f"{html}<video><source src=b.mp4><source src=a.mp4></video>")
    assert [(record.title, [source["src"][-5:] for source in record.sources]) for record in found] == [
        ("Ferry", ["a.mp4", "b.mp4"]),
        ("", ["c.mp4"]),
    ]


def test_microdata_of_items_in_items() -> None:
    """What is said of an author or a thumbnail is not said of the medium that has them."""
    html = """<div itemscope itemtype="https://schema.org/VideoObject">
        <span itemprop=author itemscope itemtype="https://schema.org/Person"><b itemprop=name>Ines</b></span>
        <span itemprop=thumbnail itemscope itemtype="https://schema.org/ImageObject">
        <link itemprop=url href=/ferry.jpg><meta itemprop=width content=120><meta itemprop=height content=90></span>
        <h2 itemprop=name>The ferry</h2><meta itemprop=contentUrl content=/ferry.mp4><meta itemprop=width content=1280></div>"""
    (video,) = players(html)
    assert (video.title, video.width, video.height, video.poster) == ("The ferry", 1280, None, f"{BASE}/ferry.jpg")


@pytest.mark.parametrize("href", ["/rain.mp3 ", "\n/rain.mp3\n", " /rain.mp3?a=1 "])
def test_links_with_white_space_around_them(href: str) -> None:
    """It is no part of the URL."""
    (audio,) = players(f'<a href="{href}">Rain</a>')
    assert (audio.src.partition("?")[0], audio.title) == (f"{BASE}/rain.mp3", "Rain")


@pytest.mark.parametrize(
    "html",
    [
        "<figure><figcaption>" + "word " * 100_000 + "</figcaption>" + "<iframe src=https://youtu.be/abcdefg{0:04}></iframe>",
        "<video><source src=all.mp4><source src={0}.mp4></video>",
        "<item><enclosure url={0}.mp3 type=audio/mpeg />",
        "<meta property=og:audio content=a.mp3><meta property=og:video content={0}.mp4><meta property=og:audio:type content=b>",
    ],
    ids=["one figure", "one file", "items that do not end", "parts of what stands far above"],
)
def test_many_that_have_something_in_common(html: str) -> None:
    """It is read once: read for each of them, this would take minutes."""
    opening, close, unit = html.rpartition("</figcaption>")
    found = players(opening + close + "".join(map(unit.format, range(10_000))))
    assert found
