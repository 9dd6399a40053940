# Two commands do all the set-up: `make demo` and `make test`. PYTHON=... chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PYTHON_NEWEST ?= python3.13
LOWEST := .lowest
NEWEST := .newest

# Tests start Python many times, and pytest rewrites every assertion: what is compiled is kept, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: everything demo record test fuzz test-long test-extras test-lowest test-newest check format bench bench-peers cohort pages figures gallery tables outputs docs clean experiments-quick experiments-full experiments-extras answers coverage histories evidence evidence-check

$(VENV)/.installed: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "villagesim needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`. Choose another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@begun=$$(date +%s); \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' && \
	  touch $@ && echo "installed in $$(( $$(date +%s) - begun )) s"

DEMO := $(BIN)/villagesim compare scenarios/zhangqiu.toml --out out/zhangqiu --strategies "five integrations,land trust,clean-up" \
  --strategies "three changes" --strategies "1226" --strategies "1226, lists" --strategies "both steps, lists"
demo: $(VENV)/.installed  # a first figure of few replications, then the same folder with more
	@rm -rf out/zhangqiu
	@begun=$$(date +%s); $(DEMO) --quiet --replications 2 && \
	  echo "A first figure after $$(( $$(date +%s) - begun )) s, of 2 replications: out/zhangqiu/figures/differences.png. More follow."
	$(DEMO) --resume

test: $(VENV)/.installed
	$(BIN)/python -m pytest -m "not long and not extras" -n 2 --dist worksteal

SEED ?= $(shell date +%s)
fuzz: $(VENV)/.installed  # 20,000 damaged or made-up files and folders; some of each kind are in `make test` too
	@echo "make fuzz SEED=$(SEED) tries the same again"
	FUZZ=all $(BIN)/python -m pytest tests/fuzz --hypothesis-seed=$(SEED)

test-long: $(VENV)/.installed
	$(BIN)/python -m pytest -m long

test-extras: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dask,calibration,discovery,browser,explore]'
	$(BIN)/python -m playwright install --with-deps chromium || command -v chromium  # for the pages of `villagesim report` and `explore`
	$(BIN)/python -m pytest -m extras

