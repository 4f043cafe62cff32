"""The package's exceptions.

::

    ValueError
    └── ConfigError    a setting or a spider argument that cannot be used; its text is one line
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

__all__ = ["ConfigError", "refuse"]


class ConfigError(ValueError):
    """A setting or a spider argument that cannot be used. Its text is one line: the name, the value, what is allowed."""


def refuse(error: ConfigError) -> NoReturn:
    """Do not start the crawl.

    Where the process is the ``scrapy`` command it ends with the error's one line and exit code 1, as commands end on a bad option:
    an exception would reach the user below 20 lines of Scrapy's and asyncio's frames. Programs that run crawls get the exception.

    :raises ConfigError: in a program of the user's own.
    :raises SystemExit: in the ``scrapy`` command.
    """
    program = Path(sys.argv[0])
    if program.stem == "scrapy" or program.parts[-2:] == ("scrapy", "__main__.py"):
        raise SystemExit(f"scrapy: error: {error}")
    raise error
