# Two commands: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 7860
WORK ?= training/work
VENV := .venv
FOLIO := $(VENV)/bin/folio

.PHONY: run test test-long audit install bench screenshots train clean

# The library is $$FOLIO_LIBRARY, else the platform's data folder.
run: install
	@$(FOLIO) sample --if-none
	@$(FOLIO) index
	@exec $(FOLIO) serve --port $(PORT)

test: install
	@scripts/check

# What takes minutes; FOLIO_DATA=DIR names public data for a thousand documents.
test-long: install
	@$(VENV)/bin/pytest -m long -s

# Known holes in what is installed, told but not fatal: an old commit would fail from one day to the
# next. Without a network it says that nothing was looked up.
audit: install
	@scripts/audit

install: $(VENV)/installed

# Made again when what is to be installed changes.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(FOLIO) prepare
	@touch $@

# The README's pictures, by a Chromium on this machine.
screenshots: install
	$(VENV)/bin/pytest tests/browser/screenshots.py

bench: install
	$(VENV)/bin/python -m tests.bench.speed
	$(VENV)/bin/python -m tests.bench.life
	$(VENV)/bin/python -m tests.bench.answers
	$(VENV)/bin/python -m tests.bench.browser
	$(VENV)/bin/python -m tests.bench.quality $(DATA)
	$(VENV)/bin/python -m tests.bench.news $(DATA)

clean:
	rm -rf $(VENV)

train: install
	$(VENV)/bin/python -m training.reader --data $(DATA) --work $(WORK) --minutes 150
	$(VENV)/bin/python -m training.pack $(WORK)/reader.pt qa/reader.npz
	$(VENV)/bin/python -m training.measure --data $(DATA) --work $(WORK)
	$(VENV)/bin/python -m training.calibrate --data $(DATA) --work $(WORK)
