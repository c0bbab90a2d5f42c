# Two commands that a newcomer needs: `make demo` and `make test`. Everything else is for developers.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test lint types unit docs pictures lock wheel run bench fuzz real clean

demo: $(STAMP)  ## the main job end to end, without Slack credentials
	$(BIN)/portero demo

test: $(STAMP) lint types unit  ## format, lint, architecture, types, tests

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy

# Plain asserts: to rewrite all of them costs each worker ten seconds. What failed runs once more and shows its values.
unit: $(STAMP)
	$(BIN)/python -m pytest -q -n auto --assert=plain || { $(BIN)/python -m pytest -q --last-failed; exit 1; }

docs: $(STAMP)  ## write the generated parts of README and docs/ anew
	$(BIN)/python -m bot.terminal.generated_docs

pictures: $(STAMP)  ## the pictures of README and docs, taken of the demo with Chromium
	$(BIN)/python -m tests.page.pictures

run: $(STAMP)
	$(BIN)/portero run

bench: $(STAMP)
	$(BIN)/python bench/check.py
	$(BIN)/python -m bench.crowd
	$(BIN)/python -m bench.vantages
	$(BIN)/python bench/silent.py
	$(BIN)/python bench/ack.py
	$(BIN)/python bench/history.py
	$(BIN)/python bench/advise.py
	$(BIN)/python bench/pmta.py
	$(BIN)/python bench/pmta_shapes.py
	$(BIN)/python bench/pmta_bounds.py "a real config" "a faulty config"
	$(BIN)/python bench/watch.py
	$(BIN)/python bench/watch_month.py --days 3
	$(BIN)/python bench/watch_month.py --weeks 1

SECONDS ?= 60
fuzz: $(STAMP)  ## mutated bytes at everything that reads bytes, for SECONDS seconds
	$(BIN)/python -m tests.fuzz $(SECONDS)

real: $(STAMP)  ## against real mail servers of Debian, in a network of its own; needs root
	$(BIN)/python -m tests.real

# The lock lists every file's hash and no index address. It is made in a throw-away environment: uv only resolves here.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install -q uv
	build/lock/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --extra dev --extra vantages --extra apprise pyproject.toml -o requirements.lock
	rm -rf build/lock

wheel: $(STAMP)  ## the wheel of the last commit in dist/, and its hash: the same wherever it is built
	rm -rf build/wheel dist && mkdir -p build/wheel
	git archive HEAD bot commands storage docs/portero.1 pyproject.toml README.md LICENSE | tar -x -C build/wheel
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) sh .ci/wheel $(BIN)/python build/wheel dist
	cd dist && sha256sum *.whl

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Portero needs Python 3.11 or newer: apt install python3 python3-venv"; exit 2; }
	@PYTHON="$(PYTHON)" sh .ci/venv .venv
	@echo "Installing pinned packages into .venv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
