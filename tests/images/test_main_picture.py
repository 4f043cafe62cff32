"""The page's main picture, and what metadata name in the stead of one."""

from __future__ import annotations

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract

URL = "https://www.example.com/news/town.html"
SHOWN = "<main><h1>The town</h1><p><img src=/files/town.jpg alt='The town at night' width=600 height=400></main>"


def main_picture(html: str) -> str | None:
    """The path of a page's main picture."""
    (path, *others) = [image.src.removeprefix("https://www.example.com") for image in extract(html, URL).images if image.is_main] or [None]
    assert not others
    return path


def declaring(path: str, body: str = SHOWN) -> str:
    """A page whose Open Graph data name a picture."""
    return f"<meta property=og:image content='{path}'>{body}"


def test_names_in_other_letters() -> None:
    """What a file's name has in common with the page's title is read from its letters, percent-encoded as they are in the URL."""
    pictures = "".join(f"<p><img src='/files/{name}.jpg' alt=''></p>" for name in ("haus", "straße", "größe-übersicht"))
    assert main_picture(f"<title>Größe, Übersicht</title>{pictures}") == "/files/gr%C3%B6%C3%9Fe-%C3%BCbersicht.jpg"


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param("/files/harbour-1200x630.jpg", id="a photograph"),
        pytest.param("/files/styles/twitter/public/harbour.jpg", id="a rendition for sharing"),
        pytest.param("/files/2024/05/no-more-logos-in-the-old-harbour.jpg", id="a subject"),
        pytest.param("/files/4f1b2a9c.png", id="a name without words"),
    ],
)
def test_what_metadata_declare(declared: str) -> None:
    """A declared picture is the main one, though the page does not show it, and however much speaks for one that it shows."""
    assert main_picture(declaring(declared)) == declared
    lead = f"<title>The town at night</title><article><h1>The town at night</h1><figure>{SHOWN}<figcaption>At night</figcaption></figure>"
    assert main_picture(declaring(declared, lead)) == declared


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param("/img/logo-1200x630.png", id="logo"),
        pytest.param("/img/ogLogo.jpg", id="logo, in camel case"),
        pytest.param("/img/square_logo.jpg", id="square logo"),
        pytest.param("/apple-touch-icon.png", id="icon"),
        pytest.param("/images/favicons/largetile.png", id="folder of icons"),
        pytest.param("/img/facebook.png", id="made for a network"),
        pytest.param("/theme/social_share.jpg", id="made for sharing"),
        pytest.param("/i/blank.jpg", id="nothing"),
    ],
)
def test_what_a_site_declares_on_all_its_pages(declared: str) -> None:
    """What stands for the whole site is not the main picture of a page that shows one, whether or not metadata name it."""
    assert main_picture(declaring(declared)) == "/files/town.jpg"


@pytest.mark.parametrize("threshold", [None, 2])
def test_what_is_kept_beside_the_content(threshold: float | None) -> None:
    """No furniture is the main picture, whether or not a setting keeps it: of a page that shows nothing else there is none."""
    config = LinkMediaConfig(extract=("images",), image_score_threshold=threshold)
    logo = "<title>Town shop</title><a href=/><img src=/img/logo-town-shop.png alt='Town shop' width=400 height=300></a>"
    goods = "".join(f"<a href=/g/{name}><img src=/files/{name}.jpg width=100 height=80></a>" for name in ("lamp", "mug"))
    mains = [
        [image.src[-8:] for image in extract(html, URL, config=config).images if image.is_main] for html in (logo, logo + goods + SHOWN)
    ]
    assert mains == [[], ["town.jpg"]]


@pytest.mark.parametrize(
    ("declared", "reason"),
    [("/img/logo-1200x630.png", "score"), ("/img/site-icon.png", "score"), ("/i/blank.jpg", "placeholder")],
)
def test_declared_furniture(declared: str, reason: str) -> None:
    """A logo that only metadata name is furniture, and a stand-in is none at all."""
    page = extract(declaring(declared, "<p>No picture here"), URL)
    assert page.images == []
    assert page.dropped["image"] == {reason: 1}


def test_a_logo_that_is_shown_and_declared() -> None:
    """A logo that the page shows, and its metadata name, is not the main picture beside another."""
    logo = "<header><img src=/img/paper_logo.jpg width=300 height=200 alt></header>"
    assert main_picture(declaring("/img/paper_logo.jpg", logo + SHOWN)) == "/files/town.jpg"


@pytest.mark.parametrize("name", ["burger.jpg", "rainbow-flag.jpg", "storm-warning.jpg", "brand.jpg"])
def test_declared_subjects(name: str) -> None:
    """A word that also names what a picture shows makes no logo of a declared one."""
    shown, image = extract("<title>The town at night</title>" + declaring(f"/files/{name}"), URL).images
    assert "declared_logo" not in image.score_parts
    assert (shown.is_main, image.is_main) == (False, True)


ARTICLE = "<title>The town at night - Gazette</title><main><h1>The town at night</h1>{}<h2>The harbour</h2>{}</main>"
LATER = "<p><img src=/harbour.jpg width=400 height=260 alt='Ships in the harbour'>"


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param("<p><img src=/lead.jpg alt>", id="of unknown size"),
        pytest.param("<p><img src=/lead.jpg alt=Square width=240 height=180>", id="smaller than a later one"),
        pytest.param("<p><img src=/lead.png width=400 height=260 alt>", id="without a photograph's format"),
    ],
)
def test_the_first_picture_below_the_title_leads(lead: str) -> None:
    """The picture that a page's contents begin with is the main one, though a later one is larger and described."""
    assert main_picture(ARTICLE.format(lead, LATER)) in ("/lead.jpg", "/lead.png")


def test_the_title_says_where_the_contents_begin() -> None:
    """Pictures before the heading that says the page's title, as in a list of other pages, are not its main one."""
    others = "".join(f"<li><a href=/{n}><img src=/files/{n}.jpg width=300 height=200 alt='Story {n}'></a>" for n in range(3))
    body = "<div><h2>Also read</h2><ul>{}</ul></div><div><h1>The town at night</h1><p><img src=/lead.jpg width=300 height=200 alt></div>"
    assert main_picture("<title>The town at night - Gazette</title>" + body.format(others)) == "/lead.jpg"


TOWN = "alt='The town at night'"
PICTURE = f"<img src=/town.jpg width=400 height=300 {TOWN}>"


@pytest.mark.parametrize(
    ("body", "main"),
    [
        pytest.param(f"<img src=/banner.jpg width=1000 height=310 {TOWN}>{PICTURE}", "/town.jpg", id="a banner before it"),
        pytest.param(f"<img src=/large.jpg width=1000 height=340 {TOWN}>{PICTURE}", "/large.jpg", id="wide, but no banner"),
        pytest.param(
            f"<img src=/banner.jpg srcset='/banner-2.jpg 1500w' width=500 height=155 {TOWN}>{PICTURE}",
            "/town.jpg",
            id="a banner by its candidates",
        ),
        pytest.param(
            f"{PICTURE}<main><a href=https://other.example/><img src=/map.jpg width=300 height=200 alt=Map></a>"
            f"<img src=/lead.jpg width=380 height=285 {TOWN}></main>",
            "/lead.jpg",
            id="in the contents, behind another",
        ),
    ],
)
def test_what_a_picture_looks_like_and_where_it_stands(body: str, main: str) -> None:
    """What is more than three times as wide as high is hardly it; a picture in the page's contents rather is than one before them."""
    assert main_picture(body) == main
