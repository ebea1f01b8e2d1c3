package verify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
)

func text(id api.KeyID) string { return fmt.Sprint(int64(id)) }

// told are the headers that every answer sets.
var told = []string{"X-Keystead-Key-Id", "X-Keystead-User", "X-Keystead-Organization", "X-Keystead-Role"}

// proxied is a credential as a proxy with a key hands it on.
func proxied(by, key testkit.Credential, more ...string) testkit.Credential {
	lines := append(testkit.Credential{"X-Keystead-Proxy: " + value(by)}, key...)
	return append(lines, more...)
}

// judge asks by GET and holds what is true of every answer.
func (s *stage) judge(as testkit.Credential, query string) testkit.Answer {
	s.T.Helper()
	got := s.Send(as, "GET "+api.PathForwardAuth+query, "")
	if got.Body != "" || got.Header.Get("Cache-Control") != "no-store" {
		s.T.Errorf("%s: %v %s", query, got.Header, got.Body)
	}
	if (got.Header.Get("WWW-Authenticate") != "") != (got.Status == 401) {
		s.T.Errorf("%s: %d challenged by %q", query, got.Status, got.Header.Get("WWW-Authenticate"))
	}
	for _, name := range told {
		if values, ok := got.Header[name]; !ok || len(values) != 1 || got.Status != 200 && values[0] != "" {
			s.T.Errorf("%s: %d with %s %q", query, got.Status, name, values)
		}
	}
	return got
}

func says(got testkit.Answer) string {
	var all []string
	for _, name := range told {
		all = append(all, got.Header.Get(name))
	}
	return strings.Join(all, " ")
}

func TestForwardAuthJudgesThePresentedKey(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.ReadOnly, "k")
	global, everywhere := s.Key(s.Operator, 0, api.Admin, "g")
	_, foreign := s.Key(s.Stranger, s.Y, api.Admin, "f")
	for name, row := range map[string]struct {
		as     testkit.Credential
		query  string
		status int
		says   string
	}{
		"good":                      {key, "", 200, text(id) + " mia@northwind.example ops-x READONLY"},
		"by X-API-Key":              {testkit.Credential{"X-API-Key: " + value(key)}, "", 200, text(id) + " mia@northwind.example ops-x READONLY"},
		"there":                     {key, "?organization=ops-x&permission=devices:read&role=READONLY", 200, text(id) + " mia@northwind.example ops-x READONLY"},
		"may not":                   {key, "?permission=devices:manage", 403, "   "},
		"not its role":              {key, "?role=ADMIN", 403, "   "},
		"global":                    {everywhere, "?organization=ops-x&permission=devices:manage&role=ADMIN", 200, text(global) + " olga@northwind.example ops-x ADMIN"},
		"global, for nowhere":       {everywhere, "", 200, text(global) + " olga@northwind.example  ADMIN"},
		"global, permission of all": {everywhere, "?permission=devices:read", 403, "   "},
		"foreign":                   {foreign, "", 401, "   "},
		"foreign there":             {foreign, "?organization=ops-x", 401, "   "},
		"foreign organization":      {key, "?organization=labs-y", 403, "   "},
		"no organization":           {key, "?organization=nowhere", 403, "   "},
		"empty organization":        {key, "?organization=", 403, "   "},
		"empty permission":          {key, "?permission=", 403, "   "},
		"no permission":             {key, "?permission=keys:everything", 403, "   "},
		"no role":                   {key, "?role=OWNER", 403, "   "},
		"no parameter":              {key, "?scope=x", 403, "   "},
		"twice":                     {key, "?role=READONLY&role=READONLY", 403, "   "},
		"none":                      {nil, "", 401, "   "},
		"two":                       {append(testkit.Credential{"X-API-Key: x"}, key...), "", 401, "   "},
		"Basic":                     {testkit.Credential{"Authorization: Basic eDp5"}, "", 401, "   "},
		"unknown":                   {testkit.Bearer(api.Hide(fresh())), "", 401, "   "},
		"an agent's":                {s.AgentKey(s.X), "", 401, "   "},
		"a browser":                 {s.Session(s.Admin), "", 401, "   "},
	} {
		got := s.judge(proxied(s.asker, row.as), row.query)
		if got.Status != row.status || says(got) != row.says {
			t.Errorf("%s: %d %q, want %d %q", name, got.Status, says(got), row.status, row.says)
		}
	}
}

