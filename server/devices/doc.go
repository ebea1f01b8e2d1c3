// Package devices is the machines of an organization: enroll, check in, list, delete.
//
// A machine enrolls with the agent access key of its organization, the current
// version or the one before while it overlaps, and gets a token of its own, once. With
// that it checks in. Which version enrolled it stays with the device, and whether
// that one had been rotated away already: so whoever rotates the key sees during the
// overlap which machines still bring the old one. Rotating ends no device's token;
// deleting the device does, at its next request.
//
// Two lines enroll a machine and check in:
//
//	token=$(curl -fsS "$URL/v1/agent/enroll" -H "Authorization: Bearer $AGENT_ACCESS_KEY" -H 'Content-Type: application/json' -d "{\"hostname\":\"$(hostname)\",\"os\":\"$(uname -sr)\",\"agent_version\":\"1.0\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/')
//	curl -fsS -X POST "$URL/v1/agent/check-in" -H "Authorization: Bearer $token"
//
// Agents have no permissions and enter no other door; nobody but agents enters
// theirs. A check-in is kept in memory and written within seconds, at most once a
// minute for each device; it is no change and has no audit row.
package devices
