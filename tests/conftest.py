"""What the tests share: the folder of real pages, how large the large suites are, and how Hypothesis runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import scrapy
from hypothesis import HealthCheck, settings
from scrapy.utils.reactor import install_reactor

from benchmarks.extraction import form

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "tests" / "site"
SITE_PAGES = sorted(SITE.rglob("*.html"))
SOAK = os.environ.get("LINKMEDIA_SOAK") == "1"

_COMMON = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("tenth", max_examples=150, **_COMMON)
settings.register_profile("soak", max_examples=3000, **_COMMON)
settings.load_profile("soak" if SOAK else "tenth")

if scrapy.version_info < (2, 15):  # its get_crawler() needs one
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")


def scale(n: int) -> int:
    """The size of a large suite: `n` where LINKMEDIA_SOAK is 1, else a tenth of it."""
    return n if SOAK else max(1, n // 10)


def site_url(path: Path) -> str:
    """The URL of a page of tests/site as its server has it."""
    return "http://127.0.0.1:8000/" + path.relative_to(SITE).as_posix()


def calls(work: Callable[[], Any], name: str = "") -> int:
    """How many functions are called, or how often those of one name are, those of the interpreter's own among them."""
    count = 0

    def note(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += not name or name == (frame.f_code.co_name if event == "call" else arg.__name__)

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def find_corpus() -> Path | None:
    """The folder of real pages and standards' vectors; None where there is none."""
    folder = Path(os.environ.get("LINKMEDIA_CORPUS") or ROOT.parent / "shared" / "corpus")
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages and standards' vectors; the test is skipped where it is absent."""
    folder = find_corpus()
    if folder is None:
        pytest.skip("no corpus: LINKMEDIA_CORPUS names no folder, and ../shared/corpus is absent")
    return folder


def pytest_report_header() -> str:
    """Say which form of the extraction the tests run on."""
    return f"linkmedia_scrapy: extraction {form()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the corpus."""
    for item in items:
        if "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.corpus)
