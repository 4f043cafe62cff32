"""Every way in which a page tells a picture, joined to one record."""

from __future__ import annotations

import pytest

from linkmedia_scrapy import ImageItem, LinkMediaConfig, extract

URL = "https://example.com/a/"
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
ALL = LinkMediaConfig(extract=("images",), image_score_threshold=None)


def records(html: str, **settings: object) -> list[ImageItem]:
    """The images of a page, none scored away."""
    page = extract(html, URL, config=LinkMediaConfig(extract=("images",), image_score_threshold=None, **settings))  # type: ignore[arg-type]
    assert page.success
    return page.images


def one(html: str, **settings: object) -> ImageItem:
    """The one image of a page."""
    found = records(html, **settings)
    assert len(found) == 1, [image.src for image in found]
    return found[0]


@pytest.mark.parametrize(
    ("html", "kind", "src"),
    [
        ("<img src=1.jpg>", "img", "a/1.jpg"),
        ("<img src=/a/>", "img", "a/"),
        ("<img srcset='1.jpg 1x, 2.jpg 2x'>", "img", "a/2.jpg"),
        ("<img src=1.jpg srcset='1.jpg 320w, 2.jpg 640w'>", "img", "a/2.jpg"),
        ("<img src=/big.jpg srcset='/blank.gif 900w, 1.jpg 300w'>", "img", "a/1.jpg"),
        ("<picture><source srcset=2.webp><img src=1.jpg width=9></picture>", "picture", "a/2.webp"),
        (
            "<picture><source srcset='2.jpg 900w' media='(max-width: 9px)'><img src=1.jpg srcset='1.jpg 1200w'></picture>",
            "picture",
            "a/1.jpg",
        ),
        ("<input type=image src=/go.png>", "input", "go.png"),
        ("<svg><image href=/1.jpg></svg>", "svg", "1.jpg"),
        ("<svg><image xlink:href=/1.jpg></svg>", "svg", "1.jpg"),
        ("<amp-img src=/1.jpg width=3></amp-img>", "img", "1.jpg"),
        ("<video poster=/1.jpg></video>", "poster", "1.jpg"),
        ("<video data-poster=/1.jpg></video>", "poster", "1.jpg"),
        ("<object data=/1.png type=image/png></object>", "object", "1.png"),
        ("<object data=/1.svg></object>", "object", "1.svg"),
        ("<embed src=/1.svg>", "embed", "1.svg"),
        ("<div style='background: url(/1.jpg)'></div>", "css", "1.jpg"),
        ("<a href=/x style=\"background-image:url('1.jpg')\">x</a>", "css", "a/1.jpg"),
        ("<style>.a { background: url(/1.jpg) }</style>", "css", "1.jpg"),
        ("<div data-bg=/1.jpg></div>", "css", "1.jpg"),
        ("<section data-background-image='url(/1.jpg)'></section>", "css", "1.jpg"),
        ("<div style=\"background: image-set('/1.jpg' 1x, '/2.jpg' 2x)\"></div>", "css", "2.jpg"),
        ("<div data-bgset='/1.jpg 300w, /2.jpg 600w'></div>", "css", "2.jpg"),
        ("<div data-bgset='/1.jpg 300w [--small] | /2.jpg 600w [(min-width: 9em)] [type: image/webp]'></div>", "css", "2.jpg"),
        ("<div data-bg-multi='url(/1.jpg), linear-gradient(red, blue)'></div>", "css", "1.jpg"),
        ("<div data-bg-set='url(/1.jpg) 1x, url(/2.jpg) 2x'></div>", "css", "2.jpg"),
        ("<div data-background-image-set=\"'/1.jpg' 1x, '/2.jpg' 2x\"></div>", "css", "2.jpg"),
        ("<div data-flickity-bg-lazyload=/1.jpg></div>", "css", "1.jpg"),
        ("<div data-echo-background=/1.jpg></div>", "css", "1.jpg"),
        ("<div data-src='/1.jpg|/2.jpg'></div>", "css", "2.jpg"),
        ("<div data-src=/1.jpg></div>", "css", "1.jpg"),
        ("<div data-original=/1.jpg></div>", "css", "1.jpg"),
        ("<p><noscript><img src=/1.jpg></noscript>", "noscript", "1.jpg"),
        ("<link rel=preload as=image href=/1.jpg imagesrcset='/1.jpg 1x, /2.jpg 2x'>", "preload", "2.jpg"),
        ("<link rel=image_src href=/1.jpg>", "meta", "1.jpg"),
        ("<link itemprop=' Image ' href=/1.jpg>", "meta", "1.jpg"),
        ("<link rel='x PreLoad' as=IMAGE href=/1.jpg>", "preload", "1.jpg"),
        ("<link rel='alternate IMAGE_SRC' href=/1.jpg>", "meta", "1.jpg"),
        ("<link itemprop=thumbnailUrl href=/1.jpg>", "meta", "1.jpg"),
        ("<meta itemprop=image content=/1.jpg>", "meta", "1.jpg"),
        ("<meta property=og:image content=/1.jpg>", "meta", "1.jpg"),
        ("<meta name=twitter:image:src content=/1.jpg>", "meta", "1.jpg"),
    ],
)
def test_kinds(html: str, kind: str, src: str) -> None:
    """Where a picture is told, the record's kind and its best candidate."""
    image = one(html)
    assert (image.kind, image.src) == (kind, "https://example.com/" + src)


