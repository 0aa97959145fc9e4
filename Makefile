# `make demo` sets everything up and runs Littoral; `make test` sets everything up and tests it.
# Each set-up step leaves a stamp in .make/, so that a second call is quick.
PY     ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := .make
WEB    := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/test-results/*' -not -path '*/e2e/*' -not -path '*/bench/*' 2>/dev/null)
MINUTES ?= 0
QUICK   ?=
NAME    ?=

.PHONY: demo test lint audit bench dist setup web browser clean contracts

$(STAMP)/venv: pyproject.toml requirements.lock
	@mkdir -p $(STAMP)
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

$(STAMP)/npm: web/package.json web/package-lock.json
	@mkdir -p $(STAMP)
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMP)/web: $(STAMP)/npm $(WEB)
	cd web && npm run --silent build
	@touch $@

# Headless browser and Chinese fonts, for the tests of the page alone; as root they install themselves.
$(STAMP)/browser: tools/browser.sh
	@mkdir -p $(STAMP)
	tools/browser.sh
	@touch $@

# PostgreSQL's server, for the tests of the records alone.
$(STAMP)/postgres: tools/postgres.sh
	@mkdir -p $(STAMP)
	tools/postgres.sh
	@touch $@

# ClamAV's clamd, for the tests of the virus scanner alone.
$(STAMP)/clamav: tools/clamav.sh
	@mkdir -p $(STAMP)
	tools/clamav.sh
	@touch $@

# Other decoders, for the decode bench alone, and not for its quick form: building takes minutes.
$(STAMP)/peers: $(STAMP)/venv tools/peers.sh
	tools/peers.sh $(BIN)/python
	@touch $@

# Fuzzers, for the fuzz bench alone.
$(STAMP)/fuzz-tools: $(STAMP)/venv tools/fuzzers.sh tools/fuzzers.txt
	tools/fuzzers.sh $(BIN)/python $(STAMP)/fuzzers
	@touch $@

setup: $(STAMP)/venv $(STAMP)/web

web: $(STAMP)/web

browser: $(STAMP)/browser

demo: setup
	$(BIN)/littoral demo --minutes $(MINUTES)

lint: $(STAMP)/venv $(STAMP)/npm
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests tools bench
	$(BIN)/mypy
	$(BIN)/python tools/layers.py
	$(BIN)/python tools/tidy.py
	cd web && npm run --silent check

test: setup lint $(STAMP)/browser $(STAMP)/postgres $(STAMP)/clamav
	$(BIN)/python -m pytest -n auto --dist loadfile
	cd web && npm run --silent test
	cd web && npm run --silent e2e

# The bench of the page needs the page and a browser, that of decoding its peers, that of fuzzing its
# fuzzers.
bench: $(STAMP)/venv $(if $(filter map clicks shift replay,$(NAME)),$(STAMP)/web $(STAMP)/browser) \
    $(if $(QUICK),,$(if $(filter decode,$(NAME)),$(STAMP)/peers)) \
    $(if $(filter fuzz,$(NAME)),$(STAMP)/fuzz-tools)
	@test -n "$(NAME)" || { ls bench/*.py bench/*.mjs 2>/dev/null | xargs -n1 basename | sed 's/\..*//' | grep -v '^_' | sed 's/^/make bench NAME=/;s/_/-/g'; exit 2; }
	QUICK=$(QUICK) $(BIN)/python -m bench $(NAME)

# Exit code 3: the advisory database cannot be reached, all else is well (docs/security.md).
audit: $(STAMP)/venv $(STAMP)/npm
	@test -x $(STAMP)/audit/bin/pip-audit || { $(PY) -m venv $(STAMP)/audit && \
	    $(STAMP)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1; } || \
	    echo "pip-audit cannot be installed from here"
	@$(BIN)/python tools/audit.py --pip-audit $(abspath $(STAMP))/audit/bin/pip-audit

contracts: $(STAMP)/venv
	$(BIN)/python -m littoral.api.export contracts/openapi.json

# One wheel with the pages inside; then it must run alone in an empty environment.
dist: setup
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist
	PY=$(PY) tools/try_wheel.sh dist/*.whl

clean:
	rm -rf $(STAMP) $(VENV) web/node_modules src/littoral/api/pages dist build
