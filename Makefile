# Every target sets up what it needs. `make demo` runs the platform; `make test` checks everything.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help
help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.PHONY: lock
lock: $(BIN)/uv  ## Pin the newest fitting versions of every dependency, with hashes
	$(BIN)/uv pip compile --python-version 3.11 --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    pyproject.toml --extra embedded --extra build -o requirements.txt
	$(BIN)/uv pip compile --python-version 3.11 --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    pyproject.toml --extra embedded --extra build --extra dev -o requirements-dev.txt
