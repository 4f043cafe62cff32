"""Content or furniture: what speaks for a picture and against it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract

URL = "https://www.example.com/news/town.html"


def parts_of(html: str, url: str = URL) -> dict[str, float]:
    """What the score of a page's one image is made of."""
    (image,) = extract(f"<main>{html}</main>", url, config=LinkMediaConfig(extract=("images",), image_score_threshold=None)).images
    return image.score_parts


def is_kept(html: str, url: str = URL) -> bool:
    """Whether a page's one image counts as content."""
    page = extract(f"<main>{html}</main>", url)
    assert len(page.images) + sum(page.dropped.get("image", {}).values()) == 1
    return bool(page.images)


@pytest.mark.parametrize("space", ["", "\n                    "])
def test_image_alone_in_a_cell(space: str) -> None:
    """A cell that holds a text, too, is another, however its markup is laid out."""
    cell = space.join(["<table><tr><td>", "<div>", "<span>", "<img src=/1.jpg>", "</span>", "</div>", "{}", "</table>"])
    assert "cell_alone" in parts_of(cell.format(""))
    assert "cell_alone" not in parts_of(cell.format("The lake"))


@pytest.mark.parametrize(
    "src",
    [
        pytest.param("https://private-user-images.example.net/1234/999-bbbb.png", id="users' images, by host"),
        pytest.param("https://code.example.net/user-attachments/assets/0f1a2b3c-1111", id="attachments"),
        pytest.param("/fileadmin/user_upload/plan.png", id="TYPO3's uploads"),
        pytest.param("/docs/user-guide/images/settings.png", id="a guide"),
        pytest.param("/members/news/2024/plan.png", id="members' news"),
        pytest.param("/users/4711/images/holiday.png", id="of a user"),
        pytest.param("/author/jane/workshop.png", id="of an author"),
    ],
)
def test_what_people_have_is_no_portrait(src: str) -> None:
    """What is kept for people, or made for them, is content; without a size nothing says portrait."""
    assert is_kept(f"<p><img src='{src}' alt=image>")
    assert not {"path_avatar", "named_avatar"} & set(parts_of(f"<p><img src='{src}' alt=image>"))


@pytest.mark.parametrize(
    ("size", "portrait"),
    [
        pytest.param("", False, id="no size"),
        pytest.param("width=500 height=300", False, id="landscape"),
        pytest.param("width=1200 height=1200", False, id="large square"),
        pytest.param("width=500", False, id="wide"),
        pytest.param("width=48 height=48", True, id="icon"),
        pytest.param("width=120 height=90", True, id="small"),
        pytest.param("width=300 height=300", True, id="square"),
        pytest.param("width=96", True, id="narrow"),
    ],
)
@pytest.mark.parametrize("folder", ["users/jane", "members", "authors", "files/profile"])
def test_portraits_by_folder(folder: str, size: str, portrait: bool) -> None:
    """A folder that is named for people holds their portraits, where the size is that of one."""
    assert ("path_avatar" in parts_of(f"<p><img src='/{folder}/chart.png' alt=Chart {size}>")) == portrait


@pytest.mark.parametrize(
    ("alt", "size", "portrait"),
    [
        ("Company profile chart", "width=500 height=300", False),
        ("Author photo", "width=96 height=96", True),
        ("Author photo", "", True),
        ("Jane's avatar", "width=500 height=300", True),
    ],
)
def test_portraits_by_alternative_text(alt: str, size: str, portrait: bool) -> None:
    """A word for people in the alternative text says portrait, unless the picture is too large for one."""
    assert ("alt_avatar" in parts_of(f'<p><img src=/p/chart.png alt="{alt}" {size}>')) == portrait


