# Two commands: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 7860
VENV := .venv
FOLIO := $(VENV)/bin/folio

.PHONY: run test install bench clean

# The library is $$FOLIO_LIBRARY, else the platform's data folder.
run: install
	@$(FOLIO) sample --if-none
	@$(FOLIO) index
	@exec $(FOLIO) serve --port $(PORT)

test: install
	@scripts/check

install: $(VENV)/installed

# Made again when what is to be installed changes.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(FOLIO) prepare
	@touch $@

bench: install
	$(VENV)/bin/python -m tests.bench.speed
	$(VENV)/bin/python -m tests.bench.quality $(DATA)

clean:
	rm -rf $(VENV)
