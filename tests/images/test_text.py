"""Captions and the text nearest to an image."""

from __future__ import annotations

import pytest

from linkmedia_scrapy import ImageItem, LinkMediaConfig, extract

URL = "https://example.com/a/"
LONG = "A sentence of an article that goes on for quite some time. " * 12


def one(html: str, **settings: object) -> ImageItem:
    """The first image of a page."""
    config = LinkMediaConfig(extract=("images",), image_score_threshold=None, **settings)  # type: ignore[arg-type]
    return extract(html, URL, config=config).images[0]


@pytest.mark.parametrize(
    "html",
    [
        "<figure><img src=1.jpg><figcaption>The <b>lake</b></figcaption></figure>",
        "<figure><div><a href=x><img src=1.jpg></a></div><div><figcaption>The lake</figcaption></div></figure>",
        "<figure><figure><img src=1.jpg><figcaption>The lake</figcaption></figure><figcaption>All</figcaption></figure>",
        "<div class=wp-caption><a href=x><img src=1.jpg></a><p class=wp-caption-text>The lake</p></div>",
        "<div class=thumbinner><a href=x><img src=1.jpg></a><div class=thumbcaption>The lake</div></div>",
        "<div class=ArticleImage><span><img src=1.jpg></span><p class=ArticleImage-Caption>The lake</p></div>",
        "<dl class=gallery-item><dt><img src=1.jpg></dt><dd class=gallery-caption>The lake</dd></dl>",
        "<img src=1.jpg data-caption='The  lake'>",
        "<div data-caption='#c1'><img src=1.jpg></div><div class=orbit-caption id=c1>The <b>lake</b></div>",
        "<img src=1.jpg title='#c1'><div class=nivo-html-caption id=c1>The <b>lake</b></div>",
        "<ul><li><a href=1-large.jpg data-fancybox data-caption='The lake'><img src=1.jpg></a><li><a href=2.jpg data-caption=Sea><img src=2.jpg></a></ul>",
    ],
)
def test_caption(html: str) -> None:
    """The figcaption of the figure around it, or what a gallery marks as caption; it is the description, too."""
    image = one(html)
    assert image.caption == "The lake"
    assert image.desc == "The lake"


def test_long_captions_are_cut_off() -> None:
    """A caption that an attribute gives, which may be that of hundreds of images, is no longer than any other."""
    page = extract(f"<a href=x data-caption='{'lake ' * 5000}'><img src=1.jpg><img src=2.jpg></a>", URL)
    assert {(len(image.caption), image.caption[-5:]) for image in page.images} == {(995, "lake…")}


def test_captions_that_are_laid_out() -> None:
    """White space and elements take nothing from a caption's length."""
    caption = f"\n{' ' * 60}<b>word</b>" * 40
    assert one(f"<figure><img src=1.jpg><figcaption>{caption}</figcaption></figure>").caption == " ".join(["word"] * 40)


@pytest.mark.parametrize(
    ("html", "desc"),
    [
        pytest.param(
            "<div><img src=1.jpg>" + f"\n{' ' * 60}<b>word</b>" * 40 + "</div>", " ".join(["word"] * 40), id="white space in a card"
        ),
        pytest.param("<body><img src=1.jpg>" + "<!-- ad -->\n" * 20 + "<p>After it.</p></body>", "After it.", id="comments beside it"),
        pytest.param(
            "<body><img src=1.jpg>" + "<script>no()</script>\n" * 9 + "<p>After it.</p></body>", "After it.", id="scripts beside it"
        ),
        pytest.param(
            f"<body><img src=1.jpg>The lake <!-- -->{'after the rain ' * 6}<!-- -->5<!-- -->€",
            f"The lake {'after the rain ' * 6}5€",
            id="cut texts",
        ),
        pytest.param("<body>The la<!-- -->ke<!-- --> at dawn<img src=1.jpg></body>", "The lake at dawn", id="cut texts before it"),
        pytest.param(
            "<div class=item>" + "\n<!-- c -->" * 12 + "<img src=1.jpg><b class=caption>The lake</b>A</div>",
            "The lake",
            id="a gallery's caption",
        ),
    ],
)
def test_descriptions_of_pages_that_are_laid_out(html: str, desc: str) -> None:
    """White space, comments and scripts between elements, and comments in texts, take nothing from what is found."""
    assert one(html).desc == desc


def test_what_stands_far_away() -> None:
    """Only so much is passed over, seen or not: of a page of hidden buttons each would be looked at for each."""
    assert one("<body><img src=1.jpg>" + "<i hidden></i>" * 64 + "<p>After it.</p></body>").desc == ""


@pytest.mark.parametrize(
    "head", ["<link rel=preload as=image href=1.jpg>", "<link rel=icon href=1.jpg>", "<meta name=msapplication-TileImage content=1.jpg>"]
)
def test_what_the_head_tells_stands_beside_nothing(head: str) -> None:
    """A preload or an icon is not described by the beginning of the page."""
    assert one(f"<head>{head}</head><body><nav>Home News</nav><p>{LONG}</body>", image_icons=True).desc == ""