@pytest.mark.parametrize(
    ("html", "named"),
    [
        pytest.param("<img src=/files/banners/hall.jpg>", False, id="folder"),
        pytest.param("<img src=/img/home-banner-1.webp>", False, id="file"),
        pytest.param("<div class=hero-banner><img src=/img/hall.jpg width=1600 height=500></div>", False, id="hero"),
        pytest.param("<a href=/hall><img src=/img/home-banner-1.webp></a>", False, id="link to a page of the site"),
        pytest.param("<img src=/files/banners/spring.jpg width=728 height=90>", True, id="leaderboard"),
        pytest.param("<div id=banner><img src=/img/spring.jpg width=300 height=250></div>", True, id="rectangle"),
        pytest.param("<img src=/img/banner-468x60.gif>", True, id="size in the name"),
        pytest.param("<a href=https://shop.example.org/><img src=/img/banner.jpg></a>", True, id="link to another site"),
        pytest.param("<a href='/redirect.php?goto=3'><img src=/img/banner.jpg></a>", True, id="link that is counted"),
        pytest.param("<a href='/out-of-africa/'><img src=/img/banner.jpg></a>", False, id="link to a story"),
        pytest.param("<div class=banner-ad><img src=/img/hall.jpg></div>", True, id="ad"),
    ],
)
def test_banners(html: str, named: bool) -> None:
    """A banner is an advertisement in a size in which these are sold, or where it leads to another site; else the head of a page."""
    assert (not {"named_ad", "path_ad", "near_ad"}.isdisjoint(parts_of(html))) == named


def test_heads_of_pages_are_kept() -> None:
    """A banner that is none of an advertiser counts as content."""
    assert is_kept("<div class=page-banner><img src=/sites/default/files/banners/hall.jpg alt=''></div><h1>Town</h1>")
    assert is_kept("<img src=/img/home-banner-1.webp alt=''><h1>Town</h1>")


@pytest.mark.parametrize(
    ("name", "size", "part"),
    [
        ("award-ceremony.png", "", ""),
        ("award-ceremony.png", "width=80 height=60", "named_badge"),
        ("award-ceremony.png", "width=600 height=400", ""),
        ("best-award-2024.png", "", "named_badge"),
        ("best-award-blue_2x.png", "", "named_badge"),
        ("star-wars-poster.jpg", "", ""),
        ("gold-star.png", "", "named_icon"),
        ("gold-star.png", "width=120 height=24", "named_icon"),
        ("gold-star.png", "width=600 height=400", ""),
        ("gold-star-icon.png", "width=600 height=400", "named_icon"),
        ("warning-lights-dashboard.png", "", ""),
        ("icon-phone.png", "", "named_icon"),
        ("facebook-page-of-town.png", "", ""),
        ("facebook.png", "", "named_social"),
        ("twitter-white.png", "", "named_social"),
        ("signin_twitter-9922ba9506d10862d03a558f4424c026.png", "", "named_social"),
        ("facebook-ads-manager.png", "", ""),
        ("ad-spring.png", "", "named_ad"),
        ("avw.php?zoneid=1", "", "named_ad"),
        ("logo-tarnwick.png", "", "named_logo"),
    ],
)
def test_words_of_file_names(name: str, size: str, part: str) -> None:
    """A word that also names a subject counts as the last of its name, or of a small picture; one for furniture alone wherever it stands."""
    parts = parts_of(f"<p><img src=/img/{name} alt='In the town' {size}>")
    assert {found for found in parts if found.startswith("named_") and found != "named_content"} == ({part} if part else set())


@pytest.mark.parametrize(
    ("html", "in_button"),
    [
        ("<figure><button><img src=/img/kitchen.png alt=Kitchen></button><figcaption>The kitchen</figcaption></figure>", False),
        ("<button><figure><img src=/img/kitchen.png alt=Kitchen><figcaption>The kitchen</figcaption></figure></button>", False),
        ("<figure><button><img src=/img/kitchen.png alt=Kitchen></button></figure>", True),
        ("<button><img src=/img/kitchen.png alt=Kitchen></button><figure><figcaption>The kitchen</figcaption></figure>", True),
    ],
    ids=["in a figure", "around it", "without caption", "beside a figure"],
)
def test_buttons_of_figures(html: str, in_button: bool) -> None:
    """A button in a figure with a caption enlarges the picture, and is none of a control."""
    assert ("in_button" in parts_of(html)) == in_button


@pytest.mark.parametrize("host", ["share.example.com", "partners.example.org", "www.icon-museum.example", "users.example.com"])
def test_words_of_the_own_host(host: str) -> None:
    """The name of the page's own site says nothing of its pictures, wherever they are kept in it; that of another site does."""
    html = f"<p><img src='https://{host}/pics/hall.png' alt=Hall width=100 height=100>"
    assert not [name for name in parts_of(html, f"https://{host}/x") if name.startswith("path_")]
    assert not [name for name in parts_of(html, f"https://cdn.{host}/x") if name.startswith("path_")]
    assert [name for name in parts_of(html) if name.startswith("path_")]


