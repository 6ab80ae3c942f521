# Every target first brings the clone up to date (sutg/local/bootstrap.py), then runs one command of sutg.local.
# Only relative paths are used, so that the clone may lie in a folder with spaces.

SUTG = @exec python3 -I sutg/local/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench soak demo-reset

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

setup: ## set everything up without starting anything
	$(SUTG) setup

run: ## serve the platform with demo data at http://localhost:8000 (PORT=… for another port)
	$(SUTG) run

test: ## run every test (ARGS="tests/unit -k name" for some)
	$(SUTG) test $(ARGS)

check: ## formatting, lint, types, architecture, migrations, deployment settings, API description, audit
	$(SUTG) check $(ARGS)

fix: ## format, put right what can be put right by itself, and write the API description anew
	$(SUTG) fix

bench: ## take the figures that the README quotes
	$(SUTG) bench $(ARGS)

soak: ## the long runs
	$(SUTG) soak $(ARGS)

demo-reset: ## throw the embedded database away and load the demo data afresh
	$(SUTG) demo-reset
