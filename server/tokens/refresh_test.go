package tokens_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// pair is what a refresh answers.
type pair struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

func (s *stage) refreshed(token string) pair {
	s.T.Helper()
	return testkit.Read[pair](s.Kit, s.Refresh(token), 200)
}

func (s *stage) families() int64 { return s.Number("SELECT count(*) FROM token_families") }

const badRefresh = `{"status":400,"name":"Bad Request","message":"refresh_token: This token is not good here."}`

func TestP30ARefreshTokenChangesWithEachUse(t *testing.T) {
	s := newStage(t)
	first, token := s.good()
	seen := map[string]bool{token: true}
	for range 5 {
		s.Pass(23 * time.Hour)
		next := s.refreshed(token)
		if seen[next.Refresh] || seen[next.Access] {
			t.Fatal("one came twice")
		}
		seen[next.Refresh], seen[next.Access] = true, true
		if got := s.status(testkit.Bearer(api.Hide(next.Access))); got != 200 {
			t.Errorf("the new access token: %d", got)
		}
		token = next.Refresh
	}
	if got := s.status(first); got != 401 {
		t.Errorf("the first access token, days later: %d", got)
	}
	s.Pass(24 * time.Hour)
	if got := s.Refresh(token); got.Status != 400 || got.Body != badRefresh {
		t.Errorf("a refresh token at its end: %d %s", got.Status, got.Body)
	}
	s.good() // makes room
	if n, spent := s.families(), s.Number("SELECT count(*) FROM refresh_tokens"); n != 1 || spent != 1 {
		t.Errorf("%d families and %d refresh tokens are kept", n, spent)
	}
}

