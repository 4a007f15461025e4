# Every target works on a fresh machine that has only Python 3.11+ (and make). `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-bench
SERVE ?= 1
RUNS ?= 200
SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo run stop test check lint screenshots soak chaos bench

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## install what the project needs into .venv

$(VENV)/.installed: requirements.txt requirements-traces.txt requirements-llm.txt requirements-cards.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "AICMO needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: setup ## run the main job on a sample intake, then serve the desk (SERVE=0: end after printing)
	@$(BIN)/python manage.py demo samples/intake_dental_clinic.json $(if $(filter 0,$(SERVE)),--no-serve)

run: setup ## serve web, workers and beat until Ctrl-C
	@$(BIN)/python manage.py serve

stop: ## end the embedded PostgreSQL and Redis of this checkout
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m aicmo_site.embedded stop; fi

test: setup ## run the whole test-suite, in two halves side by side
	$(BIN)/python -m aicmo_site.tests.side_by_side

lint: setup ## format and lint checks, module borders, Django checks, migrations in step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

check: lint test ## everything CI asks for

screenshots: setup ## take the pictures of the README anew, with a real browser
	$(BIN)/pytest -q aicmo_site/tests/screenshots.py

soak: setup ## 200 runs of the main job, one in four made to fail, then the audit
	$(BIN)/python -m bench.soak $(RUNS)

chaos: setup ## kill, freeze, cut and lie, then count what was lost (FAULT=F7,F14 or MAIL RUNS=a fault SEED=n SEEDED=1)
	@$(BIN)/python -m bench.chaos --fault "$(FAULT)" --seed $(SEED) $(if $(filter command line environment,$(origin RUNS)),--runs $(RUNS)) $(if $(filter 1,$(SEEDED)),--seeded)

bench: setup $(PEERS)/.installed ## figures beside their goals, dbos and celery-saga alongside (ONLY=engine|peers|content|growth|leads|classify|portal|logins RUNS=at once ROWS=finished runs or leads)
	@$(BIN)/python -m bench $(ONLY) $(if $(filter command line environment,$(origin RUNS)),--runs $(RUNS)) $(if $(ROWS),--rows $(ROWS))

$(PEERS)/.installed: requirements-bench.txt constraints-bench.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
