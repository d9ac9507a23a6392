# Two commands do all the set-up: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test second-opinion check clean

demo: .venv/ready
	$(BIN)/cdisc-aclf demo

test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist worksteal

# ADaM computed twice, by the mappings and by SQL and lifelines, over many simulated studies
second-opinion: STUDIES ?= 200
second-opinion: .venv/ready
	SECOND_OPINION_STUDIES=$(STUDIES) $(BIN)/python -m pytest tests/second_opinion

# lint, types and import contracts
check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
