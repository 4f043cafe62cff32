"""Tests of `linkmedia_scrapy.extraction`."""
