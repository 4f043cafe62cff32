"""What the Makefile does before there is anything to run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


def make_venv(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    for name in ("scripts", "linkmedia_scrapy"):
        (folder / name).mkdir()
    for name in ("Makefile", "scripts/check_python.py"):
        shutil.copy(ROOT / name, folder / name)
    outside = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}  # of a make that runs the tests
    return subprocess.run(["make", "venv", f"PYTHON={python}"], cwd=folder, env=outside, check=False, capture_output=True, text=True)


@pytest.mark.skipif(importlib.util.find_spec("ensurepip") is None, reason="no ensurepip, from which a virtual environment has pip")
@pytest.mark.skipif(sys.platform == "win32", reason="scripts are elsewhere")
def test_a_virtual_environment_that_was_broken_off_is_made_again(tmp_path):
    """As without Debian's python3-venv, which leaves one without pip: once that is installed, make goes on."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    done = make_venv(tmp_path, sys.executable)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / ".venv/bin/pip").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for Python")
def test_a_python_that_is_too_old_leaves_no_virtual_environment(tmp_path):
    """The next try with another Python would go on with it."""
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\n[ $1 = scripts/check_python.py ] || exec '" + sys.executable + '\' "$@"\nexit 1\n')
    old.chmod(0o755)
    assert make_venv(tmp_path, str(old)).returncode != 0
    assert not (tmp_path / ".venv").exists()
