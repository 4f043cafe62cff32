"""Which browser renders: the user's choice, else Playwright's own Chromium, else one that is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = [
    "FIRST_GUARDED_VERSION",
    "HOW_TO_GET_ONE",
    "HOW_TO_RENDER",
    "NAMES",
    "find_chromium",
    "how_to_go_without_sandbox",
    "how_to_install",
    "launch_options",
    "major_version",
    "needs_browser",
    "playwright_installed",
    "usual_page_count",
    "why_unavailable",
]

HOW_TO_RENDER: Final = "rendering needs scrapy-playwright: pip install 'linkmedia-scrapy[render]'"
HOW_TO_GET_ONE: Final = (
    "no browser found: run `playwright install chromium`, or install Chromium or Chrome, or name one in "
    'PLAYWRIGHT_LAUNCH_OPTIONS = {"executable_path": ...}'
)
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_APPLICATIONS: Final = Path("/Applications")
_UNWANTED: Final = ("--disable-ipc-flooding-protection",)
"""Of Playwright's own arguments: a page that changes its address in a loop would hold up all others for minutes."""
_ARGUMENTS: Final = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")

FIRST_GUARDED_VERSION: Final = 142
"""The first Chromium that has Local Network Access on (https://chromestatus.com/feature/5152728072060928)."""
# Chromium takes its last --enable-features and --disable-features alone, so what Playwright has there has to be named again.
_GUARDED_WEBRTC: Final = "--enable-features=LocalNetworkAccessChecksWebRTC,CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies"
"""Local Network Access judges WebRTC only where it is told to (Chromium 156)."""
_OPEN_NETWORK: Final = (
    "--disable-features=LocalNetworkAccessChecks,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding,"
    "ThirdPartyStoragePartitioning,Translate"
)


def playwright_installed() -> bool:
    """Whether scrapy-playwright can be imported."""
    return importlib.util.find_spec("scrapy_playwright") is not None


def needs_browser(settings: BaseSettings) -> bool:
    """Whether it is ours to find a browser: the user names neither one to launch nor one to connect to, nor another kind."""
    named = ("PLAYWRIGHT_LAUNCH_OPTIONS", "PLAYWRIGHT_CDP_URL", "PLAYWRIGHT_CONNECT_URL", "PLAYWRIGHT_BROWSER_PROVIDER")
    return not any(settings.get(name) for name in named) and settings.get("PLAYWRIGHT_BROWSER_TYPE") in (None, "", "chromium")


def why_unavailable(settings: BaseSettings) -> str:
    """What is missing to render, in one line; "" where nothing is.

    To be asked after the add-on, which puts the browser that it found into the settings.
    """
    if not playwright_installed():
        return HOW_TO_RENDER
    return HOW_TO_GET_ONE if needs_browser(settings) and find_chromium() is None else ""


def how_to_install(browser: str) -> str:
    """How to get Playwright's own browser of a kind, where the user's launch options name no other, in one line."""
    return f'no {browser} found: run `playwright install {browser}`, or name one in PLAYWRIGHT_LAUNCH_OPTIONS = {{"executable_path": ...}}'


def how_to_go_without_sandbox(options: dict[str, Any]) -> str:
    """What to do where Chromium may not make its sandbox, in one line, of the options that it was launched with."""
    without = {"executable_path": options.get("executable_path"), "chromium_sandbox": False}
    shown = {name: value for name, value in without.items() if value is not None}
    return (
        "Chromium may not make its sandbox: allow user namespaces here, which Docker by default and Ubuntu do not, or go without one: "
        f"PLAYWRIGHT_LAUNCH_OPTIONS = {shown}"
    )


def launch_options(*, block_private_network: bool = True) -> dict[str, Any] | None:
    """``PLAYWRIGHT_LAUNCH_OPTIONS`` for the browser that was found; None where there is none.

    Chromium refuses its sandbox to root, so only root goes without. Signals are Scrapy's affair: the browser is closed when the crawl is,
    not under the pages that the first Ctrl-C leaves to be finished.
    """
    path = find_chromium()
    if path is None:
        return None
    options: dict[str, Any] = {"args": list(_ARGUMENTS), "ignore_default_args": list(_UNWANTED), "chromium_sandbox": not _is_root()}
    options |= dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False)
    options["args"].append(_GUARDED_WEBRTC if block_private_network else _OPEN_NETWORK)
    if path:
        options["executable_path"] = path
    return options


def major_version(version: str) -> int:
    """The first number of a browser's version.

    >>> major_version("156.0.7990.3")
    156
    """
    first = version.partition(".")[0]
    return int(first) if first.isdecimal() else 0


def usual_page_count() -> int:
    """How many pages are open at once: a page costs half a second of a core, and more pages at once only make each of them late."""
    return min(8, 2 * (os.cpu_count() or 1))


def find_chromium() -> str | None:
    """The path of an installed Chromium, "" for Playwright's own, None where there is none."""
    if _own_chromium():
        return ""
    on_path = filter(None, map(shutil.which, NAMES))
    return next(chain(on_path, filter(os.path.isfile, map(str, _usual_places()))), None)


def _usual_places() -> list[Path]:
    """Where macOS and Windows have their browsers, which are not on the PATH there: as Playwright looks for its channels."""
    if sys.platform == "darwin":
        return [_APPLICATIONS / f"{name}.app" / "Contents" / "MacOS" / name for name in ("Chromium", "Google Chrome", "Microsoft Edge")]
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)")]
        names = ("Chromium/Application/chrome.exe", "Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
        return [Path(root, name) for name in names for root in roots if root]
    return []


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _own_chromium() -> bool:
    """Whether Playwright's own browser of the right revision is there; found without starting its driver, which takes half a second."""
    spec = importlib.util.find_spec("playwright")
    if spec is None or spec.origin is None:
        return False
    package = Path(spec.origin).parent / "driver" / "package"
    try:
        listed = json.loads((package / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    except (OSError, ValueError, KeyError):
        return False
    try:
        folder = _browsers_folder(package)
    except RuntimeError:  # an account without a home, as containers have
        return False
    names = ("chromium-headless-shell", "chromium")
    wanted = [f"{entry['name'].replace('-', '_')}-{entry['revision']}" for entry in listed if entry.get("name") in names]
    return any(os.path.isfile(folder / name / "INSTALLATION_COMPLETE") for name in wanted)  # noqa: PTH113 - False where one may not look


def _browsers_folder(package: Path) -> Path:
    """Where Playwright puts browsers (https://playwright.dev/python/docs/browsers#managing-browser-binaries)."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        return package / ".local-browsers"
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"
