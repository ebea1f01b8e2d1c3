# Keystead: everything that is built, run and checked. "make help" lists it.

# One set of flags for build, vet, staticcheck and tests, so that the C of SQLite,
# most of a cold build, is compiled once (and once more for -race).
export CGO_ENABLED := 1
export GOFLAGS := $(GOFLAGS) -trimpath -tags=sqlite_omit_load_extension

BIN     := build/bin
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Without the revision in it the WASM stays the same, byte for byte, until its source changes.
# Inlining in the code that mostly calls the browser would cost 3 % of its size; wasm.mod
# has go-app without its server half (build/lean), which would cost 25 %.
WASM    := GOOS=js GOARCH=wasm go build -buildvcs=false -modfile=$(BIN)/wasm.mod \
	-gcflags='keystead/...=-l' -gcflags='github.com/...=-l'
SERVER  := go build -ldflags "-s -w -X main.version=$(VERSION)"

# Packages that also or only run in the browser.
CONSOLE := ./app/... ./shared/...
# All but the browser tests, which need the built binary.
UNITS    = $(shell go list ./... | grep -v '^keystead/build/e2e')

.DEFAULT_GOAL := help
.PHONY: run demo build wasm pack server test promises check bench mutants soak scan release reproduce clean help

run: build ## build everything and serve ./data on http://127.0.0.1:8080
	$(BIN)/keystead serve

demo: build ## the example installation, on scratch data
	$(BIN)/keystead demo

build: pack server ## WASM, front end and server, into build/bin/keystead

wasm: ## the console as WASM
	go run ./build/lean
	$(WASM) -ldflags "-s -w" -o $(BIN)/app.wasm ./app

pack: wasm ## web/dist: hashed, filled and compressed (PACKFLAGS=-fast: in a second)
	go run ./build/pack $(PACKFLAGS)

# What the linker wrote lies in the page cache in pieces so large that a kernel maps nearly
# all of it at the first touch. A copy takes 6 MB less memory.
server: pack
	$(SERVER) -o $(BIN)/linked ./server
	install -m 755 $(BIN)/linked $(BIN)/keystead

test: build ## unit tests with the race detector, then the browser tests
	build/install-test-tools.sh
	go vet ./...
	go test -race $(UNITS)
	go test -p 1 -count=1 ./build/e2e/... # one browser at a time

promises: build ## what is promised, the tests of it, the size they ran at (SIZE=full: that of the promise), the result
	build/install-test-tools.sh
	-go test -json -run 'P[0-9][0-9]' $(UNITS) > $(BIN)/units.json
	-go test -json -run 'P[0-9][0-9]' -p 1 -count=1 -timeout 0 ./build/e2e/... > $(BIN)/e2e.json
	go run ./build/promises $(BIN)/units.json $(BIN)/e2e.json

check: build ## gofmt, vet, staticcheck, the rules of the house, OpenAPI, the WASM's budget
	@unformatted=$$(gofmt -l app server shared web build); \
		test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	go vet ./...
	GOOS=js GOARCH=wasm go vet $(CONSOLE)
	go tool staticcheck ./...
	GOOS=js GOARCH=wasm $$(go tool -n staticcheck) $(CONSOLE) # "go tool" itself would build it for js
	go test -count=1 ./build/rules
	go test ./server/router -run OpenAPI
	$(WASM) -o $(BIN)/symbols.wasm ./app
	go run ./build/wasmcheck -symbols $(BIN)/symbols.wasm

bench: build ## ratios beside a bare Fiber "hello", and the start
	build/install-test-tools.sh
	go build -o $(BIN)/hello ./build/bench/hello
	go run ./build/bench

mutants: ## deliberate bugs in a copy, one after another: does a test turn red by each? (MUTANTS="words of their names")
	go run ./build/mutants $(MUTANTS)

soak: build ## all of it at full size: tests again and again, kills, power losses, broken disks, every fuzz target (ROUNDS=5 FUZZTIME=60s)
	build/soak.sh

scan: ## module sums, gosec, secrets in the history, and with VULNDB=URL known vulnerabilities
	build/scan.sh

release: build ## archives, checksums, bill of materials and licences, into build/bin/release
	build/release.sh $(VERSION)

reproduce: ## the release of the last commit twice, in different folders: the same bytes?
	build/reproduce.sh

clean: ## what was built; never ./data
	rm -rf $(BIN)
	find web/dist -mindepth 1 ! -name .gitkeep -delete

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10
