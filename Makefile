# One command a task; plain `make` lists them.
# Works with git, make and any Python from 3.11 on; everything else is made under .venv/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Any Python from 3.11 on will do that can make environments; name another one with `make PYTHON=python3.13 …`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

UV := .venv/tools/bin/uv
HUB := .venv/hub/bin

# What builds the site: any builder that reads mkdocs.yml can be tried here (decision D15).
SITE_BUILDER ?= $(HUB)/mkdocs build --strict --quiet
SITE_SOURCES := $(shell find docs overrides mkdocs.yml -type f -not -name '*.pyc' 2>/dev/null)
# A hook stores the shell that the service's pages stand in here, instead of publishing it.
SHELL_FOR_PAGES := api/chalicelib/templates/built

# Chalice finds chalicelib and app.py beside each other in Lambda; so does every task here.
export PYTHONPATH := $(CURDIR)/api:$(CURDIR)
export UV_COMPILE_BYTECODE := 1
# A network with a certificate authority of its own installs it in the system; uv brings its own list.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
# The builder's successor is known and weighed in CONTRIBUTING (decision D15).
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- running the hub -------------------------------------------------------------------------

.PHONY: run forget-demo
run: forget-demo setup site ## bring up the whole hub with invented people; FRESH=1, PUBLIC_PORT=, STAFF_PORT=
	@exec $(HUB)/python -m operate run $(if $(FRESH),--fresh) \
		$(if $(PUBLIC_PORT),--public-port $(PUBLIC_PORT)) $(if $(STAFF_PORT),--staff-port $(STAFF_PORT))

# Its presence means that the hub answers: one that was killed could not take it away.
forget-demo:
	@rm -f .hub/demo.json

# The name of a variable that stands in the command itself: what is left in a shell does not count.
typed = $(if $(filter command,$(firstword $(origin $(1)))),$(1))

.PHONY: import
import: setup ## load a case file into the running hub, or an account: FILE=, FORMAT=police-uk, REPORT=, STAGE=
	@[ -n "$${FILE:-}" ] || { echo "Say which file: make import FILE=cases.csv" >&2; exit 2; }
	@exec $(HUB)/python -m operate import "$$FILE" $(if $(call typed,STAGE),--stage "$$STAGE") \
		$(if $(FORMAT),--format "$$FORMAT") $(if $(REPORT),--report "$$REPORT")

.PHONY: demo-codes
demo-codes: setup ## issue codes for imported cases of the running hub, to try it at size: N=50
	@exec $(HUB)/python -m operate demo-codes $(or $(N),50)

.PHONY: bench
bench: setup site browser-ready ## print the figures that matter: building the site, import, pages, leaving
	@exec $(HUB)/python -m operate bench

.PHONY: costs
costs: setup site ## measure what people's journeys use, and print what a month on AWS costs
	@exec $(HUB)/python -m operate costs

.PHONY: recount
recount: setup ## count all promises of the running hub again and compare every figure with that
	@exec $(HUB)/python -m operate recount

.PHONY: drill
drill: setup ## rehearse a restore on a stand-in: a mistake, new tables, every item counted: ITEMS=10000, SPOIL=1
	@exec $(HUB)/python -m operate drill $(if $(ITEMS),--items "$$ITEMS") $(if $(SPOIL),--spoil)

.PHONY: due
due: setup ## list pages, rules and bank holidays to be checked within 30 days: DAYS=
	@exec $(HUB)/python -m operate due $(if $(DAYS),--days $(DAYS))

.PHONY: site
site: site/index.html ## build the guidance site and the shell that the service's pages stand in

site/index.html: .venv/hub/.made $(SITE_SOURCES)
	$(SITE_BUILDER)
	@[ -s $(SHELL_FOR_PAGES)/shell.html ] || { echo "The builder left no shell for the service's pages." >&2; exit 1; }
	touch $@

# --- AWS -------------------------------------------------------------------------------------

.PHONY: package
package: setup site ## build everything that is deployed, in build/package; HERE=1 for this machine
	@exec $(HUB)/python -m operate package $(if $(HERE),--here)

.PHONY: deploy
deploy: setup need-stage ## deploy build/package as infra/stages/<STAGE>.toml says: STAGE=
	@exec $(HUB)/python -m operate deploy "$$STAGE"

.PHONY: rollback
rollback: setup need-stage ## bring back the release before the present one: STAGE=
	@exec $(HUB)/python -m operate rollback "$$STAGE"

# Some shells have a NAME of their own, the machine's: these three count only where they are typed.
WHO := $(foreach part,ID NAME NUMBER,$(call typed,$(part)))

.PHONY: administrator
administrator: setup need-stage need-who ## make the first administrator known: STAGE=, ID=, NAME="Ash Example", NUMBER=7001
	@exec $(HUB)/python -m operate administrator -- "$$STAGE" "$$ID" "$$NAME" "$$NUMBER"

need-who:
	@[ "$(WHO)" = "ID NAME NUMBER" ] || { echo 'Say who: ID=<what the sign-in provider calls them> NAME="Ash Example" NUMBER=7001' >&2; exit 2; }

.PHONY: secret
secret: setup need-stage need-part ## keep a secret that a person brings, typed unseen: STAGE=, PART=oidc_client_secret
	@exec $(HUB)/python -m operate secret "$$STAGE" "$$PART"

