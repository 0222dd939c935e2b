# One command a task; plain `make` lists them.
# Works with git, make and any Python from 3.11 on; everything else is made under .venv/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Any Python from 3.11 on will do; name another one with `make PYTHON=python3.13 …`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

UV := .venv/tools/bin/uv
HUB := .venv/hub/bin
STAND_IN := .venv/stand-in/bin

export UV_COMPILE_BYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- environments ----------------------------------------------------------------------------

.PHONY: setup
setup: .venv/hub/.made .venv/stand-in/.made ## make the environments under .venv/ (every task does this itself)

.venv/tools/.made: requirements/tools.txt
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and was not found. Install it, or name it: make PYTHON=…" >&2; exit 2; }
	rm -rf .venv/tools
	$(PYTHON) -m venv .venv/tools
	.venv/tools/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

.venv/%/.made: requirements/%.txt .venv/tools/.made
	rm -rf .venv/$*
	$(UV) venv --quiet --no-project --python .venv/tools/bin/python .venv/$*
	VIRTUAL_ENV=.venv/$* $(UV) pip sync --quiet --require-hashes $<
	touch $@

.PHONY: lock
lock: .venv/tools/.made ## compile requirements/*.txt anew, with nothing younger than a week
	cd requirements && for name in tools stand-in api hub; do \
		../$(UV) pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
			--exclude-newer '7 days' --generate-hashes --no-header --no-emit-index-url \
			$$name.in -o $$name.txt >/dev/null; done
