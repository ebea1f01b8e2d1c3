package house_test

import (
	"log/slog"
	"testing"

	"keystead/server/config"
	"keystead/server/house"
)

// TestTheExampleIsOfOnePiece: it has a key in every state, and nothing in it contradicts
// the audit log.
func TestTheExampleIsOfOnePiece(t *testing.T) {
	cfg := config.Default()
	cfg.Data = t.TempDir()
	story := house.NewStory()
	h, err := house.Open(t.Context(), cfg, house.Options{Now: story.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close(t.Context()) })
	if _, err := h.Example(t.Context(), story); err != nil {
		t.Fatal(err)
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := h.DB.Read(t.Context()).Get(&n, "SELECT count(*) FROM "+query); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const now = "unixepoch('subsec') * 1000"
	for what, query := range map[string]string{
		"an enabled key":               "api_keys WHERE enabled",
		"a disabled key":               "api_keys WHERE NOT enabled",
		"an expired key":               "api_keys WHERE expires_at < " + now,
		"an expiring key":              "api_keys WHERE expires_at BETWEEN " + now + " AND " + now + " + 7 * 86400000",
		"a global key":                 "api_keys WHERE org_id IS NULL",
		"a key that was never used":    "api_keys WHERE last_login_at IS NULL",
		"a key with two values":        "api_keys WHERE previous_until > " + now,
		"the key of a disabled person": "api_keys k JOIN users u ON u.id = k.owner_id WHERE u.state = 'disabled'",
		"a device that checked in":     "devices WHERE last_check_in_at > enrolled_at",
		"a second organization":        "organizations WHERE id = 2",
	} {
		if count(query) == 0 {
			t.Errorf("there is not %s", what)
		}
	}
	for what, query := range map[string]string{
		"used before they were there, or after they expired": "api_keys WHERE last_login_at < created_at OR last_login_at > expires_at",
		"used after they were disabled": `api_keys k JOIN audit a ON a.target = 'api_key' AND a.target_id = k.id AND a.act = 'api_key.disable'
			WHERE k.last_login_at > a.at`,
		"used after their owner was disabled": `api_keys k JOIN audit a ON a.target = 'user' AND a.target_id = k.owner_id AND a.act = 'user.disable'
			WHERE k.last_login_at > a.at`,
		"people who did something after they were last there": "audit a JOIN users u ON u.id = a.user_id WHERE COALESCE(u.last_active_at, 0) < a.at",
		"rows of the audit log that come before an older one": "audit a JOIN audit b ON b.id = a.id + 1 WHERE b.at < a.at",
		"rows of what has not happened yet":                   "audit WHERE at > " + now,
	} {
		if n := count(query); n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}
