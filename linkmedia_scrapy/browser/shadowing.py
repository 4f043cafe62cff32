"""Methods of single pages and downloads that have others in their place, as long as scrapy-playwright, which calls them, has these.

It waits for some without end, and reads others whole; nothing that it can be told keeps it from that.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.errors import PageTooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Download, Page

__all__ = ["bound_download", "bound_waiting", "release", "restore"]


def bound_waiting(page: Page, seconds: float, has_run: Callable[[], bool]) -> None:
    """Keep scrapy-playwright from waiting for the ``load`` state without end.

    It does so after every page method, and one image that hangs would lose the whole response. Neither ``window.stop()`` nor
    ``Page.stopLoading`` helps there, so this one page object gets its own method: as long as ours has not run it waits until the
    page's deadline at most, and says nothing where that passes; afterwards it does not wait.
    """
    original = page.wait_for_load_state

    async def wait_for_load_state(state: Any = "load", *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - theirs
        if not has_run():
            limit = 1000 * seconds
            with suppress(BrowserError):
                await original(state, timeout=limit if timeout is None else min(timeout, limit))

    page.wait_for_load_state = wait_for_load_state  # type: ignore[assignment, method-assign]


def release(page: Page) -> None:
    """Keep scrapy-playwright from asking a page that may hang for its DOM: ours is put into the response afterwards."""

    async def content() -> str:
        return ""

    page.content = content  # type: ignore[assignment, method-assign]


def restore(page: Page) -> None:
    """Give a page its own methods back."""
    for name in ("wait_for_load_state", "content"):
        page.__dict__.pop(name, None)


def bound_download(download: Download, max_size: int) -> None:
    """Keep scrapy-playwright from reading a file into memory that is larger than a response may be, as unpacked ones can be.

    :param max_size: bytes; 0 for any.
    """
    original = download.path

    async def path() -> Path:
        file = await original()
        size = file.stat().st_size
        if size > max_size > 0:
            await download.delete()
            raise PageTooLargeError(f"a download of {size:,} bytes; {max_size:,} are taken (DOWNLOAD_MAXSIZE)")
        return file

    download.path = path  # type: ignore[method-assign]
