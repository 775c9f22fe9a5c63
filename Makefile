# Two commands do everything: `make run` and `make test`.  `make help` lists the rest.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test test-all check accuracy peers build outlines lock clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/installed ## build the sample digests and serve the map on http://localhost:$(PORT)
	@exec $(BIN)/frontline serve --port $(PORT) --headless

test: .venv/installed-dev ## lint, types, curated data, tests (under six minutes on two cores)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/frontline check
	$(BIN)/pytest -n 2 -m "not slow"

test-all: .venv/installed-dev ## the same, with the slow families
	$(MAKE) test
	$(BIN)/pytest -n 2 -m slow

check: .venv/installed-dev ## lint, types and every promise about the curated data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/frontline check

accuracy: .venv/installed-dev ## how right the program is on annotated digests, if they are there
	$(BIN)/python tests/benchmarks/accuracy/measure.py

peers: .venv-peers/installed ## other programs that find places in texts, on the same annotated digests
	.venv-peers/bin/python tests/benchmarks/peers/measure.py

build: .venv/installed ## rebuild data/events.geojson from data/digests
	$(BIN)/frontline build data/digests --out build/sample
	cp build/sample/events.geojson data/events.geojson

outlines: .venv/installed ## compute the outlines of raions and oblasts anew from gazetteer/places
	$(BIN)/python -m geo.curation.outlining

lock: ## compile the locks anew (needs uv)
	uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra web --group build --group dev $(LOCK) -o requirements-dev.lock
	uv pip compile --group peers -c requirements.lock $(LOCK) -o requirements-peers.lock
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

# Pinned versions with hashes first, then the project itself without looking anything up.
.venv/bin/python:
	$(PYTHON) -m venv .venv
.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@touch $@
.venv/installed-dev: requirements-dev.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock
	@touch $@

# The peers live apart: nothing of theirs is installed beside the program or its tests.
.venv-peers/installed: requirements.lock requirements-peers.lock pyproject.toml
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock -r requirements-peers.lock
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@touch $@

clean: ## remove what was installed and built
	rm -rf .venv .venv-peers build dist
