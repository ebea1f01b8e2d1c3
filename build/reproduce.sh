#!/usr/bin/env bash
# Makes the release of the last commit twice, in clones in two folders with nothing
# cached but the modules, and compares: every file has to be the same, byte for byte.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in one another/and-deeper; do
  git clone -q "$root" "$work/$folder"
  GOCACHE="$work/cache-${folder%%/*}" make -s -C "$work/$folder" release >/dev/null
done
cd "$work/one/build/bin/release"
cat SHA256SUMS
diff -r . "$work/another/and-deeper/build/bin/release" && echo "The same, byte for byte."
