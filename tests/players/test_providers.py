"""Services: every one in the data file is known by its URLs and elements, and its identifier tells the rest."""

from __future__ import annotations

import re

import pytest

from linkmedia_scrapy import AudioItem, VideoItem, extract
from linkmedia_scrapy.extraction.players.providers import identify, marks, providers
from linkmedia_scrapy.extraction.tags import RECORDED
from tests.conftest import ROOT

PAGE = "https://journal.tarnwick.example/page"

AUDIO = frozenset(
    "soundcloud spotify spotify-podcasters apple-music apple-podcasts deezer tidal bandcamp mixcloud audiomack audioboom acast megaphone simplecast libsyn "
    "buzzsprout transistor podbean spreaker captivate omny art19 npr blubrry iheart tunein hearthis audius vocaroo netease yandex-music amazon-music anghami reverbnation "
    "pocket-casts castbox ivoox redcircle rss-com fireside pinecast castos ausha podigee radiofrance zeno".split()
)

# URL of a frame: provider, identifier, page, player, thumbnail
URLS: dict[str, tuple[str, str, str | None, str | None, str | None]] = {
    "https://www.youtube.com/embed/TaRn0wick_4?rel=0": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://www.youtube-nocookie.com/v/TaRn0wick_4&hl=en": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://youtu.be/TaRn0wick_4?t=5": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://www.youtube.com/embed/videoseries?list=PLtarn_wick-1": (
        "youtube",
        "PLtarn_wick-1",
        "https://www.youtube.com/playlist?list=PLtarn_wick-1",
        "https://www.youtube.com/embed/videoseries?list=PLtarn_wick-1",
        None,
    ),
    "https://www.youtube.com/embed?listType=playlist&list=PLtarn_wick-1": (
        "youtube",
        "PLtarn_wick-1",
        "https://www.youtube.com/playlist?list=PLtarn_wick-1",
        "https://www.youtube.com/embed/videoseries?list=PLtarn_wick-1",
        None,
    ),
    "https://www.youtube.com/embed/live_stream?channel=UCtarnwick": (
        "youtube",
        "UCtarnwick",
        "https://www.youtube.com/channel/UCtarnwick/live",
        "https://www.youtube.com/embed/live_stream?channel=UCtarnwick",
        None,
    ),
    "https://player.vimeo.com/video/999000421?h=abc#t=3": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421",
        "https://player.vimeo.com/video/999000421",
        None,
    ),
    "https://player.vimeo.com/video/999000421?h=0a1b2c3d4e&badge=0": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421/0a1b2c3d4e",
        "https://player.vimeo.com/video/999000421?h=0a1b2c3d4e",
        None,
    ),
    "https://player.vimeo.com/video/999000421?dnt=1&h=0a1b2c3d4e#t=3": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421/0a1b2c3d4e",
        "https://player.vimeo.com/video/999000421?h=0a1b2c3d4e",
        None,
    ),
    "https://vimeo.com/999000421/0a1b2c3d4e?share=copy": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421/0a1b2c3d4e",
        "https://player.vimeo.com/video/999000421?h=0a1b2c3d4e",
        None,
    ),
    "https://vimeo.com/channels/tarn/999000421?hash=0a1b2c3d4e": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421",
        "https://player.vimeo.com/video/999000421",
        None,
    ),
    "https://vimeo.com/moogaloop.swf?clip_id=999000421&server=vimeo.com": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421",
        "https://player.vimeo.com/video/999000421",
        None,
    ),
    "https://vimeo.com/event/4321/embed": (
        "vimeo",
        "event/4321",
        "https://vimeo.com/event/4321",
        "https://vimeo.com/event/4321/embed",
        None,
    ),
    "https://geo.dailymotion.com/player/xq1.html?video=x8tarn0": (
        "dailymotion",
        "x8tarn0",
        "https://www.dailymotion.com/video/x8tarn0",
        "https://www.dailymotion.com/embed/video/x8tarn0",
        "https://www.dailymotion.com/thumbnail/video/x8tarn0",
    ),
    "https://www.dailymotion.com/embed/playlist/x9tarn": (
        "dailymotion",
        "x9tarn",
        "https://www.dailymotion.com/playlist/x9tarn",
        "https://www.dailymotion.com/embed/playlist/x9tarn",
        None,
    ),
    "https://player.twitch.tv/?video=v1234567&parent=example.org": (
        "twitch",
        "1234567",
        "https://www.twitch.tv/videos/1234567",
        "https://player.twitch.tv/?video=1234567",
        None,
    ),
    "https://player.twitch.tv/?channel=tarnmere&parent=example.org": (
        "twitch",
        "tarnmere",
        "https://www.twitch.tv/tarnmere",
        "https://player.twitch.tv/?channel=tarnmere",
        "https://static-cdn.jtvnw.net/previews-ttv/live_user_tarnmere-640x360.jpg",
    ),
    "https://clips.twitch.tv/embed?clip=CopperLake-x1&parent=example.org": (
        "twitch",
        "CopperLake-x1",
        "https://clips.twitch.tv/CopperLake-x1",
        "https://clips.twitch.tv/embed?clip=CopperLake-x1",
        None,
    ),
    "https://player.twitch.tv/?collection=aB3-x": (
        "twitch",
        "aB3-x",
        "https://www.twitch.tv/collections/aB3-x",
        "https://player.twitch.tv/?collection=aB3-x",
        None,
    ),
    "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Ftarn%2Fvideos%2F10153231379946729%2F&width=500": (
        "facebook",
        "10153231379946729",
        "https://www.facebook.com/watch/?v=10153231379946729",
        "https://www.facebook.com/video/embed?video_id=10153231379946729",
        None,
    ),
    "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D10153231379946729": (
        "facebook",
        "10153231379946729",
        "https://www.facebook.com/watch/?v=10153231379946729",
        "https://www.facebook.com/video/embed?video_id=10153231379946729",
        None,
    ),
    "https://www.instagram.com/p/CtArN_w-1/embed/captioned/": (
        "instagram",
        "CtArN_w-1",
        "https://www.instagram.com/p/CtArN_w-1/",
        "https://www.instagram.com/p/CtArN_w-1/embed/",
        None,
    ),
    "https://www.tiktok.com/embed/v2/7012345678901234567": (
        "tiktok",
        "7012345678901234567",
        "https://www.tiktok.com/@/video/7012345678901234567",
        "https://www.tiktok.com/embed/v2/7012345678901234567",
        None,
    ),
    "https://twitter.com/i/videos/tweet/1234567890": (
        "x",
        "1234567890",
        "https://x.com/i/status/1234567890",
        "https://twitter.com/i/videos/tweet/1234567890",
        None,
    ),
    "https://cdn.jwplayer.com/players/TaRn0Wck-PlAy3rId.html": (
        "jwplayer",
        "TaRn0Wck",
        "https://cdn.jwplayer.com/previews/TaRn0Wck",
        "https://cdn.jwplayer.com/players/TaRn0Wck-PlAy3rId.html",
        "https://cdn.jwplayer.com/v2/media/TaRn0Wck/poster.jpg",
    ),
    "https://players.brightcove.net/1234567/default_default/index.html?videoId=60123456": (
        "brightcove",
        "60123456",
        None,
        "https://players.brightcove.net/1234567/default_default/index.html?videoId=60123456",
        None,
    ),
    "https://fast.wistia.net/embed/iframe/tarn0wick1?seo=false": (
        "wistia",
        "tarn0wick1",
        "https://fast.wistia.net/medias/tarn0wick1",
        "https://fast.wistia.net/embed/iframe/tarn0wick1",
        "https://fast.wistia.net/embed/medias/tarn0wick1/swatch",
    ),
    "https://cdnapisec.kaltura.com/p/166/embedPlaykitJs/uiconf_id/550?iframeembed=true&entry_id=1_tarn": (
        "kaltura",
        "1_tarn",
        None,
        "https://cdnapisec.kaltura.com/p/166/embedPlaykitJs/uiconf_id/550?iframeembed=true&entry_id=1_tarn",
        "https://cdnapisec.kaltura.com/p/166/thumbnail/entry_id/1_tarn",
    ),
    "https://cdnapisec.kaltura.com/p/166/sp/16600/embedIframeJs/uiconf_id/550/partner_id/166?iframeembed=true&playerId=k&entry_id=1_tarn": (
        "kaltura",
        "1_tarn",
        None,
        "https://cdnapisec.kaltura.com/p/166/embedPlaykitJs/uiconf_id/550?iframeembed=true&entry_id=1_tarn",
        "https://cdnapisec.kaltura.com/p/166/thumbnail/entry_id/1_tarn",
    ),
    "https://rumble.com/embed/v1tarn/?pub=4": ("rumble", "v1tarn", None, "https://rumble.com/embed/v1tarn/", None),
    "https://odysee.com/$/embed/@tarn:3/lake:8": (
        "odysee",
        "@tarn:3/lake:8",
        "https://odysee.com/@tarn:3/lake:8",
        "https://odysee.com/$/embed/@tarn:3/lake:8",
        None,
    ),
    "https://www.bitchute.com/embed/TaRn12/": (
        "bitchute",
        "TaRn12",
        "https://www.bitchute.com/video/TaRn12/",
        "https://www.bitchute.com/embed/TaRn12/",
        None,
    ),
    "https://streamable.com/e/tarn01": ("streamable", "tarn01", "https://streamable.com/tarn01", "https://streamable.com/e/tarn01", None),
    "https://www.loom.com/embed/0123456789abcdef0123456789abcdef": (
        "loom",
        "0123456789abcdef0123456789abcdef",
        "https://www.loom.com/share/0123456789abcdef0123456789abcdef",
        "https://www.loom.com/embed/0123456789abcdef0123456789abcdef",
        None,
    ),
    "https://play.vidyard.com/TaRnWick12345678TaRnWi?type=inline": (
        "vidyard",
        "TaRnWick12345678TaRnWi",
        "https://share.vidyard.com/watch/TaRnWick12345678TaRnWi",
        "https://play.vidyard.com/TaRnWick12345678TaRnWi",
        "https://play.vidyard.com/TaRnWick12345678TaRnWi.jpg",
    ),
    "https://embed.ted.com/talks/lang/de/ada_tarn_reading_clouds": (
        "ted",
        "ada_tarn_reading_clouds",
        "https://www.ted.com/talks/ada_tarn_reading_clouds",
        "https://embed.ted.com/talks/ada_tarn_reading_clouds",
        None,
    ),
    "https://player.bilibili.com/player.html?aid=12&bvid=BV1tarn&page=1": (
        "bilibili",
        "BV1tarn",
        "https://www.bilibili.com/video/BV1tarn",
        "https://player.bilibili.com/player.html?bvid=BV1tarn",
        None,
    ),
    "https://player.bilibili.com/player.html?aid=12": (
        "bilibili",
        "av12",
        "https://www.bilibili.com/video/av12",
        "https://player.bilibili.com/player.html?aid=12",
        None,
    ),
    "https://player.youku.com/embed/XNtarn==": (
        "youku",
        "XNtarn==",
        "https://v.youku.com/v_show/id_XNtarn==.html",
        "https://player.youku.com/embed/XNtarn==",
        None,
    ),
    "https://v.qq.com/txp/iframe/player.html?vid=x0tarn": (
        "tencent",
        "x0tarn",
        "https://v.qq.com/x/page/x0tarn.html",
        "https://v.qq.com/txp/iframe/player.html?vid=x0tarn",
        None,
    ),
    "https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef": (
        "rutube",
        "0123456789abcdef0123456789abcdef",
        "https://rutube.ru/video/0123456789abcdef0123456789abcdef/",
        "https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef",
        None,
    ),
    "https://vk.com/video_ext.php?oid=-12&id=34&hd=2": (
        "vk",
        "-12_34",
        "https://vk.com/video-12_34",
        "https://vk.com/video_ext.php?oid=-12&id=34",
        None,
    ),
    "https://ok.ru/videoembed/1234567": (
        "odnoklassniki",
        "1234567",
        "https://ok.ru/video/1234567",
        "https://ok.ru/videoembed/1234567",
        None,
    ),
    "https://my.mail.ru/video/embed/-12345": ("mailru", "-12345", None, "https://my.mail.ru/video/embed/-12345", None),
    "https://embed.nicovideo.jp/watch/sm1234": (
        "niconico",
        "sm1234",
        "https://www.nicovideo.jp/watch/sm1234",
        "https://embed.nicovideo.jp/watch/sm1234",
        None,
    ),
    "https://tv.naver.com/embed/1234": ("naver", "1234", "https://tv.naver.com/v/1234", "https://tv.naver.com/embed/1234", None),
    "https://tv.kakao.com/embed/player/cliplink/1234?service=x": (
        "kakao",
        "1234",
        "https://tv.kakao.com/v/1234",
        "https://tv.kakao.com/embed/player/cliplink/1234",
        None,
    ),
    "https://archive.org/embed/tarn-lake.1": (
        "archive",
        "tarn-lake.1",
        "https://archive.org/details/tarn-lake.1",
        "https://archive.org/embed/tarn-lake.1",
        "https://archive.org/services/img/tarn-lake.1",
    ),
    "https://giphy.com/embed/TaRnGif": (
        "giphy",
        "TaRnGif",
        "https://giphy.com/gifs/TaRnGif",
        "https://giphy.com/embed/TaRnGif",
        "https://media.giphy.com/media/TaRnGif/giphy.gif",
    ),
    "https://coub.com/embed/tarn1": ("coub", "tarn1", "https://coub.com/view/tarn1", "https://coub.com/embed/tarn1", None),
    "https://vine.co/v/tarn1/embed/simple": ("vine", "tarn1", "https://vine.co/v/tarn1", "https://vine.co/v/tarn1/embed/simple", None),
    "https://www.ustream.tv/embed/recorded/123": (
        "ibm",
        "recorded/123",
        "https://video.ibm.com/recorded/123",
        "https://video.ibm.com/embed/recorded/123",
        None,
    ),
    "https://livestream.com/accounts/1/events/2/player?width=640": (
        "livestream",
        "accounts/1/events/2",
        "https://livestream.com/accounts/1/events/2",
        "https://livestream.com/accounts/1/events/2/player",
        None,
    ),
    "https://customer-a1.cloudflarestream.com/0123456789abcdef0123456789abcdef/iframe": (
        "cloudflare",
        "0123456789abcdef0123456789abcdef",
        None,
        "https://iframe.videodelivery.net/0123456789abcdef0123456789abcdef",
        "https://videodelivery.net/0123456789abcdef0123456789abcdef/thumbnails/thumbnail.jpg",
    ),
    "https://iframe.mediadelivery.net/embed/7/01234567-89ab-cdef-0123-456789abcdef": (
        "bunny",
        "01234567-89ab-cdef-0123-456789abcdef",
        "https://iframe.mediadelivery.net/play/7/01234567-89ab-cdef-0123-456789abcdef",
        "https://iframe.mediadelivery.net/embed/7/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://player.mux.com/TaRnWick0123456789abc": (
        "mux",
        "TaRnWick0123456789abc",
        None,
        "https://player.mux.com/TaRnWick0123456789abc",
        "https://image.mux.com/TaRnWick0123456789abc/thumbnail.jpg",
    ),
    "https://videos.sproutvideo.com/embed/0a1b/2c3d": ("sproutvideo", "0a1b", None, "https://videos.sproutvideo.com/embed/0a1b/2c3d", None),
    "https://lake.hosted.panopto.com/Panopto/Pages/Embed.aspx?id=01234567-89ab-cdef-0123-456789abcdef": (
        "panopto",
        "01234567-89ab-cdef-0123-456789abcdef",
        "https://lake.hosted.panopto.com/Panopto/Pages/Viewer.aspx?id=01234567-89ab-cdef-0123-456789abcdef",
        "https://lake.hosted.panopto.com/Panopto/Pages/Embed.aspx?id=01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://www.viddler.com/embed/0a1b2c/": (
        "viddler",
        "0a1b2c",
        "https://www.viddler.com/v/0a1b2c",
        "https://www.viddler.com/embed/0a1b2c",
        None,
    ),
    "https://ebd.cda.pl/620x395/1234567a": (
        "cda",
        "1234567a",
        "https://www.cda.pl/video/1234567a",
        "https://ebd.cda.pl/620x395/1234567a",
        None,
    ),
    "https://open.iqiyi.com/developer/player_js/coopPlayerIndex.html?vid=tarn12&tvId=34": ("iqiyi", "tarn12", None, None, None),
    "https://tv.sohu.com/s/sohuplayer/iplay.html?bid=1234567&autoplay=true": (
        "sohu",
        "1234567",
        None,
        "https://tv.sohu.com/s/sohuplayer/iplay.html?bid=1234567",
        None,
    ),
    "https://www.ixigua.com/iframe/6812345678901234567?autoplay=0": (
        "ixigua",
        "6812345678901234567",
        "https://www.ixigua.com/6812345678901234567",
        "https://www.ixigua.com/iframe/6812345678901234567",
        None,
    ),
    "https://videa.hu/player?v=tArN1234": ("videa", "tArN1234", None, "https://videa.hu/player?v=tArN1234", None),
    "https://embed.indavideo.hu/player/video/0123abcdef/": (
        "indavideo",
        "0123abcdef",
        None,
        "https://embed.indavideo.hu/player/video/0123abcdef",
        None,
    ),
    "https://play-tv.kakao.com/embed/player/cliplink/400123456": (
        "kakao",
        "400123456",
        "https://tv.kakao.com/v/400123456",
        "https://tv.kakao.com/embed/player/cliplink/400123456",
        None,
    ),
    "https://www.aparat.com/video/video/embed/videohash/tarn1/vt/frame": (
        "aparat",
        "tarn1",
        "https://www.aparat.com/v/tarn1",
        "https://www.aparat.com/video/video/embed/videohash/tarn1/vt/frame",
        None,
    ),
    "https://www.arte.tv/embeds/de/012345-000-A?autoplay=true": (
        "arte",
        "012345-000-A",
        "https://www.arte.tv/de/videos/012345-000-A/",
        "https://www.arte.tv/embeds/de/012345-000-A",
        None,
    ),
    "https://www.ardmediathek.de/embed/Y3JpZDovL3Rhcm4": (
        "ard",
        "Y3JpZDovL3Rhcm4",
        "https://www.ardmediathek.de/video/Y3JpZDovL3Rhcm4",
        "https://www.ardmediathek.de/embed/Y3JpZDovL3Rhcm4",
        None,
    ),
    "https://www.ultimedia.com/deliver/generic/iframe/mdtk/1/zone/2/src/qtarn1/": (
        "digiteka",
        "qtarn1",
        None,
        "https://www.ultimedia.com/deliver/generic/iframe/src/qtarn1",
        None,
    ),
    "https://www.nytimes.com/video/players/offsite/index.html?videoId=1000": (
        "nytimes",
        "1000",
        None,
        "https://www.nytimes.com/video/players/offsite/index.html?videoId=1000",
        None,
    ),
    "https://www.bbc.co.uk/news/av-embeds/12345678": ("bbc", "12345678", None, None, None),
    "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123&color=red": (
        "soundcloud",
        "tracks/123",
        None,
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123",
        None,
    ),
    "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/soundcloud%253Atracks%253A123&color=red": (
        "soundcloud",
        "tracks/123",
        None,
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123",
        None,
    ),
    "https://w.soundcloud.com/player/?visual=true&url=https%3A%2F%2Fsoundcloud.com%2Ftarn%2Frain": (
        "soundcloud",
        "tarn/rain",
        "https://soundcloud.com/tarn/rain",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/tarn/rain",
        None,
    ),
    "https://open.spotify.com/embed/episode/4tarn?utm_source=generator": (
        "spotify",
        "episode/4tarn",
        "https://open.spotify.com/episode/4tarn",
        "https://open.spotify.com/embed/episode/4tarn",
        None,
    ),
    "https://embed.spotify.com/?uri=spotify:track:4tarn": (
        "spotify",
        "track/4tarn",
        "https://open.spotify.com/track/4tarn",
        "https://open.spotify.com/embed/track/4tarn",
        None,
    ),
    "https://anchor.fm/slow-water/embed/episodes/Ice-e1tarn": (
        "spotify-podcasters",
        "slow-water/Ice-e1tarn",
        "https://creators.spotify.com/pod/profile/slow-water/episodes/Ice-e1tarn",
        "https://creators.spotify.com/pod/profile/slow-water/embed/episodes/Ice-e1tarn",
        None,
    ),
    "https://embed.music.apple.com/de/album/lake/123?i=4": (
        "apple-music",
        "song/4",
        "https://music.apple.com/de/album/123?i=4",
        "https://embed.music.apple.com/de/album/123?i=4",
        None,
    ),
    "https://embed.podcasts.apple.com/us/podcast/slow-water/id99?i=1000": (
        "apple-podcasts",
        "id99/1000",
        "https://podcasts.apple.com/us/podcast/id99?i=1000",
        "https://embed.podcasts.apple.com/us/podcast/id99?i=1000",
        None,
    ),
    "https://embed.podcasts.apple.com/us/podcast/slow-water/id99?theme=light": (
        "apple-podcasts",
        "id99",
        "https://podcasts.apple.com/us/podcast/id99",
        "https://embed.podcasts.apple.com/us/podcast/id99",
        None,
    ),
    "https://widget.deezer.com/widget/dark/episode/123": (
        "deezer",
        "episode/123",
        "https://www.deezer.com/episode/123",
        "https://widget.deezer.com/widget/auto/episode/123",
        None,
    ),
    "https://embed.tidal.com/tracks/123?layout=gridify": (
        "tidal",
        "track/123",
        "https://tidal.com/browse/track/123",
        "https://embed.tidal.com/tracks/123",
        None,
    ),
    "https://bandcamp.com/EmbeddedPlayer/album=12/size=large/track=34/": (
        "bandcamp",
        "track/34",
        None,
        "https://bandcamp.com/EmbeddedPlayer/track=34/",
        None,
    ),
    "https://player-widget.mixcloud.com/widget/iframe/?hide_cover=1&feed=%2Ftarn%2Frain-mix%2F": (
        "mixcloud",
        "tarn/rain-mix",
        "https://www.mixcloud.com/tarn/rain-mix/",
        "https://player-widget.mixcloud.com/widget/iframe/?feed=%2Ftarn%2Frain-mix%2F",
        None,
    ),
    "https://audiomack.com/embed/song/tarn/rain?background=1": (
        "audiomack",
        "tarn/song/rain",
        "https://audiomack.com/tarn/song/rain",
        "https://audiomack.com/embed/song/tarn/rain",
        None,
    ),
    "https://embeds.audioboom.com/posts/123/embed/v4": (
        "audioboom",
        "123",
        "https://audioboom.com/posts/123",
        "https://embeds.audioboom.com/posts/123/embed",
        None,
    ),
    "https://embed.acast.com/slow-water/ice": (
        "acast",
        "slow-water/ice",
        "https://play.acast.com/s/slow-water/ice",
        "https://embed.acast.com/slow-water/ice",
        None,
    ),
    "https://playlist.megaphone.fm?e=TARN123": ("megaphone", "TARN123", None, "https://playlist.megaphone.fm/?e=TARN123", None),
    "https://player.simplecast.com/c9f4dc27-3171-4dd7-a673-ff12f5f57999?dark=true": (
        "simplecast",
        "c9f4dc27-3171-4dd7-a673-ff12f5f57999",
        None,
        "https://player.simplecast.com/c9f4dc27-3171-4dd7-a673-ff12f5f57999",
        None,
    ),
    "https://html5-player.libsyn.com/embed/episode/id/123/height/90/": (
        "libsyn",
        "123",
        None,
        "https://html5-player.libsyn.com/embed/episode/id/123",
        None,
    ),
    "https://www.buzzsprout.com/12/34-ice?client_source=small_player&iframe=true": (
        "buzzsprout",
        "12/34",
        "https://www.buzzsprout.com/12/episodes/34",
        "https://www.buzzsprout.com/12/34?client_source=small_player&iframe=true",
        None,
    ),
    "https://share.transistor.fm/e/0a1b2c": (
        "transistor",
        "0a1b2c",
        "https://share.transistor.fm/s/0a1b2c",
        "https://share.transistor.fm/e/0a1b2c",
        None,
    ),
    "https://www.podbean.com/player-v2/?i=tarn-1&share=1": ("podbean", "tarn-1", None, "https://www.podbean.com/player-v2/?i=tarn-1", None),
    "https://widget.spreaker.com/player?episode_id=123&theme=dark": (
        "spreaker",
        "123",
        "https://www.spreaker.com/episode/123",
        "https://widget.spreaker.com/player?episode_id=123",
        None,
    ),
    "https://widget.spreaker.com/player?show_id=123": (
        "spreaker",
        "123",
        "https://www.spreaker.com/show/123",
        "https://widget.spreaker.com/player?show_id=123",
        None,
    ),
    "https://player.captivate.fm/episode/01234567-89ab-cdef-0123-456789abcdef": (
        "captivate",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://player.captivate.fm/episode/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://omny.fm/shows/slow-water/ice/embed": (
        "omny",
        "slow-water/ice",
        "https://omny.fm/shows/slow-water/ice",
        "https://omny.fm/shows/slow-water/ice/embed",
        None,
    ),
    "https://art19.com/shows/slow-water/episodes/01234567-89ab-cdef-0123-456789abcdef/embed": (
        "art19",
        "01234567-89ab-cdef-0123-456789abcdef",
        "https://art19.com/shows/slow-water/episodes/01234567-89ab-cdef-0123-456789abcdef",
        "https://art19.com/shows/slow-water/episodes/01234567-89ab-cdef-0123-456789abcdef/embed",
        None,
    ),
    "https://www.npr.org/player/embed/12/34": ("npr", "34", None, "https://www.npr.org/player/embed/12/34", None),
    "https://player.blubrry.com/?podcast_id=123": ("blubrry", "123", None, "https://player.blubrry.com/id/123", None),
    "https://www.iheart.com/podcast/1-slow-water/episode/ice-2/?embed=true": (
        "iheart",
        "1-slow-water/ice-2",
        "https://www.iheart.com/podcast/1-slow-water/episode/ice-2/",
        "https://www.iheart.com/podcast/1-slow-water/episode/ice-2/?embed=true",
        None,
    ),
    "https://tunein.com/embed/player/s123/": ("tunein", "s123", None, "https://tunein.com/embed/player/s123/", None),
    "https://app.hearthis.at/embed/123/transparent/": ("hearthis", "123", None, "https://app.hearthis.at/embed/123/", None),
    "https://audius.co/embed/track/tarn1": ("audius", "track/tarn1", None, "https://audius.co/embed/track/tarn1", None),
    "https://vocaroo.com/embed/1tarnwick": (
        "vocaroo",
        "1tarnwick",
        "https://vocaroo.com/1tarnwick",
        "https://vocaroo.com/embed/1tarnwick",
        None,
    ),
    "https://music.163.com/outchain/player?type=2&id=123&auto=1": (
        "netease",
        "123",
        "https://music.163.com/song?id=123",
        "https://music.163.com/outchain/player?type=2&id=123",
        None,
    ),
    "https://music.yandex.ru/iframe/#track/12/34": (
        "yandex-music",
        "34/12",
        "https://music.yandex.ru/album/34/track/12",
        "https://music.yandex.ru/iframe/album/34/track/12",
        None,
    ),
    "https://tube.example.org/videos/embed/01234567-89ab-cdef-0123-456789abcdef": (
        "peertube",
        "01234567-89ab-cdef-0123-456789abcdef",
        "https://tube.example.org/w/01234567-89ab-cdef-0123-456789abcdef",
        "https://tube.example.org/videos/embed/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://www.lakes.example/en/media/oembed?url=https%3A//www.youtube.com/watch%3Fv%3DTaRn0wick_4&max_width=0&hash=abc": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://tube.example.org/video-playlists/embed/01234567-89ab-cdef-0123-456789abcdef?playlistPosition=2": (
        "peertube",
        "01234567-89ab-cdef-0123-456789abcdef",
        "https://tube.example.org/w/p/01234567-89ab-cdef-0123-456789abcdef",
        "https://tube.example.org/video-playlists/embed/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fplayer.vimeo.com%2Fvideo%2F999000421&type=text%2Fhtml": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421",
        "https://player.vimeo.com/video/999000421",
        None,
    ),
    "https://www.youtube.com/embed/playlist?list=PLtarn_wick-1": (
        "youtube",
        "PLtarn_wick-1",
        "https://www.youtube.com/playlist?list=PLtarn_wick-1",
        "https://www.youtube.com/embed/videoseries?list=PLtarn_wick-1",
        None,
    ),
    "https://www.youtube.com/watch_popup?v=TaRn0wick_4": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://clips.twitch.tv/CopperLake-x1": (
        "twitch",
        "CopperLake-x1",
        "https://clips.twitch.tv/CopperLake-x1",
        "https://clips.twitch.tv/embed?clip=CopperLake-x1",
        None,
    ),
    "https://dai.ly/k8tarn0": (
        "dailymotion",
        "k8tarn0",
        "https://www.dailymotion.com/video/k8tarn0",
        "https://www.dailymotion.com/embed/video/k8tarn0",
        "https://www.dailymotion.com/thumbnail/video/k8tarn0",
    ),
    "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Ffb.watch%2FtArN_w-1%2F&width=500": (
        "facebook",
        "tArN_w-1",
        "https://fb.watch/tArN_w-1/",
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Ffb.watch%2FtArN_w-1%2F",
        None,
    ),
    "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fv%2F1TaRn%2F&width=500": (
        "facebook",
        "1TaRn",
        "https://www.facebook.com/share/v/1TaRn/",
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fshare%2Fv%2F1TaRn%2F",
        None,
    ),
    "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Ftarn%2Fposts%2Fpfbid0Ta": (
        "facebook",
        "",
        None,
        None,
        None,
    ),
    "https://players.brightcove.net/1234567/tArN_default/index.html?playlistId=571831": (
        "brightcove",
        "571831",
        None,
        "https://players.brightcove.net/1234567/tArN_default/index.html?playlistId=571831",
        None,
    ),
    "https://cdnapisec.kaltura.com/html5/html5lib/v2.89/mwEmbedFrame.php/p/166/uiconf_id/550/entry_id/1_tarn?wid=_166": (
        "kaltura",
        "1_tarn",
        None,
        "https://cdnapisec.kaltura.com/p/166/embedPlaykitJs/uiconf_id/550?iframeembed=true&entry_id=1_tarn",
        "https://cdnapisec.kaltura.com/p/166/thumbnail/entry_id/1_tarn",
    ),
    "https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef/?p=tArN-1": (
        "rutube",
        "0123456789abcdef0123456789abcdef",
        "https://rutube.ru/video/private/0123456789abcdef0123456789abcdef/?p=tArN-1",
        "https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef/?p=tArN-1",
        None,
    ),
    "https://rutube.ru/play/embed/8083783": ("rutube", "8083783", None, "https://rutube.ru/play/embed/8083783", None),
    "https://ok.ru/videoembed/63567059965189-0": (
        "odnoklassniki",
        "63567059965189-0",
        "https://ok.ru/video/63567059965189-0",
        "https://ok.ru/videoembed/63567059965189-0",
        None,
    ),
    "https://www.arte.tv/player/v5/index.php?json_url=https%3A%2F%2Fapi.arte.tv%2Fapi%2Fplayer%2Fv2%2Fconfig%2Fde%2F100605-013-A&lang=de": (
        "arte",
        "100605-013-A",
        "https://www.arte.tv/de/videos/100605-013-A/",
        "https://www.arte.tv/embeds/de/100605-013-A",
        None,
    ),
    "https://www.bbc.com/ws/av-embeds/cps/mundo/internacional-1/p0tarn01/es": ("bbc", "p0tarn01", None, None, None),
    "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123%3Fsecret_token%3Ds-tArN&color=red": (
        "soundcloud",
        "tracks/123",
        None,
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123%3Fsecret_token%3Ds-tArN",
        None,
    ),
    "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/playlists/123&secret_token=s-tArN": (
        "soundcloud",
        "playlists/123",
        None,
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/playlists/123%3Fsecret_token%3Ds-tArN",
        None,
    ),
    "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/tarn/sets/slow-water&color=red": (
        "soundcloud",
        "tarn/sets/slow-water",
        "https://soundcloud.com/tarn/sets/slow-water",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/tarn/sets/slow-water",
        None,
    ),
    "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/tarn&color=red": (
        "soundcloud",
        "tarn",
        "https://soundcloud.com/tarn",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/tarn",
        None,
    ),
    "https://embed.music.apple.com/de/album/lake/123?app=music": (
        "apple-music",
        "album/123",
        "https://music.apple.com/de/album/123",
        "https://embed.music.apple.com/de/album/123",
        None,
    ),
    "https://audiomack.com/embed/tarn/song/rain": (
        "audiomack",
        "tarn/song/rain",
        "https://audiomack.com/tarn/song/rain",
        "https://audiomack.com/embed/song/tarn/rain",
        None,
    ),
    "https://shows.acast.com/slow-water/episodes/2.ice": (
        "acast",
        "slow-water/2.ice",
        "https://play.acast.com/s/slow-water/2.ice",
        "https://embed.acast.com/slow-water/2.ice",
        None,
    ),
    "https://embed.acast.com/slow-water": (
        "acast",
        "slow-water",
        "https://play.acast.com/s/slow-water",
        "https://embed.acast.com/slow-water",
        None,
    ),
    "https://playlist.megaphone.fm/?p=TARN123": ("megaphone", "TARN123", None, "https://playlist.megaphone.fm/?p=TARN123", None),
    "https://www.buzzsprout.com/12?client_source=small_player&iframe=true": (
        "buzzsprout",
        "12",
        "https://www.buzzsprout.com/12",
        "https://www.buzzsprout.com/12?client_source=large_player&iframe=true",
        None,
    ),
    "https://player.captivate.fm/show/01234567-89ab-cdef-0123-456789abcdef": (
        "captivate",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://player.captivate.fm/show/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://omny.fm/shows/slow-water/playlists/podcast/embed": (
        "omny",
        "slow-water/playlists/podcast",
        "https://omny.fm/shows/slow-water/playlists/podcast",
        "https://omny.fm/shows/slow-water/playlists/podcast/embed",
        None,
    ),
    "https://art19.com/shows/slow-water/embed": (
        "art19",
        "slow-water",
        "https://art19.com/shows/slow-water",
        "https://art19.com/shows/slow-water/embed",
        None,
    ),
    "https://www.iheart.com/live/tarn-fm-42/?embed=true": (
        "iheart",
        "tarn-fm-42",
        "https://www.iheart.com/live/tarn-fm-42/",
        "https://www.iheart.com/live/tarn-fm-42/?embed=true",
        None,
    ),
    "https://music.163.com/outchain/player?type=0&id=123": (
        "netease",
        "playlist/123",
        "https://music.163.com/playlist?id=123",
        "https://music.163.com/outchain/player?type=0&id=123",
        None,
    ),
    "https://music.163.com/outchain/player?type=1&id=123": (
        "netease",
        "album/123",
        "https://music.163.com/album?id=123",
        "https://music.163.com/outchain/player?type=1&id=123",
        None,
    ),
    "https://video.wordpress.com/embed/TaRnWick?hd=1": (
        "videopress",
        "TaRnWick",
        "https://videopress.com/v/TaRnWick",
        "https://videopress.com/embed/TaRnWick",
        None,
    ),
    "https://www.blogger.com/video.g?token=AD6v5_tarn-1": (
        "blogger",
        "AD6v5_tarn-1",
        None,
        "https://www.blogger.com/video.g?token=AD6v5_tarn-1",
        None,
    ),
    "https://www.microsoft.com/de-de/videoplayer/embed/RE1tarn?autoplay=false": (
        "microsoft",
        "RE1tarn",
        None,
        "https://www.microsoft.com/en-us/videoplayer/embed/RE1tarn",
        None,
    ),
    "https://tenor.com/embed/1234567": ("tenor", "1234567", None, "https://tenor.com/embed/1234567", None),
    "https://player.kick.com/tarnmere?muted=true": (
        "kick",
        "tarnmere",
        "https://kick.com/tarnmere",
        "https://player.kick.com/tarnmere",
        None,
    ),
    "https://dzen.ru/embed/vTarn_1?from=zen": ("dzen", "vTarn_1", None, "https://dzen.ru/embed/vTarn_1", None),
    "https://kinescope.io/embed/TaRnWick0123456789abcd?autoplay=1": (
        "kinescope",
        "TaRnWick0123456789abcd",
        "https://kinescope.io/TaRnWick0123456789abcd",
        "https://kinescope.io/embed/TaRnWick0123456789abcd",
        None,
    ),
    "https://video.sibnet.ru/shell.php?videoid=123": (
        "sibnet",
        "123",
        "https://video.sibnet.ru/video123",
        "https://video.sibnet.ru/shell.php?videoid=123",
        None,
    ),
    "https://www.acfun.cn/player/ac123": ("acfun", "ac123", "https://www.acfun.cn/v/ac123", "https://www.acfun.cn/player/ac123", None),
    "https://open.douyin.com/player/video?vid=123&autoplay=0": (
        "douyin",
        "123",
        "https://www.douyin.com/video/123",
        "https://open.douyin.com/player/video?vid=123",
        None,
    ),
    "https://iframe.dacast.com/vod/tarn-1/01234567-89ab-cdef-0123-456789abcdef": (
        "dacast",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://iframe.dacast.com/vod/tarn-1/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://play.gumlet.io/embed/0123456789abcdef01234567?loop=1": (
        "gumlet",
        "0123456789abcdef01234567",
        "https://gumlet.tv/watch/0123456789abcdef01234567/",
        "https://play.gumlet.io/embed/0123456789abcdef01234567",
        None,
    ),
    "https://embed.api.video/vod/viTaRn1": ("apivideo", "viTaRn1", None, "https://embed.api.video/vod/viTaRn1", None),
    "https://embed.vhx.tv/videos/123?vimeo=1": ("vimeo-ott", "123", None, "https://embed.vhx.tv/videos/123", None),
    "https://player-vz-1.tv.pandavideo.com.br/embed/?v=01234567-89ab-cdef-0123-456789abcdef": (
        "pandavideo",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://player-vz-1.tv.pandavideo.com.br/embed/?v=01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://playout.3qsdn.com/embed/01234567-89ab-cdef-0123-456789abcdef?js=true": (
        "3q",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://playout.3qsdn.com/embed/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://music.amazon.de/embed/B0TARN1?id=x&musicTerritory=DE": (
        "amazon-music",
        "B0TARN1",
        None,
        "https://music.amazon.com/embed/B0TARN1",
        None,
    ),
    "https://widget.anghami.com/song/123/?theme=light": (
        "anghami",
        "song/123",
        "https://play.anghami.com/song/123",
        "https://widget.anghami.com/song/123",
        None,
    ),
    "https://www.reverbnation.com/widget_code/html_widget/artist_123?widget_id=55": (
        "reverbnation",
        "artist_123",
        None,
        "https://www.reverbnation.com/widget_code/html_widget/artist_123",
        None,
    ),
    "https://pca.st/embed/tarn1": ("pocket-casts", "tarn1", "https://pca.st/tarn1", "https://pca.st/embed/tarn1", None),
    "https://castbox.fm/app/castbox/player/id12/id34?v=8.22.11": (
        "castbox",
        "id12/id34",
        None,
        "https://castbox.fm/app/castbox/player/id12/id34",
        None,
    ),
    "https://castbox.fm/app/castbox/player/id12?v=8.22.11": ("castbox", "id12", None, "https://castbox.fm/app/castbox/player/id12", None),
    "https://www.ivoox.com/player_ej_123_4_1.html?c1=ff6600": ("ivoox", "123", None, "https://www.ivoox.com/player_ej_123_6_1.html", None),
    "https://www.ivoox.com/player_es_podcast_12_zp_1.html": (
        "ivoox",
        "podcast/12",
        None,
        "https://www.ivoox.com/player_es_podcast_12_zp_1.html",
        None,
    ),
    "https://redcircle.com/embedded-player/ep/01234567-89ab-cdef-0123-456789abcdef": (
        "redcircle",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://redcircle.com/embedded-player/ep/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://redcircle.com/embedded-player/sh/01234567-89ab-cdef-0123-456789abcdef": (
        "redcircle",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://redcircle.com/embedded-player/sh/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://player.rss.com/slow-water/12?theme=dark": (
        "rss-com",
        "slow-water/12",
        "https://rss.com/podcasts/slow-water/12/",
        "https://player.rss.com/slow-water/12",
        None,
    ),
    "https://player.rss.com/slow-water/?theme=dark": (
        "rss-com",
        "slow-water",
        "https://rss.com/podcasts/slow-water/",
        "https://player.rss.com/slow-water",
        None,
    ),
    "https://player.fireside.fm/v2/TaRn-1+Ice_12?theme=dark": (
        "fireside",
        "TaRn-1+Ice_12",
        None,
        "https://player.fireside.fm/v2/TaRn-1+Ice_12",
        None,
    ),
    "https://pinecast.com/player/01234567-89ab-cdef-0123-456789abcdef?theme=flat": (
        "pinecast",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        "https://pinecast.com/player/01234567-89ab-cdef-0123-456789abcdef",
        None,
    ),
    "https://slow-water.castos.com/player/123": ("castos", "123", None, "https://slow-water.castos.com/player/123", None),
    "https://player.ausha.co/index.html?color=%23fff&podcastId=tArN1&v=3": (
        "ausha",
        "tArN1",
        None,
        "https://player.ausha.co/?podcastId=tArN1",
        None,
    ),
    "https://player.ausha.co/?showId=tArN2&v=3": ("ausha", "tArN2", None, "https://player.ausha.co/?showId=tArN2", None),
    "https://slow-water.podigee.io/12-ice/embed?context=external&theme=default": (
        "podigee",
        "slow-water/12-ice",
        "https://slow-water.podigee.io/12-ice",
        "https://slow-water.podigee.io/12-ice/embed?context=external",
        None,
    ),
    "https://www.radiofrance.fr/embed/player/aod/01234567-89ab-cdef-0123-456789abcdef": (
        "radiofrance",
        "01234567-89ab-cdef-0123-456789abcdef",
        None,
        None,
        None,
    ),
    "https://zeno.fm/player/tarn-fm": ("zeno", "tarn-fm", None, "https://zeno.fm/player/tarn-fm", None),
    "https://cdn.iframe.ly/api/iframe?url=https%3A%2F%2Fvimeo.com%2F999000421&key=0a": (
        "vimeo",
        "999000421",
        "https://vimeo.com/999000421",
        "https://player.vimeo.com/video/999000421",
        None,
    ),
    "https://youtube.googleapis.com/v/TaRn0wick_4": (
        "youtube",
        "TaRn0wick_4",
        "https://www.youtube.com/watch?v=TaRn0wick_4",
        "https://www.youtube.com/embed/TaRn0wick_4",
        "https://i.ytimg.com/vi/TaRn0wick_4/hqdefault.jpg",
    ),
    "https://share.vidyard.com/watch/TaRn--ck12_45678TaRnWi": (
        "vidyard",
        "TaRn--ck12_45678TaRnWi",
        "https://share.vidyard.com/watch/TaRn--ck12_45678TaRnWi",
        "https://play.vidyard.com/TaRn--ck12_45678TaRnWi",
        "https://play.vidyard.com/TaRn--ck12_45678TaRnWi.jpg",
    ),
    "https://open.spotify.com/embed/user/tarn/playlist/4tarn": (
        "spotify",
        "playlist/4tarn",
        "https://open.spotify.com/playlist/4tarn",
        "https://open.spotify.com/embed/playlist/4tarn",
        None,
    ),
    "https://embed.spotify.com/?uri=spotify%3Auser%3Atarn%3Aplaylist%3A4tarn&theme=white": (
        "spotify",
        "playlist/4tarn",
        "https://open.spotify.com/playlist/4tarn",
        "https://open.spotify.com/embed/playlist/4tarn",
        None,
    ),
    "https://www.deezer.com/plugins/player?format=classic&type=playlist&id=123&app_id=1": (
        "deezer",
        "playlist/123",
        "https://www.deezer.com/playlist/123",
        "https://widget.deezer.com/widget/auto/playlist/123",
        None,
    ),
    "https://www.podbean.com/media/player/multi?playlist=http%3A%2F%2Fplaylist.podbean.com%2F123%2Fplaylist_multi.xml": (
        "podbean",
        "playlist/123",
        None,
        None,
        None,
    ),
    "https://html5-player.libsyn.com/embed/destination/id/123/height/360/": (
        "libsyn",
        "destination/123",
        None,
        "https://play.libsyn.com/embed/destination/id/123",
        None,
    ),
    "https://www.bilibili.com/blackboard/newplayer.html?bvid=BV1tarn": (
        "bilibili",
        "BV1tarn",
        "https://www.bilibili.com/video/BV1tarn",
        "https://player.bilibili.com/player.html?bvid=BV1tarn",
        None,
    ),
}

