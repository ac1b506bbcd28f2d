# make demo   build, start with simulated prospects, print the address
# make test   install what the tests need, run all tests
# make check  formatting, linters, generated files, races, fuzzing
# make bench  the speeds, each beside its peer or its limit

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZ    ?= 5s

# The race detector looks at our code, not at the C of SQLite, which it makes five times as slow.
# Only of that package: others hold generic code that all share.
RACE    := -race -gcflags='modernc.org/sqlite/lib=-race=false -d=checkptr=0'

.PHONY: build demo test test-deps check fuzz bench generate shots

build:
	$(GO) build -trimpath -ldflags "-s -w -X main.Version=$(VERSION)" -o bin/dottedline ./cmd/dottedline

demo: build
	./bin/dottedline demo

test-deps:
	./scripts/test-deps.sh

test: test-deps
	$(GO) run ./internal/testrig/withpostgres $(GO) test -timeout 15m ./...

generate:
	$(GO) generate ./...

check:
	@echo "gofmt";       test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	@echo "vet";         $(GO) vet ./...
	@echo "staticcheck"; $(GO) tool staticcheck ./...
	@echo "govulncheck"; ./scripts/vulncheck.sh
	@echo "generated";   $(GO) generate ./... && git diff --exit-code --stat
	@echo "race";        DOTTEDLINE_ENGINES=sqlite $(GO) test $(RACE) -shuffle on -short -timeout 15m $$($(GO) list ./... | grep -v -e cmd/ -e internal/bench -e /transcript -e /survival -e /paper -e /seal -e /ical -e /mail$$)
	@$(MAKE) --no-print-directory fuzz

# some seconds of every fuzz target
fuzz:
	@./scripts/fuzz.sh $(FUZZ)

bench: build test-deps
	./scripts/bench.sh
