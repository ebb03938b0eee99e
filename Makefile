# Everything starts here. The environment is .venv; the settings come from the environment (docs/operations.md).
PYTHON ?= python3
PORT ?= 8000
export PORT
export PYTHONUTF8 = 1
unexport PYTHONDONTWRITEBYTECODE # without it every start compiles all again

BIN = .venv/bin
INSTALL = $(PYTHON) deploy/install.py

.PHONY: run serve python install install-dev test test-postgres prove mutants check features pictures bench lock

run: export DEBUG = 1
run: install
	@$(BIN)/python deploy/start.py run

serve: export DEBUG = 0
serve: install
	@$(BIN)/python deploy/start.py serve

install: python
	@$(INSTALL) requirements.txt

install-dev: python
	@$(INSTALL) requirements-dev.txt

python:
	@command -v $(PYTHON) >/dev/null || { echo "Máy chưa có Python. Hãy chạy:"; \
		echo "    sudo apt-get install -y python3 python3-venv"; echo "rồi chạy lại lệnh vừa rồi."; exit 1; }

# The same tests, on SQLite and on PostgreSQL with Redis. TESTS= narrows them: make test TESTS=tests/portal
# The first judges the pages too, all that the tests got.
TESTS ?=
TWO = -n 2 --dist loadfile --no-loadscope-reorder
test: install-dev
	@$(BIN)/python -m tests.every_page $(BIN)/python -m pytest -q $(TWO) $(TESTS)

test-postgres: install-dev
	@$(BIN)/python -m tests.with_servers $(BIN)/python -m pytest -q $(TWO) $(TESTS)

# The full counts: long, and from a clean clone over the network.
prove: install-dev
	@$(BIN)/python -m pytest -m prove --verbose --durations=0 $(TESTS)
	@$(BIN)/python -m tests.with_servers $(BIN)/python -m pytest -m "prove or long_on_sqlite" --verbose --durations=0 $(TESTS)

# Does a test notice each broken rule of the deadline? What survives is explained in docs/mutants.md.
mutants: install-dev
	@$(BIN)/python -m tests.mutants

check: install-dev
	@tests/check.sh

features: install-dev
	@$(BIN)/python -m tests.feature_table

# The pictures of the help pages, drawn anew from the pages as they are.
pictures: install-dev
	@PICTURES=1 $(BIN)/python -m pytest -q tests/browser/test_help_pictures.py

bench: install-dev
	@$(BIN)/python -m bench.pages
	@$(BIN)/python bench/generate.py
	@$(BIN)/python -m bench.chain
	@$(BIN)/python -m bench.batch
	@$(BIN)/python -m bench.boards
	@$(BIN)/python bench/closing.py
	@$(BIN)/python bench/tree.py
	@$(BIN)/python -m bench.reforms
	@$(BIN)/python -m bench.rerun
	@$(BIN)/python -m bench.exports 35000
	@$(BIN)/python -m bench.certificates

# The exact versions with their hashes; run it after a change of the ranges in pyproject.toml.
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--quiet --custom-compile-command "make lock" pyproject.toml
lock: install-dev
	@$(LOCK) -o requirements.txt
	@$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
