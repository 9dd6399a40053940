# Two commands do all the set-up: `make demo` and `make test`. PYTHON=... chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-long test-extras check format bench pages docs clean

$(VENV)/.installed: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "villagesim needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`. Choose another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@begun=$$(date +%s); \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' && \
	  touch $@ && echo "installed in $$(( $$(date +%s) - begun )) s"

demo: $(VENV)/.installed
	@rm -rf out/zhangqiu
	$(BIN)/villagesim compare scenarios/zhangqiu.toml --out out/zhangqiu

test: $(VENV)/.installed
	$(BIN)/python -m pytest -m "not long and not extras" -n 2

test-long: $(VENV)/.installed
	$(BIN)/python -m pytest -m long

test-extras: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dask,calibration,discovery]'
	$(BIN)/python -m pytest -m extras

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/replication.py
	$(BIN)/python benchmarks/reduced_model.py
	$(BIN)/python benchmarks/runner.py

pages: $(VENV)/.installed  # the figure and the measured tables of the documentation
	$(BIN)/python experiments/sanity_bands.py
	$(BIN)/python experiments/core_figures.py
	$(BIN)/python experiments/variance_ratios.py
	$(BIN)/python experiments/channels.py

docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(BIN)/python -m sphinx -W -b html docs docs/_build/html

clean:
	rm -rf $(VENV) out build docs/_build
