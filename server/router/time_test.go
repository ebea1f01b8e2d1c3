package router_test

import (
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// What has expired does not revive when the machine's clock is set back.
func TestP62NothingExpiredRevives(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	id, short := c.Key(c.Member, c.X, api.Admin, "short")
	_, err := c.Keys.Edit(t.Context(), c.As(c.Member), id, api.EditKey{ExpiresAt: api.Just(c.DB.Now().Add(time.Hour))})
	c.Must(err)
	rotated, before := c.Key(c.Member, c.X, api.Admin, "rotated")
	_, err = c.Keys.Rotate(t.Context(), c.As(c.Member), rotated, api.Rotate{OverlapSeconds: 3600})
	c.Must(err)
	agent := c.AgentKey(c.X)
	c.RotateAgentKey(c.X, 3600)
	_, lasting := c.Key(c.Member, c.X, api.Admin, "lasting")
	enroll := func() testkit.Answer {
		return c.Send(agent, "POST "+api.PathAgentEnroll, `{"hostname":"web-1","os":"Linux 6.1","agent_version":"1.0"}`)
	}
	for name, holder := range map[string]testkit.Credential{"a key": short, "a rotated value": before, "a session": c.Session(c.Member), "a key without expiry": lasting} {
		if got := c.Send(holder, "GET /v1/me", ""); got.Status != 200 {
			t.Fatalf("%s: %d", name, got.Status)
		}
	}
	session := c.Session(c.Member)
	if got := enroll(); got.Status != 200 && got.Status != 201 {
		t.Fatalf("the agent key's former value: %d %s", got.Status, got.Body)
	}
	refused := func(when string) {
		t.Helper()
		for name, holder := range map[string]testkit.Credential{"a key": short, "a rotated value": before, "a session": session} {
			if got := c.Send(holder, "GET /v1/me", ""); got.Status != 401 {
				t.Errorf("%s, %s: %d", when, name, got.Status)
			}
		}
		if got := enroll(); got.Status != 401 {
			t.Errorf("%s, the agent key's former value: %d", when, got.Status)
		}
		if got := c.Send(lasting, "GET /v1/me", ""); got.Status != 200 {
			t.Errorf("%s, a key without expiry: %d", when, got.Status)
		}
	}
	c.Pass(13 * time.Hour)
	refused("later")
	for _, back := range []time.Duration{-time.Second, -time.Hour, -12 * time.Hour, -100 * 24 * time.Hour} {
		c.Pass(back)
		refused("after the clock went back by " + (-back).String())
	}
}
