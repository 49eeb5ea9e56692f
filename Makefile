# Every command works from a fresh clone: the first one installs what is missing.
PYTHON ?= python3
PORT ?= 8000
# exec: the signal that ends make must reach the program, not a shell in between.
BOOT = exec $(PYTHON) -m portal.bootstrap
BIN = .venv/bin
# Settings for tools that only load the code: no database is touched.
DEVELOPMENT = DEBUG=1 PYTHONWARNINGS=ignore
# A production installation that exists nowhere, for the deployment check.
PRODUCTION = SECRET_KEY=only-for-this-check-f7e0b1c2d3a4958677665544332211009988aabbccddeeff \
  DATABASE_URL=postgresql://kreisrund_app@db.example/kreisrund \
  DATABASE_OWNER_URL=postgresql://kreisrund_owner@db.example/kreisrund \
  ALLOWED_HOSTS=kreisrund.example EMAIL_URL=submission://mail.example:587 SITE_URL=https://kreisrund.example

.PHONY: help demo test check format bench requirements clean

help:
	@echo "make demo     start the demo on 127.0.0.1:PORT (PORT=$(PORT)); FRESH=1 starts from zero"
	@echo "make test     whole test suite; NO_BROWSER=1 leaves browser tests out; ARGS='tests/test_x.py -k y'"
	@echo "make check    formatting, lint, types, import contract, templates, migrations, translations, deployment"
	@echo "make format   format the code"
	@echo "make bench    benchmarks into .local/bench.json"

demo:
	@PORT=$(PORT) FRESH=$(FRESH) $(BOOT) -m portal.launch demo

test:
	@NO_BROWSER=$(NO_BROWSER) $(BOOT) --dev --browser -m pytest -n 2 --dist loadgroup $(ARGS)

check:
	@$(BOOT) --dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(DEVELOPMENT) $(BIN)/lint-imports
	$(DEVELOPMENT) $(BIN)/mypy
	$(BIN)/djlint --lint --quiet .
	$(DEVELOPMENT) $(BIN)/python manage.py makemigrations --check --dry-run
	$(DEVELOPMENT) $(BIN)/python manage.py check_translations
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level INFO

format:
	@$(BOOT) --dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench:
	@EMBEDDED_DATABASE=kreisrund_bench DEMO=1 $(BOOT) -m portal.launch manage bench $(ARGS)

requirements:
	$(BIN)/python -m pip install --quiet uv
	for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    --quiet $$name.in -o $$name.txt || exit 1; done

clean:
	-$(BIN)/python -m portal.embedded stop
	rm -rf .venv .local portal/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