# markup: provider, identifier
ELEMENTS = {
    '<lite-youtube videoid="TaRn0wick_4" playlabel="Clouds">': ("youtube", "TaRn0wick_4"),
    '<amp-youtube data-videoid="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<amp-youtube data-live-channelid="UCtarnwick">': ("youtube", "UCtarnwick"),
    '<amp-megaphone data-episode="TARN123" data-light>': ("megaphone", "TARN123"),
    '<amp-megaphone data-playlist="TARN456">': ("megaphone", "TARN456"),
    '<amp-vine data-vineid="tarn1">': ("vine", "tarn1"),
    '<youtube-video src="https://youtu.be/TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div data-youtube-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="youtube-player" data-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="rll-youtube-player" data-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="lyte" id="WYL_TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="lyte-wrapper"><div class="lyMe" id="WYL_TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="x lazy-video-container" data-video-id="TaRn0wick_4" data-video-title="Clouds" data-provider-name="youtube">': (
        "youtube",
        "TaRn0wick_4",
    ),
    '<div class="lazy-video-container" data-video-id="999000421" data-provider-name="vimeo">': ("vimeo", "999000421"),
    '<div class="lazy-video-container" data-video-id="7012" data-provider-name="tiktok">': ("tiktok", "7012"),
    '<script src="https://geo.dailymotion.com/player/x1abc.js" data-video="x8tarn0"></script>': ("dailymotion", "x8tarn0"),
    '<span class="wistia_embed wistia_async_tarn0wick1 popover=true"><a href="#">Watch</a></span>': ("wistia", "tarn0wick1"),
    '<img class="vidyard-player-embed" src="/x.jpg" data-uuid="TaRnWick0123" data-v="4" data-type="inline">': ("vidyard", "TaRnWick0123"),
    '<a class="spreaker-player" href="https://www.spreaker.com/episode/123" data-resource="episode_id=123">Listen</a>': ("spreaker", "123"),
    '<div data-plyr-provider="youtube" data-plyr-embed-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div data-type="youtube" data-video-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div data-video-type="youtube" data-video-id="TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div data-provider="youtube" data-video-id="https://youtu.be/TaRn0wick_4">': ("youtube", "TaRn0wick_4"),
    '<div class="youtube_player" data-videoID="TaRn0wick_4" data-width="560">': ("youtube", "TaRn0wick_4"),
    '<div class="wide youtube_player" videoID="TaRn0wick_4" width="560">': ("youtube", "TaRn0wick_4"),
    '<div class="__youtube_prefs__" data-facadesrc="https://www.youtube.com/embed/TaRn0wick_4?autoplay=0">': ("youtube", "TaRn0wick_4"),
    '<div data-type="vimeo" data-video-id="999000421">': ("vimeo", "999000421"),
    '<div data-video-type="vimeo" data-video-id="999000421">': ("vimeo", "999000421"),
    '<div data-provider="vimeo" data-video-id="999000421">': ("vimeo", "999000421"),
    '<div class="vimeo_player" data-videoID="999000421">': ("vimeo", "999000421"),
    '<div class="vimeo_player" videoID="999000421">': ("vimeo", "999000421"),
    '<div class="dailymotion_player" data-videoID="x8tarn0">': ("dailymotion", "x8tarn0"),
    '<div class="dailymotion_player" videoID="x8tarn0">': ("dailymotion", "x8tarn0"),
    '<div class="tenor-gif-embed" data-postid="1234567" data-width="100%">': ("tenor", "1234567"),
    '<script src="https://api.podcache.net/embedded-player/sh/0a-1/ep/2b-3"></script>': ("redcircle", "2b-3"),
    '<script class="podigee-podcast-player" data-configuration="https://slow-water.podigee.io/12-ice/embed?context=external"></script>': (
        "podigee",
        "slow-water/12-ice",
    ),
    '<script src="https://embed.nicovideo.jp/watch/sm1234/script?w=640&h=360"></script>': ("niconico", "sm1234"),
    '<script src="https://www.aparat.com/embed/tarn1?data[rnddiv]=2&data[responsive]=yes"></script>': ("aparat", "tarn1"),
    '<div id="rumble_v1tarn"></div>': ("rumble", "v1tarn"),
    '<div class="vc_row" data-vc-video-bg="https://www.youtube.com/watch?v=TaRn0wick_4"></div>': ("youtube", "TaRn0wick_4"),
    '<div class="jarallax" data-jarallax-video="https://vimeo.com/999000421"></div>': ("vimeo", "999000421"),
    '<blockquote class="twitter-tweet" data-media-max-width="560"><a href="https://x.com/tarn/status/1234567890?ref=1">x</a></blockquote>': (
        "x",
        "1234567890",
    ),
    '<lite-vimeo videoid="999000421">': ("vimeo", "999000421"),
    '<amp-vimeo data-videoid="999000421">': ("vimeo", "999000421"),
    '<vimeo-video src="https://vimeo.com/999000421">': ("vimeo", "999000421"),
    '<div data-vimeo-id="999000421">': ("vimeo", "999000421"),
    '<div data-vimeo-url="https://player.vimeo.com/video/999000421">': ("vimeo", "999000421"),
    '<div data-plyr-provider="vimeo" data-plyr-embed-id="999000421">': ("vimeo", "999000421"),
    '<amp-dailymotion data-videoid="x8tarn0">': ("dailymotion", "x8tarn0"),
    '<div class="fb-video" data-href="https://www.facebook.com/tarn/videos/10153231379946729/">': ("facebook", "10153231379946729"),
    '<amp-facebook data-embed-as="video" data-href="https://www.facebook.com/tarn/videos/10153231379946729/">': (
        "facebook",
        "10153231379946729",
    ),
    '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/reel/CtArN_w-1/?utm=1">': (
        "instagram",
        "CtArN_w-1",
    ),
    '<amp-instagram data-shortcode="CtArN_w-1">': ("instagram", "CtArN_w-1"),
    '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@t/video/7012" data-video-id="7012">': ("tiktok", "7012"),
    '<amp-tiktok data-src="https://www.tiktok.com/@t/video/7012">': ("tiktok", "7012"),
    '<blockquote class="twitter-video"><a href="https://twitter.com/tarn/status/1234567890?ref=1">x</a></blockquote>': ("x", "1234567890"),
    '<script src="//cdn.jwplayer.com/players/TaRn0Wck-PlAy3rId.js"></script>': ("jwplayer", "TaRn0Wck"),
    '<script src="https://content.jwplatform.com/players/TaRn0Wck-PlAy3rId.js"></script>': ("jwplayer", "TaRn0Wck"),
    '<amp-jwplayer data-media-id="TaRn0Wck" data-player-id="PlAy3rId">': ("jwplayer", "TaRn0Wck"),
    '<video-js data-account="1234567" data-player="default" data-embed="default" data-video-id="60123456"></video-js>': (
        "brightcove",
        "60123456",
    ),
    '<video data-account="1234567" data-player="default" data-video-id="60123456"></video>': ("brightcove", "60123456"),
    '<amp-brightcove data-account="1234567" data-player="default" data-video-id="60123456">': ("brightcove", "60123456"),
    '<div class="wistia_embed wistia_async_tarn0wick1 popover=true">': ("wistia", "tarn0wick1"),
    '<wistia-player media-id="tarn0wick1">': ("wistia", "tarn0wick1"),
    '<amp-wistia-player data-media-hashed-id="tarn0wick1">': ("wistia", "tarn0wick1"),
    '<script src="https://cdnapisec.kaltura.com/p/166/embedPlaykitJs/uiconf_id/550?targetId=k&entry_id=1_tarn"></script>': (
        "kaltura",
        "1_tarn",
    ),
    '<amp-kaltura-player data-partner="166" data-uiconf="550" data-entryid="1_tarn">': ("kaltura", "1_tarn"),
    '<stream src="0123456789abcdef0123456789abcdef">': ("cloudflare", "0123456789abcdef0123456789abcdef"),
    '<mux-player playback-id="TaRnWick0123456789abc">': ("mux", "TaRnWick0123456789abc"),
    '<mux-video playback-id="TaRnWick0123456789abc">': ("mux", "TaRnWick0123456789abc"),
    '<amp-soundcloud data-trackid="123">': ("soundcloud", "tracks/123"),
    '<amp-soundcloud data-playlistid="123">': ("soundcloud", "playlists/123"),
    '<script src="https://www.buzzsprout.com/12/34-ice.js?container_id=b"></script>': ("buzzsprout", "12/34"),
}


