"""Compiles the extraction with mypyc, where that can be done. All that the package is stands in setup.cfg.

`pip install .` and wheels get the modules of `linkmedia_scrapy.extraction`, and `rules.py`, as C. An editable install runs them as they
are written, so that what is edited is what runs; so does an installation without a C compiler, or with LINKMEDIA_COMPILE=0 in the
environment, which makes a wheel for every Python and machine; with LINKMEDIA_COMPILE=1 what cannot be compiled is not installed. The code
is the same, and so is what it gives.
"""

from __future__ import annotations

import os
from pathlib import Path
from sysconfig import get_config_var

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

WISH = os.environ.get("LINKMEDIA_COMPILE")
PACKAGE = "linkmedia_scrapy"
LIBRARY = f"{PACKAGE}.extraction"
"""The name, but for mypyc's suffix, of the one file that holds the code of all modules: beside the folder `extraction`."""
PLAIN = {Path(PACKAGE, "extraction", "page.py")}
"""It calls the extractors, and tests put others in their place."""
MODULES = sorted(
    str(path) for path in {*Path(PACKAGE, "extraction").rglob("*.py"), Path(PACKAGE, "rules.py")} - PLAIN if path.stat().st_size
)


class CompileWherePossible(build_ext):
    """Makes C of the modules when it is their turn, not before, since that takes its time; where anything fails, goes on without."""

    def run(self) -> None:
        """Compile, or say why not."""
        self.extensions = self.distribution.ext_modules = []
        if self.editable_mode:
            return
        self._remove_compiled()
        try:
            from mypyc.build import mypycify  # noqa: PLC0415 - not there where nothing is built

            options = ["--ignore-missing-imports", "--follow-imports=silent", "--config-file="]
            extensions = mypycify([*options, *MODULES], group_name=LIBRARY, debug_level="0", opt_level="2")
            if os.name == "posix":  # functions that nobody else may put others in place of are called without a detour
                for extension in extensions:
                    extension.extra_compile_args.append("-fvisibility=hidden")
            self.distribution.ext_modules = extensions
            self.define = self.undef = self.swig_opts = None  # finalize_options() has split these already
            self.finalize_options()
            super().run()
        except (Exception, SystemExit) as error:  # a compiler may fail in any way, and nothing depends on it
            self._remove_compiled()
            self.extensions = self.distribution.ext_modules = []
            if WISH == "1":
                raise
            self.warn(f"{PACKAGE} is not compiled: it does the same more slowly ({type(error).__name__}: {error})")

    def _remove_compiled(self) -> None:
        """Remove what an earlier build has left where the wheel is made: Python would prefer it to the modules beside it."""
        for path in Path(self.build_lib, PACKAGE).rglob(f"*{get_config_var('EXT_SUFFIX')}"):
            path.unlink()


# the one extension named here only says that there are some: a wheel with none is for every Python and machine
setup(ext_modules=[] if WISH == "0" else [Extension(PACKAGE, MODULES)], cmdclass={"build_ext": CompileWherePossible})