@pytest.mark.parametrize("background", ["style='background:url(/1-300x200.jpg)'", "data-bg=/1-300x200.jpg", "data-original=/1-300x200.jpg"])
def test_backgrounds_of_links(background: str) -> None:
    """The background of a link leads where the link does, as an image in it would; inner elements' do, too."""
    assert [one(html).link_url for html in (f"<a href=/x {background}>x</a>", f"<a href=/x><i {background}></i></a>")] == [
        "https://example.com/x"
    ] * 2
    assert one(f"<a {background}>x</a>").link_url is None
    assert one(f"<a href=/1.jpg {background}></a>").src == "https://example.com/1.jpg"


@pytest.mark.parametrize(
    "attributes",
    [
        "data-src=/1.jpg",
        "data-lazy-src=/1.jpg",
        "data-original=/1.jpg",
        "data-lazy=/1.jpg",
        "data-cfsrc=/1.jpg",
        "data-pagespeed-lazy-src=/1.jpg",
        "data-ll-src=/1.jpg",
        "data-flickity-lazyload=/1.jpg",
        "data-splide-lazy=/1.jpg",
        "data-splide-lazy-srcset='/1.jpg 640w, /0.jpg 320w'",
        "data-src='/0.jpg|/1.jpg'",
        "nitro-lazy-src=/1.jpg",
        "data-srcset='/1.jpg 640w, /0.jpg 320w'",
        "data-lazy-srcset='/1.jpg 2x, /0.jpg 1x'",
        "nitro-lazy-srcset='/1.jpg 640w, /0.jpg 320w'",
        "data-img-srcset='/1.jpg 640w, /0.jpg 320w'",
        "data-src=/1-300x200.jpg data-large-file=/1-900x600.jpg data-orig-file=/1.jpg",
        "data-a-dynamic-image='{\"https://example.com/1.jpg\":[900,600]}'",
        "data-lazy='[/1.jpg, (default)], [/1-300x200.jpg, (small)]'",
        'data-src=\'["/1-300x200.jpg", "/1.jpg"]\'',
    ],
)
@pytest.mark.parametrize("src", [BLANK, "/blank.gif"])
def test_lazy(attributes: str, src: str) -> None:
    """The picture of a lazy image is what it will show; what it shows until then is its placeholder."""
    image = one(f"<img src='{src}' {attributes} alt=A>")
    assert image.src == "https://example.com/1.jpg"
    assert image.lazy
    assert image.placeholder_src == (src if src == BLANK else "https://example.com/blank.gif")