@pytest.mark.parametrize(("names", "portrait"), [("user-story", False), ("member-benefits", False), ("user-card", True), ("author", True)])
def test_portraits_by_the_elements_around(names: str, portrait: bool) -> None:
    """A class that tells of people says portrait, one that tells of what they have or get does not."""
    assert ("near_avatar" in parts_of(f"<div class={names}><img src=/img/case.png alt=Case width=320 height=320></div>")) == portrait


@pytest.mark.parametrize(
    ("size", "portrait"), [("", True), ("width=96 height=72", True), ("width=240 height=480", True), ("width=480 height=240", False)]
)
def test_pictures_beside_bylines(size: str, portrait: bool) -> None:
    """In a card that names its author a landscape that is not small is no portrait of them."""
    assert ("near_avatar" in parts_of(f"<div class='card byline-white'><img src=/img/case.png alt=Case {size}></div>")) == portrait


@pytest.mark.parametrize(
    ("html", "head"),
    [
        ("<div class=hd><img src=/img/hall.png alt=Hall></div>", True),
        ("<div class='article-body overflow-hd'><img src=/img/hall.png alt=Hall></div>", False),
        ("<img src=/img/tv-55-full-hd.png alt='A television'>", False),
    ],
    ids=["of a box", "part of a name", "a file"],
)
def test_hd(html: str, head: bool) -> None:
    """A whole class hd names the head of a box; in other names it is how things are laid out, or high definition."""
    assert bool({"in_navigation", "named_navigation"} & set(parts_of(html))) == head


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("static/img", "theme_path"),
        ("assets/uploads/team", "upload_path"),
        ("static/Image_Upload/12", "upload_path"),
        ("assets/images/2024/05/17", "upload_path"),
        ("assets/2024/spring", "theme_path"),
        ("uploads/plugins/zoom", "theme_path"),
        ("static/photos", "theme_path"),
    ],
)
def test_uploads_below_designs(folder: str, place: str) -> None:
    """What is uploaded, or kept by month, is content below the folder of all a site's files, too; a design may well be of a year."""
    assert [part for part in parts_of(f"<p><img src=/{folder}/hall.png alt=Hall>") if part.endswith("_path")] == [place]


@pytest.mark.parametrize(
    ("html", "part"),
    [
        ("<img src=/img/bouton_valider.png alt=Valider>", "named_button"),
        ("<img src=/img/pfeil.png alt=Weiter>", "named_icon"),
        ("<img src=/img/drapeaux/fr.png alt=France>", "path_icon"),
        ("<img src=/img/marchi/orchidea.png alt=Orchidea>", "path_logo"),
        ("<img src=/img/siegel.png alt=Geprüft>", "named_badge"),
        ("<div class=publicidad><img src=/img/coche.png alt=Coche></div>", "near_ad"),
        ("<div id=cabecera><img src=/img/plaza.png alt=Plaza></div>", "in_navigation"),
        ("<div class=fusszeile><img src=/img/rathaus.png alt=Rathaus></div>", "in_footer"),
        ("<img class=foto src=/img/rathaus.png alt=Rathaus>", "named_content"),
        ("<img src=/squelettes/img/rue.png alt=Rue>", "theme_path"),
    ],
)
def test_words_of_other_languages(html: str, part: str) -> None:
    """Furniture, parts of pages and contents are named in the languages of their authors, too."""
    assert part in parts_of(html)


@pytest.mark.parametrize(
    "name",
    ["中国", "έργο", "อาหาร", "مرحبا", "Эльбрус", "país", "Stará radnice", "Noteć", "北京_new", "上海-blank", "中国/北京", "галерея/έργο"],
)
@pytest.mark.parametrize("written", [str, quote, lambda name: quote(name).lower()], ids=["as it is", "percent-encoded", "in small letters"])
def test_file_names_of_other_scripts(name: str, written: Callable[[str], str]) -> None:
    """The hexadecimal digits of percent-encoding are no words (%AD is no advertisement), nor are the pieces between letters with accents."""
    assert parts_of(f"<p><img src='/img/{written(name)}.jpg' alt=''>") == parts_of("<p><img src='/img/x1.jpg' alt=''>")


