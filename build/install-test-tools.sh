#!/usr/bin/env bash
# Sees to what the browser, proxy and fault tests and the benchmark need beside Go. On
# Debian, as root, it installs what is missing; else it says what to install.
set -euo pipefail

missing=()
for tool in chromium nginx caddy wrk npm strace systemd-analyze; do
  PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || missing+=("${tool%-analyze}")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "Missing for the tests: ${missing[*]}. On Debian: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

# Nothing that a package starts by itself should take a port of this machine.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -q
apt-get install -q -y --no-install-recommends "${missing[@]}"
