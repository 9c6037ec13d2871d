# Two commands do everything: `make demo` and `make test`. README.md says the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3.11
UV := .tools/bin/uv
BIN := .venv/bin
LOCKS := requirements/app.txt requirements/dev.txt
SOURCES := pyproject.toml tools/python-env $(shell find src -name '*.po')
ASSETS := package-lock.json tools/assets tools/prepare_assets.py \
    $(shell find src -path '*/static/*' -type f -not -path '*/vendor/*')
PYTEST := $(BIN)/python -m pytest -q --dist loadscope
# As conftest.py orders them: what takes long first, so that the processes end together. Three on
# two cores, since one moment in four is spent waiting for a browser or for a process.
IN_ORDER := $(PYTEST) --no-loadscope-reorder
PACKAGES := postgresql postgresql-client poppler-utils qpdf chromium chromium-headless-shell

.PHONY: install install-dev demo check test soak bench lock pictures system-packages clean

# Serves until Ctrl-C; the address and one sign-in per role are printed.
demo: install
	$(BIN)/hamn demo

install: .venv/installed .venv/assets

install-dev: .venv/installed-dev .venv/assets

.venv/installed: requirements/app.txt $(SOURCES)
	tools/python-env requirements/app.txt
	touch $@

.venv/installed-dev: $(LOCKS) $(SOURCES)
	tools/python-env $(LOCKS)
	touch $@ .venv/installed

# Style and scripts, prepared and collected; again whenever one of our own changes.
.venv/assets: $(ASSETS) | .venv/installed
	tools/assets
	touch $@

# Under 2 minutes: lint, types, import contracts, and the tests on SQLite but the slow ones.
check: install-dev system-packages
	tools/lint
	$(PYTEST) -n 2 -m "not slow and not soak"

# Everything that must hold at every change, on SQLite and on PostgreSQL.
test: install-dev system-packages
	tools/lint
	$(IN_ORDER) -n 3 -m "not soak"
	tools/with-postgresql $(IN_ORDER) -n 3 -m "not soak and not once" --ignore=src/hamn/core --ignore=src/hamn/papers --ignore=tests/house

# The long proofs: kills, tampering by the thousand, fuzzing. Results are dated in docs/soak.md.
soak: install-dev system-packages
	tools/soak

bench: install-dev system-packages
	status=0; $(BIN)/python -m bench --database sqlite || status=1; \
	tools/with-postgresql $(BIN)/python -m bench --database postgresql || status=1; exit $$status

# The pictures of the guides and the README, taken from the demonstration by a browser.
pictures: install-dev system-packages
	HAMN_PICTURES=docs/guide/bilder $(PYTEST) tests/stories/browser/test_pictures.py

system-packages:
	tools/system-packages $(PACKAGES)

lock:
	tools/lock

clean:
	rm -rf .venv .tools node_modules hamn-data
