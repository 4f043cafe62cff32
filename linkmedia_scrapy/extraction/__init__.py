"""HTML in, records out. Nothing here imports Scrapy."""
