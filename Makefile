# Everything that people and CI do with this repository. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := launchpad api chat web
SOURCES := $(PACKAGES) tests scripts migrations examples
# Two workers suit the two cores of a small CI machine; TEST_WORKERS=0 runs the tests in one process.
TEST_WORKERS ?= 2
TESTS ?= tests

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: dev
dev: setup-run ## Run the whole product on this machine (PORT, RPC_PORT, LAUNCHPAD_HOME, DEMO, DATABASE_URL, REDIS_URL, RPC_URL)
	@exec $(BIN)/launchpad dev

# A solana-test-validator wants a core for itself, so the tests that compare with one come after all others
# (pytest's 5 means that TESTS names none of them).
.PHONY: test
test: setup ## Run every test, with coverage of the Python packages, and cargo's where cargo is
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest $(TESTS) -k "not validator" -n $(TEST_WORKERS) --dist=loadfile -q \
		--cov --cov-report= --cov-fail-under=0
	@$(BIN)/python -m pytest $(TESTS) -k validator -q --cov --cov-append --cov-report=term:skip-covered || [ $$? -eq 5 ]
	@if command -v cargo >/dev/null; then cargo test --workspace --quiet; \
	else echo "cargo is not installed: the Rust tests were left out (https://rustup.rs)"; fi

.PHONY: check
check: setup ## Lint, format, types, Rust lints and the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(PACKAGES)
	@if command -v cargo >/dev/null; then \
		cargo fmt --all --check && cargo clippy --workspace --all-targets --quiet -- -D warnings; \
	else echo "cargo is not installed: the Rust checks were left out (https://rustup.rs)"; fi
	@$(BIN)/python -m pytest tests/rules -q

.PHONY: fmt
fmt: setup ## Format Python and Rust
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@if command -v cargo >/dev/null; then cargo fmt --all; fi

.PHONY: programs
programs: setup-run ## Compile the Solana programs into launchpad/chain/programs (cargo build-sbf, or SBF_BUILD)
	@$(BIN)/python scripts/build_programs.py

.PHONY: idl
idl: setup-run ## Write the programs' IDLs into launchpad/chain/idl
	@$(BIN)/python scripts/build_programs.py --idl

.PHONY: vectors
vectors: setup-run ## Recompute the golden vectors shared by Rust and Python
	@$(BIN)/python scripts/make_vectors.py
	@$(BIN)/python scripts/make_vesting_vectors.py
	@$(BIN)/python scripts/make_amm_vectors.py

.PHONY: docs
docs: setup ## Write the reference parts of docs/ from settings, IDLs, events, routes and commands
	@$(BIN)/python scripts/write_docs.py

.PHONY: bench
bench: setup ## Measure this machine; writes build/bench.json and a table (BENCH=names for some)
	@$(BIN)/launchpad bench $(BENCH)

FUZZ_TX ?= 100000
FUZZ_SEED ?= 1
.PHONY: fuzz
fuzz: setup ## Send FUZZ_TX random transactions to every instruction and check the books after each (FUZZ_SEED, FUZZ_WORLD)
	@$(BIN)/python -m tests.fuzz --transactions $(FUZZ_TX) --seed $(FUZZ_SEED) $(if $(FUZZ_WORLD),--world $(FUZZ_WORLD))

.PHONY: lock
lock: setup ## Resolve the Python packages anew into the two lock files
	@$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --python-version 3.11 -c requirements.lock --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-run.lock

.PHONY: setup-run
setup-run: ## Install what running needs; other targets do it by themselves
	@$(PYTHON) scripts/setup.py run

.PHONY: setup
setup: ## Install what checks and tests need; other targets do it by themselves
	@$(PYTHON) scripts/setup.py dev

.PHONY: clean
clean: ## Remove what was built; keeps local data (.launchpad) and .venv
	@rm -rf build target node_modules web/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