test-lowest:  # by hand, before a release: the lowest versions that setup.cfg allows, on the lowest Python
	rm -rf $(LOWEST) && $(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python tests/lowest.py setup.cfg > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' -c $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pytest -m "not long and not extras" -n 2 --dist worksteal

test-newest:  # by hand, before a release: the newest versions there are, on PYTHON_NEWEST
	rm -rf $(NEWEST) && $(PYTHON_NEWEST) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --editable '.[test]'
	$(NEWEST)/bin/python -m pytest -m "not long and not extras" -n 2 --dist worksteal

record: $(VENV)/.installed  # what every shipped strategy gives, after a change of results
	$(BIN)/python tests/record/make.py

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed  # all goals of speed, and whether each is met; docs/yardstick.md
	$(BIN)/python benchmarks/yardstick.py

PEERS := .peers
bench-peers:  # the same work in other libraries, in an environment of its own
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable . mesa agentpy ciw salabim simulsi numba
	$(PEERS)/bin/python benchmarks/peers/side_by_side.py

coverage: $(VENV)/.installed  # how often intervals of differences hold the truth, on runs made anew; docs/promises.md
	$(BIN)/python benchmarks/coverage.py

histories: $(VENV)/.installed  # who became what in 301 counties: what is measured, and which goals are met
	$(BIN)/python benchmarks/who_became_what.py

pages: $(VENV)/.installed  # the figure and the measured tables of the documentation
	$(BIN)/python experiments/headline.py
	rm -rf out/one_town && $(BIN)/villagesim compare packaged:one_town --replications 30 --figures png --out out/one_town
	cp out/one_town/figures/differences.png docs/figures/one_town.png
	$(BIN)/villagesim report out/one_town && $(BIN)/python experiments/report_picture.py out/one_town/report.html
	$(BIN)/python experiments/sanity_bands.py
	$(BIN)/python experiments/targets_elsewhere.py
	rm -rf out/worth && $(BIN)/villagesim worth packaged:zhangqiu --draws 240 --out out/worth \
	  --strategies "five integrations,land trust,clean-up,four together,three changes,1226" --strategies "both steps, lists"
	$(BIN)/python experiments/worth_page.py out/worth
	$(BIN)/python experiments/core_figures.py
	$(BIN)/python experiments/variance_ratios.py
	$(BIN)/python experiments/channels.py
	$(BIN)/python experiments/limits.py
	$(BIN)/villagesim map packaged:370114_2020 packaged:370114_2021 --out out/map
	cp out/map/history.png docs/figures/who_became_what.png

everything: evidence pages cohort answers  # all figures and measured pages of docs/ anew: hours

cohort: $(VENV)/.installed  # one question over four places and fifty counties: docs/cohort.md
	$(BIN)/python experiments/cohort_page.py out

evidence: $(VENV)/.installed  # posterior of all published numbers that may set values, what it foretells, their pages, and the forecast on record again
	$(BIN)/python experiments/calibration.py out/evidence
	rm -rf out/validate out/validate-posterior
	$(BIN)/villagesim validate --yes --out out/validate
	$(BIN)/villagesim validate --posterior --yes --out out/validate-posterior
	$(BIN)/python experiments/validation_page.py out/validate out/validate-posterior
	rm -rf out/forecast && $(BIN)/python experiments/forecast.py 2026-11-29

evidence-check: $(VENV)/.installed  # the rank test of that posterior, 200 planted cases; runs of `make evidence` are used again
	PYTHONPATH=experiments $(BIN)/python benchmarks/planted_cases.py out/evidence

figures: $(VENV)/.installed  # figures of docs/ that stored answers are enough for: nothing is run
	$(BIN)/python experiments/figures.py out

tables: $(VENV)/.installed  # tables of docs/ that are made from the code
	$(BIN)/python -m villagesim.reference.tables README.md docs/*.md

outputs: $(VENV)/.installed  # what the code of docs/ prints, where a page shows it
	OUTPUTS=write $(BIN)/python -m pytest tests/docs/test_documentation.py -k prints

QUESTIONS := what_the_rise_is_made_of which_lever_carries_1226 how_high_a_floor_can_be merge_accounts_or_freeze_rights \
  how_many_facilitators_and_mediators target_the_weak_or_the_strong what_ranking_buys \
  which_assumptions_decide_the_ranking honest_growth_or_top_ups best_use_of_50_million \
  earlier_or_later what_is_booked order_consent_or_freeze

experiments-quick: $(VENV)/.installed  # the thirteen questions of docs/experiments.md, on a small place
	@for question in $(QUESTIONS); do rm -rf out/$$question && $(BIN)/villagesim ask experiments/$$question.py --allow-code || exit 1; done

experiments-full: $(VENV)/.installed  # the same on Zhangqiu
	@for question in $(QUESTIONS); do \
	  rm -rf out/full/$$question && \
	  $(BIN)/villagesim ask experiments/$$question.py --allow-code --full --yes --out out/full/$$question || exit 1; done

answers: experiments-full  # docs/answers.md, from the full versions
	$(BIN)/python experiments/answers.py out/full $(QUESTIONS)
	$(BIN)/python experiments/gallery.py

gallery: $(VENV)/.installed  # docs/gallery.md, from the pages and figures that are there: nothing is run
	$(BIN)/python experiments/gallery.py

experiments-extras: $(VENV)/.installed  # the examples that need more libraries
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[calibration,discovery]'
	rm -rf out/when_income_stays_low out/what_figures_say
	$(BIN)/villagesim discover experiments/examples/when_income_stays_low.toml --out out/when_income_stays_low
	$(BIN)/villagesim calibrate experiments/examples/what_figures_say.toml --out out/what_figures_say

docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(BIN)/python -m sphinx -W -b html docs docs/_build/html

clean:
	rm -rf $(VENV) $(LOWEST) $(NEWEST) $(PEERS) out build docs/_build
