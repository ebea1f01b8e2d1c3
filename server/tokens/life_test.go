package tokens_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keystead/build/promises/size"
	"keystead/server/testkit"
	"keystead/server/tokens"
	"keystead/shared/api"
)

// chain is a family in the model: its refresh tokens, each made of the one before.
type chain struct {
	links  []*refresh
	access []access
	ended  bool
}

type refresh struct {
	value   string
	made    time.Time
	spent   *time.Time
	retried bool
}

type access struct {
	token testkit.Credential
	made  time.Time
}

// refresh is what must come of presenting the i-th token: its successor, or nothing.
func (c *chain) refresh(i int, now time.Time) (good bool) {
	l := c.links[i]
	switch {
	case c.ended, now.Sub(l.made) >= tokens.Lifetime:
		return false
	case l.spent == nil:
		l.spent = &now
		return true
	case i+2 < len(c.links), l.retried, now.Sub(*l.spent) > 10*time.Second:
		c.ended = true
		return false
	}
	l.retried = true
	return true
}

// TestP30TheLifeOfFamilies refreshes at random, also what was spent, while time passes and
// the key is switched off and on: every answer is the model's, and so is every access
// token after it.
func TestP30TheLifeOfFamilies(t *testing.T) {
	s := newStage(t)
	want, steps, done := size.Of(t, 300, 100_000, "steps"), 0, map[bool]int{}
	for steps < want && !t.Failed() {
		rapid.Check(t, func(rt *rapid.T) {
			on := true
			var chains []*chain
			for range rapid.IntRange(3, 12).Draw(rt, "steps") {
				steps++
				act, now := rapid.IntRange(0, 9).Draw(rt, "act"), s.DB.Now()
				switch {
				case act == 0:
					on = !on
					_, err := s.Keys.Edit(t.Context(), s.As(s.Member), s.id, api.EditKey{Enabled: &on})
					s.Must(err)
				case act < 3:
					s.Pass(rapid.SampledFrom([]time.Duration{time.Second, 9 * time.Second, 11 * time.Second, time.Hour, 23 * time.Hour}).Draw(rt, "time"))
				case on && (act == 3 || len(chains) == 0):
					token, first := s.good()
					chains = append(chains, &chain{links: []*refresh{{value: first, made: now}}, access: []access{{token, now}}})
				case len(chains) > 0:
					c := rapid.SampledFrom(chains).Draw(rt, "family")
					i := len(c.links) - 1 - min(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 5}).Draw(rt, "how far back"), len(c.links)-1)
					latest := i == len(c.links)-1
					good := on && c.refresh(i, now) // whose key is off learns nothing, and nothing ends by it
					got := s.Refresh(c.links[i].value)
					if (got.Status == 200) != good {
						rt.Fatalf("token %d of %d: %d %s, want %v", i, len(c.links), got.Status, got.Body, good)
					}
					done[good]++
					if !good {
						break
					}
					next := testkit.Read[pair](s.Kit, got, 200)
					c.access = append(c.access, access{testkit.Bearer(api.Hide(next.Access)), now})
					if latest {
						c.links = append(c.links, &refresh{value: next.Refresh, made: now})
					} else if c.links[i+1].value != next.Refresh {
						rt.Fatal("a retry hands out another token")
					}
				}
				for _, c := range chains {
					for i, a := range c.access {
						good := on && !c.ended && s.DB.Now().Sub(a.made) < tokens.Lifetime
						if got := s.status(a.token); (got == 200) != good {
							rt.Fatalf("access token %d of %d: %d, want %v", i, len(c.access), got, good)
						}
					}
				}
			}
			if !on {
				on = true
				_, err := s.Keys.Edit(t.Context(), s.As(s.Member), s.id, api.EditKey{Enabled: &on})
				s.Must(err)
			}
		})
	}
	if !t.Failed() && (done[true] == 0 || done[false] == 0) {
		t.Errorf("%d refreshes and %d refusals prove little", done[true], done[false])
	}
	t.Logf("%d steps: %d refreshes, %d refusals", steps, done[true], done[false])
}
