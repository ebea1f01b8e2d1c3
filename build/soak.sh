#!/usr/bin/env bash
# What takes too long for every push: the unit tests again and again under the race
# detector, in random order; the fault tests (kills, power losses, failed writes and
# syncs, damaged files, killed upgrades) and all others that know a larger size, at the
# size of their promise; floods and other people's tools against the binary; and every
# fuzz target for a while each: what one finds it keeps below testdata/fuzz; commit it
# with the fix, and it is a test from then on. Hours, on two cores.
#   ROUNDS=5        how often the unit tests run
#   FUZZTIME=60s    how long each fuzz target runs
#   FAULTS=TestP63  only the fault tests that match
#   ONLY=faults     only that part: units, faults, attacks or fuzz
set -euo pipefail
cd "$(dirname "$0")/.."

packages=$(go list ./... | grep -v '^keystead/build/e2e')
part() { [ "${ONLY:-$1}" = "$1" ]; }

if part units; then
  go test -race -shuffle=on -count="${ROUNDS:-5}" $packages
  SIZE=full go test -count=1 -timeout 0 -run 'P[0-9][0-9]' $packages
fi

if part faults; then
  SIZE=full go test -count=1 -timeout 0 -v -run "${FAULTS:-.}" ./build/e2e/faults
fi

if part attacks; then
  SIZE=full go test -count=1 -timeout 0 -v -run 'P01P05|P14P58|P49|P50|P51' ./build/e2e
  build/attack.sh
fi

part fuzz || exit 0
for package in $packages; do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "fuzz $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-60s}" "$package"
  done
done
