# Every target sets up what it needs first; a machine that is ready spends a moment on it.
PYTHON := .venv/bin/python
CORE := wire/* session/* stream_state.py config/*

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench pictures fuzz fmt docs dist release collection clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:
	@bash tools/setup.sh

demo: setup ## simulated devices in a real Home Assistant, provisioned by a real ansible-playbook (CHECK=1: verify and exit)
	@$(PYTHON) -m demo

test: setup ## the whole test suite
	@bash tools/test.sh

check: setup ## everything a change must pass: format, lint, types, layers, tests, coverage of the core
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -m mypy --python-version 3.12 shared/dvrip_proto
	.venv/bin/lint-imports
	@rm -rf .coverage .coverage.* build/coverage && mkdir -p build/coverage
	bash tools/test.sh --cov --cov-append --cov-report=
	@$(PYTHON) -m coverage combine --quiet --append build/coverage
	@for part in $(patsubst %,"%",$(CORE)); do \
	  $(PYTHON) -m coverage report --include="shared/dvrip_proto/$$part" --fail-under=95 || exit 1; \
	done
	@$(PYTHON) -m coverage report --include="custom_components/dvrip/*" --fail-under=100

bench: setup ## numbers, each beside a floor measured in the same run
	@$(PYTHON) -m bench

SECONDS ?= 600
fuzz: setup ## search for bytes that break the library, SECONDS=600 in all; finds in fuzz/out/
	@$(PYTHON) -m fuzz --seconds $(SECONDS)

fmt: setup ## format, fix what the linter can, and write what follows from rows
	@for tool in object_table message_table settings_table quirk_table entity_texts entity_table ansible_settings command_pages api_reference action_pages ansible_pages; do $(PYTHON) tools/$$tool.py; done
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

pictures: setup ## what an owner sees in Home Assistant, photographed in Chromium into build/pictures; SCENES="speaker update"
	@$(PYTHON) -m tests.ui.pictures $(SCENES)

docs: setup ## the pages under docs/ as a site in build/site, without a warning
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet

dist: ## build dvrip.zip, the collection, the Python package, checksums and a bill of materials into dist/
	@bash tools/dist.sh

release: setup dist ## build what is released, and try it where there is no checkout, no index and no network
	@$(PYTHON) -m pytest -q -p no:homeassistant tests/test_release.py

collection: setup ## judge the Ansible collection with the community's tools, on its sources and as released; PART=lint for one
	@bash tools/collection.sh $(PART)

clean: ## remove everything that was made here
	@rm -rf .venv .venv.lock .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@rm -rf bench/out build demo/out dist fuzz/out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
