# Gugus: every command a developer or an office needs. `make` alone lists them.
# Needs Python 3.11 or newer (with venv) and make; the rest is installed into .venv from locked files.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# The interpreters tried in turn; `make PYTHON=/path/to/python run` names another.
PYTHON ?= python3
PYTHONS = $(PYTHON) python3.14 python3.13 python3.12 python3.11 /usr/bin/python3

BIN = .venv/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check --require-hashes
# One lock for every platform and Python that pyproject.toml allows; no address of an index is written into it.
LOCK = .venv/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(if $(upgrade),--upgrade)
TESTS_DATABASE = tests/db tests/web
TESTS = tests/unit tests/contracts $(TESTS_DATABASE)

## Use

.PHONY: help
help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^## / {print "\n" substr($$0, 4)} \
		/^[a-z][a-z0-9-]*:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The one plain command at the end takes make's place in the eyes of signals: Ctrl-C and SIGTERM end web and worker.
.PHONY: run
run: export DEMO = 1
run: .venv/.installed-run ## Start the demo regency: web server and mail worker (Ctrl-C ends both)
	@$(BIN)/flask serve

## Develop

.PHONY: dev
dev: .venv/.installed-dev ## Install what tests and checks need

.PHONY: test
test: dev ## Unit, contract, database and web tests on SQLite
	env -u TEST_DATABASE_URL $(BIN)/pytest $(TESTS)

.PHONY: lint
lint: dev ## Ruff, import-linter (floors and rooms), djlint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet

.PHONY: format
format: dev ## Let ruff mend and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: types
types: dev ## mypy --strict
	$(BIN)/mypy

.PHONY: test-postgresql
test-postgresql: dev ## Database and web tests and the main journey on PostgreSQL (TEST_DATABASE_URL, or a throwaway server)
	$(BIN)/python -m tests.support.postgres -- $(BIN)/pytest $(TESTS_DATABASE) tests/e2e/test_journey.py

.PHONY: e2e
e2e: dev ## The key journeys in Chromium, with axe-core; documents in LibreOffice
	env -u TEST_DATABASE_URL $(BIN)/pytest tests/e2e

.PHONY: bench
bench: dev ## Measure pages and writes against two references
	$(BIN)/python -m tests.bench

.PHONY: check
check: dev machine lint types test test-postgresql e2e ## Everything CI runs; stops where something is missing

# Said once and before anything else, so that nobody waits ten minutes to learn it.
.PHONY: machine
machine: dev
	@missing=''; \
	$(BIN)/python -m tests.support.postgres --find || missing="$$missing postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-writer-nogui"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	test -z "$$missing" || { \
		echo "make check: missing on this machine:$$missing" >&2; \
		echo "  Debian and Ubuntu: apt-get install$$missing" >&2; \
		exit 1; }

## Look after

.PHONY: migration
migration: dev ## Draft a migration from the models: make migration m="add round due_on"
	@test -n "$(m)" || { echo 'usage: make migration m="add round due_on"' >&2; exit 2; }
	$(BIN)/flask db migrate --message "$(m)"

.PHONY: lock
lock: .venv/bin/python ## Lock the dependencies of pyproject.toml anew; upgrade=1 takes newer versions
	@test -x .venv/lock/bin/uv || { $(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv; }
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

.PHONY: clean
clean: ## Remove .venv and what tools left behind; data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache static/dist
	find app migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -- The virtual environment. A stamp is newer than its lock file while the two agree.

.venv/bin/python:
	@for python in $(PYTHONS); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making .venv with $$($$python --version)"; \
			exec $$python -m venv --clear .venv; \
		fi; \
	done; \
	echo 'Gugus needs Python 3.11 or newer with its venv module (Debian and Ubuntu: apt-get install python3-venv).' >&2; \
	exit 1

.venv/.installed-run: requirements.txt .venv/bin/python
	@echo 'Installing the locked dependencies (once, about a minute)'
	@$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

# The development lock contains the other one.
.venv/.installed-dev: requirements-dev.txt requirements.txt .venv/bin/python
	@echo 'Installing the locked dependencies for development (once, about a minute)'
	@$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch .venv/.installed-run $@
