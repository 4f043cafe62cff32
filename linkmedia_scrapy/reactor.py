"""Which reactor the package needs: asyncio's, where pages are rendered, or files fetched and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scrapy.utils.reactor import is_asyncio_reactor_installed, is_reactor_installed, verify_installed_reactor

from linkmedia_scrapy.config import setting_name
from linkmedia_scrapy.errors import ConfigError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = ["check_reactor", "wrong_reactor"]

_REACTOR: Final = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def wrong_reactor(settings: BaseSettings, where: str = "where pages are rendered") -> str:
    """Which setting keeps asyncio's reactor out of this process, in one line that says where it is needed; "" where none does.

    To be asked once the reactor is installed, which is after the add-on: programs install their own, whatever the settings say.
    """
    try:
        verify_installed_reactor(_REACTOR)
    except RuntimeError:
        if not settings.getbool("TWISTED_REACTOR_ENABLED", default=True):
            return f"TWISTED_REACTOR_ENABLED = False: must be True {where}"
        return f"TWISTED_REACTOR = {settings.get('TWISTED_REACTOR')!r}: must be {_REACTOR!r} {where}"
    return ""


def check_reactor(name: str, settings: BaseSettings) -> None:
    """Refuse Twisted's other reactors: files are fetched side by side, and written in threads, by asyncio.

    :param name: of the setting that asks for files, as `LinkMediaConfig` has it.
    :raises ConfigError: where another one is installed.
    """
    if is_reactor_installed() and not is_asyncio_reactor_installed():  # without any there is asyncio alone
        raise ConfigError(wrong_reactor(settings, f"with {setting_name(name)}"))
