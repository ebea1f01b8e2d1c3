#!/usr/bin/env bash
# What other people's tools see in us: module sums, gosec, secrets that were ever committed
# (gitleaks), and known vulnerabilities where there is a database of them:
# VULNDB=file:///folder (the layout of vuln.go.dev), or VULNDB=https://vuln.go.dev.
#   VULNDB=… build/scan.sh
#   ONLY=gosec  only that part: sums, gosec, history or vulnerabilities
set -euo pipefail
cd "$(dirname "$0")/.."

part() { [ "${ONLY:-$1}" = "$1" ]; }

if part sums; then
  go mod verify
fi

if part gosec; then
  # G304: every path that we open is one that the operator named.
  GOFLAGS="" go run github.com/securego/gosec/v2/cmd/gosec@v2.22.11 -quiet -exclude-generated -exclude=G304 ./server/... ./shared/... ./web/...
fi

if part history; then
  GOFLAGS="" go run github.com/zricethezav/gitleaks/v8@v8.30.1 git --no-banner --no-color --redact --verbose .
fi

part vulnerabilities || exit 0
if [ -z "${VULNDB:-}" ]; then
  echo "No VULNDB: known vulnerabilities were not looked for."
  exit 0
fi
tool=$(mktemp -d) && trap 'rm -rf "$tool"' EXIT
GOFLAGS="" GOBIN=$tool go install golang.org/x/vuln/cmd/govulncheck@v1.9.0
"$tool/govulncheck" -db "$VULNDB" -version ./server/... ./shared/...
GOOS=js GOARCH=wasm CGO_ENABLED=0 "$tool/govulncheck" -db "$VULNDB" ./app/...