def test_lazy_images_that_will_show_the_same() -> None:
    """Of what several elements show until then the first is the record's placeholder, and the others are counted."""
    shown = ("/lq/1-20x15.jpg", "/lq/1-40x30.jpg", "/lq/1-40x30.jpg", "/blank.gif", "/1.jpg")
    page = extract("".join(f"<img src='{src}' data-src=/1.jpg>" for src in shown), URL, config=ALL)
    (image,) = page.images
    assert (image.src, image.placeholder_src, image.occurrences) == ("https://example.com/1.jpg", "https://example.com/lq/1-20x15.jpg", 5)
    assert (image.variants, page.dropped) == ([], {"image_candidate": {"placeholder": 2}})


def test_lazy_attribute_of_unknown_name() -> None:
    """An attribute that nobody has heard of is read where the image has no URL otherwise, and holds nothing but one."""
    image = one(f"<img src='{BLANK}' data-unheard-of=/1.jpg data-alt='a .jpg of /x.jpg'>")
    assert (image.src, image.placeholder_src, image.variants) == ("https://example.com/1.jpg", BLANK, [])
    assert one("<img src=/2.jpg data-unheard-of=/1.jpg>").src == "https://example.com/2.jpg"


def test_more_attributes_than_a_picture_has() -> None:
    """Of thousands of attributes that may hold the picture only the first are looked at, the rest is counted."""
    page = extract("<img src=data:, " + " ".join(f"data-a{number}=/{number}.jpg" for number in range(3000)) + ">", URL)
    assert len(page.images[0].variants) == 64
    assert page.dropped == {"image_candidate": {"too_many": 3000 - 64}}


@pytest.mark.parametrize(
    "html",
    [
        f"<img class=lazy src='{BLANK}' alt=A width=300><noscript><img src=/1.jpg alt=A></noscript>",
        "<p><noscript><img src=/1.jpg></noscript><img class=lazy alt=A width=300>",
        "<p><b>Tower</b><noscript><img src=/1.jpg></noscript><img class=lazy alt=A width=300>",
        f"<p><span><img src='{BLANK}' alt=A width=300></span><noscript><img src=/1.jpg></noscript></p>",
        "<img src=/placeholder.svg alt=A width=300>\n<noscript><img srcset='/1.jpg 600w'></noscript>",
        f"<img src='{BLANK}' data-src=/1.jpg alt=A width=300><noscript><img src=/1-600x400.jpg></noscript>",
        "<amp-img src=/1-300x200.jpg alt=A width=300><noscript><img src=/1.jpg></noscript></amp-img>",
    ],
)
def test_noscript_twin(html: str) -> None:
    """What a noscript element shows beside a lazy image is that image's picture, counted once."""
    image = one(html)
    assert (image.kind, image.src, image.alt, image.width, image.occurrences) == ("img", "https://example.com/1.jpg", "A", 300, 1)