@pytest.mark.parametrize(
    ("href", "part"),
    [
        ("/shop/cart/?item=4", "link_service"),
        ("/customer/my-account.php", "link_service"),
        ("https://www.example.com/feed/", "link_service"),
        ("https://accounts.example.org/sign-in", "link_service"),
        ("/golf/cart-racing.html", "link_page"),
        ("/help/boilers/noise", "link_page"),
        ("/2024/05/what-rss-was", "link_page"),
        ("/cart.jpg", "link_image"),
        ("javascript:open('/cart/')", "link_script"),
    ],
)
def test_links_to_services(href: str, part: str) -> None:
    """An image that leads to a login, a cart or a feed is the button for it; one that runs a script leads nowhere."""
    assert [name for name in parts_of(f"<a href='{href}'><img src=/img/way.jpg alt=Way></a>") if name.startswith("link_")] == [part]


@pytest.mark.parametrize(
    ("href", "home"),
    [
        *dict.fromkeys(("/", "/de", "/zh-cn/", "/pt_BR/index.html", "/zh-hans/", "/zh-Hant", "/sr-latn/"), True).items(),
        *dict.fromkeys(("/blog/", "/zh-hans/news", "/my-town/"), False).items(),
    ],
)
def test_links_to_the_start_page(href: str, home: bool) -> None:
    """A picture that leads to the site's start page, of whatever language and script, is its logo as a rule."""
    assert ("link_home" in parts_of(f"<a href='{href}'><img src=/img/x1.png alt=''></a>")) == home


@pytest.mark.parametrize("href", ["http://twitter.com/tarnwick", "https://twitter.com/tarnwick", "//www.facebook.com/tarnwick"])
def test_links_to_social_media(href: str) -> None:
    """An image that leads to the site's account there is its button, whatever the scheme."""
    assert "link_social" in parts_of(f"<a href='{href}'><img src=/img/way.png alt=Way></a>")


@pytest.mark.parametrize(("name", "logo"), [("arton717-3db5b.jpg", False), ("rubon8-87238.jpg", False), ("siteon0-be140.png", True)])
def test_logos_of_spip(name: str, logo: bool) -> None:
    """SPIP calls the picture of an article its logo; that of the site has a name of its own."""
    html = f"<img class='spip_logo spip_logos' src=/local/cache-vignettes/L200xH142/{name} alt='' width=200 height=142>"
    assert ("named_logo" in parts_of(html)) == logo
    assert is_kept(html) != logo


@pytest.mark.parametrize(("href", "main"), [(URL + "#top", "hall"), ("/news/bridge.html", "mill")], ids=["the page", "another"])
def test_links_to_the_page_itself(href: str, main: str) -> None:
    """A picture that links to its own page is no preview of another, and may be the main one."""
    size = "width=640 height=400"
    html = f"<main><a href='{href}'><img src=/p/hall.jpg {size}></a><p>Text</p><img src=/p/mill.jpg {size}></main>"
    for url in (URL, "HTTPS://WWW.Example.com:443/news/town.html#"):  # the same page
        images = extract(html, url).images
        assert [image.src.rpartition("/")[2] for image in images if image.is_main] == [main + ".jpg"]
        assert ("link_page" in images[0].score_parts) == (main == "mill")


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<style>#page{background:url(/img/ceiling.jpg)}</style>", False),
        ("<style>.hero{background:url(/uploads/hall-1600x900.jpg)}</style>", True),
        ("<div style='background:url(/img/ceiling.jpg)'></div>", True),
    ],
    ids=["sheet", "large upload", "an element's own"],
)
def test_backgrounds_of_style_sheets(html: str, kept: bool) -> None:
    """What a style sheet names is decoration unless more is known of it; an element's own background is chosen for that element."""
    assert is_kept(html) == kept


@pytest.mark.parametrize(
    ("html", "graphic"),
    [
        ("<a href=/membership><img src=/img/membership.png></a>", True),
        ("<a href=/membership><img src=/img/membership.jpg></a>", False),
        ("<a href=/membership><img src=/img/membership.png width=300 height=200></a>", False),
        ("<a href=/membership><img src=/img/membership-300x200.png></a>", False),
        ("<a href=/img/membership-large.png><img src=/img/membership.png></a>", False),
        ("<img src=/img/membership.png>", False),
    ],
    ids=["button", "photo", "sized", "sized by name", "to its file", "no link"],
)
def test_graphics_in_links(html: str, graphic: bool) -> None:
    """A graphic that nothing tells the size of is the button of the link around it; previews are photos, or have sizes."""
    assert ("link_graphic" in parts_of(html)) == graphic


