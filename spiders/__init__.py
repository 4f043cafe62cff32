"""The ready spiders: `page`, `site` and `sitemap`. Not part of the installed package: copy what you need."""
