#!/usr/bin/env bash
# What takes too long for every push: the unit tests again and again under the race
# detector, in random order, and every fuzz target for a while each.
#   ROUNDS=5 FUZZTIME=60s build/soak.sh
set -euo pipefail
cd "$(dirname "$0")/.."

packages=$(go list ./... | grep -v '^keystead/build/e2e')

# Replacing keys at full size: 50 kills among 100,000 values.
SOAK=1 go test -count=1 -timeout 60m -run TestP03Killed ./server/rekey

go test -race -shuffle=on -count="${ROUNDS:-5}" $packages

for package in $packages; do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "fuzz $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-60s}" "$package"
  done
done
