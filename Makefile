# make run · make test · make lint · make bench: each sets up what it needs, and a second time takes seconds.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run test test-postgres test-cluster lint bench bench-ingest bench-search soak quality requirements
.DEFAULT_GOAL := run

.venv/runtime: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ 

run: .venv/runtime
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) ingest sample
	$(MANAGE) serve --port $(PORT)

# Each worker begins with half of the suite in its order, so that what a module makes once is made once.
test: .venv/dev
	$(BIN)/python -m pytest -n auto --dist worksteal

# The suite on a private PostgreSQL, made of this machine's binaries and gone afterwards. Left out is what never touches
# the database (cleaning rules, readers, quality but for the links of names) and the browser, whose site is the same
# whatever lies below it.
WITHOUT_DATABASE := tests/ingest/cleaning tests/ingest/readers tests/browser \
	$(filter-out tests/quality/test_links.py,$(wildcard tests/quality/test_*.py))
test-postgres: .venv/dev
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n auto --dist worksteal $(addprefix --ignore=,$(WITHOUT_DATABASE))

# Contract, chaos and rebuild on three OpenSearch nodes, run from published jars (Java 17, Maven).
test-cluster: .venv/dev
	$(BIN)/python -m pytest tests/cluster

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run

quality: .venv/dev
	$(BIN)/python -m pytest -m quality tests/quality -s

bench: .venv/dev
	for bench in bench/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# Everything at once for half an hour, by hand: eight readers, an ingest, a rebuild, an editor.
MINUTES ?= 30
soak: .venv/dev
	$(BIN)/python bench/soak.py --minutes $(MINUTES)

bench-ingest: .venv/dev
	$(BIN)/python bench/bench_ingest.py

# Pages of results against the engines one would otherwise take; the bars are meant at 100,000 articles.
DOCUMENTS ?= 20000
bench-search: .venv/dev
	$(BIN)/python bench/bench_search.py --documents $(DOCUMENTS)

# Resolve the .in files anew; commit the result.
requirements: .venv/dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements-cluster.in -o requirements-cluster.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements-dev.in -o requirements-dev.txt
