"""What crawls under test run on."""

from __future__ import annotations

import pytest

from tests.server import SiteServer


@pytest.fixture(scope="module")
def site():
    """The bundled site on loopback."""
    with SiteServer() as server:
        yield server
