"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages and standards' vectors; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("LINKMEDIA_CORPUS") or ROOT / ".." / "shared" / "corpus")
    if not (folder / "vectors").is_dir():
        pytest.skip(f"no corpus at {folder}: set LINKMEDIA_CORPUS")
    return folder.resolve()