TOWER = "class=lazy src=data:, data-src=/w-800/x1.jpg"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<img {TOWER} alt=Tower><noscript><img src=/original/x1.jpg alt=Tower></noscript>", id="texts agree"),
        pytest.param(f"<p><noscript><img src=/original/x1.jpg alt=Tower></noscript><img {TOWER} alt=Tower>", id="before it"),
        pytest.param(
            f"<img {TOWER} width=800 height=500><noscript><img src=/original/x1.jpg width=800 height=500></noscript>", id="sizes agree"
        ),
        pytest.param(
            f"<img {TOWER} alt=Tower><noscript><img src=/original/x1.jpg alt=Tower></noscript><img {TOWER[:-9]}b.jpg alt=Bridge>",
            id="another follows",
        ),
    ],
)
def test_noscript_twin_of_another_url(html: str) -> None:
    """A twin whose URL tells nothing of that is one by its alternative text, or by its size where there is none."""
    image = records(html)[0]
    assert {variant["src"] for variant in image.variants} == {"https://example.com/w-800/x1.jpg", "https://example.com/original/x1.jpg"}
    assert (image.kind, image.lazy, image.placeholder_src, image.occurrences) == ("img", True, "data:,", 1)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<img {TOWER} alt=Tower><noscript><img src=/b.jpg alt=Bridge></noscript>", id="texts differ"),
        pytest.param(f"<img {TOWER} width=800 height=500><noscript><img src=/b.jpg width=800 height=400></noscript>", id="sizes differ"),
        pytest.param(f"<img {TOWER}><noscript><img src=/b.jpg></noscript>", id="nothing said"),
        pytest.param(
            f"<img {TOWER} alt=A width=8 height=5><noscript><img src=/b.jpg alt=B width=8 height=5></noscript>", id="sizes, but other texts"
        ),
        pytest.param("<img src=/x1.jpg alt=Tower><noscript><img src=/b.jpg alt=Tower></noscript>", id="not lazy"),
        pytest.param(f"<img {TOWER} alt=A><noscript><img src=/b.jpg alt=A><img src=/b.jpg alt=A></noscript>", id="two in it"),
    ],
)
def test_noscript_image_that_is_no_twin(html: str) -> None:
    """Without a sign that they are one picture, two stay two."""
    assert {image.src for image in records(html)} >= {"https://example.com/b.jpg"}
    assert len(records(html)) == 2


def test_noscript_twins_in_a_row() -> None:
    """In a gallery of one size each noscript element stays with the image whose candidate it has; where none has it, with neither."""
    sized = "width=300 height=200"
    both = "".join(f"<noscript><img src=/{name}.jpg {sized}></noscript><img src=data:, data-src=/{name}.jpg {sized}>" for name in "abc")
    assert [image.src for image in records(both)] == [f"https://example.com/{name}.jpg" for name in "abc"]
    unknown = f"<img data-src=/a.jpg {sized}><noscript><img src=/x.jpg {sized}></noscript><img data-src=/b.jpg {sized}>"
    assert len(records(unknown)) == 3


def test_pixel_beside_an_image_is_no_twin() -> None:
    """A tracking pixel in noscript is not the picture of the image before it."""
    first, pixel = records(f"<img src='{BLANK}' data-src=/1.jpg><noscript><img src=https://t.example.net/p?x width=1 height=1></noscript>")
    assert first.src == "https://example.com/1.jpg"
    assert "pixel" in pixel.score_parts


def test_noscript_twin_behind_comments() -> None:
    """White space and comments between a lazy image and its noscript element part them as little as nothing."""
    image = one(f"<img {TOWER} alt=Tower>\n<!-- a -->\n<!-- b -->\n<noscript><img src=/b.jpg alt=Tower></noscript>")
    assert len(image.variants) == 2


def test_rendered_lazy_images() -> None:
    """Scripts put its own picture in a lazy image's place; what several images show until then is none of them, whatever its name."""
    html = "<img src=/wait.gif data-src=/a.jpg><img src=/wait.gif data-src=/b.jpg><img src=/c-900x600.jpg data-src=/c-90x60.jpg>"
    html += "<img src=/d-900x600.jpg data-src=/d-90x60.jpg>" * 2
    images = extract(html, URL, rendered=True, config=ALL).images
    assert [(image.src.rpartition("/")[2], (image.placeholder_src or "").rpartition("/")[2]) for image in images] == [
        ("a.jpg", "wait.gif"),
        ("b.jpg", "wait.gif"),
        ("c-900x600.jpg", ""),
        ("d-900x600.jpg", ""),
    ]


