package router_test

import (
	"fmt"
	"strings"
	"testing"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// peer is where the kit's requests come from.
const peer = "0.0.0.0"

// forwardedShapes are headers as proxies, and those who play one, send them, with the
// client's address where the peer is trusted, and so are 10.0.0.0/8 and 2001:db8::/32.
var forwardedShapes = []struct {
	lines string // parted by |
	want  string
}{
	{"", peer},
	{"X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
	{"x-forwarded-for: 203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: 198.51.100.1, 203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: 198.51.100.1,203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For:   203.0.113.9\t", "203.0.113.9"},
	{"X-Forwarded-For: 203.0.113.9, 10.0.0.2", "203.0.113.9"},
	{"X-Forwarded-For: 198.51.100.1, 203.0.113.9, 10.0.0.2, 10.9.9.9", "203.0.113.9"},
	{"X-Forwarded-For: 10.0.0.3, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
	{"X-Forwarded-For: 10.0.0.2", "10.0.0.2"},
	{"X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3"},
	{"X-Forwarded-For: 198.51.100.1|X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: 203.0.113.9|X-Forwarded-For: 10.0.0.2", "203.0.113.9"},
	{"X-Forwarded-For: 127.0.0.1, 203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: " + strings.Repeat("198.51.100.1, ", 500) + "203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: 2a00:1450::9", "2a00:1450::9"},
	{"X-Forwarded-For: 2A00:1450:0:0:0:0:0:9", "2a00:1450::9"},
	{"X-Forwarded-For: 2a00:1450::9, 2001:db8::1", "2a00:1450::9"},
	{"X-Forwarded-For: ::ffff:203.0.113.9", "203.0.113.9"},
	{"X-Forwarded-For: 203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"},
	// What is no address was not written by a proxy that counts: who sent it is the last one known.
	{"X-Forwarded-For: ", peer},
	{"X-Forwarded-For: 203.0.113.9,", peer},
	{"X-Forwarded-For: 203.0.113.9, unknown", peer},
	{"X-Forwarded-For: 203.0.113.9, _hidden", peer},
	{"X-Forwarded-For: 203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"},
	{"X-Forwarded-For: 203.0.113.9:4711", peer},
	{"X-Forwarded-For: [2a00:1450::9]", peer},
	{"X-Forwarded-For: [2a00:1450::9]:4711", peer},
	{"X-Forwarded-For: fe80::1%eth0", peer},
	{"X-Forwarded-For: 203.0.113.9 198.51.100.1", peer},
	{"X-Forwarded-For: 203.0.113.9; 198.51.100.1", peer},
	{`X-Forwarded-For: "203.0.113.9"`, peer},
	{"X-Forwarded-For: for=203.0.113.9", peer},
	{"X-Forwarded-For: 203.0.113.009", peer},
	{"X-Forwarded-For: 3405803785", peer},
	{"X-Forwarded-For: 0xcb007109", peer},
	{"X-Forwarded-For: 203.113.9", peer},
	{"X-Forwarded-For: 203.0.113.9/32", peer},
	{"X-Forwarded-For: localhost", peer},
	{"X-Forwarded-For: ２０３.0.113.9", peer},
	// Other headers say nothing.
	{"Forwarded: for=203.0.113.9", peer},
	{"X-Real-IP: 203.0.113.9", peer},
	{"True-Client-IP: 203.0.113.9", peer},
	{"CF-Connecting-IP: 203.0.113.9", peer},
	{"X-Client-IP: 203.0.113.9", peer},
	{"X_Forwarded_For: 203.0.113.9", peer},
	{"X-Forwarded-For-Real: 203.0.113.9", peer},
	{"X-Real-IP: 198.51.100.1|X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
}

// TestP35ForwardedAddresses asks with every shape, from a peer that is on the list of
// proxies and from one that is not, and looks at what was made of it where it matters: the key's last
// address, the audit log, and who is held back after bad credentials.
func TestP35ForwardedAddresses(t *testing.T) {
	for networks, trusted := range map[string]bool{"0.0.0.0/32, 10.0.0.0/8, 2001:db8::/32": true, "10.0.0.0/8, 2001:db8::/32": false} {
		c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) {
			cfg.TrustedProxies, cfg.PublicURL, cfg.MaxKeysPerUser = networks, "https://keys.example.com", 100
		}))
		for i, shape := range forwardedShapes {
			want := shape.want
			if !trusted {
				want = peer
			}
			var lines testkit.Credential
			if shape.lines != "" {
				lines = strings.Split(shape.lines, "|")
			}
			id, key := c.Key(c.Member, c.X, api.ReadOnly, fmt.Sprintf("shape %d", i))
			if got := c.Send(append(key, lines...), "GET /v1/me", ""); got.Status != 200 {
				t.Fatalf("%.60s: %d %s", shape.lines, got.Status, got.Body)
			}
			c.Must(c.Verify.Flush(t.Context()))
			used, err := c.Keys.Get(t.Context(), c.As(c.Member), id)
			c.Must(err)
			if used.LastLoginIP == nil || *used.LastLoginIP != want {
				t.Errorf("%.60s: the key was used from %v, want %s", shape.lines, used.LastLoginIP, want)
			}
			if got := c.Send(append(testkit.Credential{"Authorization: Bearer nobody's"}, lines...), "GET /v1/me", ""); got.Status != 401 {
				t.Fatalf("%.60s: %d", shape.lines, got.Status)
			}
			c.Must(c.Sessions.Flush(t.Context()))
			var logged string
			c.Must(c.DB.Read(t.Context()).Get(&logged, "SELECT ip FROM audit ORDER BY id DESC LIMIT 1"))
			if logged != want {
				t.Errorf("%.60s: the audit log has %s, want %s", shape.lines, logged, want)
			}
		}
	}
}

// TestP35NobodyEscapesTheThrottleByAHeader guesses under other names for oneself: what a
// client puts before the proxy's own entry gives no further guess.
func TestP35NobodyEscapesTheThrottleByAHeader(t *testing.T) {
	for networks, line := range map[string]string{
		"0.0.0.0/32": "X-Forwarded-For: 198.51.100.%, 203.0.113.9",
		"10.0.0.0/8": "X-Forwarded-For: 198.51.100.%",
	} {
		c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) {
			cfg.TrustedProxies, cfg.PublicURL, cfg.FailedPerMinute = networks, "https://keys.example.com", 5
		}))
		for i := range 12 {
			as := testkit.Credential{"Authorization: Bearer guess", strings.ReplaceAll(line, "%", string(rune('0'+i%10)))}
			if got, want := c.Send(as, "GET /v1/me", "").Status, map[bool]int{true: 401, false: 429}[i < 5]; got != want {
				t.Errorf("%s: guess %d: %d, want %d", networks, i, got, want)
			}
		}
	}
}

// TestAGoodKeyIsLetInWhereOthersGuess has two clients behind one address: that one goes
// on with an old key takes nothing from the other, and its own tries end in 429.
func TestAGoodKeyIsLetInWhereOthersGuess(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) { cfg.FailedPerMinute = 5 }))
	_, good := c.Key(c.Admin, c.X, api.Admin, "good")
	old := testkit.Credential{"Authorization: Bearer an old one"}
	for i := range 12 {
		if got, want := c.Send(old, "GET /v1/me", "").Status, map[bool]int{true: 401, false: 429}[i < 5]; got != want {
			t.Errorf("the old key's try %d: %d, want %d", i, got, want)
		}
	}
	for as, want := range map[*testkit.Credential]int{&good: 200, &old: 429} {
		for _, door := range []string{"GET /v1/me", "POST /v1/keys/verify"} {
			body := map[bool]string{true: `{"key":"nothing"}`}[strings.HasPrefix(door, "POST")]
			if got := c.Send(*as, door, body).Status; got != want {
				t.Errorf("%s: %d, want %d", door, got, want)
			}
		}
	}
}
