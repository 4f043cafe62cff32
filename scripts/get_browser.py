"""Get a Chromium for `make demo` and `make test`, where one can be had: never an error, since all but rendering works without.

In this order: one that is there already (Playwright's own or one on PATH); Playwright's download; Debian's package, as root only.
A failed try is not made again for a day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from linkmedia_scrapy.browser import find  # noqa: E402 - the project's root has to be on the path first

TRIED = Path(sys.prefix) / ".browser-tried"
SECONDS = 300


def main() -> None:
    """Get one, and say what is done."""
    if not find.playwright_installed() or find.find_chromium() is not None:
        return
    if TRIED.exists() and time.time() - TRIED.stat().st_mtime < 86_400:
        return
    print("No Chromium yet: trying Playwright's download ...", flush=True)
    if run([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]) and find.find_chromium() is not None:
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("That did not work: installing Debian's package chromium with apt-get ...", flush=True)
        run(["apt-get", "update", "-qq"])
        if run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]) and find.find_chromium() is not None:
            return
    TRIED.touch()
    print(f"Going on without rendering: {find.HOW_TO_GET_ONE}")


def run(command: list[str]) -> bool:
    """Run a command quietly; whether it succeeded in time."""
    try:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
