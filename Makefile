# Join Us. `make` alone says what there is.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/python
PYTEST := $(RUN) -m pytest -n logical --dist worksteal -q
PORT ?= 8000
SEED ?= 7
ARGS ?=
PEOPLE ?= 1000,100000
comma := ,

.PHONY: help environment demo stop test deep check format screens requirements house messages lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

environment:
	@$(PYTHON) joinus/bootstrap.py $(or $(PURPOSE),demo)

demo: environment ## a living programme in the browser; RESET=1 starts anew, PORT=8000
	@exec env PORT=$(PORT) RESET=$(RESET) $(RUN) -m joinus.demo.run

stop: ## stop the demo and every embedded server of this checkout, from anywhere
	@if [ -x $(RUN) ]; then $(RUN) -m joinus.demo.stop; fi

test: PURPOSE = test
test: environment ## the suite on real PostgreSQL and Valkey, browser included; its ten slowest
	@$(PYTEST) --durations=10 $(ARGS)

deep: PURPOSE = test
deep: environment ## the long proofs
	@$(PYTEST) -m deep $(ARGS)

check: environment ## format, lint, types, imports, migrations, translations, templates, house
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/deptry .
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m tests.migration_lint
	$(RUN) manage.py messages --check
	$(RUN) -m tests.house_page --check
	.venv/bin/djlint --lint --quiet templates
	$(RUN) -m mypy

format: ## put the code in the house's format
	$(RUN) -m ruff format . ; $(RUN) -m ruff check --fix .

screens: PURPOSE = test
screens: environment ## pictures of every page and role, in screens/
	$(RUN) -m tests.screens $(ARGS)

.PHONY: bench
bench: environment ## what pages, the sweep and mails cost; PEOPLE=1000,100000 PEOPLE=1000000
	@$(RUN) -m joinus.bench $(subst $(comma), ,$(PEOPLE)) $(ARGS)

.PHONY: mutants
mutants: PURPOSE = test
mutants: environment ## does the suite see a flaw, and a rule that is gone; SEED=7 draws others
	@$(RUN) -m tests.mutants --seed $(SEED) $(ARGS)

requirements: environment ## the ledger with the tests that prove each line
	@$(RUN) -m tests.ledger

house: environment ## draw docs/house.md from the code
	@$(RUN) -m tests.house_page

messages: environment ## collect the strings to translate, and compile the catalogues
	$(RUN) manage.py messages
	$(RUN) manage.py messages --compile

lock: environment ## resolve anew and export the hashed requirements
	.venv/bin/uv lock --upgrade
	.venv/bin/uv export -q --no-dev -o requirements/production.txt
	.venv/bin/uv export -q --no-dev --group demo -o requirements/demo.txt
	.venv/bin/uv export -q --all-groups -o requirements/dev.txt
