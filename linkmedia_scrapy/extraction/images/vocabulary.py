"""The words by which pages name their furniture and their contents, and what each says of a picture (`words` finds them in names)."""

from __future__ import annotations

from typing import Final

__all__ = ["BANNER", "CONTENT", "CONTROLS", "ENDS", "FURNITURE", "HELD", "HOLDERS", "LOOKS", "MEANINGS", "NEUTRAL", "PERSON", "WHOLE_PAGE"]

CONTROLS: Final = frozenset(
    "prev previous next up down home index contents back forward top first last toc close open more print mail go ok new hot on off "
    "bottom left right menu search zoom enlarge arrow arrows caret less expand collapse delete".split()
)
"""What pictures of buttons are called that do something with the page, or lead to the next one."""
_PREFIXES: Final = "site web top head header foot footer nav main page brand my mini blog left right small big new the img bg".split()

CONTENT: Final = "content"
BANNER: Final = "banner"
"""What the words for banners say, which are those of advertisers, or of the head of a page."""
PERSON: Final = "person"
"""What the words for people say, which name portraits, but also what is people's or made for them."""

_HEADS: Final = "header head masthead kopfzeile entete cabecera encabezado cabecalho"
_FEET: Final = "footer foot fusszeile rodape stopka"
_VOCABULARY: Final = {
    "logo": (
        "logo logos siteon logotype logotypes logotipo logotipos wordmark brandmark brand brands trademark lockup monogram slogan tagline "
        "marken marcas marchi"
    ),
    "icon": (
        "icon icons ico icn glyph glyphs favicon favicons sprite sprites arrow arrows chevron caret bullet bullets star stars rating "
        "ratings flag flags flagicon emoji emoticon emoticons smiley smileys smilies symbol burger hamburger "
        "magnify plus minus checkmark tick "
        "caution warning note tip svgicon tile tiles maptile googleapis gstatic appicon iconset statusicon posticon imageset "
        "ikon ikone ikona icone icones icona icono iconos picto pictos pictogram pictograms pictogramme pictogrammes piktogramm "
        "pfeil pfeile fleche fleches flecha flechas freccia puce puces "
        "flagge flaggen drapeau drapeaux bandera banderas bandeira bandeiras bandiera bandiere vlag vlaggen"
    ),
    "avatar": "avatar avatars gravatar userpic userpics headshot byline userimg commenter commenters",
    PERSON: "user users member members profile author authors",
    "button": (
        "button buttons btn btns butt submit cta navtext addtocart livechat "
        "bouton boutons boton botones botao botoes bottone bottoni knop knoppen knopf"
    ),
    "ad": (
        "ad ads advert adverts advertisement advertising adv advertorial sponsor sponsors sponsored sponsoring "
        "partner partners affiliate affiliates adsense doubleclick googleads pubads skyscraper supporters avw adframe adserver adimage "
        "werbung sponsoren publicite partenaire partenaires publicidad publicidade pubblicita reklama reklame"
    ),
    BANNER: "banner banners bnr banniere bannieres",
    "tracker": (
        "tracker tracking trackers beacon pixel pixels analytics counter counters webbug atrk omniture quantserve scorecardresearch "
        "matomo piwik webtrekk etracker vgwort ivwbox xiti imrworldwide sitestat statcounter histats hotlog cnzz"
    ),
    "placeholder": (
        "placeholder placeholders spacer spacers blank transparent transp transparant shim clear cleardot clearpixel clearpx pixel dot "
        "loading loader preload preloader spinner lazy lazyload grey gray dummy noimage nophoto noimg empty fallback"
    ),
    "decoration": (
        "separator seperator divider border borders corner corners shadow line linea hr rule bg background bgr header bottom end top "
        "decoration ornament pattern gradient stripe bar tab title titles curve edge ribbon frame tp spec menu upper lower piece left right"
    ),
    "captcha": "captcha captchas captchaimg recaptcha verification securimage seccode vcode authcode validatecode verifycode",
    "social": (
        "social socials share sharing sharebar sharer shares follow facebook fb twitter tw tweet linkedin instagram pinterest youtube "
        "googleplus gplus google whatsapp telegram vk weibo wechat rss feed addthis addtoany bookmark email "
        "bshare socialmedia tiktok reddit houzz vkontakte odnoklassniki weixin qzone douban "
        "teilen partager partage compartir compartilhar condividi"
    ),
    "badge": (
        "badge badges payment payments visa mastercard paypal seal certificate certified accept accepted weaccept award awards "
        "valid validator achievements trust memberships accreditation accreditations associations clients "
        "appstore playstore powered poweredby copyright qr qrcode affiliations amex klarna "
        "siegel zertifikat zahlung zahlungsarten paiement paiements pagamento pagamenti"
    ),
    "navigation": (
        f"{_HEADS} nav navi navbar navigation menu menus submenu toolbar topbar topnav breadcrumb breadcrumbs "
        "crumbs pager pagination search login topbanner topmenu navlinks navegacion navegacao navigazione"
    ),
    "head": "hd",  # of a page or a box, in a class or id; in the name of a file it is high definition
    "footer": f"{_FEET} colophon copyright footerwrap",
    "sidebar": "sidebar aside rail widget widgets sidebox rightcol leftcol sponsors",
    CONTENT: (
        "article articles post posts story stories entry content hero lead featured feature gallery "
        "galleries carousel slider slideshow slide "
        "slides product products photo photos picture pictures photograph album teaser recipe thumb "
        "thumbnail thumbnails figure wp lightbox "
        "portfolio cover poster news illustration attachment inline aufmacher main "
        "foto fotos artikel beitrag artikelbild titelbild galerie vignette vignettes actualite actualites galeria galleria "
        "articulo articolo artigo noticia noticias notizia notizie portada "
        "produkt produkte produit produits producto productos prodotto prodotti produto produtos rezept rezepte"
    ),
}
MEANINGS: Final[dict[str, frozenset[str]]] = {}
"""What each word says; some say several things."""
for _meaning, _words in _VOCABULARY.items():
    for _word in _words.split():
        MEANINGS[_word] = MEANINGS.get(_word, frozenset()) | {_meaning}