def _players(html: str) -> list[VideoItem | AudioItem]:
    page = extract(html, PAGE)
    assert not page.errors
    return [*page.videos, *page.audios]


@pytest.mark.parametrize("url", URLS)
def test_frame(url: str) -> None:
    """A frame of a service is one record, with what its identifier tells."""
    provider, identifier, canonical, embed, thumbnail = URLS[url]
    (player,) = _players(f'<iframe src="{url.replace("&", "&amp;")}" title="Lake" width="560" height="315"></iframe>')
    assert (player.kind, player.src, player.title, player.width, player.height) == ("embed", normal(url), "Lake", 560, 315)
    assert (player.provider, player.provider_id, player.canonical_url) == (provider, identifier, canonical)
    assert (player.embed_url, player.poster) == (embed or url, thumbnail)
    kind = "audio" if provider in AUDIO else "video"
    assert (player.record, player.type) == (kind, kind)
    assert (player.sources, player.tracks, player.scope) == ([], [], "external")


def normal(url: str) -> str:
    """The URL as the standard writes it."""
    return url.replace("megaphone.fm?", "megaphone.fm/?")


@pytest.mark.parametrize("html", ELEMENTS)
def test_element(html: str) -> None:
    """An element that a script makes into a player is one record, whose URL is the player's."""
    (player,) = _players(f"<main>{html}</main>")
    assert (player.kind, player.provider, player.provider_id, player.region) == ("embed", *ELEMENTS[html], "main")
    assert player.src
    assert player.src in (player.embed_url, player.canonical_url)


