# make check is the whole gate; CI runs it through .ci/run.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO       ?= go
CACHE    := $(shell $(GO) env GOCACHE)/videoteca-tools
LINT     := $(CACHE)/golangci-lint
STATIC   := $(CACHE)/staticcheck
COMPOSE  := $(CACHE)/docker-compose
GATEWAY  := $(CACHE)/versitygw
AXE      := $(CACHE)/axe-4.14.1.min.js
BUILD    := CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=true -ldflags='-s -w'

# The race detector watches everything but code that only computes for its caller: SQLite in Go, the scaling of pictures,
# the hashing of passwords, the parsing of texts, templates, scripts and pages, regular expressions, and compression.
# Watching these would take most of the tests' time.
COMPUTE  := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory golang.org/x/image/... image image/color image/draw \
            image/jpeg image/png golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b github.com/BurntSushi/toml/... \
            text/template/parse github.com/tdewolff/... golang.org/x/net/html/... golang.org/x/text/... regexp regexp/syntax \
            compress/... github.com/andybalholm/brotli/...
RACE     := -race $(COMPUTE:%=-gcflags=%=-race=false)

# Many tests wait: for a disk, a browser, a lease. So there are more at once than processors.
ABREAST  := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

export VIDEOTECA_VERSITYGW ?= $(GATEWAY)
export VIDEOTECA_AXE ?= $(AXE)
# Where VIDEOTECA_DATA names a folder of recorded answers, the tests that replay them are run too.
TAGS     := $(if $(VIDEOTECA_DATA),recorded)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

.PHONY: check
check: format vet lint build static-binary compose-config test year ## everything that must pass before a change lands

.PHONY: deps
deps: ## install what the tests need beside Go (Debian's packages)
	tools/install-deps

.PHONY: format
format: ## fail where gofmt would change a file
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt these: $$out"; exit 1; }

.PHONY: vet
vet:
	$(GO) vet -tags='$(TAGS)' ./...

.PHONY: lint
lint: $(STATIC) $(LINT) ## staticcheck and golangci-lint, import directions included
	$(STATIC) ./...
	$(LINT) run

.PHONY: build
build: ## the static binary, bin/videoteca
	$(BUILD) -o bin/videoteca ./cmd/videoteca

.PHONY: static-binary
static-binary: build ## run the binary under chroot in an empty directory
	tools/check-static bin/videoteca

.PHONY: compose-config
compose-config: $(COMPOSE) ## check docker-compose.yml without a daemon
	tools/check-compose $(COMPOSE)

.PHONY: test
test: $(GATEWAY) $(AXE) ## all tests with the race detector, the browser's and the real S3 server's included
	GORACE=atexit_sleep_ms=100 $(GO) test $(RACE) -p=$(ABREAST) -parallel=$(ABREAST) -timeout 20m -tags='$(TAGS)' ./...

.PHONY: year
year: ## a simulated year of 3,000 videos, without the race detector: some 80 seconds of computing
	GOGC=400 GOMEMLIMIT=700MiB $(GO) test -count=1 -timeout 20m -run='^TestAYearOfALibrary$$' -v ./archive/audit

.PHONY: bench
bench: ## the benchmarks
	$(GO) test -run='^$$' -bench=. -benchmem ./...

.PHONY: fuzz
fuzz: ## each fuzz test for ten seconds
	tools/fuzz-all 10s

.PHONY: up
up: ## write .env with random secrets once, and start the service and its S3 server with Docker Compose
	tools/write-env .env
	docker compose up --build --detach --wait

$(LINT):
	$(GO) build -C tools -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(STATIC):
	$(GO) build -C tools -o $@ honnef.co/go/tools/cmd/staticcheck
$(COMPOSE):
	$(GO) build -C tools/compose -o $@ github.com/docker/compose/v5/cmd
$(AXE):
	tools/fetch-axe $@
$(GATEWAY):
	$(GO) build -C tools/s3 -o $@ github.com/versity/versitygw/cmd/versitygw