@pytest.mark.parametrize(
    ("src", "part"),
    [
        ("https://met.vgwort.example/na/4ed935f1", "tracker"),
        ("/stats/matomo.php?idsite=6", "tracker"),
        ("/img/arrow-prev.png", "named_control"),
        ("/img/caret_more.png", "named_control"),
        ("/img/delete_x.png", "named_control"),
        ("/img/broken-arrow-at-dawn.png", ""),
    ],
)
def test_trackers_and_controls(src: str, part: str) -> None:
    """Services that count visits, by host or script, and names that are made of words for controls alone."""
    assert {"tracker", "named_control"} & set(parts_of(f"<p><img src='{src}' alt=''>")) == ({part} if part else set())


@pytest.mark.parametrize(
    ("alt", "size", "icon"),
    [
        ("Star weave shirts", "", True),
        ("Star weave shirts", "width=300 height=200", False),
        ("Four stars", "width=120 height=24", True),
        ("Cart icon", "width=300 height=200", True),
    ],
)
def test_icons_by_alternative_text(alt: str, size: str, icon: bool) -> None:
    """Stars and flags are what a picture shows that is too large for an icon."""
    assert ("alt_icon" in parts_of(f"<p><img src=/p/27.jpg alt='{alt}' {size}>")) == icon


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ("width=1 height=1", {"pixel"}),
        ("width=3 height=4", {"line"}),
        ("width=600 height=3", {"line"}),
        ("width=36 height=36", {"size_icon"}),
        ("width=37 height=37", {"size_small"}),
        ("width=90 height=90", {"size_small"}),
        ("width=91 height=91", {"size_thumbnail"}),
        ("width=200 height=149", {"size_thumbnail"}),
        ("width=200 height=150", {"size_medium"}),
        ("width=299 height=400", {"size_medium"}),
        ("width=300 height=300", {"size_large"}),
        ("width=699 height=200", {"size_medium"}),
        ("width=700 height=200", {"size_medium", "flat"}),
        ("width=300", {"size_large"}),
        ("height=90", {"size_small"}),
        ("", set()),
    ],
)
def test_sizes(size: str, parts: set[str]) -> None:
    """A size is that of a pixel, a line, an icon or a picture; one that is much wider than high is flat."""
    assert {part for part in parts_of(f"<img src=/img/town.png {size}>") if part.startswith(("pixel", "line", "size", "flat"))} == parts


@pytest.mark.parametrize("tag", ["footer", "aside", "nav", "header"])
def test_pictures_in_landmarks(tag: str) -> None:
    """What stands in a landmark beside the contents is part of the furniture there."""
    page = extract(f"<{tag}><img src=/img/town.jpg></{tag}>", URL, config=LinkMediaConfig(image_score_threshold=None))
    zone = {"footer": "in_footer", "aside": "in_sidebar"}.get(tag, "in_navigation")
    assert [part for part in page.images[0].score_parts if part.startswith("in_")] == [zone]


def test_the_element_that_speaks_best() -> None:
    """Of several elements that show a picture that counts which speaks best for it, wherever it stands."""
    shown = [
        "<img src=/img/town.jpg width=10 height=10>",
        "<figure><img src=/img/town.jpg width=600 height=400 alt='The town at night'></figure>",
    ]
    first, second = parts_of("".join(shown)), parts_of("".join(reversed(shown)))
    assert first == second == parts_of(shown[1])


@pytest.mark.parametrize(
    ("count", "size", "repeated"),
    [(2, "width=200 height=200", False), (3, "width=200 height=200", True), (3, "width=600 height=400", False)],
)
def test_repeated_pictures(count: int, size: str, repeated: bool) -> None:
    """What is shown more than twice is furniture, unless it is large."""
    assert ("repeated" in parts_of(f"<p><img src=/img/town.jpg {size}>" * count)) == repeated


@pytest.mark.parametrize(("name", "named"), [("nav-left.png", True), ("footer-1.png", True), ("town.png", False)])
def test_files_of_navigation(name: str, named: bool) -> None:
    """A file that is named for the navigation is part of it."""
    assert ("named_navigation" in parts_of(f"<img src=/img/{name}>")) == named
