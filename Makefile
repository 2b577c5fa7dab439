# What people and developers type. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DBX := .venv-dbx
PEERS := .venv-bench
DATA ?= $(MOVIELENS_DIR)
DBX_PYTHON ?= python3.11
IN_TWO_PROCESSES := --numprocesses=2 --dist=loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install run test test-connect test-sigkill test-faults test-cluster screenshots scan check format model-plots dictionary reliability bench bench-large bench-table bench-env bench-lock lock dbx-env dbx-lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(INSTALLED) ## make the virtual environment with all that the project needs

$(INSTALLED): requirements.lock setup.py
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ": make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@PYTHONPATH=src $(PYTHON) -m movie_lakehouse.lakehouse.java
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.lock into $(VENV) (about a minute, once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m movie_lakehouse.lakehouse.jars
	@touch $@

run: $(INSTALLED) ## run the whole job on the generated sample, into ./lakehouse (ARGS="--source FOLDER ..." for more)
	@$(BIN)/lakehouse run $(ARGS)

# What tests start many times is compiled once, whatever the environment says of other programs. And numpy has one thread a
# process: others, while they wait for work, keep cores busy that another process has use for.
test test-connect test-sigkill test-faults test-cluster: export PYTHONDONTWRITEBYTECODE :=
test test-connect test-sigkill test-faults test-cluster: export OPENBLAS_NUM_THREADS := 1

test: $(INSTALLED) ## run the tests (those on real data where MOVIELENS_DIR names its folder)
	@$(BIN)/python -m pytest $(IN_TWO_PROCESSES) $(ARGS)

test-connect: $(INSTALLED) ## run the table, gate, model, gold and job tests on a Spark Connect session
	@SPARK_REMOTE='local[2]' $(BIN)/python -m pytest -m "not classic" tests/lakehouse tests/bronze tests/silver tests/quality tests/model tests/gold tests/job $(ARGS)

test-sigkill: $(INSTALLED) ## kill the job in each of its tasks, a process with a Spark of its own each time (three minutes)
	@FAULTS=all $(BIN)/python -m pytest $(IN_TWO_PROCESSES) tests/faults/test_sigkill.py -k killed_in_every_task $(ARGS)

test-faults: $(INSTALLED) ## break the job in every way that docs/reliability.md tells of (half an hour on two cores, ten minutes of it fuzz)
	@FAULTS=all FUZZ_SECONDS=600 $(BIN)/python -m pytest $(IN_TWO_PROCESSES) tests/faults $(ARGS)

test-cluster: $(INSTALLED) ## run the job on a standalone cluster on loopback that loses a worker while it trains (six minutes on two busy cores)
	@CLUSTER=all $(BIN)/python -m pytest tests/cluster $(ARGS)

screenshots: $(INSTALLED) ## picture the explorer on the sample in ./lakehouse (SAMPLE=FOLDER for another) into docs/images
	@SCREENSHOTS_OF=$(or $(SAMPLE),lakehouse) $(BIN)/python -m pytest -q tests/app/test_explorer_screenshots.py

scan: $(INSTALLED) ## search every file that git keeps for secrets, people's folders and addresses
	@$(BIN)/python -m pytest -q tests/security/test_no_secrets.py

check: $(INSTALLED) ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(INSTALLED) ## format the code and mend what lint can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

reliability: $(INSTALLED) ## write the tables of bad input and of faults in docs/reliability.md anew from the tests' cases
	@cd tests && ../$(BIN)/python -m support.input_page && ../$(BIN)/python -m faults.page

bench: $(INSTALLED) ## time the job beside the notebook's way and others' kernels on DATA=FOLDER (ARGS="--only search"; half an hour)
	@test -d "$(DATA)" || { echo "DATA is to name a folder of MovieLens' CSVs: make bench DATA=ml-latest-small" >&2; exit 1; }
	@$(MAKE) --no-print-directory bench-env || echo "faiss-cpu and implicit could not be had: the table will say so" >&2
	@$(BIN)/python -m benchmarks $(DATA) $(ARGS)

bench-large: $(INSTALLED) ## run the job on 2.5 and 25 million generated ratings (hours, and tens of GB in TMPDIR and SPARK_LOCAL_DIRS)
	@$(BIN)/python -m benchmarks --large $(ARGS)

bench-table: $(INSTALLED) ## write the table of benchmarks in README.md anew from the figures kept in benchmarks/results
	@$(BIN)/python -m benchmarks --table

bench-env: $(PEERS)/.installed ## make the environment of what the kernel is compared with: faiss-cpu and implicit

$(PEERS)/.installed: conf/bench-requirements.txt | $(INSTALLED)
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r conf/bench-requirements.txt
	@touch $@

bench-lock: ## resolve conf/bench-requirements.in anew, to the versions that requirements.lock has of the same packages (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --constraint requirements.lock conf/bench-requirements.in -o conf/bench-requirements.txt

model-plots: $(INSTALLED) ## draw docs/model.md's plots into docs/images from the tables of ./lakehouse (ROOT=FOLDER for another)
	@$(BIN)/python docs/model_plots.py $(or $(ROOT),lakehouse)

dictionary: $(INSTALLED) ## write docs/data-dictionary.md anew from the declarations of the tables
	@$(BIN)/python -m movie_lakehouse.quality.dictionary > docs/data-dictionary.md

lock: ## resolve the dependencies of setup.py anew into requirements.lock (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra local --extra app --extra mlflow --extra dev setup.py -o requirements.lock

dbx-env: $(DBX)/.installed ## make dbx's environment, apart from the main one (dbx is unmaintained and needs Python 3.11)

$(DBX)/.installed: conf/dbx-requirements.txt
	@command -v $(DBX_PYTHON) >/dev/null || { echo "dbx needs Python 3.11, and there is no $(DBX_PYTHON): make dbx-env DBX_PYTHON=..." >&2; exit 1; }
	@$(DBX_PYTHON) -m venv --clear $(DBX)
	@$(DBX)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r conf/dbx-requirements.txt
	@touch $@

dbx-lock: ## resolve conf/dbx-requirements.in anew (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  conf/dbx-requirements.in -o conf/dbx-requirements.txt

clean: ## remove what builds and tests leave; the environment and the lakehouse stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
