# Two commands do everything: `make demo` and `make test`. README.md says the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3.11
UV := .tools/bin/uv
BIN := .venv/bin
LOCKS := requirements/app.txt requirements/dev.txt
PYTEST := $(BIN)/python -m pytest -q

.PHONY: install install-dev demo check test soak bench lock system-packages clean

demo: install
	$(BIN)/hamn demo

install: .venv/installed

install-dev: .venv/installed-dev

.venv/installed: requirements/app.txt pyproject.toml $(shell find src -name '*.po')
	tools/python-env requirements/app.txt
	touch $@

.venv/installed-dev: $(LOCKS) pyproject.toml $(shell find src -name '*.po')
	tools/python-env $(LOCKS)
	touch $@ .venv/installed

# Under 2 minutes: lint, types, import contracts, and the tests on SQLite but the slow ones.
check: install-dev system-packages
	tools/lint
	$(PYTEST) -n 2 -m "not slow and not soak"

# Everything that must hold at every change, on SQLite and on PostgreSQL.
test: install-dev system-packages
	tools/lint
	$(PYTEST) -n 2 -m "not soak"
	tools/with-postgresql $(PYTEST) -n 2 -m "not soak"

# The long proofs: kills, tampering by the thousand, fuzzing. Results are dated in docs/soak.md.
soak: install-dev system-packages
	tools/soak

bench: install-dev system-packages
	$(BIN)/python -m bench --database sqlite
	tools/with-postgresql $(BIN)/python -m bench --database postgresql

system-packages:
	tools/system-packages postgresql poppler-utils qpdf

lock:
	tools/lock

clean:
	rm -rf .venv .tools hamn-data
