# Two commands are enough: `make demo` and `make test`. Everything runs in .venv, which make creates.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DEV    := $(VENV)/.ready-dev

help:  ## this page
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY)  ## rate real O*NET tasks with embedded models, no key: demo/results.duckdb, demo/index.html (SMALL=1: 0.1 GB)
	$(BIN)/scorer demo $(if $(FRESH),,--known results.duckdb) $(if $(SMALL),--small)

reference: $(READY)  ## make the tracked results.duckdb anew, starting from the ratings in it (SMALL=1: the smallest model alone)
	$(BIN)/scorer demo --dir reference --reference results.duckdb $(if $(SMALL),--small)

test: $(DEV)  ## run the tests; pulls the pinned catalogue and weights that they need
	$(BIN)/scorer artefacts pull onet-26.1 onet-26.1-skills smollm2-135m-instruct
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

check: $(DEV)  ## format, lint, types, floors and doors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)  ## let the formatter and the linter mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(DEV)  ## make the generated pages anew: command line, tables, Python interface
	$(BIN)/python docs/generate.py

figures: $(DEV)  ## measure speed, limits, kills and clusters on a quiet machine (half an hour): the tables of the pages anew
	$(BIN)/python benchmarks/run.py --keep
	$(BIN)/python benchmarks/soak.py --keep
	$(BIN)/python benchmarks/batches.py --cells 60000 --keep
	$(BIN)/python benchmarks/cluster.py --keep
	$(BIN)/python docs/generate.py

docs-site: $(DEV)  ## build the documentation site, strictly: build/site/index.html
	$(BIN)/python docs/build_site.py

screenshots: $(DEV)  ## make docs/images anew from results.duckdb, with a headless Chromium
	$(BIN)/scorer artefacts pull onet-26.1
	$(BIN)/python docs/screenshots.py

bench: $(DEV)  ## measure the engine and the store, as ratios in one run
	$(BIN)/python benchmarks/run.py

simulate: $(DEV)  ## simulate every interval and write docs/simulations.md anew
	$(BIN)/python benchmarks/simulate.py

bench-embedded: $(DEV)  ## measure the embedded raters against the published human labels
	$(BIN)/python benchmarks/embedded.py

soak: $(DEV)  ## keep to a limit for minutes, rate among faults, be killed and go on, on one machine, by batches, on two nodes
	$(BIN)/python benchmarks/soak.py
	$(BIN)/python benchmarks/batches.py
	$(BIN)/python benchmarks/cluster.py
	SCORER_PUBLICATIONS=100 $(BIN)/pytest -q --timeout=1200 tests/publish/test_readers.py -k half

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(READY): $(BIN)/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[embedded]'
	touch $@

$(DEV): $(BIN)/python pyproject.toml dev.lock
	$(BIN)/pip install --quiet --editable '.[embedded,ray]' --group dev --constraint dev.lock
	touch $@ $(READY)

lock: $(DEV)  ## write dev.lock anew: the versions that development and CI use
	$(BIN)/pip install --quiet --upgrade --editable '.[embedded,ray]' --group dev
	$(BIN)/pip freeze --quiet --exclude-editable > dev.lock

.PHONY: help demo reference test check format docs figures docs-site screenshots bench bench-embedded simulate soak lock
