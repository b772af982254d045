# The few commands of this project; `make help` lists them.

VENV := .venv
RUN := $(VENV)/bin
NOTEBOOKS = $(shell find notebooks exercises -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null | sort)

# uv reads pyproject.toml; hatchling and editables install the project itself, so they are pinned too. One version of each
# package for all machines (fork-strategy), so that the same voices give the same themes everywhere.
PIN = printf 'hatchling\neditables\n' | $(RUN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --upgrade pyproject.toml -

.DEFAULT_GOAL := help
.PHONY: help start lab test test-long test-offline lint screenshots pictures pins clean

help: ## この一覧を出します
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'

start: $(VENV)/run.stamp ## 講座のページを開きます（はじめての時は準備もします）
	@$(RUN)/kizuna start

lab: $(VENV)/run.stamp ## JupyterLab で開きます
	@$(RUN)/kizuna lab

# The browser has a run of its own: it leaves an event loop in its process, and in a kernel's process kizuna works beside one. Its longest modules come first.
test: $(VENV)/test.stamp lint ## すべてのテストをします（ブラウザーがなければ入れます）
	@sh .ci/browser
	$(RUN)/python -m pytest -n 2 --dist loadscope --ignore tests/browser
	$(RUN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder tests/browser
	@$(MAKE) --no-print-directory .notebooks

test-long: $(VENV)/test.stamp ## こわれにくさを長く確かめます（三十分ほど。数は JSON の行で出ます）
	KIZUNA_LONG=300 $(RUN)/python -m pytest -s tests/long tests/browser/test_crash.py tests/browser/test_each_page.py

test-offline: $(VENV)/test.stamp ## ネットワークのないところで、ブラウザー以外のテストをします（Linux）
	$(RUN)/python -m tests.offline -m pytest -n 2 --dist loadscope --ignore tests/browser

lint: $(VENV)/test.stamp ## 書き方・型・部屋の上下を確かめます
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo

screenshots: $(VENV)/test.stamp ## 画面の写真をとります
	@sh .ci/browser
	$(RUN)/python -m tests.browser.screenshots

pictures: $(VENV)/test.stamp ## 説明書の写真をとり直します（docs/images）
	@sh .ci/browser
	$(RUN)/python -m tests.browser.pictures

pins: $(VENV)/test.stamp ## ライブラリーの版を選び直します（constraints*.txt）
	$(PIN) --output-file constraints.txt
	$(PIN) --extra test --constraints constraints.txt --output-file constraints-test.txt

clean: ## 作られたものを消します（ノートは消えません）
	rm -rf $(VENV) out screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Every notebook runs from top to bottom, with workbooks and settings of its own; their outputs are not compared.
# One after the other: two kernels that start at once now and then choose the same port.
.PHONY: .notebooks
.notebooks:
	@if [ -z "$(NOTEBOOKS)" ]; then echo "No notebook to run yet."; exit 0; fi; \
	home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	KIZUNA_STRICT=1 KIZUNA_HOME="$$home/kizuna" IPYTHONDIR="$$home/ipython" JUPYTER_CONFIG_DIR="$$home/jupyter" \
	$(RUN)/python -m pytest --nbval-lax -p no:cacheprovider $(NOTEBOOKS)

# What is installed is exactly what the pins say, bytes included (hashes), and nothing they do not name (no-deps).
INSTALL = $(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps
PROJECT = $(INSTALL) --no-build-isolation --editable .

$(VENV)/run.stamp: constraints.txt pyproject.toml | $(RUN)/python
	@echo "必要なものを入れています。はじめての時は数分かかります…"
	@$(INSTALL) --require-hashes --requirement constraints.txt
	@$(PROJECT)
	@touch $@

$(VENV)/test.stamp: constraints-test.txt pyproject.toml | $(RUN)/python
	@echo "テストに必要なものを入れています…"
	@$(INSTALL) --require-hashes --requirement constraints-test.txt
	@$(PROJECT)
	@touch $@ $(VENV)/run.stamp

$(RUN)/python:
	@sh .ci/python $(VENV)
