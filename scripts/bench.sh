#!/bin/sh
# Measures what the product promises, each speed beside its peer or its limit, in
# one table. Flags go to the measuring program: -small, -only import, -deals 100000.
set -eu
cd "$(dirname "$0")/.."
go run ./internal/bench -bin bin/dottedline "$@"

# the parts, each beside its peer where it has one
for p in ./paper ./seal ./ical; do
  go test $p -run '^$' -bench . -benchtime "${BENCHTIME:-5x}" | grep '^Benchmark' || true
done
if command -v Rscript >/dev/null; then ./scripts/bench-survival.sh; else echo "survival beside R: left out, Rscript is not installed"; fi
