# 前台 qiantai. `make run` and `make test` do all the set-up themselves; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONPATH := $(CURDIR)
unexport PYTHONDONTWRITEBYTECODE  # compiled once, every later start is ten seconds faster

.PHONY: help run test test-full env env-dev pages model check-knowledge check-code check-web browser evaluate demo-wechat demo-complaint demo-desk bench-queue lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: env pages model ## set everything up and start on http://127.0.0.1:5005 (PORT)
	@exec $(PY) -m bot.cli serve

test: env-dev pages model browser check-code check-web check-knowledge ## everything (a cold model first takes five minutes more)
	@scripts/tell "tests"
	@$(PY) -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder --durations=10

test-full: env-dev pages model browser check-code check-web check-knowledge ## the same with the long ones: fuzz, races, soak
	@QIANTAI_TEST_EXAMPLES=more $(PY) -m pytest --durations=20

env: ## the Python environment of the product
	@scripts/python-env requirements.lock

env-dev: ## the environment with the tools of the tests
	@scripts/python-env requirements-dev.lock

pages: ## build the widget, the console, the survey and the demonstration page
	@scripts/pages

model: env ## train the model if what it learns from has changed
	@$(PY) -m bot.cli train

check-knowledge: env ## check what staff have written in knowledge/
	@scripts/tell "check knowledge/"
	@$(PY) -m bot.cli check-knowledge

check-code: env-dev ## ruff, mypy, import rules
	@scripts/tell "check the code"
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && .venv/bin/lint-imports

check-web: pages ## TypeScript checks and the pages' own tests
	@scripts/tell "check the pages"
	@cd web && npm run --silent check && npm run --silent test

browser: env-dev ## a Chromium and Chinese fonts for the journey
	@scripts/browser

evaluate: env model ## figures of the understanding (and a report in test-results/intents.html), and of the guard
	@$(PY) -m bot.cli evaluate intents tests/nlu/yardstick.tsv --report test-results/intents.html
	@$(PY) -m bot.compliance.evaluate tests/compliance/outgoing_c.tsv tests/compliance/outgoing_d.tsv

demo-wechat: env-dev pages model ## a conversation in WeChat, played in the terminal (INTERACTIVE=1: you type)
	@PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(PY) -m wechat.demo

demo-complaint: env-dev ## a complaint from the chat to the last confirmation: three weeks in half a minute
	@PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(PY) -m complaint.demo

demo-desk: env-dev pages browser ## one handover to a person, filmed in the real pages: pictures in test-results/film
	@PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(PY) -m film.play

bench-queue: env-dev ## how long the desk takes with two hundred customers in the queue
	@PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(PY) -m bench_queue

lock: ## pin the dependencies again, with hashes (needs uv)
	uv pip compile pyproject.toml --extra embedding --python-version 3.10 --no-emit-index-url --generate-hashes -q -o requirements.lock
	uv pip compile pyproject.toml --extra embedding --extra dev --extra oracle -c requirements.lock --python-version 3.10 --no-emit-index-url --generate-hashes -q -o requirements-dev.lock

clean: ## remove what was built; the data under var/ stays
	rm -rf .venv web/dist web/node_modules