@pytest.mark.parametrize("name", ["a-20x15", "blurred"])
@pytest.mark.parametrize("marked", ["", "class=lazyloaded"])
def test_rendered_lazy_images_whose_src_stays(name: str, marked: str) -> None:
    """What a script leaves in src beside the srcset that it fills, or where it has not come to an image, is the preview, and not the picture."""
    sizes = "/a-400x300.jpg 400w, /a-800x600.jpg 800w"
    image = extract(
        f"<img {marked} src=/{name}.jpg srcset='{sizes}' data-srcset='{sizes}' width=1200>", URL, rendered=True, config=ALL
    ).images[0]
    assert (image.src, image.placeholder_src) == ("https://example.com/a-800x600.jpg", f"https://example.com/{name}.jpg")
    assert extract(f"<img src=/{name}.jpg data-src=/a-800x600.jpg width=800>", URL, rendered=True, config=ALL).images[0].src == image.src


def test_rendered_noscript_is_text() -> None:
    """Where scripts have run, noscript holds no elements."""
    assert extract("<noscript><img src=/1.jpg></noscript>", URL, rendered=True, config=ALL).images == []


@pytest.mark.parametrize("label", ["alt=' ' aria-label=Lake", "alt='' aria-label=' Lake '", "aria-label=Lake"])
def test_white_space_is_no_alternative_text(label: str) -> None:
    """What stands in for it is taken then."""
    assert one(f"<img src=/1.jpg {label}>").alt == "Lake"


def test_told_many_times() -> None:
    """An image, its sizes, Open Graph, JSON-LD, a preload and the file that it links to are one record."""
    image = one(
        "<link rel=preload as=image href=/lake-800x600.jpg><meta property=og:image content=http://example.com/lake-1200x630.jpg>"
        '<script type="application/ld+json">{"@type":"Article","image":"https://example.com/lake.jpg"}</script>'
        "<a href=/lake.jpg><img src=/lake-300x200.jpg srcset='/lake-600x400.jpg 2x' alt='A lake' width=300 height=200></a>"
        "<img src=/lake.webp>"
    )
    assert image.kind == "img"
    assert image.src == "https://example.com/lake.jpg"
    assert {variant["src"].rpartition("/")[2] for variant in image.variants} == {
        "lake-300x200.jpg",
        "lake-600x400.jpg",
        "lake.jpg",
        "lake.webp",
        "lake-800x600.jpg",
        "lake-1200x630.jpg",
    }
    assert (image.alt, image.width, image.height, image.occurrences, image.is_main) == ("A lake", 300, 200, 2, True)
    assert image.link_url == "https://example.com/lake.jpg"
    assert "declared" in image.score_parts


