#!/usr/bin/env bash
# Attacks the built binary with other people's tools, on scratch data and loopback only:
# sqlmap at every parameter that a list takes and at the bodies that strangers send, and
# slowhttptest's four kinds of slow client. Fails on a finding. As root on Debian it
# installs the two where they are missing.
#   SECONDS_EACH=20 build/attack.sh
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in sqlmap slowhttptest curl; do
  command -v "$tool" >/dev/null && continue
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "Missing: $tool. On Debian: sudo apt-get install $tool" >&2
    exit 1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$tool"
done

each=${SECONDS_EACH:-20}
scratch=$(mktemp -d)
port=$(( 20000 + $$ % 20000 ))
site=http://127.0.0.1:$port
build/bin/keystead serve --data "$scratch/data" --listen "127.0.0.1:$port" --rate-limit 100000 --failed-per-minute 100000 >"$scratch/out" 2>"$scratch/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
failed=0

# field takes a member out of a JSON answer; values of ours need no more of a parser.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -1; }
for _ in $(seq 100); do
  token=$(sed -n 's/.*setup#token=//p' "$scratch/out")
  [ -n "$token" ] && break
  sleep 0.1
done
json='Content-Type: application/json'
jar=$scratch/jar
curl -sf -c "$jar" -H "$json" -d "{\"token\":\"$token\",\"email\":\"mara@example.com\",\"password\":\"orbit lantern quarry 52\",\"first_name\":\"Mara\",\"last_name\":\"Voss\",\"organization\":\"Ops\"}" "$site/v1/setup" >"$scratch/session"
org=$(curl -sf -b "$jar" "$site/v1/organizations" | field id)
curl -sf -b "$jar" -H "$json" -H 'Sec-Fetch-Site: same-origin' -d '{"name":"attacker","role":"ADMIN"}' "$site/v1/global/api-keys" >"$scratch/key"
key=$(sed -n 's/.*"value":"\([^"]*\)".*/\1/p' "$scratch/key")
[ -n "$org" ] && [ -n "$key" ] || { echo "attack: the server could not be set up" >&2; exit 1; }

# verify proves that the server still does what others depend on.
verify() {
  curl -sf -m 5 -H "Authorization: Bearer $key" -H "$json" -d "{\"key\":\"$key\"}" "$site/v1/keys/verify" | grep -q '"valid":true' && return
  echo "attack: verify does not answer $1" >&2
  failed=1
}
verify "before anything"

# found is how sqlmap says that it found something, after it looked again: what "appears
# to be" is often the throttle, which answers the same question in two ways.
found='is vulnerable|identified the following'

# inject runs sqlmap at one target, with a marker in each place to try.
inject() {
  local what=$1
  shift
  echo "sqlmap $what"
  timeout 900 sqlmap --batch --level 3 --risk 2 --dbms SQLite --technique BEUST --time-sec 2 --threads 1 --timeout 10 --retries 1 --ignore-code '*' \
    --skip-waf --flush-session --output-dir "$scratch/sqlmap" "$@" >"$scratch/said" 2>&1 || { echo "attack: sqlmap ended with $?" >&2; tail -5 "$scratch/said" >&2; failed=1; }
  if grep -Eq "$found" "$scratch/said"; then
    echo "attack: sqlmap found something at $what" >&2
    grep -E "$found" "$scratch/said" >&2
    failed=1
  elif ! grep -q 'do not appear to be injectable' "$scratch/said"; then
    echo "attack: sqlmap came to no end at $what" >&2
    tail -5 "$scratch/said" >&2
    failed=1
  fi
  verify "after sqlmap at $what"
}
as=(--headers "Authorization: Bearer $key")
inject "search and sort of keys" "${as[@]}" -u "$site/v1/organizations/$org/api-keys?q=a*&sort=name*&order=asc*&page=1*&limit=10*"
inject "search and sort of people" "${as[@]}" -u "$site/v1/users?q=a*&sort=name*&order=asc*"
inject "search and sort of devices" "${as[@]}" -u "$site/v1/organizations/$org/devices?q=a*&sort=hostname*"
inject "the audit log" "${as[@]}" -u "$site/v1/audit?q=a*&page=1*"
requests=$(grep -c msg=request "$scratch/log")
[ "$requests" -ge 1000 ] || { echo "attack: sqlmap sent no more than $requests requests" >&2; failed=1; }
inject "an id in a path" "${as[@]}" -u "$site/v1/api-keys/1*"
inject "sign-in" --headers "$json" -u "$site/v1/session" --method POST --data '{"email":"a*","password":"b"}'
inject "a presented key" "${as[@]}" --headers "Authorization: Bearer $key
$json" -u "$site/v1/keys/verify" --method POST --data '{"key":"a*"}'

# slow opens many connections that dribble. Meanwhile verify must answer at once, and
# slowhttptest's own probe must find the service there.
slow() {
  local what=$1 probe
  shift
  echo "slowhttptest $what"
  slowhttptest "$@" -c 1000 -r 200 -l "$each" -p 5 -g -o "$scratch/slow" >"$scratch/said" 2>&1 &
  probe=$!
  while kill -0 "$probe" 2>/dev/null; do
    verify "during $what"
    sleep 1
  done
  wait "$probe" || true
  if ! grep -q 'service available' "$scratch/said" || grep -q 'service available: *NO' "$scratch/said"; then
    echo "attack: $what made the service unavailable" >&2
    tail -15 "$scratch/said" >&2
    failed=1
  fi
  verify "after $what"
}
slow "slow headers" -H -i 1 -u "$site/"
slow "slow bodies" -B -i 1 -s 8192 -u "$site/v1/session" -f application/json
slow "ranges" -R -u "$site/" -a 10 -b 3000
slow "slow reading" -X -i 2 -w 10 -y 20 -n 5 -z 32 -k 3 -u "$site/openapi.json"

if grep -Eq 'level=ERROR|panic' "$scratch/log"; then
  echo "attack: the server logged an error" >&2
  grep -E 'level=ERROR|panic' "$scratch/log" | head -5 >&2
  failed=1
fi
kill "$server" && wait "$server" || { echo "attack: the server did not end well" >&2; failed=1; }
[ "$failed" -eq 0 ] && echo "Nothing was found."
exit "$failed"
