#!/usr/bin/env bash
# vulncheck.sh: govulncheck; where its database can't be reached it says so
# loudly and goes on, so that a machine without that network can still check.
set -uo pipefail
cd "$(dirname "$0")/.."
out=$(timeout 300 go tool govulncheck ./... 2>&1); code=$?
if [ $code -eq 124 ] || [ $code -ne 0 ] && grep -qiE 'fetching vulnerabilities|no such host|connection refused|dial tcp|forbidden|proxyconnect|i\/o timeout|deadline exceeded' <<<"$out"; then
  echo "NOT CHECKED: the vulnerability database can't be reached from here." >&2
  exit 0
fi
[ $code -eq 0 ] || echo "$out"
exit $code