@pytest.mark.parametrize(
    ("small", "large"),
    [
        pytest.param("https://cdn.example.com/abc-4000x3000.jpg?w=300", "https://cdn.example.com/abc-4000x3000.jpg?w=1200", id="query"),
        pytest.param("/content/images/size/w300/2024/a.jpg", "/content/images/size/w1200/2024/a.jpg", id="Ghost"),
        pytest.param("https://1.bp.blogspot.com/-x/s320/a.jpg", "https://1.bp.blogspot.com/-x/w1200-h800/a.jpg", id="Blogger"),
        pytest.param("https://lh3.googleusercontent.com/ab=w300-h200", "https://lh3.googleusercontent.com/ab=w1200-h800", id="Google"),
        pytest.param("/acc/tr:w-300,h-200/a.jpg", "/acc/tr:w-1200,h-800/a.jpg", id="ImageKit"),
        pytest.param("/acc/a.jpg?tr=w-300", "/acc/a.jpg?tr=w-1200", id="ImageKit's query"),
        pytest.param("/a.jpg?format=300w", "/a.jpg?format=2500w", id="Squarespace"),
        pytest.param(
            "https://m.media-amazon.com/images/I/71a._AC_SX300_.jpg", "https://m.media-amazon.com/images/I/71a._AC_SL1500_.jpg", id="Amazon"
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["small first", "large first"])
def test_src_is_the_largest_by_its_url(small: str, large: str, turned: bool) -> None:
    """Of two sizes of a picture the larger is its source, in whatever form the URL tells it."""
    shown = (large, small) if turned else (small, large)
    assert one("".join(f"<img src='{src}'>" for src in shown)).src.endswith(large)


@pytest.mark.parametrize(
    ("thumbnail", "linked"),
    [
        pytest.param("/photos/thumbs/IMG_1.jpg", "/photos/full/IMG_1.jpg", id="another folder"),
        pytest.param("/photos/thumbs/IMG_1.jpg?v=3", "/photos/full/IMG_1.jpg?v=3", id="a version"),
        pytest.param("/photos/thumbs/IMG_1.jpg", "/photos/full/IMG_1.JPG#top", id="a fragment"),
        pytest.param("/photos/thumbs/IMG_1.jpg", "/photos/full/IMG_1.jpg\n", id="white space"),
        pytest.param("/a/lake.jpg?format=300w", "/a/lake.jpg?format=2500w", id="Squarespace"),
        pytest.param("/files/styles/thumbnail/public/lake.jpg?itok=a4", "/files/lake.jpg", id="Drupal"),
        pytest.param("https://cdn.example.net/u/lake-300x200.jpg", "/u/lake.jpg", id="another host"),
        pytest.param("/u/lake-300x200.jpg", "/orig/lake.png", id="another format"),
        pytest.param("/u/lake_thumb.jpg", "/u/full/lake_large.jpg", id="words for sizes"),
        pytest.param("/u/lake.jpg", "/u/lake-full.jpg", id="a word for its size"),
    ],
)
def test_linked_file_in_full_size(thumbnail: str, linked: str) -> None:
    """The file that a thumbnail links to is its picture in full size, and its source."""
    image = one(f"<a href='{linked}'><img src='{thumbnail}' width=150 height=100></a>")
    assert image.src.endswith(linked.removesuffix("#top").rstrip())
    assert (len(image.variants), image.width, image.occurrences) == (2, 150, 1)


@pytest.mark.parametrize(
    "linked",
    [
        "/photos/full/IMG_2.jpg",
        "/photos/IMG_1",
        "/photos/IMG_1.html",
        "/wiki/File:IMG_1.jpg",
        "/show?file=IMG_1.jpg",
        "/photos/IMG_1.jpg/",
        "#IMG_1.jpg",
    ],
)
def test_linked_page_is_no_candidate(linked: str) -> None:
    """Another picture, a page, and a page of the picture are no sizes of it."""
    image = one(f"<a href='{linked}'><img src=/photos/thumbs/IMG_1.jpg width=150 height=100></a>")
    assert (image.src, image.variants) == ("https://example.com/photos/thumbs/IMG_1.jpg", [])


def test_linked_page_that_is_called_like_the_file() -> None:
    """Where nothing says that the shown file is a smaller one, it stays the source: what is linked may be a page about it."""
    image = one("<a href=/o/r/blob/main/docs/lake.png><img src=/o/r/raw/main/docs/lake.png width=800 height=600></a>")
    assert image.src == "https://example.com/o/r/raw/main/docs/lake.png"


def test_linked_file_of_a_known_size() -> None:
    """A linked file whose URL tells its size counts for that, and no more."""
    srcset = "<img src=/t/lake.jpg srcset='/t/lake.jpg 300w, /t/lake-2.jpg 1600w'>"
    assert one(f"<a href='/u/lake-800x600.jpg'>{srcset}</a>").src == "https://example.com/t/lake-2.jpg"
    assert one(f"<a href='/u/lake.jpg'>{srcset}</a>").src == "https://example.com/u/lake.jpg"


def test_group_id_is_of_the_picture() -> None:
    """The same picture has the same group_id on another page and in another size; another picture has another."""
    here = one("<img src=/lake-300x200.jpg>")
    there = extract("<p><img src=https://example.com/lake-900x600.webp>", "https://example.org/", config=ALL).images[0]
    other = one("<img src=/sea-300x200.jpg>")
    assert here.group_id == there.group_id != other.group_id


def test_variants_as_items() -> None:
    """Every variant is a record of its own with the group's id, where that is wanted."""
    page = extract(
        "<img src=/1.jpg srcset='/1.jpg 320w, /2.jpg 640w' alt=A width=200 height=100><img src=/3.jpg srcset='/4.jpg 2x' width=200 height=100>",
        URL,
        config=LinkMediaConfig(extract=("images",), image_score_threshold=None, image_variants="items"),
    )
    assert [(image.src, image.width, image.height, image.variants, image.is_main) for image in page.images] == [
        ("https://example.com/1.jpg", 320, None, [], False),
        ("https://example.com/2.jpg", 640, None, [], True),
        ("https://example.com/4.jpg", 200, 100, [], False),
        ("https://example.com/3.jpg", 200, 100, [], False),
    ]
    assert len({image.group_id for image in page.images}) == 2


def test_icons_and_inline_svg_are_switched() -> None:
    """Icons and inline SVG have records only where they are wanted; an inline SVG's URL holds its markup."""
    html = "<link rel='shortcut icon' href=/i.ico sizes='16x16 32x32'><meta name=msapplication-TileImage content=/t.png><svg><title>A</title><svg></svg></svg>"
    assert records(html) == []
    small, tile = (image for image in records(html, image_icons=True))
    assert (small.kind, small.src, small.width, small.format) == ("icon", "https://example.com/i.ico", 32, "ico")
    assert tile.src == "https://example.com/t.png"
    svg = one(html, image_inline_svg=True)
    assert (svg.kind, svg.alt, svg.format) == ("svg", "A", "svg")
    assert svg.src == "data:image/svg+xml,%3Csvg%3E%3Ctitle%3EA%3C/title%3E%3Csvg%3E%3C/svg%3E%3C/svg%3E"


@pytest.mark.parametrize(
    ("shown", "size"),
    [
        (["width=100 height=50", "width=100"], (100, 50)),
        (["width=100", "width=100 height=50"], (100, 50)),
        (["width=100 height=50", "width=200 height=100"], (200, 100)),
        (["height=50", "height=60"], (None, 60)),
        (["", "height=60"], (None, 60)),
    ],
)
def test_size_of_a_picture_that_is_shown_again(shown: list[str], size: tuple[int | None, int | None]) -> None:
    """The largest that an element has."""
    image = one("".join(f"<img src=/1.jpg {attributes}>" for attributes in shown))
    assert (image.width, image.height) == size


def test_type_that_only_metadata_tell() -> None:
    """The format of a picture whose URL tells none is what any of its findings says."""
    image = one("<img src=/pic><meta property=og:image content=/pic><meta property=og:image:type content=image/png>")
    assert (image.kind, image.format) == ("img", "png")


def test_all_sorts_of_icons() -> None:
    """Every rel and every meta element by which a page names its icons; a type without a name is that of the link."""
    rels = ["icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "fluid-icon"]
    tiles = ["TileImage", "square70x70logo", "square150x150logo", "wide310x150logo", "square310x310logo"]
    html = "".join(f"<link rel={rel} href=/{rel}>" for rel in rels) + "".join(f"<meta name=msapplication-{t} content=/{t}>" for t in tiles)
    assert [image.src.rpartition("/")[2] for image in records(html, image_icons=True)] == rels + tiles


def test_preload() -> None:
    """The candidates of a preload have its media and type."""
    image = one("<link rel=preload as=image imagesrcset='/1.jpg 1x, /2.jpg 2x' media='(min-width: 9px)' type=image/webp>")
    assert {(variant["media"], variant["mime_type"]) for variant in image.variants} == {("(min-width: 9px)", "image/webp")}
    assert image.format == "webp"
    plain = one("<link rel=preload as=image imagesrcset='/1.jpg 1x, /2.jpg 2x'>")
    assert {(variant["media"], variant["mime_type"]) for variant in plain.variants} == {("", "")}


def test_candidates_that_are_passed_over() -> None:
    """A candidate that is there already, or has no URL, costs none of those behind it."""
    image = one("<img srcset='/1.jpg 1w, /1.jpg 2w, http://[ 3w, /2.jpg 4w, /[w].jpg 5w, /[width].jpg 6w, /3.jpg 7w'>")
    assert [(variant["src"][-5], variant["width"]) for variant in image.variants] == [("1", 1), ("2", 4), ("3", 7)]


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width=300 height=200", (300, 200)),
        ("style='width:300px;HEIGHT: 200.5px'", (300, 200)),
        ("style='color:red; Width : 300px'", (300, None)),
        ("style='max-width:300px;height:50%'", (None, None)),
        ("width=30 style='width:300px;height:200px'", (30, 200)),
        ("height=20 style='width:300px;height:200px'", (300, 20)),
        ("width=auto height=99999", (None, 99999)),
        ("height=100000", (None, None)),
    ],
)
def test_size_of_an_element(attributes: str, size: tuple[int | None, int | None]) -> None:
    """Width and height are the attributes', and what these do not say the inline style's."""
    image = one(f"<img src=/1.jpg {attributes}>")
    assert (image.width, image.height) == size


@pytest.mark.parametrize(
    ("html", "reasons"),
    [
        (f"<img src='{BLANK}'>", {"image": {"data_url": 1}}),
        ("<img src='http://['>", {"image": {"invalid_url": 1}}),
        ("<img>", {"image": {"no_url": 1}}),
        ("<img src='#'>", {"image": {"invalid_url": 1}}),
        ("<img src=/1.jpg data-src='/{width}/1.jpg'>", {"image_candidate": {"template": 1}}),
        ("<img src=/1.jpg data-src='/%7bwidth%7d/1.jpg'>", {"image_candidate": {"template": 1}}),
        ("<div style='background:url(data:,x)'></div>", {"image": {"data_url": 1}}),
        ("<meta property=og:image content='http://['>", {"image": {"invalid_url": 1}}),
    ],
)
def test_what_is_left_out_is_counted(html: str, reasons: dict[str, dict[str, int]]) -> None:
    """An image of which no URL is known is dropped with its reason."""
    for url in (URL, URL + "#top"):
        assert extract(html, url, config=ALL).dropped == reasons


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<img src=/t?id=1 width=1 height=1>", "pixel"),
        ("<img src=/spacer.gif>", "placeholder"),
        ("<img src=https://pixel.example.net/track?e=1>", "tracker"),
        ("<img src=/img/icons/arrow.gif width=12 height=12>", "score"),
    ],
)
def test_reasons_of_the_score(html: str, reason: str) -> None:
    """What the score leaves out is counted by what settled it."""
    page = extract(html, URL, config=LinkMediaConfig(extract=("images",)))
    assert page.images == []
    assert page.dropped == {"image": {reason: 1}}


def test_external_images_by_variant() -> None:
    """External variants are left out one by one; an image stays as long as one of them may, and the best of these is its source."""
    html = (
        "<img src=/1.jpg srcset='https://cdn.example.net/2.jpg 2x'><img src=https://cdn.example.net/3.jpg>"
        "<img data-src=/4.jpg src=https://cdn.example.net/x.gif><img src=https://img.example.org/5.jpg>"
    )
    page = extract(
        html,
        URL,
        config=LinkMediaConfig(
            extract=("images",), image_score_threshold=None, exclude_external_images=True, image_domains=frozenset({"example.org"})
        ),
    )
    assert [(image.src, image.variants, image.placeholder_src) for image in page.images] == [
        ("https://example.com/1.jpg", page.images[0].variants, None),
        ("https://example.com/4.jpg", [], None),
        ("https://img.example.org/5.jpg", [], None),
    ]
    assert [variant["src"] for variant in page.images[0].variants] in ([], ["https://example.com/1.jpg"])
    assert page.dropped == {"image": {"external": 1}, "image_candidate": {"external": 1}}
