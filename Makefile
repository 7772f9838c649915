# The verbs of this repository; `make help` lists them.
# What belongs here: how the environment is made, and one line per verb. Work itself lives in the hulian command.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.current

# The first interpreter that the lock was resolved for and that can make an environment with pip in it.
USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(if $(shell $(p) -c '$(USABLE)' 2>/dev/null && echo yes),$(p))))

# One tier of tests instead of all: make test TIER=unit (unit, spec, conventions, pipeline, faults).
TIER ?=
# All of them run as two lots side by side: whole days leave a core idle, and so do tables.
LOTS := tests-of-tables tests-of-days

.PHONY: help env demo test $(LOTS) check format up bench lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP) ## .venv from the lock (does nothing when it is current)

# uv installs the lock in about a third of pip's time; it comes by pip from the same lock, its hash checked.
# pip does the rest itself where uv cannot reach the index (uv does not read pip's configuration).
$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed (Debian, Ubuntu: apt install python3 python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^ /p}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock \
	  || { echo "uv could not install the lock; pip tries" >&2; $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: env ## make the demo county, run its day, print what was found and where to look
	@$(BIN)/hulian demo

test: env ## all tests (TIER=unit|spec|conventions|pipeline|faults for one)
	@$(if $(TIER),$(BIN)/python -m pytest tests/$(TIER),$(MAKE) --no-print-directory --keep-going --output-sync=line --jobs=2 $(LOTS))

tests-of-tables:
	@$(BIN)/python -m pytest tests/conventions tests/spec tests/unit

tests-of-days:
	@$(BIN)/python -m pytest -p no:cacheprovider tests/pipeline tests/faults

check: env ## format, lint, types, contracts, policies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/hulian contracts check
	@$(BIN)/hulian policies check

format: env ## rewrite the code as ruff formats it
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

up: env ## Dagster's pages, schedules and sensors
	@$(BIN)/hulian up

bench: env ## speed, memory and accuracy
	@$(BIN)/hulian bench --peers

lock: env ## resolve pyproject.toml anew into requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade --generate-hashes \
	  --no-strip-extras --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

clean: ## remove the environment and caches (never .hulian, which holds the county's data)
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info dbt_project/target dbt_project/logs
	@find ingest linkage expectations orchestration tests -type d -name __pycache__ -prune -exec rm -rf {} +
