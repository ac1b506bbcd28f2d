#!/bin/sh
# Times survival against R's survfit and coxph on the same rows in the same run,
# and the ranking of open deals from 10,000 to 1,000,000.
# Needs: apt-get install r-base-core r-cran-survival
set -eu
cd "$(dirname "$0")/.."
for rows in 10000 ${ROWS:-1000000}; do
	DOTTEDLINE_AGAINST_R=$rows go test ./survival -count=1 -run '^TestAgainstR$' -v | grep -E 'rows:|SKIP|FAIL|differ'
done
go test ./survival -run '^$' -bench . -benchtime "${BENCHTIME:-5x}"
