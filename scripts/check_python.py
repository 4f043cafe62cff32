"""Says in one line that Python is too old, before pip says it in thirty."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells older ones
    sys.exit("linkmedia-scrapy needs Python 3.11 or newer: make PYTHON=python3.12 ... (found %d.%d)" % sys.version_info[:2])  # noqa: UP031
