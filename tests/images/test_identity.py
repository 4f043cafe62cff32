"""Which picture an image's URL shows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmedia_scrapy.extraction.images import paths, urlsizes
from linkmedia_scrapy.extraction.images.folders import folder_of
from linkmedia_scrapy.extraction.images.identity import format_of, identify
from linkmedia_scrapy.extraction.images.lazy import json_references
from linkmedia_scrapy.extraction.images.words import FileName, meanings, names_say, zone_of

SAME = {
    "a script's short parameters": [
        "https://example.com/thumb.php?id=7&w=300&h=200&q=80&f=webp",
        "https://example.com/thumb.php?id=7&w=50%&h=auto&q=auto:good&f=auto",
        "https://example.com/thumb.php?id=7&q=w_600,c_fill",
    ],
    "a cut's hash": ["https://example.com/styles/a/public/lake.jpg?h=37369d18", "https://example.com/styles/b/public/lake.jpg?h=98c520fc"],
    "WordPress": ["https://example.com/u/photo.jpg", "https://example.com/u/photo-640x426.jpg", "https://example.com/u/photo-scaled.jpg"],
    "Photon": [
        "https://example.com/u/photo.jpg",
        "https://i0.wp.com/example.com/u/photo.jpg?resize=640%2C427&ssl=1",
        "https://i0.wp.com/example.com/u/photo.jpg",
    ],
    "Wikimedia": [
        "https://upload.wikimedia.org/wikipedia/commons/3/31/Lake.svg",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/3/31/Lake.svg/40px-Lake.svg.png",
    ],
    "Cloudinary": [
        "https://res.example.com/demo/image/upload/v1/lake.jpg",
        "https://res.example.com/demo/image/upload/c_fill,g_auto,h_250,w_970/v1/lake.jpg",
        "https://res.example.com/demo/image/upload/w_300/v1/lake.webp",
    ],
    "commas that are escaped": [
        f"https://example.com/photos/{cut}/lake.jpg" for cut in ("master/w_2560%2Cc_limit", "1:1/w_320,h_320,c_limit", "6:4/w_274%2Ch_169")
    ],
    "Conde Nast's shares": ["https://example.com/16:9/w_1280,c_limit/lake.jpg?mbid=social_retweet", "https://example.com/lake.jpg"],
    "Hearst's cuts": ["https://example.com/lake.jpg?crop=0.995xw:0.746xh;0,0.117xh&resize=640:*", "https://example.com/lake.jpg"],
    "imgix's focus": ["https://example.com/lake.jpg?w=1200&h=1200&fp-z=2&fp-y=.5&fp-x=.5&fit=crop", "https://example.com/lake.jpg?w=620"],
    "formats and ratios": [
        "https://example.com/lake.jpg?quality=90&webp=true&resize=440,400",
        "https://example.com/lake.jpg?width=1358&aspect_ratio=1358%3A905",
        "https://example.com/lake.jpg?imgsize=1158708&w=620",
    ],
    "parameters that are escaped twice": ["https://example.com/lake.jpg?w=620&amp;auto=format", "https://example.com/lake.jpg"],
    "the BBC's brands": [
        "https://example.com/news/1024/branded_news/172AD/production/_104039849_lake.jpg",
        "https://example.com/news/640/cpsprodpb/172AD/production/_104039849_lake.jpg",
    ],
    "Timber": [
        "https://example.com/u/lake-scaled.jpg",
        "https://example.com/u/lake-scaled-1200x0-c-default-1024x0-c-default.webp",
    ],
    "Gravatar": [
        "https://secure.gravatar.com/avatar/0123456789abcdef0123456789abcdef?s=48&d=mm&r=g",
        "https://secure.gravatar.com/avatar/0123456789abcdef0123456789abcdef?s=96&amp;d=https%3A%2F%2Fexample.com%2Fspare.png&amp;r=g",
    ],
    "with and without www": ["https://www.example.com/u/lake.jpg", "https://example.com/u/lake.jpg?w=480&h=270&crop=1"],
    "signed": ["https://k.example.com/image/upload/lake.jpg", "https://k.example.com/image/upload/s--QeUTCiuW--/lake.jpg"],
    "Medium": ["https://m.example.com/max/60/1*a.png?q=20", "https://m.example.com/max/3688/1*a.png"],
    "Next.js": ["https://example.com/lake.jpg", "https://example.com/_next/image?url=%2Flake.jpg&w=640&q=75"],
    "imgix": ["https://i.example.com/lake.jpg?w=320&fit=crop&auto=format", "https://i.example.com/lake.jpg?w=640"],
    "formats": ["https://example.com/lake.jpg", "https://example.com/lake.webp", "https://example.com/lake.jpg.avif"],
    "density": ["https://example.com/lake.png", "https://example.com/lake@2x.png"],
    "fetched": [
        "https://cdn.example.com/image/fetch/w_1456,c_limit/https%3A%2F%2Fs3.example.org%2Flake.jpeg",
        "https://s3.example.org/lake.jpeg",
        "https://cdn.example.com/x/https://s3.example.org/lake.jpeg",
    ],
    "versions": [
        "https://example.com/lake.jpg",
        "https://example.com/lake.jpg?v=123",
        "https://example.com/lake.jpg?ver=6.4.2",
        "https://example.com/lake-640x426.jpg?t=1700000000",
        "https://example.com/lake.webp?w=320&ts=1700000000",
        "https://example.com/lake.jpg?_=17",
        "https://example.com/lake.jpg?1316793416",
        "https://example.com/lake.jpg?1",
    ],
    "Sitecore's": [
        "https://example.com/-/media/lake.jpg?bc=white&as=0&hash=FD66DA12C63B4414D555A0BE0B8C383CC14086E0",
        "https://example.com/-/media/lake.jpg?bc=white&as=0&mh=383&mw=927&hash=259B7E6958C3C72B520370EE0583BA2C12AE49A4",
    ],
    "versions behind a proxy": ["https://example.com/_next/image?url=%2Flake.jpg%3Fv%3D2&w=640&q=75", "https://example.com/lake.jpg"],
    "signatures": [
        "https://i.example.com/lake.jpg?width=620&quality=85&s=0123456789abcdef",
        "https://i.example.com/lake.jpg?width=1200&s=fedcba9876543210&overlay-align=bottom%2Cleft&overlay-width=100p&enable=upscale",
        "https://i.example.com/lake.jpg?width=1200&overlay-base64=L2ltZy9zdGF0aWMvb3ZlcmxheXMvdG4tYWdlLTIwMTYucG5n%3D",
        "https://i.example.com/lake.jpg?w=100&sig=a1-_B0c1D2e3F4g5%3D",
        "https://i.example.com/lake.jpg?w=100&hash=00ff00ff00ff00ff&token=aa00aa00aa00aa00",
    ],
    "imgix's libraries": [
        "https://i.example.com/lake.jpg?ixlib=rails-4.2&auto=format&w=800&ar=16:9&s=0a00000000000000",
        "https://i.example.com/lake.jpg?ixlib=js-3&auto=format%2Ccompress&ar=1.91%3A1",
    ],
    "Unsplash": [
        "https://images.example.com/photo-150?ixid=M3wxMjA3fDB8MHxzZWFyY2h8Mnx8bGFrZXxlbnwwfHx8fDE2OTg3MDAwMDA&ixlib=rb-4.0.3&w=800&q=80",
        "https://images.example.com/photo-150?ixid=MnwxMjA3fDB8&ixlib=rb-1.2.1&auto=format&fit=crop&w=1200",
    ],
    "ImageKit": [
        "https://i.example.com/lake.jpg?tr=w-300,h-200",
        "https://i.example.com/lake.jpg?tr=w-1200",
        "https://i.example.com/lake.jpg",
    ],
    "Salesforce": ["https://s.example.com/lake.jpg?sw=300&sh=300&sm=fit", "https://s.example.com/lake.jpg?sw=1200&sh=1200&sm=fit"],
    "Wix": [
        "https://static.example.com/media/11062b_abc~mv2.jpg",
        "https://static.example.com/media/11062b_abc~mv2.jpg/v1/fill/w_600,h_400,al_c,q_80,enc_avif,quality_auto/11062b_abc~mv2.jpg",
        "https://static.example.com/media/11062b_abc~mv2.jpg/v1/fill/w_1000,h_667,al_c,q_85,usm_0.66_1.00_0.01/The%20lake.jpg",
        "https://static.example.com/media/11062b_abc~mv2.jpg/v1/crop/x_0,y_10,w_300,h_200/The%20lake.webp",
    ],
    "Cloudinary's long names": [
        "https://res.example.com/upload/v1/lake.jpg",
        "https://res.example.com/upload/w_300,dpr_2.0,quality_auto/v1/lake.jpg",
    ],
    "Magento": [
        f"https://example.com/media/catalog/product/{cache}l/a/lake.jpg" for cache in ("", f"cache/{'0f' * 16}/", f"cache/{'1e' * 16}/")
    ],
    "AEM's core components": [
        f"https://example.com/site/_jcr_content/root/image.coreimg{size}.jpeg/1699999999999/lake.jpeg"
        for size in ("", ".320", ".85.320", ".85.1280")
    ],
    "AEM's renditions": [
        "https://example.com/content/dam/lake.jpg",
        "https://example.com/content/dam/lake.jpg/jcr:content/renditions/cq5dam.web.320.180.jpeg",
        "https://example.com/content/dam/lake.jpg/_jcr_content/renditions/cq5dam.thumbnail.48.48.png",
        "https://example.com/content/dam/lake.jpg/jcr:content/renditions/original",
    ],
    "PrestaShop": ["https://example.com/12-home_default/mug.jpg", "https://example.com/12-large_default/mug.jpg"],
    "Hugo": [
        "https://example.com/img/lake.jpg",
        "https://example.com/img/lake_hu1234567890abcdef1234567890abcdef_51234_300x0_resize_q75_h2_box.webp",
        "https://example.com/img/lake_hu1234567890abcdef_600x0_resize_q75_box.jpg",
        "https://example.com/img/lake_hu_1234567890abcdef.jpg",
    ],
    "TYPO3": [
        "https://example.com/fileadmin/_processed_/a/b/csm_lake_0123456789.jpg",
        "https://example.com/fileadmin/_processed_/a/b/csm_lake_fedcba9876.webp",
    ],
    "Amazon": [
        "https://m.media-amazon.com/images/I/71abc._AC_SX300_.jpg",
        "https://m.media-amazon.com/images/I/71abc._AC_SL1500_.jpg",
        "https://m.media-amazon.com/images/I/71abc.jpg",
    ],
    "eBay": ["https://i.ebayimg.com/images/g/abcAA/s-l300.jpg", "https://i.ebayimg.com/images/g/abcAA/s-l1600.webp"],
    "Etsy": [
        "https://i.etsystatic.com/1/r/il/abc/456/il_340x270.456_xyz.jpg",
        "https://i.etsystatic.com/1/r/il/abc/456/il_1588xN.456_xyz.jpg",
        "https://i.etsystatic.com/1/r/il/abc/456/il_fullxfull.456_xyz.jpg",
    ],
    "ImageKit's folder": ["https://ik.example.com/acc/lake.jpg", "https://ik.example.com/acc/tr:w-300,h-200/lake.jpg"],
    "ShortPixel": [
        "https://cdn.shortpixel.ai/spai/q_lossy+w_800+to_webp+ret_img/www.example.com/u/lake.jpg",
        "https://cdn.shortpixel.ai/spai/q_lossy+ret_img/www.example.com/u/lake.jpg",
        "https://www.example.com/u/lake.jpg",
    ],
    "Brightspot": [
        "https://b.example.com/dims4/default/abc/2147483647/strip/true/crop/3000x2000+0+0/resize/320x213!/?url=https%3A%2F%2Fs3.example.com%2Flake.jpg",
        "https://s3.example.com/lake.jpg",
    ],
    "Webflow": ["https://cdn.prod.website-files.com/64a/65b_lake.jpg", "https://cdn.prod.website-files.com/64a/65b_lake-p-1080.jpg"],
    "Ghost": [
        f"https://example.com/content/images/{size}2024/05/lake.jpg"
        for size in ("", "size/w300/", "size/w1200/format/webp/", "size/w30h30/")
    ],
    "aspect ratios": [f"https://example.com/photos/{ratio}lake.jpg" for ratio in ("", "1x1/", "4x3/", "16x9/")],
    "scheme": ["http://example.com/lake.jpg", "https://example.com/lake.jpg#top"],
}
DIFFERENT = [
    ("https://example.com/image.php?id=1", "https://example.com/image.php?id=2"),
    ("https://example.com/photos/123/img.jpg", "https://example.com/photos/124/img.jpg"),
    ("https://example.com/2016/05/a.jpg", "https://example.com/2016/06/a.jpg"),
    ("https://example.com/g01.jpg", "https://example.com/g02.jpg"),
    ("https://example.com/a.jpg", "https://example.org/a.jpg"),
    ("https://example.com/large/a.jpg", "https://example.com/large/b.jpg"),
    ("https://example.com/media/lake.jpg/v1/fill/w_600/a.jpg", "https://example.com/media/hill.jpg/v1/fill/w_600/a.jpg"),
    ("https://example.com/api/v1/fill/w_600/lake.jpg", "https://example.com/api/v1/fill/w_600/hill.jpg"),
    ("https://example.com/cache/l/a/lake.jpg", "https://example.com/l/a/lake.jpg"),
    ("https://example.com/12-home_default/mug.jpg", "https://example.com/13-home_default/mug.jpg"),
    ("https://example.com/lake-home_default/mug.jpg", "https://example.com/hill-home_default/mug.jpg"),
    ("https://example.com/p/lake_hub_1.jpg", "https://example.com/p/lake_hub_2.jpg"),
    ("https://example.com/p/lake_human.jpg", "https://example.com/p/lake.jpg"),
    ("https://example.com/_processed_/a/b/csm_lake_0123456789.jpg", "https://example.com/_processed_/a/c/csm_lake_0123456789.jpg"),
    ("https://example.com/csm_lake_0123456789.jpg", "https://example.com/csm_lake_0123456780.jpg"),
    ("https://example.com/a._AC_SX300_.jpg", "https://example.com/a._AC_SX400_.jpg"),
    ("https://example.com/g/s-l300.jpg", "https://example.com/g/s-l400.jpg"),
    ("https://i.ebayimg.com/images/g/abc/s-l300.jpg", "https://i.ebayimg.com/images/g/abd/s-l300.jpg"),
    ("https://example.com/tr:5/lake.jpg", "https://example.com/tr:6/lake.jpg"),
    ("https://example.com/65b_lake-p-1080.jpg", "https://example.com/65b_lake-p-1081.jpg"),
    ("https://example.com/tiles/5x7/tile.png", "https://example.com/tiles/5x8/tile.png"),
    ("https://example.com/size/lake.jpg", "https://example.com/lake.jpg"),
    ("https://example.com/x.jpg/renditions/lake.jpg", "https://example.com/x.jpg/renditions/hill.jpg"),
    ("https://example.com/image.php?v=1", "https://example.com/image.php?v=2"),
    ("https://example.com/image.php?1", "https://example.com/image.php?2"),
    ("https://example.com/image.php?bc=4012345678901", "https://example.com/image.php?bc=4012345678902"),
    ("https://example.com/image?t=1", "https://example.com/image?t=2"),
    ("https://example.com/thumb.php?s=lake&w=300", "https://example.com/thumb.php?s=hill&w=300"),
    ("https://example.com/thumb.php?f=lake.jpg&w=300", "https://example.com/thumb.php?f=hill.jpg&w=300"),
    ("https://example.com/th?q=lake&w=42&h=42", "https://example.com/th?q=hill&w=42&h=42"),
    ("https://example.com/show?h=37369d18", "https://example.com/show?h=98c520fc"),
    ("https://example.com/a.jpg?s=1", "https://example.com/a.jpg?s=2"),
    ("https://example.com/a.jpg?token=1", "https://example.com/a.jpg?token=2"),
    ("https://example.com/a.jpg?w=300&s=lake.png", "https://example.com/a.jpg?w=300&s=hill.png"),
    ("https://example.com/still.jpg?t=10", "https://example.com/still.jpg?t=60"),
    ("https://example.com/chart.png?v=line", "https://example.com/chart.png?v=bar"),
    ("https://example.com/qr.png?token=ALPHA&size=200", "https://example.com/qr.png?token=BRAVO&size=200"),
    (
        "https://example.com/cache/0123456789abcdef0123456789abcdef/thumb.jpg",
        "https://example.com/cache/fedcba9876543210fedcba9876543210/thumb.jpg",
    ),
    ("https://example.com/a.png?tr=5", "https://example.com/a.png?tr=6"),
    ("https://example.com/a.png?ar=5", "https://example.com/a.png?ar=6"),
    ("https://example.com/a.png?v=/lake", "https://example.com/a.png?v=/hill"),
    ("https://example.com/_small.jpg", "https://example.com/_large.jpg"),
    ("https://example.com/lake-c.jpg", "https://example.com/lake-d.jpg"),
    ("https://example.com/crop-wheat/a.jpg", "https://example.com/crop-rye/a.jpg"),
    ("https://example.com/12/branded/a.jpg", "https://example.com/13/branded/a.jpg"),
    ("https://secure.gravatar.com/avatar/01?s=48", "https://secure.gravatar.com/avatar/02?s=48"),
]


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME)
def test_same_picture(urls: list[str]) -> None:
    """Sizes and formats of one picture have one key."""
    assert len({identify(url).key for url in urls}) == 1


SEGMENTS = (
    "w_640 h_80.5,c_fill c_fill,g_center,h_80,w_80 c_fill,g_center s--QeUTCiuW-- width=400,quality=75 fit=cover,h=40 16x9/320 640x426 s640x640 "
    "crop-960x540 "
    "640x max/800 fit/c/152/152 fit/t/800 v2/resize:fit:1400 resize:fill:30:40 10x20:30x40 fit-in smart filters:quality(80) "
    "-_58CyCjSLS36byYJ3jyjvy4Akg= s320 w400-h300-c h72-p styles/large/public thumbor/files.example.org"
).split()


@pytest.mark.parametrize("segment", SEGMENTS)
def test_segments_of_sizes(segment: str) -> None:
    """Each kind of path segment that tells a size is taken off, whatever else the URL holds."""
    host = "example.com/a" if "thumbor" not in segment else "files.example.org"
    assert identify(f"https://example.com/a/{segment}/lake-2010.jpg?page=1").key == f"{host}/lake-2010?page=1"


@pytest.mark.parametrize("segment", ["640/cpsprodpb", "master/w_300", "16:9/w_300", "master/pass"])
def test_segments_before_others(segment: str) -> None:
    """Some tell a size only before what they stand before."""
    assert segment.partition("/")[0] not in identify(f"https://example.com/a/{segment}/lake-2010.jpg?page=1").key


@pytest.mark.parametrize(
    "affix",
    "-640x426 -640x _640x426_crop _640x426_crop_faces _x400 -scaled -640w _w640 -300px @2x -2x _thumb -Small_2x _ARTICLELARGE "
    "-440x292-c -1200x1200-cropped -mediumThreeByTwo440 -mediumThreeByTwo -master768 _square320 -thumb-640x426 _w640_h426 -w640-h426 -w640-h426-w640-h426".split(),
)
def test_affixes_of_sizes(affix: str) -> None:
    """Each kind of affix of a file name that tells a size is taken off."""
    assert identify(f"https://example.com/lake-a_10{affix}.jpg").key == "example.com/lake-a_10"


def test_longest_names() -> None:
    """A name of thousands of affixes, which no file has, is taken as it stands, rather than looked through for each of them."""
    assert identify(f"https://example.com/lake{'-thumb' * 100}.jpg").key == "example.com/lake"
    assert identify(f"https://example.com/lake{'-thumb' * 1000}.jpg").key == f"example.com/lake{'-thumb' * 1000}"


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pictures(one: str, other: str) -> None:
    """What tells pictures apart is kept."""
    assert identify(one).key != identify(other).key


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://example.com/a-640x426.jpg", (640, 426)),
        ("https://example.com/w_320,h_200/a.jpg", (320, 200)),
        ("https://example.com/c_fill,h_200/a.jpg", (None, 200)),
        ("https://example.com/width=400,height=300/a.jpg", (400, 300)),
        ("https://example.com/max/800/a.jpg", (800, None)),
        ("https://example.com/resize:fit:1400/a.jpg", (1400, None)),
        ("https://example.com/a-300w.jpg", (300, None)),
        ("https://example.com/a_300w", (300, None)),
        ("https://cdn.example.com/fresh_lake-640w", (640, None)),
        ("https://example.com/x/ax/a-40x.jpg", (40, None)),
        ("https://example.com/a.jpg?width=800", (800, None)),
        ("https://example.com/thumb/3/31/A.svg/40px-A.svg.png", (40, None)),
        ("https://example.com/16x9/a.jpg", (None, None)),
        ("https://example.com/abc-4000x3000.jpg?w=300", (300, None)),
        ("https://example.com/abc-4000x3000.jpg?w=300&h=200&auto=format", (300, 200)),
        ("https://example.com/abc-4000x3000.jpg?h=300", (400, 300)),
        ("https://example.com/abc.jpg?h=300", (None, 300)),
        ("https://example.com/abc-4000x3000.jpg?auto=format", (4000, 3000)),
        ("https://example.com/max_260x260/a.jpg?h=1a2b3c4d&itok=x", (260, 260)),
        ("https://example.com/a.jpg?w=640px&h=360.5", (640, 360)),
        ("https://example.com/a.jpg?w=auto", (None, None)),
        ("https://example.com/a.jpg?format=2500w", (2500, None)),
        ("https://example.com/a.jpg?format=webp", (None, None)),
        ("https://example.com/a.jpg?sw=300&sh=200", (300, 200)),
        ("https://example.com/a.jpg?tr=w-300,h-200", (300, 200)),
        ("https://example.com/a.jpg?tr=q-80%2Cw-300", (300, None)),
        ("https://example.com/a.jpg?tr=w-0.5", (None, None)),
        ("https://example.com/_next/image?url=%2Fabc-4000x3000.jpg%3Fw%3D900&w=640&q=75", (640, None)),
        ("https://i0.wp.com/example.com/abc-4000x3000.jpg?resize=640%2C427", (640, 427)),
        ("https://cdn.example.com/w_300/https://example.com/abc.jpg?w=900", (300, None)),
        ("https://example.com/a_w300_h200.jpg", (300, 200)),
        ("https://example.com/a-w300-h200.jpg", (300, 200)),
        ("https://example.com/a.jpg?h=482913", (None, None)),
        ("https://example.com/content/images/size/w300/2024/05/a.jpg", (300, None)),
        ("https://example.com/content/images/size/w300h200/2024/05/a.jpg", (300, 200)),
        ("https://blogger.googleusercontent.com/img/b/R29/AVv/s320/a.jpg", (320, None)),
        ("https://1.bp.blogspot.com/-x/AVv/w400-h300-c/a.jpg", (400, 300)),
        ("https://1.bp.blogspot.com/-x/AVv/s72-c/a.jpg", (72, None)),
        ("https://lh3.googleusercontent.com/abcDEF=w300-h200-no", (300, 200)),
        ("https://lh3.googleusercontent.com/abcDEF=s1200", (1200, None)),
        ("https://lh3.googleusercontent.com/abcDEF=h200", (None, 200)),
        ("https://ik.example.com/acc/tr:w-300,h-200/a.jpg", (300, 200)),
        ("https://ik.example.com/acc/tr:q-80,w-300/a.jpg", (300, None)),
        ("https://m.media-amazon.com/images/I/71abc._AC_SX300_.jpg", (300, None)),
        ("https://m.media-amazon.com/images/I/71abc._AC_SR160,120_QL65_.jpg", (160, 120)),
        ("https://i.ebayimg.com/images/g/abcAA/s-l1600.jpg", (1600, None)),
        ("https://cdn.prod.website-files.com/64a/65b_lake-p-1080.jpg", (1080, None)),
        ("https://example.com/p/lake_hu1234567890abcdef_600x0_resize_q75_box.jpg", (600, None)),
        ("https://example.com/p/lake_hu1234567890abcdef_51234_600x400_fill_q75_box.jpg", (600, 400)),
        ("https://example.com/image.coreimg.85.320.jpeg/1699999999999/lake.jpeg", (320, None)),
        ("https://example.com/image.coreimg.jpeg/1699999999999/lake.jpeg", (None, None)),
        ("https://example.com/lake.jpg/jcr:content/renditions/cq5dam.web.320.180.jpeg", (320, 180)),
        ("https://example.com/s320/a.jpg", (None, None)),
        ("https://example.com/w2024/a.jpg", (None, None)),
        ("https://example.com/lake-p-1080.jpg", (None, None)),
        ("https://example.com/a.jpg", (None, None)),
    ],
)
def test_size(url: str, size: tuple[int | None, int | None]) -> None:
    """Pixels that a URL states, and no aspect ratios."""
    assert identify(url).size == size


PATH_PARTS = "/ , - _ . = : x w h a w. with 7 16 300 2000 w_ h_ max fit resize:fit: width= height= px- .jpg .WEBP".split()


@given(st.lists(st.sampled_from(PATH_PARTS), max_size=9).map("".join))
def test_sizes_are_what_the_expressions_say(path: str) -> None:
    """No path that an expression finds a size in is spared the search for it."""
    path = "example.com/" + path
    found = [(int(wide), int(high) if high else None) for wide, high in urlsizes._SIZE_IN_NAME.findall(path)]
    size = found[-1] if found and max(found[-1][0], found[-1][1] or 0) > 20 else None
    if size is None:
        stem = paths.without_extension(path)
        width, height = urlsizes._WIDTH_IN_PATH.search(stem), urlsizes._HEIGHT_IN_PATH.search(stem)
        size = urlsizes._number(width), urlsizes._number(height)
    if paths.of_wikimedia(path)[1] is None:
        assert urlsizes.size_in_path(path) == size


@pytest.mark.parametrize(
    ("url", "mime_type", "image_format"),
    [
        ("https://example.com/a.JPG?x=.png", "", "jpeg"),
        ("https://example.com/a.svg.png", "", "png"),
        ("https://example.com/a", "image/avif", "avif"),
        ("https://example.com/a.jpg?fm=webp&w=2", "", "webp"),
        ("https://example.com/a.php", "", ""),
    ],
)
def test_format(url: str, mime_type: str, image_format: str) -> None:
    """The media type, else what the URL asks for, else its extension."""
    assert format_of(url, mime_type) == image_format


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("placeholder.svg", True),
        ("spacer.gif", True),
        ("1x1.gif", True),
        ("lazy-placeholder-300x200.png", True),
        ("loading-dock.jpg", False),
        ("clear-water.jpg", False),
        ("preload.gif", True),
        ("no_image.png", True),
        ("NO_IMAGE.png", True),
        (f"no-image-{'1' * 40}q.png", False),
        ("NoPhoto.gif", True),
        ("product-no-picture-300x300.jpg", True),
        ("no-image-available.svg", True),
        ("photo-no-12.jpg", False),
        ("casino-photo.jpg", False),
        ("photo.jpg", False),
        ("", False),
    ],
)
def test_placeholder(name: str, expected: bool) -> None:
    """Whole names of stand-ins, and no picture with such a word in its name."""
    assert identify("https://example.com/i/" + name).is_placeholder is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("silicone-mold", set()),
        ("lexicon", set()),
        ("catch-of-the-day", set()),
        ("siteLogo", {"logo"}),
        ("social_icons", {"icon", "social"}),
        ("9ad74fa2", set()),
        ("2ndAd", {"ad"}),
        ("ad12_Photo", {"content"}),
        ("12 ad", {"ad"}),
        ("Éad logo", {"logo"}),
        ("Stará radnice", set()),
        ("icône", {"icon"}),
        ("中ad logo公司", {"ad", "logo"}),
        ("header-ad", {"ad", "decoration", "navigation"}),
        ("user-42", {"avatar"}),
        ("author_photo", {"avatar", "content"}),
        ("user-guide", set()),
        ("userGuide user_upload", set()),
        ("member-benefits", set()),
        ("user-guide author", {"avatar"}),
        ("profile-news", {"avatar", "content"}),
    ],
)
def test_meanings(name: str, expected: set[str]) -> None:
    """Words count whole, wherever they are joined; parts of words and of hexadecimal names do not."""
    assert meanings(name) == expected


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("www.example.org/img/icons/", {"icon"}),
        ("ads.example.org/", {"ad"}),
        ("upload.example.org/wikipedia/commons/a/ad/", set()),
        ("upload.example.org/wikipedia/commons/f/fb/", set()),
        ("www.example.org/ads/fb/", {"ad"}),
        ("www.example.org/fb-icons/", {"icon", "social"}),
        ("upload.example.org/" + "x" * 60 + "/commons/", set()),
        *((f"upload.example.org/{'x' * length}/commons/", set()) for length in range(50, 62)),
        (f"upload.example.org/{'x' * 60}/icons/", {"icon"}),
        (f"example.org/icons/{'x' * 79}/", set()),
        (f"example.org/{'x' * 79}/icons/", {"icon"}),
        (f"example.org/{'x' * 90}-icons/", set()),
        ("example.org/users/jane/avatars/", {"avatar", "person"}),
        ("example.org/authors/jane/", {"person"}),
        ("example.org/fileadmin/user_upload/", set()),
        ("private-user-images.example.org/7/", set()),
        ("example.org/docs/user-guide/", set()),
        ("", set()),
    ],
)
def test_folders(folder: str, expected: set[str]) -> None:
    """Host and folders count as they stand, never a part of one; two letters alone are a shelf, not a word."""
    assert folder_of(folder).meanings | folder_of(folder).host_meanings == expected


PARTS = (*"ad logo icon thumb next hd WP Ad URL Site blank Clear nd a X 2 12 é 中 - _ . /".split(), " ")
STAND_INS = {"icon", "x", "blank", "clear"}  # those of the parts and what they make together that name no picture
TOUCHING = re.compile(r"[a-z]{2}(?:(?<=[0-9]..)(?![a-z])|(?<![A-Za-z]..)(?=[0-9]))")
RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])|(?<![0-9A-Za-z])[A-Za-z]{2}(?![0-9A-Za-z])")


@given(st.lists(st.sampled_from(PARTS), max_size=7).map("".join))
def test_words_of_names(name: str) -> None:
    """The short ways find the words that the expressions say: all at once of most names, of others part by part."""
    plain = name.replace("é", "e")
    assert meanings(name) == frozenset().union(*(meanings(word.lower()) for word in WORD.findall(TOUCHING.sub(" ", plain))))
    words, said = WORD.findall(plain), FileName(name)
    assert said.meanings == meanings(name)
    assert said.is_control == (bool(words) and "中" not in name and all(FileName(word.lower()).is_control for word in words))
    runs = [run.lower() for run in RUN.findall(plain)]
    assert said.is_placeholder == ("placeholder" in meanings(name) and "中" not in name and all(run in STAND_INS for run in runs))
    assert names_say(name) == (meanings(name), zone_of(name))
    long = "topbtna" * 42 + name
    assert names_say(long) == (meanings(long), zone_of(long))


def test_controls_and_zones() -> None:
    """A control's name says nothing else; a header is the page's unless it is named as that of something else."""
    assert FileName("next").is_control
    assert not FileName("next-summer").is_control
    assert [zone_of(name) for name in ("header", "post-header", "site-footer", "sidebar", "gallery", "x")] == [
        "navigation",
        "content",
        "footer",
        "sidebar",
        "content",
        "",
    ]


def test_json_attributes() -> None:
    """Images are taken out of attributes that hold JSON, Python-like lists and Foundation's interchange."""
    assert json_references({"data-a-dynamic-image": '{"https://example.com/a.jpg":[1,2],"https://example.com/b.jpg":[3,4]}'}) == [
        "https://example.com/a.jpg",
        "https://example.com/b.jpg",
    ]
    assert json_references({"data-frz-src-array": "[{'src':'/c.png','width':160}]"}) == ["/c.png"]
    assert json_references({"data-interchange": "[/d.jpg, small], [/e.jpg, large]"}) == ["/d.jpg", "/e.jpg"]
    assert json_references({"data-images": '["/f_%7Bwidth%7D.jpg", "/g.jpg"]'}) == ["/g.jpg"]
    assert json_references({"data-sources": "{broken"}) == []
