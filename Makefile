# What one does with a checkout of Postern. `make` lists it; each line of `make test` is one check.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build dist audit site test bench fuzz proof clean tools

# The frontend is built for the browser only: with the others on the host, Leptos would be asked to render
# and to hydrate in one build.
HOST := -p postern-app -p postern -p postern-stripe-double -p xtask
WASM := -p postern-app -p postern-frontend -p postern-desk --target wasm32-unknown-unknown
STEP := @bin/step

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and serve the demo
	exec target/release/postern demo

build: site ## The release binary, with its site inside: target/release/postern
	cargo build --release -p postern

dist: site ## The binary to deploy, optimised as one program, and what it is made of: target/dist/postern*
	cargo build --profile dist -p postern
	bin/sbom

audit: ## Known holes in dependencies, by RustSec's database, which is fetched from GitHub, and by npm's
	@bin/setup
	target/tools/bin/cargo-deny --all-features check advisories
	target/tools/bin/cargo-deny --all-features --locked --manifest-path fuzz/Cargo.toml check advisories
	npm --prefix frontend/explorer audit --package-lock-only

site: tools
	cargo xtask site

test: tools ## Every check there is, on both databases and in a browser
	@bin/step --start
	$(STEP) 'Packages of the system and of the browser tests' 'see what bin/setup says above' bin/setup
	$(STEP) 'Formatting' 'run: cargo fmt --all' cargo fmt --all --check
	$(STEP) 'Licences, bans, sources and versions of dependencies' 'see deny.toml' target/tools/bin/cargo-deny --log-level error --all-features check licenses bans sources
	$(STEP) 'The same of the fuzzer' 'see deny.toml; for the lock file, run: cargo update --workspace --manifest-path fuzz/Cargo.toml' target/tools/bin/cargo-deny --log-level error --all-features --locked --manifest-path fuzz/Cargo.toml check licenses bans sources
	$(STEP) 'Licences, sources and scripts of what npm brings to browsers' 'see bin/deny-npm' bin/deny-npm
	$(STEP) 'Dependencies that nothing uses' 'remove them, or say why in Cargo.toml' target/tools/bin/cargo-machete
	$(STEP) 'Site' 'see the compiler above' cargo xtask site
	$(STEP) 'Clippy, server' 'fix, or expect with a reason' cargo clippy $(HOST) --all-targets -- -D warnings
	$(STEP) 'Clippy, browser' 'fix, or expect with a reason' cargo clippy $(WASM) --features postern-app/hydrate,postern-app/team -- -D warnings
	$(STEP) 'Documentation' 'fix the doc comment above' env RUSTDOCFLAGS=-Dwarnings cargo doc $(HOST) --no-deps
# One run is both databases: each test that touches data runs on SQLite, and again on the PostgreSQL that
# bin/with-postgres starts and names in TEST_POSTGRES_URL.
	$(STEP) 'Tests, on SQLite and PostgreSQL' 'the failing test is named above' bin/with-postgres cargo test $(HOST)
	$(STEP) 'Changes to the code that a test must notice, a sample' 'a test is missing for what is listed above' bin/mutants sample
	$(STEP) "Stripe's own library against the double" 'see which answer differs above' npm --prefix stripe-double/tests/official test
	$(STEP) "Integrators' examples" 'see which one fails above' npm --prefix docs/examples test
	$(STEP) "Headers, by MDN's Observatory" 'see which test of the scanner fails above' npm --prefix server/tests/observatory test
	$(STEP) 'Browser tests, on SQLite and PostgreSQL' 'traces are in end2end/test-results' bin/with-postgres npm --prefix end2end test
	@bin/step --finish

bench: dist ## Requests per second of portal home and of GraphQL, as tables in BENCHMARKS.md
	cargo build --profile dist -p postern --example bare --example webhooks
	bin/with-postgres bin/bench >target/BENCHMARKS.md
	mv target/BENCHMARKS.md BENCHMARKS.md

fuzz: site ## Random GraphQL requests by others' tools, some 10,000 for a token of each role; needs Python with venv
	cargo build -p postern
	bin/fuzz

proof: site ## What the tests show in short, at length and with figures, as PROOF.md
	bin/with-postgres bin/proof

clean: ## Remove everything that was built
	cargo clean
	rm -rf frontend/explorer/node_modules end2end/node_modules end2end/test-results stripe-double/tests/official/node_modules docs/examples/node_modules docs/examples/build server/tests/observatory/node_modules

tools:
	@bin/tools
