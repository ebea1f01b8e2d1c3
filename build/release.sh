#!/usr/bin/env bash
# Archives of the built server with their checksums, the bill of materials and the
# list of licences: amd64 as built, and arm64 where its C compiler is installed
# (Debian: gcc-aarch64-linux-gnu). The same commit gives the same bytes, in any folder,
# with the same Go and C compilers.
#   build/release.sh VERSION
set -euo pipefail
export CGO_ENABLED=1 # SQLite is C
version=$1
out=build/bin/release
rm -rf "$out" && mkdir -p "$out"

# Static, so that it runs on any distribution, in an empty container too.
static="-s -w -X main.version=$version -linkmode external -extldflags=-static"
build() { # arch, C compiler
  GOOS=linux GOARCH=$1 CC=$2 go build -trimpath -buildvcs=false -tags "sqlite_omit_load_extension netgo osusergo" \
    -ldflags "$static" -o "$out/$1/keystead" ./server
  go run ./build/bom -binary "$out/$1/keystead" -version "$version" \
    -json "$out/keystead-$version-linux-$1.cdx.json" -licences "$out/$1/LICENCES.txt"
  cp build/keystead.service "$out/$1/"
  chmod 644 "$out/$1/LICENCES.txt" "$out/$1/keystead.service"
  tar -C "$out/$1" --owner=0 --group=0 --sort=name --mtime=@0 -czf "$out/keystead-$version-linux-$1.tar.gz" keystead keystead.service LICENCES.txt
  rm -r "${out:?}/$1"
}

case $(go env GOHOSTARCH) in
  amd64) build amd64 gcc; other=arm64 cross=aarch64-linux-gnu-gcc ;;
  arm64) build arm64 gcc; other=amd64 cross=x86_64-linux-gnu-gcc ;;
esac
if command -v "$cross" >/dev/null; then build "$other" "$cross"; else echo "no $cross: without $other"; fi

cd "$out" && sha256sum ./*.tar.gz ./*.json | tee SHA256SUMS
