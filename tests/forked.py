"""`scrapy` in processes that need not import it again: forked from one that has imported it and what we build on, but nothing of ours."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

_IMPORTED = ["scrapy.cmdline", "scrapy.crawler", "scrapy.spiders", "scrapy_playwright.handler", "tldextract", "turbohtml"]
_CAN_FORK = sys.platform == "linux"  # Windows cannot, macOS not safely


def run_scrapy(*arguments: str, cwd: Path, path: list[str], fresh: bool, seconds: float = 120) -> tuple[int, str]:
    """Run `python -W default -m scrapy` with a PYTHONPATH; its exit code and what it wrote on stderr.

    All that are forked have one order of sets, since that is chosen as a process starts; those that are `fresh` have one each.

    :raises TimeoutError: where it takes longer, and has been killed.
    """
    context: Any = multiprocessing.get_context("forkserver" if _CAN_FORK and not fresh else "spawn")
    if _CAN_FORK:
        context.set_forkserver_preload(_IMPORTED)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        process = context.Process(target=_run, args=(arguments, cwd, path, dict(os.environ), log))
        process.start()
        try:
            process.join(seconds)
            written = log.read_text(encoding="utf-8") if log.exists() else ""
            if process.exitcode is None:
                raise TimeoutError(f"scrapy {arguments}: {written[-5000:]}")
            return process.exitcode, written
        finally:
            process.kill()
            process.join()
            process.close()


def _run(arguments: tuple[str, ...], cwd: Path, path: list[str], environment: dict[str, str], log: Path) -> None:
    """Be in the new process as one is that has just been started."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT), 2)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment, PYTHONPATH=os.pathsep.join(path), PYTHONWARNINGS="default")
    sys.path[:0] = [str(cwd), *path]
    sys.argv = ["", *arguments]
    sys.warnoptions[:] = ["default"]  # Scrapy looks here before it takes warnings into its log
    warnings.resetwarnings()
    warnings.simplefilter("default")
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
