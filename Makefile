# The commands of a developer. `make help` lists them; `check` is what CI runs beside the tests.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
PYTHON := $(BIN)/python
ALEMBIC = $(BIN)/alembic --name $(R)
# Every section of alembic.ini is a database.
DATABASES := $(shell sed -n 's/^\[\([a-z_]*\)\]$$/\1/p' alembic.ini)
# Alembic gives each migration a transaction; squawk takes only the first of a file for one, so it is
# told. Left out: Alembic's own table has a varchar; our migrations bound the wait for locks, not
# their own work; small numbers (days, ranks, versions) have small columns.
SQUAWK_WITHOUT := prefer-text-field,require-statement-timeout,prefer-bigint-over-int,prefer-bigint-over-smallint
READY := .venv/natdb-requirements-dev.lock

.PHONY: help setup fmt format-check lint types imports test test-unit test-one db migrate revision \
	migrations-check squawk serve docs docs-check check

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## Make .venv with everything that developing needs
	@./natdb setup

$(READY): requirements.lock requirements-dev.lock
	@./natdb setup
	@touch $(READY)

fmt: $(READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

format-check: $(READY) ## Is everything formatted?
	$(BIN)/ruff format --check .

lint: $(READY) ## Look for mistakes and breaches of style
	$(BIN)/ruff check .

types: $(READY) ## Check the types
	$(BIN)/mypy

imports: $(READY) ## Check who imports whom
	$(BIN)/lint-imports

test: ## Run all tests on a cluster of their own
	./natdb test

test-unit: $(READY) ## Run the tests that need no database
	$(PYTHON) -m pytest tests/unit

test-one: ## Run some tests: make test-one T=tests/unit/…
	@test -n "$(T)" || { echo "Say which: make test-one T=tests/unit/…" >&2; exit 2; }
	./natdb test $(T)

db: ## Show the state of all databases
	./natdb migrations

migrate: ## Bring databases to the newest revision; one with R=population
	./natdb migrate $(R)

revision: $(READY) ## Write a new revision: make revision R=population M="add a column"
	@test -n "$(R)" -a -n "$(M)" || { echo 'Say which: make revision R=population M="…"' >&2; exit 2; }
	@head=$$(cat migrations/$(R)/HEAD 2>/dev/null || echo 0); \
	next=$$(printf '%04d' $$(expr "$$head" + 1)); \
	$(ALEMBIC) revision --autogenerate --rev-id "$$next" -m "$(M)" && echo "$$next" > migrations/$(R)/HEAD

migrations-check: $(READY) ## Do tables and migrations agree? Needs databases that run (./natdb up)
	@for database in $(DATABASES); do echo "== $$database"; $(BIN)/alembic --name $$database check || exit 1; done

squawk: $(READY) ## Look for migrations that would lock or lose something
	@for database in $(DATABASES); do \
		sql=$$($(BIN)/alembic --name $$database upgrade head --sql) || exit 1; \
		printf '%s\n' "$$sql" | grep -qi 'create table' || \
			{ echo "The migrations of $$database give no SQL to check." >&2; exit 1; }; \
		echo "== $$database"; \
		printf '%s\n' "$$sql" | grep -vxE 'BEGIN;|COMMIT;' | \
			$(BIN)/squawk --assume-in-transaction --pg-version 15 --exclude $(SQUAWK_WITHOUT) || exit 1; \
	done

serve: ## Start databases, API and workers
	./natdb up

docs: $(READY) ## Write the generated documents anew
	$(PYTHON) -m command_line.main docs

docs-check: $(READY) ## Are the generated documents up to date?
	$(PYTHON) -m command_line.main docs --check

check: format-check lint types imports docs-check squawk ## All of CI but the tests
