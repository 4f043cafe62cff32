"""The package's exceptions; how one of them ends a crawl that has not begun; what is said of failures, and how often.

::

    ValueError
    └── ConfigError                a setting or a spider argument that cannot be used; its text is one line
        └── UnknownSettingError    LinkMediaConfig was given an unknown name; a TypeError, too
    RuntimeError, scrapy.exceptions.IgnoreRequest
    ├── BrowserUnavailableError    there is no browser to render with, and waiting did not bring one
    └── PageTooLargeError          a page's DOM is larger than what is taken of a page
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import Final, NoReturn

from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.reactor import is_reactor_installed

__all__ = [
    "BrowserUnavailableError",
    "ConfigError",
    "FailureKinds",
    "PageTooLargeError",
    "UnknownSettingError",
    "how_to_install",
    "one_line",
    "refuse",
    "refusing",
    "without_passwords",
]

_EXTRAS: Final = {"s3": "s3", "gs": "gcs"}
_PASSWORD: Final = re.compile(r"(://[^/@:\s]*:)(?!\d{1,5}/)\S*@")
"""What stands before one in a URI, and it: whatever signs it has, but for a port and a path with an @ in it."""


class ConfigError(ValueError):
    """A setting or a spider argument that cannot be used. Its text is one line: the name, the value, what is allowed; no passwords."""

    def __init__(self, text: str) -> None:
        super().__init__(without_passwords(text))


class UnknownSettingError(ConfigError, TypeError):
    """`LinkMediaConfig` was given an unknown name. A TypeError, too, as for any argument that a call does not know."""


class BrowserUnavailableError(RuntimeError, IgnoreRequest):
    """There is no browser to render with, and waiting did not bring one. Its text is one line: how to get one, or what its driver says.

    As an IgnoreRequest it goes to errbacks and is not logged for each page: the crawl's end is told once.
    """


class PageTooLargeError(RuntimeError, IgnoreRequest):
    """A rendered page's DOM is larger than what is taken of a page. To ask for it again would not make it smaller."""


def refuse(error: ConfigError) -> NoReturn:
    """Do not start the crawl.

    Where the process is the ``scrapy`` command it ends with the error's one line and exit code 1, as commands end on a bad option:
    an exception would reach the user below 20 lines of Scrapy's and asyncio's frames. Programs that run crawls get the exception.

    :raises ConfigError: in a program of the user's own.
    :raises SystemExit: in the ``scrapy`` command.
    """
    program = Path(sys.argv[0])
    if program.stem != "scrapy" and program.parts[-2:] != ("scrapy", "__main__.py"):
        raise error
    line = f"scrapy: error: {error}"
    try:
        asyncio.get_running_loop()
        in_reactor = is_reactor_installed() and current_thread() is main_thread()
    except RuntimeError:
        in_reactor = False
    if not in_reactor:
        # CrawlerProcess starts crawls in a Deferred, or without a reactor in a task, which keep SystemExit for themselves: their frames are
        # logged, and the exit code may be 0. That of the shell's thread leaves the shell waiting for ever
        print(line, file=sys.stderr, flush=True)
        os._exit(1)  # nothing was fetched, no feed is open
    raise SystemExit(line)


@contextmanager
def refusing() -> Iterator[None]:
    """Around the work of a component that is being made: what is a ConfigError there does not let the crawl start (`refuse`)."""
    try:
        yield
    except ConfigError as error:
        refuse(error)


def without_passwords(text: str) -> str:
    """A text that may have URIs in it, with *** in the place of their passwords.

    >>> without_passwords("ftp://user:p@ss/word@ftp.example/out.csv")
    'ftp://user:***@ftp.example/out.csv'
    """
    return _PASSWORD.sub(r"\1***@", text)


def one_line(error: BaseException) -> str:
    r"""What an error says first: Playwright's go on with a log of the browser. At most 500 characters.

    >>> one_line(ValueError("the first line\nand more"))
    'the first line'
    """
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:500]


class FailureKinds:
    """The kinds of failures that have been told. A full disk or a missing bucket fails every file of a crawl: the first is enough."""

    def __init__(self) -> None:
        self._told: set[type[BaseException]] = set()

    def level(self, error: BaseException) -> int:
        """At which level a failure is logged: as an error where it is the first of its kind, else for those who look for it."""
        if type(error) in self._told:
            return logging.DEBUG
        self._told.add(type(error))
        return logging.ERROR


def how_to_install(scheme: str, error: BaseException) -> str:
    """What to add to a message where Scrapy's storage for a scheme lacks its library.

    >>> how_to_install("s3", NotConfigured("missing boto3 library"))
    ": pip install 'linkmedia-scrapy[s3]'"
    """
    missing = isinstance(error, NotConfigured | ImportError) and scheme in _EXTRAS
    return f": pip install 'linkmedia-scrapy[{_EXTRAS[scheme]}]'" if missing else ""
