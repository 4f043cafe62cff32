# The two commands: `make demo` and `make test`. Each sets up all it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
URL ?=
OUT ?= out
PAGES ?= $(LINKMEDIA_CORPUS)

# The package as pip installs it, its extraction compiled (setup.py); .venv has it as it is written.
COMPILED := build/compiled
EXTRACTION_TESTS := tests/extraction tests/images tests/players tests/tables tests/corpus/test_against_chromium.py tests/test_rules.py
BROKEN_BROWSERS := tests/browser/test_survival.py

unexport PYTHONDONTWRITEBYTECODE # crawls under test are processes, each of which would compile the package again

.PHONY: venv browser demo test test-browsers test-others compiled test-compiled soak lint bench clean

demo: $(INSTALLED) browser
	@$(BIN)/python scripts/demo.py --out "$(OUT)" $(if $(URL),--url "$(URL)")

# Two jobs of about the same length: most of the browsers' tests, and all others with those of broken browsers after them.
test: $(INSTALLED) browser
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	@$(MAKE) --no-print-directory --jobs 2 test-browsers test-others
endif

test-browsers:
	$(BIN)/python -m pytest tests/browser --ignore $(BROKEN_BROWSERS)

test-others:
	$(BIN)/python -m pytest --ignore tests/browser
	$(BIN)/python -m pytest $(BROKEN_BROWSERS)

# The suites that `make test` runs at a tenth of their size, in full.
soak: $(INSTALLED)
	LINKMEDIA_SOAK=1 $(BIN)/python -m pytest -m soak $(ARGS)

compiled: $(COMPILED)/.made

# What the extraction has to pass, once more where it is compiled. Named by -p, the package is found before pytest finds it here.
test-compiled: $(INSTALLED) $(COMPILED)/.made
	@ls $(COMPILED)/linkmedia_scrapy/extraction__mypyc.* > /dev/null || (echo "Nothing was compiled: is there a C compiler?"; exit 1)
	PYTHONPATH=$(COMPILED) $(BIN)/pytest -p linkmedia_scrapy.extraction.links $(EXTRACTION_TESTS) $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(INSTALLED) $(COMPILED)/.made
	PYTHONPATH=$(COMPILED) $(BIN)/python benchmarks/extraction.py $(PAGES)
	PYTHONPATH=$(COMPILED) $(BIN)/python benchmarks/crawl.py $(PAGES)
	PYTHONPATH=$(COMPILED) $(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/rendering.py

# A browser where one can be had: rendering needs it, everything else works without.
browser: $(INSTALLED)
	@$(BIN)/python scripts/get_browser.py

venv:
	@test -x $(BIN)/pip || { $(PYTHON) scripts/check_python.py && $(PYTHON) -m venv $(VENV); } # pip comes last: one without it was broken off

$(INSTALLED): setup.cfg setup.py pyproject.toml | venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(COMPILED)/.made: setup.cfg setup.py pyproject.toml $(shell find linkmedia_scrapy -type f -not -path '*/__pycache__/*') | venv
	rm -rf build
	@mkdir -p build/source # a copy, since pip may be installing from here at the same time, and both builds write beside setup.py
	@cp -R setup.cfg setup.py pyproject.toml README.md LICENSE linkmedia_scrapy build/source
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(COMPILED) ./build/source
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
