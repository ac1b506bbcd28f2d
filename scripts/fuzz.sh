#!/usr/bin/env bash
# fuzz.sh TIME: runs every fuzz target of the project for TIME, one after the other.
# Making an interesting input smaller may take a minute by default, of large files
# all the time there is; the targets are here to find, so it gets little. Now and
# then the engine calls the end of its time a failure: that it isn't.
set -euo pipefail
cd "$(dirname "$0")/.."
for dir in $(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do
  for target in $(grep -ho '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | cut -d' ' -f2 | sort -u); do
    echo "fuzz $dir $target"
    go test "./$dir" -run '^$' -fuzz "^$target\$" -fuzztime "${1:-5s}" -fuzzminimizetime 10x >/tmp/fuzz.$$ 2>&1 ||
      { grep -qx ' *context deadline exceeded' /tmp/fuzz.$$ && ! grep -q 'Failing input' /tmp/fuzz.$$; } ||
      { cat /tmp/fuzz.$$; exit 1; }
  done
done
rm -f /tmp/fuzz.$$
