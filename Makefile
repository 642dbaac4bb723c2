# The commands of the house. `make demo` and `make test` are all that a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint types contracts unit e2e bench lock nightly mutants clean environment

help:  ## what there is
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

demo:  ## the demonstration fund on this machine (PORT=8000, RESET=1 begins anew)
	@$(PYTHON) scripts/demo.py $(if $(RESET),--reset)

test:  ## everything that must hold: lint, types, contracts, tests, migrations, settings
	@$(PYTHON) scripts/check.py

lint: environment  ## ruff, djlint, codespell
	@$(BIN)/python scripts/check.py lint

types: environment  ## mypy --strict
	@$(BIN)/python scripts/check.py types

contracts: environment  ## which way the imports point
	@$(BIN)/python scripts/check.py contracts

unit: environment  ## the tests that need no server
	@$(BIN)/python -m pytest tests/unit tests/property -q

e2e: environment  ## whole stories in a real browser
	@$(BIN)/python -m pytest tests/e2e -q

bench:  ## the ledger beside its peers, and the pages: docs/benchmarks*.md (LINES="--lines 100000", PGLEDGER_SQL=path)
	@$(PYTHON) -m venv var/bench
	@var/bench/bin/pip install --quiet --require-hashes -r requirements/bench.txt
	@var/bench/bin/python -m tests.bench.ledger_bench $(or $(LINES),--lines 10000 --lines 100000 --lines 1000000 --lines 10000000)
	@var/bench/bin/python -m tests.bench.pages_bench

nightly: environment  ## the laws of property tests, ten thousand examples each
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest tests/property -q

mutants: environment  ## does a test notice when the rules of the books are changed?
	@TRUSTFUND_WITHOUT_SERVERS=1 DEBUG=1 $(BIN)/python -m mutmut run
	@$(BIN)/python -m scripts.mutate_operations

lock:  ## write requirements/*.txt anew from *.in, with hashes (needs uv)
	@for name in runtime dev bench; do uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --quiet requirements/$$name.in -o requirements/$$name.txt; done

clean:  ## remove the environment, the caches and the demonstration's data
	rm -rf .venv var node_modules trustfund/static/vendor .mypy_cache .ruff_cache .hypothesis mutants

environment:
	@$(PYTHON) scripts/environment.py dev
