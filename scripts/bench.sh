#!/usr/bin/env bash
# bench.sh: the speeds of the parts, each beside its peer where it has one
# (Chromium's print, pdfsig, R). DOTTEDLINE_MBOX=FILE adds the import of an mbox.
set -euo pipefail
cd "$(dirname "$0")/.."
bench() { echo "== $1"; shift; go test "$@" -run '^$' -benchtime "${BENCHTIME:-5x}" | grep -E '^(Benchmark|---|    )' || true; }
bench "agreement of 3 pages, and Chromium's print of the same" ./paper -bench .
bench "seal and verify, and pdfsig on the same file" ./seal -bench .
bench "mail parsing" ./mail -bench .
bench "free slots of four weeks" ./ical -bench .
bench "100 mailboxes in IDLE" ./internal/imapsync -bench . 
if [ -n "${DOTTEDLINE_MBOX:-}" ]; then
  bench "import of $DOTTEDLINE_MBOX" ./cmd/dottedline -bench Import
fi
echo "== survival analysis, and R on the same rows"
if command -v Rscript >/dev/null; then ./scripts/bench-survival.sh; else echo "left out: Rscript is not installed"; fi
