"""Compiles the extraction with mypyc, where that can be done. All that the package is stands in setup.cfg.

`pip install .` and wheels get the modules of `linkmedia_scrapy.extraction`, and `rules.py`, as C. An editable install runs them as they
are written, so that what is edited is what runs; so does an installation without a C compiler, or with LINKMEDIA_COMPILE=0 in the
environment. The code is the same, and so is what it gives.
"""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PACKAGE = "linkmedia_scrapy"
LIBRARY = f"{PACKAGE}.extraction"
"""Where all of them are, a file of this name and a suffix; the modules find themselves in it."""
PLAIN = {Path(PACKAGE, "extraction", "page.py")}
"""What only puts the others together."""
MODULES = sorted(
    str(path) for path in {*Path(PACKAGE, "extraction").rglob("*.py"), Path(PACKAGE, "rules.py")} - PLAIN if path.stat().st_size
)


class CompileWherePossible(build_ext):
    """Makes C of the modules when it is their turn, not before, since that takes its time; where anything fails, goes on without."""

    def run(self) -> None:
        """Compile, or say why not."""
        self.extensions = self.distribution.ext_modules = []
        if self.editable_mode or os.environ.get("LINKMEDIA_COMPILE") == "0":
            return
        try:
            from mypyc.build import mypycify  # noqa: PLC0415 - not there where nothing is built

            options = ["--ignore-missing-imports", "--follow-imports=silent", "--config-file="]
            self.distribution.ext_modules = mypycify([*options, *MODULES], group_name=LIBRARY, debug_level="0")
            self.swig_opts = None  # the only option that cannot be finalized twice
            self.finalize_options()
            super().run()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a compiler may fail in any way, and nothing depends on it
            self.warn(f"{PACKAGE} is not compiled: it does the same more slowly ({type(error).__name__}: {error})")
            for extension in self.extensions:
                Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            self.extensions = self.distribution.ext_modules = []


# the one extension named here only says that there are some
setup(ext_modules=[Extension(PACKAGE, MODULES)], cmdclass={"build_ext": CompileWherePossible})