// TestForwardAuthTakesACopyOfAnyRequest sends what belongs to the service behind the
// proxy: another method, a compressed body's header, another site's cookie.
func TestForwardAuthTakesACopyOfAnyRequest(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	copied := proxied(s.asker, key, "Content-Encoding: gzip", "Cookie: "+s.Config.Cookie()+"=nonsense", "Sec-Fetch-Site: cross-site", "Origin: https://elsewhere.example")
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
		if got := s.Send(copied, method+" "+api.PathForwardAuth, ""); got.Status != 200 {
			t.Errorf("%s: %d %s", method, got.Status, got.Body)
		}
	}
}

func TestP34IdentityIsNeverTheClients(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	var spoofed []string
	for _, name := range told {
		for _, twin := range []string{name, strings.ToLower(name), strings.ReplaceAll(name, "-", "_"), strings.ToUpper(name)} {
			spoofed = append(spoofed, twin+": admin")
		}
	}
	if got := s.judge(proxied(s.asker, key, spoofed...), ""); says(got) != text(id)+" mia@northwind.example ops-x ADMIN" {
		t.Errorf("%q", says(got))
	}
	s.judge(proxied(s.asker, nil, spoofed...), "") // and where it is refused they are empty
}

func TestAProxyProvesItself(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "k")
	_, bare := s.Key(s.Operator, s.X, api.Admin, "without keys:verify")
	for name, as := range map[string]testkit.Credential{
		"nothing":          key,
		"no keys:verify":   proxied(bare, key),
		"an unknown key":   proxied(testkit.Bearer(api.Hide(fresh())), key),
		"the key twice":    proxied(s.asker, key, "X-Keystead-Proxy: "+value(s.asker)),
		"X-Forwarded-For":  append(testkit.Credential{"X-Forwarded-For: 127.0.0.1"}, key...),
		"the key as twin":  append(testkit.Credential{"X_Keystead_Proxy: " + value(s.asker)}, key...),
		"its own":          proxied(key, key),
		"somebody's agent": proxied(s.AgentKey(s.X), key),
	} {
		if got := s.judge(as, ""); got.Status != 403 {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	said := "forward-auth refuses everybody"
	if got := strings.Count(s.Logged(), said); got != 1 {
		t.Errorf("logged %d times in this minute, want once", got)
	}
	s.Pass(time.Minute)
	s.judge(proxied(s.asker, key), "")
	s.judge(proxied(bare, key), "")
	if got := strings.Count(s.Logged(), said); got != 2 {
		t.Errorf("logged %d times, want twice, and not for a good one", got)
	}
}

// TestP35TrustedPeersAreBelieved asks as a peer of the list: the kit's is 0.0.0.0.
func TestP35TrustedPeersAreBelieved(t *testing.T) {
	for network, trusted := range map[string]bool{"0.0.0.0/32": true, "10.0.0.0/8": false} {
		c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) {
			cfg.TrustedProxies, cfg.PublicURL = network, "https://keys.example.com"
		}))
		s := &stage{Cast: c}
		id, key := s.Key(s.Stranger, s.Y, api.Admin, "k")
		from := append(testkit.Credential{"X-Forwarded-For: 198.51.100.1, 203.0.113.9", "X-Keystead-Proxy: the client's"}, key...)
		if !trusted {
			if got := s.judge(from, ""); got.Status != 403 {
				t.Errorf("a peer that is not on the list: %d", got.Status)
			}
			continue
		}
		if got := s.judge(from, "?organization=labs-y"); got.Status != 200 || got.Header.Get("X-Keystead-Key-Id") != text(id) {
			t.Errorf("%d %q", got.Status, says(got))
		}
		for query, want := range map[string]int{"?organization=ops-x": 403, "?organization=nowhere": 403, "?permission=audit:read": 403} {
			if got := s.judge(from, query); got.Status != want {
				t.Errorf("%s: %d, want %d", query, got.Status, want)
			}
		}
		s.Must(s.Verify.Flush(t.Context()))
		if got, err := s.Keys.Get(t.Context(), s.As(s.Stranger), id); err != nil || got.LastLoginIP == nil || *got.LastLoginIP != "203.0.113.9" {
			t.Errorf("its last address: %v %v", got.LastLoginIP, err)
		}
	}
}

func TestP59ForwardAuthSeesTheRevocation(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "k")
	for i := range 20 {
		on := i%2 == 1
		s.edit(s.Member, id, api.EditKey{Enabled: &on})
		if got := s.judge(proxied(s.asker, key), ""); (got.Status == 200) != on {
			t.Fatalf("after change %d: %d", i, got.Status)
		}
	}
	s.edit(s.Member, id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Hour))})
	s.Pass(time.Hour)
	if got := s.judge(proxied(s.asker, key), ""); got.Status != 401 {
		t.Errorf("expired: %d", got.Status)
	}
}
