"""Links, media and data tables out of any Scrapy crawl."""

from linkmedia_scrapy._version import __version__
from linkmedia_scrapy.addon import LinkMediaAddon
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.extraction.page import extract
from linkmedia_scrapy.items import AudioItem, CaptureItem, ErrorItem, ImageItem, LinkItem, PageItem, Record, TableItem, VideoItem
from linkmedia_scrapy.mixins import LinkMediaMixin
from linkmedia_scrapy.responses import extract_response

__all__ = [
    "AudioItem",
    "CaptureItem",
    "ConfigError",
    "ErrorItem",
    "ImageItem",
    "LinkItem",
    "LinkMediaAddon",
    "LinkMediaConfig",
    "LinkMediaMixin",
    "PageItem",
    "Record",
    "TableItem",
    "VideoItem",
    "__version__",
    "extract",
    "extract_response",
]