.PHONY: rotate-origin
rotate-origin: setup need-stage ## give the CDN new secrets: STAGE=
	@exec $(HUB)/python -m operate rotate-origin "$$STAGE"

need-part:
	@[ -n "$${PART:-}" ] || { echo "Say which secret: PART=oidc_client_secret" >&2; exit 2; }

need-stage:
	@[ -n "$${STAGE:-}" ] || { echo "Say which deployment: STAGE=<name>, for infra/stages/<name>.toml" >&2; exit 2; }

# --- checks ----------------------------------------------------------------------------------

PYTEST := $(HUB)/python -m pytest

# Two parts take as long as each other, side by side on two cores, and the third waits more than it
# works. Each has a stand-in for AWS of its own; what all of them run counts for one coverage.
PARTS := pages rules deployed
TESTS_pages := tests/site tests/guards tests/infra tests/browser
TESTS_rules := tests/unit tests/integration
TESTS_deployed := tests/deployed
RAN := build/tests

.PHONY: test
test: setup lint types site browser-ready ## everything that CI runs
	@rm -rf $(RAN) && mkdir -p $(RAN)
	@$(MAKE) --no-print-directory --keep-going --jobs=3 $(PARTS:%=part-%) && failed=0 || failed=$$?; \
	$(HUB)/coverage combine --quiet $(RAN) && $(HUB)/coverage report || failed=$$?; \
	echo "What each part says at its end:"; \
	grep -hE '^(FAILED|ERROR|MESSAGE) |^=+ .+ in [0-9.]+s.* =+$$' $(PARTS:%=$(RAN)/%.log) || failed=$$?; \
	exit $$failed

# Every line says whose it is, since two of them talk at a time; a whole report is in build/tests/.
part-%:
	@COVERAGE_FILE=$(RAN)/.coverage.$* $(PYTEST) $(TESTS_$*) -o cache_dir=$(RAN)/cache-$* \
		--cov --cov-report= --durations=15 2>&1 | tee $(RAN)/$*.log | sed --unbuffered 's/^/$*: /'

.PHONY: lint
lint: .venv/hub/.made ## style, templates, security, import directions; and lint-infra
	$(HUB)/ruff check
	$(HUB)/ruff format --check
	$(HUB)/djlint --quiet --lint api/chalicelib/templates overrides
	$(HUB)/bandit --quiet --configfile pyproject.toml --recursive api operate overrides
	cd api && ../$(HUB)/lint-imports --config ../pyproject.toml
	@$(MAKE) --no-print-directory lint-infra

# Nobody's own settings count: a key at home or in the environment would make checkov call out. It
# also asks for newer versions of itself, whatever its configuration says, unless told not to.
INFRA := env -u BC_API_KEY -u PRISMA_API_URL -u PYTHONPATH HOME=$(CURDIR)/build \
	CKV_SKIP_PACKAGE_UPDATE_CHECK=true .venv/infra/bin

# All four as they are deployed, since Chalice and SAM make half of two of them. checkov shrugs at a
# file that it cannot read; here that is a failure.
.PHONY: lint-infra
lint-infra: .venv/infra/.made .venv/hub/.made site/index.html ## cfn-lint and checkov, offline: all stacks as deployed, or TEMPLATES=
	@rm -rf build/templates; $(HUB)/python -m operate templates build/templates
	@templates=($(or $(TEMPLATES),build/templates/*.json)); \
	$(INFRA)/cfn-lint --config-file infra/.cfnlintrc.yaml -- "$${templates[@]}"; \
	$(INFRA)/checkov --config-file infra/.checkov.yaml --file "$${templates[@]}" 2>&1 | tee build/checkov.txt; \
	grep '^Passed checks: [1-9]' build/checkov.txt | grep -qv 'Parsing errors' || \
		{ echo "checkov could not read a template, or found nothing in it to check." >&2; exit 1; }

.PHONY: types
types: .venv/hub/.made ## mypy, strict
	$(HUB)/mypy api operate overrides tests

.PHONY: unit
unit: setup site ## rules, services, forms; and the rules about the code itself
	$(PYTEST) tests/unit tests/guards

.PHONY: integration
integration: setup site ## stores and whole requests, against the stand-in
	$(PYTEST) tests/integration

.PHONY: browser
browser: setup site browser-ready ## people's journeys in Chromium
	$(PYTEST) tests/browser

.PHONY: real-month
real-month: setup site ## import a real month and count it independently: REAL_MONTHS=folder of data.police.uk files
	$(PYTEST) tests/real_month

.PHONY: browser-ready
browser-ready: .venv/hub/.made
	@$(HUB)/python -m operate.browser

.PHONY: clean
clean: ## remove what was built; the environments and the running hub's data stay
	rm -rf site build $(SHELL_FOR_PAGES) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

# --- environments ----------------------------------------------------------------------------

.PHONY: setup
setup: .venv/hub/.made .venv/stand-in/.made ## make the environments under .venv/ (every task does this itself)

.venv/tools/.made: requirements/tools.txt
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer, with its venv module, is needed and was not found. Install it (Debian: python3 python3-venv), or name it: make PYTHON=…" >&2; exit 2; }
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
	cd requirements && for name in tools stand-in api hub infra; do \
		../$(UV) pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
			--exclude-newer '7 days' --generate-hashes --no-header --no-emit-index-url \
			$$name.in -o $$name.txt >/dev/null; done