for _prefix in _PREFIXES:
    for _word in ("logo", "icon", "banner", "nav", "menu", "btn"):
        MEANINGS.setdefault(_prefix + _word, MEANINGS[_word])

HOLDERS: Final = frozenset("user users member members".split())
HELD: Final = frozenset(
    "upload uploads uploaded content contents images attachment attachments file files media data generated "
    "guide guides manual manuals docs documentation help news story stories benefits area portal".split()
)
"""What people have or what is made for them: behind a word for them, a holder, it says that the picture is no portrait (user-guide)."""
FURNITURE: Final = frozenset(
    "icon icons ico icn glyph glyphs favicon favicons sprite sprites svgicon iconset appicon ad advert adverts advertisement advertising "
    "sponsor sponsored adsense doubleclick googleads".split()
)
"""Words for icons and advertisements that say nothing else, wherever they stand in a name."""
LOOKS: Final = frozenset(
    "white black blue red green grey gray dark light color colour round circle square small large big sm lg new px img image".split()
)
"""Words behind the one that names a thing: how it looks."""
ENDS: Final = frozenset(f"{_HEADS} hd {_FEET}".split())
"""Words for headers and footers, which are the page's unless they stand behind one of something else."""
WHOLE_PAGE: Final = (
    frozenset(
        "site page main top global web body sticky fixed mobile desktop bar wrap wrapper container inner "
        "outer row col block section area content "
        "left right nav menu logo banner primary secondary print the id div sub home blog".split()
    )
    | ENDS
)
"""What may stand before those without making them something else's."""
NEUTRAL: Final = frozenset("image img pic photo x px the gif png d p s small large bg default animation ajax icon".split())
"""What stands beside the words for a placeholder in its name."""
