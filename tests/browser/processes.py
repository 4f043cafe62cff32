"""Starts crawls, looks at their processes and ends their browsers, by Linux's /proc."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["CAN_LOOK", "browser_of", "driver_of", "kill_browser", "kill_driver", "memory_of", "start_crawl"]

ROOT = Path(__file__).resolve().parents[2]  # that of tests.conftest would bring pytest and Hypothesis into every crawl
CAN_LOOK = Path("/proc/self/stat").exists()


def start_crawl(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Run an order of `tests.browser.runner`, in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.runner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode())
    process.stdin.close()
    return process


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def _below(pid: int) -> list[int]:
    """The processes that a process started, and theirs, parents first."""
    parents, found = _parents(), [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def browser_of(pid: int) -> int | None:
    """The main process of the Chromium that a crawl started; None where it has none now."""
    for child in _below(pid):
        command = _command(child)
        if "--remote-debugging" in command and "--type=" not in command:
            return child
    return None


def kill_browser(pid: int) -> bool:
    """Kill -9 for the browser of a crawl; whether there was one."""
    browser = browser_of(pid)
    if browser is not None:
        os.kill(browser, signal.SIGKILL)
    return browser is not None


def driver_of(pid: int) -> int | None:
    """Playwright's driver, of a crawl; None where it has none now."""
    return next((child for child in _below(pid) if _command(child).rstrip().endswith(" run-driver")), None)


def kill_driver(pid: int) -> bool:
    """Kill -9 for the driver of a crawl; whether there was one."""
    driver = driver_of(pid)
    if driver is not None:
        os.kill(driver, signal.SIGKILL)
    return driver is not None


def memory_of(pid: int) -> tuple[int, int]:
    """Resident kB of a process, and of the browser below it with all of its processes (shared pages counted in each)."""

    def resident(one: int) -> int:
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    browser = browser_of(pid)
    return resident(pid), sum(map(resident, [browser, *_below(browser)])) if browser is not None else 0