def test_what_stands_beside_a_caption_is_none() -> None:
    """In a gallery's box only what is marked as caption is one."""
    assert one("<div class=wp-caption><img src=1.jpg><p class=credit>Ann Example</p></div>").caption == ""


def test_caption_of_no_reference() -> None:
    """What begins like a reference and leads to no element is a text; as a title it is none."""
    assert one("<a data-caption='#lake'><img src=1.jpg></a>").caption == "#lake"
    assert one("<img src=1.jpg title='#1 of all lakes'>").caption == ""


@pytest.mark.parametrize(
    ("html", "desc"),
    [
        ("<div><img src=1.jpg><h3>Mug</h3><p>12 €</p></div>", "Mug 12 €"),
        ("<ul><li><img src=1.jpg> One</li><li><img src=2.jpg> Two</li></ul>", "One"),
        ("<p><img src=1.jpg><br>First<br><img src=2.jpg><br>Second</p>", "First"),
        ("<p><img src=1.jpg><img src=2.jpg><br>Second</p>", ""),
        ("<p><img src=1.jpg></p><p><a href=x><img src=2.jpg></a> Second</p>", ""),
        (f"<div><p>{LONG}</p><p><img src=1.jpg></p><p>After it.</p><p>{LONG}</p></div>", "After it."),
        (f"<main><p>Before it.</p><img src=1.jpg></main><footer>{LONG}</footer>", "Before it."),
        (f"<div><p>{LONG}</p><p>Before it.</p><p><img src=1.jpg></p><h2>The next part</h2><p>{LONG}</p></div>", "Before it."),
        (f"<div><p>Before it.</p><img src=1.jpg><p>After it.</p><h2>The next part</h2><p>{LONG}</p></div>", "After it."),
        (f"<div><p>{LONG}</p><img src=1.jpg><h3><a href=x>Mug</a></h3><p>Blue.</p><img src=2.jpg></div>", "Mug"),
        (f"<body><img src=1.jpg><h2>The title</h2><p>{LONG}</p></body>", "The title"),
        (f"<body><nav>Menu</nav><img src=1.jpg><h1>The title</h1><p>{LONG}</p></body>", "The title"),
        ("<div><a href=x><img src=1.jpg></a></div><div><img src=2.jpg></div>", ""),
        ("<p><img src=1.jpg><script>no()</script><style>.a{}</style></p>", ""),
        ("<body><p>Before it.</p><img src=1.jpg><script>no()</script><style>.a{}</style></body>", "Before it."),
        ("<body><img src=1.jpg><p hidden>No.</p><p>After it.</p></body>", "After it."),
        ("<body><b>Tom</b> wrote: <i>see</i> <img src=1.jpg></body>", "see"),
        ("<body><b>Tom</b> wrote: <img src=1.jpg></body>", "Tom wrote:"),
        ("<div><a href=x><img src=1.jpg><b>-30 %</b></a><h3>Mug</h3></div>", "-30 % Mug"),
        ("<ul><li>3<img src=1.jpg><b>›</b></ul>", ""),
        ("<p><img src=1.jpg><b>壁掛け時計</b></p>", "壁掛け時計"),
        ("<body><img src=1.jpg></body>", ""),
    ],
)
def test_nearest_text(html: str, desc: str) -> None:
    """The text of the card that the image alone stands in; else what follows it, else what goes before, up to the next image. It has letters in it.

    A heading that follows begins another part of the page, unless it leads somewhere, is the page's own, or nothing else is near.
    """
    assert one(html).desc == desc


@pytest.mark.parametrize(("count", "desc"), [(1, "The harbour"), (4, "The harbour"), (5, "")])
def test_text_beside_a_gallery(count: int, desc: str) -> None:
    """What stands beside a few images together is of each; beside a gallery it is of none: a menu, a label, the next article."""
    pictures = "".join(f"<p><img src={number}.jpg></p>" for number in range(count))
    assert one(f"<div>{pictures}</div><p>The harbour</p>").desc == desc


def test_length_and_least_words() -> None:
    """A description has at most 300 characters, and as many words as are asked for."""
    desc = one(f"<div><img src=1.jpg> {LONG}</div>").desc
    assert 150 < len(desc) <= 300
    assert one(f"<div><img src=1.jpg>a {'o' * 400}</div>").desc == f"a {'o' * 297}…"
    assert desc.endswith("…")
    html = "<div><div><img src=1.jpg> two words</div><p>More than three words here</p></div>"
    assert one(html).desc == "two words"
    assert one(html, image_description_min_words=3).desc == "two words More than three words here"


def test_place() -> None:
    """Region, heading and the link around the image."""
    image = one("<main><h2>Boats</h2><a href=/x><img src=1.jpg></a></main>")
    assert (image.region, image.heading, image.link_url) == ("main", "Boats", "https://example.com/x")
