"""Settings of the ready spiders."""

BOT_NAME = "linkmedia"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

ADDONS = {"linkmedia_scrapy.LinkMediaAddon": 500}
SPIDER_MIDDLEWARES = {"spiders.base.SchemeMiddleware": 500}

USER_AGENT = "linkmedia-scrapy (+https://github.com/linkmedia-scrapy/linkmedia-scrapy)"
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.5
CONCURRENT_REQUESTS_PER_DOMAIN = 8
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
TELNETCONSOLE_ENABLED = False
