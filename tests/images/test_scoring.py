"""Content or furniture: what speaks for a picture and against it."""

from __future__ import annotations

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
    assert ("near_avatar" in parts_of(f"<div class={names}><img src=/img/case.png alt=Case width=320 height=200></div>")) == portrait