// TestP30ReuseEndsTheFamily, but for one retry of the latest within ten seconds.
func TestP30ReuseEndsTheFamily(t *testing.T) {
	for name, c := range map[string]struct {
		steps func(s *stage, zero string) (again string)
		after time.Duration
		good  bool
	}{
		"the latest, at once":        {func(s *stage, zero string) string { s.refreshed(zero); return zero }, 0, true},
		"the latest, after 10 s":     {func(s *stage, zero string) string { s.refreshed(zero); return zero }, 10 * time.Second, true},
		"the latest, after 10.001 s": {func(s *stage, zero string) string { s.refreshed(zero); return zero }, 10*time.Second + time.Millisecond, false},
		"the latest, clock set back": {func(s *stage, zero string) string { s.refreshed(zero); return zero }, -time.Second, true},
		"the latest, a second retry": {func(s *stage, zero string) string { s.refreshed(zero); s.refreshed(zero); return zero }, 0, false},
		"the one before it":          {func(s *stage, zero string) string { s.refreshed(s.refreshed(zero).Refresh); return zero }, 0, false},
		"the one before that": {func(s *stage, zero string) string {
			s.refreshed(s.refreshed(s.refreshed(zero).Refresh).Refresh)
			return zero
		}, 0, false},
		"the middle one": {func(s *stage, zero string) string {
			one := s.refreshed(zero).Refresh
			s.refreshed(s.refreshed(one).Refresh)
			return one
		}, 0, false},
		"retried, and then its child": {func(s *stage, zero string) string { s.refreshed(zero); return s.refreshed(zero).Refresh }, time.Hour, true},
	} {
		s := newStage(t)
		access, zero := s.good()
		again := c.steps(s, zero)
		s.Pass(c.after)
		got := s.Refresh(again)
		if (got.Status == 200) != c.good || !c.good && got.Body != badRefresh {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
		alive := map[bool]int{true: 200, false: 401}[c.good]
		if got := s.status(access); got != alive {
			t.Errorf("%s: the access token then: %d", name, got)
		}
		if ended := s.Number("SELECT count(*) FROM audit WHERE act = 'token.end' AND facts = ?", `{"reused":true}`); (ended == 1) == c.good {
			t.Errorf("%s: %d rows say that it was reused", name, ended)
		}
	}
}

// TestP30ARetryGetsTheSame: whoever lost an answer goes on where they were.
func TestP30ARetryGetsTheSame(t *testing.T) {
	s := newStage(t)
	_, token := s.good()
	one := s.refreshed(token)
	s.Pass(3 * time.Second)
	two := s.refreshed(token)
	if one.Refresh != two.Refresh || one.Access == two.Access {
		t.Error("a retry hands out another refresh token")
	}
	s.refreshed(one.Refresh)
}

// TestP30TwoAtOnceAreNoThieves: two tabs that refresh at the same time, again and again.
func TestP30TwoAtOnceAreNoThieves(t *testing.T) {
	s := newStage(t)
	_, token := s.good()
	for round := range 100 {
		var next [2]string
		var both sync.WaitGroup
		for i := range next {
			both.Go(func() {
				g, err := s.Tokens.Refresh(t.Context(), token, "192.0.2.1", "")
				if err != nil {
					t.Errorf("round %d: %v", round, err)
				}
				next[i] = g.Refresh.Reveal()
			})
		}
		both.Wait()
		if next[0] != next[1] || next[0] == "" {
			t.Fatalf("round %d: they went apart", round)
		}
		token = next[round%2]
	}
}

// TestP30AThiefAndTheOwner: whoever comes second ends it for both.
func TestP30AThiefAndTheOwner(t *testing.T) {
	s := newStage(t)
	_, stolen := s.good()
	owner := s.refreshed(stolen)
	s.Pass(time.Minute)
	if got := s.Refresh(stolen); got.Status != 400 {
		t.Errorf("the thief: %d", got.Status)
	}
	if got := s.Refresh(owner.Refresh); got.Status != 400 {
		t.Errorf("the owner then: %d", got.Status)
	}
	if s.families() != 0 {
		t.Error("the family lives")
	}
}

// TestP01RefreshTokensAreStoredAsDigests: neither they nor requests lie anywhere.
func TestP01RefreshTokensAreStoredAsDigests(t *testing.T) {
	s := newStage(t)
	access, token := s.good()
	next := s.refreshed(token)
	var dump []string
	for _, table := range []string{"token_families", "refresh_tokens", "token_requests", "audit"} {
		var columns []string
		s.Must(s.DB.Read(t.Context()).Select(&columns, "SELECT name FROM pragma_table_info(?)", table))
		var rows []string
		s.Must(s.DB.Read(t.Context()).Select(&rows, "SELECT concat_ws('|', "+strings.Join(columns, ", ")+") FROM "+table))
		dump = append(dump, rows...)
	}
	text := strings.Join(dump, "\n")
	for _, value := range []string{testkit.Value(access), token, next.Access, next.Refresh, testkit.Value(s.key)} {
		for _, piece := range append(strings.Split(value, "."), value) {
			if len(piece) > 40 && strings.Contains(text, piece) && !strings.HasPrefix(piece, "eyJhbGci") {
				t.Errorf("a piece of a token is stored")
			}
		}
	}
}

// TestARefreshNeedsItsKey: what ends the key ends the refresh token.
func TestARefreshNeedsItsKey(t *testing.T) {
	s := newStage(t)
	_, token := s.good()
	off, on := false, true
	edit := func(enabled *bool) {
		_, err := s.Keys.Edit(t.Context(), s.As(s.Member), s.id, api.EditKey{Enabled: enabled})
		s.Must(err)
	}
	edit(&off)
	if got := s.Refresh(token); got.Status != 400 || got.Body != badRefresh {
		t.Errorf("of a disabled key: %d %s", got.Status, got.Body)
	}
	edit(&on)
	s.refreshed(token)
	for name, form := range map[string]string{
		"nonsense": "refresh_token=x", "an access token": "refresh_token=" + url.QueryEscape(s.refreshedAccess(t)), "nothing": "refresh_token=",
	} {
		got := s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/refresh", form)
		if got.Status != 400 {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
}

func (s *stage) refreshedAccess(t *testing.T) string {
	t.Helper()
	access, _ := s.good()
	return testkit.Value(access)
}