@pytest.mark.parametrize(
    ("attributes", "player"),
    [
        ("", "default_default"),
        ("data-player=tArN", "tArN_default"),
        ("data-player-id=tArN", "tArN_default"),
        ("data-player=tArN data-player-id=other data-embed=e1", "tArN_e1"),
    ],
)
def test_player_of_brightcove(attributes: str, player: str) -> None:
    """Where the element names no player or no embed, Brightcove's scripts take the default ones; AMP has two names for it."""
    (video,) = _players(f"<amp-brightcove data-account=1234567 data-video-id=60123456 {attributes}></amp-brightcove>")
    assert video.src == f"https://players.brightcove.net/1234567/{player}/index.html?videoId=60123456"


def test_every_service_has_a_page() -> None:
    """Each service in the data file is among the frames above, and each of its elements among the elements."""
    assert {provider for provider, *_ in URLS.values()} == {*providers(), "peertube"}
    marked = [(mark.provider.name, mark.tag) for mark in marks()]
    tried = [(provider, html[1:].split(" ")[0]) for html, (provider, _) in ELEMENTS.items()]
    assert sorted(marked) == sorted(tried)


def test_documentation_names_every_service() -> None:
    """docs/players.md lists the services by type, as they stand in the data file."""
    text = (ROOT / "docs" / "players.md").read_text(encoding="utf-8").partition("<!-- services")[2]
    listed = {kind: re.split(r",\s+", re.search(rf"- {kind}: (.*?)\n(?:-|\n)", text, re.DOTALL)[1]) for kind in ("video", "audio")}
    assert listed["video"].pop() == "and peertube on any host"
    names = list(providers())
    assert listed["audio"] == [name for name in names if name in AUDIO]
    assert listed["video"] == [name for name in names if name not in AUDIO]
    assert f"players of {len(names)} services" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_custom_elements_are_recorded() -> None:
    """The document looks for every custom element that the data file names."""
    assert {mark.tag for mark in marks()} - {"a", "blockquote", "div", "img", "script", "span"} <= RECORDED


