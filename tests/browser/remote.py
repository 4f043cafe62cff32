"""A Chromium with a debugging port, which stands for a browser that somebody else runs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

__all__ = ["Remote", "free_port"]


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Remote:
    """A Chromium with a debugging port, as one that somebody else runs."""

    def __init__(self, path: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [
            path,
            "--headless=new",
            f"--remote-debugging-port={self.port}",
            f"--user-data-dir={folder}",
            "--no-first-run",
        ]
        if os.geteuid() == 0:
            self._command.append("--no-sandbox")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [*self._command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        patience = time.monotonic() + 60
        while time.monotonic() < patience:
            with contextlib.suppress(OSError), urllib.request.urlopen(self.url + "/json/version", timeout=5):
                return
            time.sleep(0.1)
        raise AssertionError("the remote browser does not answer")

    def kill(self) -> None:
        """End it with all its processes, at once."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
