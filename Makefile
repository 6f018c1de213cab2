# vndoc. `make demo`, `make web` and `make test` set up what they need by themselves, once.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
export VENV PYTHON
export PYTHONUTF8 := 1

# The tests of a module stay together, in the process that has made what they share; Tesseract's own threads would only
# take the other process's core.
PYTEST := OMP_THREAD_LIMIT=1 $(BIN)/python -m pytest -q -n 2 --dist loadscope

.PHONY: help demo web test check lint fuzz docs samples bench build audit clean setup setup-web setup-dev

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: setup ## set up, read the sample dispatch and print it as JSON
	@echo "vndoc: reading samples/cv815/scan.pdf" >&2
	@$(BIN)/vndoc parse samples/cv815/scan.pdf --format json

web: setup-web ## set up, read the sample scans into build/web.sqlite and serve it to this machine's browser
	@mkdir -p build
	@$(BIN)/vndoc batch samples/*/scan.* --archive build/web.sqlite
	@$(BIN)/vndoc serve build/web.sqlite

test: lint ## set up, then ruff, mypy and all tests with their coverage, on two cores
	@$(PYTEST) --cov

check: lint ## before each commit: ruff, mypy and the tests that are not slow, on two cores
	@$(PYTEST) -m "not slow"

lint: setup-dev ## ruff, mypy, and who may import whom
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy --no-error-summary
	@log=$$($(BIN)/lint-imports --no-cache) || { echo "$$log"; exit 1; }

MINUTES ?= 5
FUZZ ?= all
fuzz: setup-dev ## look for inputs that break a promise, MINUTES=5 for all targets, FUZZ=pdf for one
	@$(BIN)/python -m tests.fuzz $(FUZZ) --minutes $(MINUTES)

docs: setup-dev ## the documentation as a site in site/; warnings are errors
	@$(BIN)/python -m sphinx -qW --keep-going -d build/doctrees docs site

samples: setup-dev ## make all sample documents anew
	@$(BIN)/python -m samples.generate

bench: setup-dev ## seconds a page, beside plain Tesseract
	@$(BIN)/python -m benchmarks.pages

build: setup-dev ## source archive, wheel and bill of materials in dist/; a commit gives the same bytes each time
	@export SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)}; \
	log=$$($(BIN)/python -m build --outdir dist . 2>&1) || { echo "$$log"; exit 1; }; \
	$(BIN)/python scripts/make_sbom.py --output dist/vndoc-$$($(BIN)/python -c 'import vndoc; print(vndoc.__version__)').cdx.json; ls dist

audit: setup-dev ## known vulnerabilities of the packages installed; needs the network
	@$(BIN)/python scripts/audit.py

clean: ## remove what was built, leave the virtual environment
	@rm -rf dist build site .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov

setup:
	@scripts/setup.sh demo

setup-web:
	@scripts/setup.sh web

setup-dev:
	@scripts/setup.sh dev