@pytest.mark.parametrize(
    ("url", "identifiers"),
    [
        ("https://sphinx.acast.com/p/open/s/63d0/e/{}/media.mp3", ["63d0/1", "63d0/2"]),
        ("https://sphinx.acast.com/slow-water/{}/media.mp3", ["slow-water/1", "slow-water/2"]),
        ("https://cdn.streamable.com/video/mp4/tarn{}.mp4", ["", ""]),
    ],
)
def test_files_of_a_service(url: str, identifiers: list[str]) -> None:
    """What a service keeps files under is not the path of its players: two files are two media."""
    told = ",".join(f'{{"@type": "MediaObject", "contentUrl": "{url.format(number)}"}}' for number in (1, 2))
    found = _players(f'<script type="application/ld+json">[{told}]</script>')
    assert [player.provider_id for player in found] == identifiers


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fexample.org%2Fvideos%2F1234567",
        "https://platform.twitter.com/widgets/tweet_button.html?url=x",
        "https://www.youtube.com/user/tarnwick",
        "https://www.youtube.com/tarnwick-12",
        "https://www.dailymotion.com/xtarnwick",
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fexample.org%2Ffilm",
        "https://play.acast.com/s/slow-water",
        "https://www.microsoft.com/en-us/windows",
        "https://kick.com/tarnmere",
        "https://music.amazon.com/albums/B0TARN1",
        "https://slow-water.podigee.io/12-ice",
        "https://omny.fm/shows/slow-water/playlists",
        "https://www.youtube.com/embed/",
        "https://www.youtube.com/subscribe_embed?channel=UC",
        "https://accounts.google.com/o/oauth2/postmessageRelay",
        "https://notyoutube.com/embed/TaRn0wick_4",
        "https://www.tiktok.com/@tarn",
        "https://open.spotify.com/",
        "https://vimeo.com/about",
        "https://example.org/youtube.com/embed/TaRn0wick_4",
        "https://example.org/media/oembed?url=https%3A//example.org/film",
        "https://example.org/media/oembed/list?url=https%3A//youtu.be/TaRn0wick_4",
        "about:blank",
        "javascript:false",
        "https://www.youtube.com/embed/" + "a" * 5000,
    ],
)
def test_no_player(url: str) -> None:
    """Share buttons, pages that are not of one medium, and look-alikes make no record."""
    assert identify(url) is None
    assert _players(f'<iframe src="{url}"></iframe><object data="{url}"></object><embed src="{url}">') == []
