# The chores by name. Each is one command, so that it can be typed without make as well.
.PHONY: check static test docs bench format golden-update browser

check:           ## everything that CI runs, in the active environment
	bash scripts/check

static:          ## the same without the tests
	bash scripts/check static

test:
	pytest

browser:         ## opens the briefs in Chromium
	pytest -m browser

docs:            ## reference pages from the code, then the site in build/docs
	python scripts/make_reference.py
	sphinx-build --fail-on-warning --keep-going --nitpicky --quiet --builder html docs build/docs

bench:
	python -m bench

format:
	ruff check --fix .
	ruff format .

golden-update:   ## write anew what tests compare with; look at the difference before you commit it
	python -m tests.architecture.test_public_surface
	python -m tests.golden.update
	python scripts/doc_blocks.py --update
	python scripts/make_reference.py
