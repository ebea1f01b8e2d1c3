package router_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// TestP16P43NothingIsDoneAfterARevocation has requests judged before a revocation and
// written after it: they wait for the writer while it takes from their caller what they
// came with.
func TestP16P43NothingIsDoneAfterARevocation(t *testing.T) {
	for name, row := range map[string]struct {
		byKey  bool
		reveal bool // instead of adding a key
		revoke string
		status int
	}{
		"nothing is revoked":       {false, false, "UPDATE users SET first_name = 'Adah' WHERE id = :user", 201},
		"nothing of a key":         {true, false, "UPDATE api_keys SET name = 'renamed' WHERE id = :key", 201},
		"the person is disabled":   {false, false, "UPDATE users SET state = 'disabled' WHERE id = :user", 401},
		"… and reveals":            {false, true, "UPDATE users SET state = 'disabled' WHERE id = :user", 401},
		"the person is deleted":    {true, false, "UPDATE users SET deleted_at = 1 WHERE id = :user", 401},
		"the session ends":         {false, false, "DELETE FROM sessions WHERE user_id = :user", 401},
		"the key is disabled":      {true, false, "UPDATE api_keys SET enabled = 0 WHERE id = :key", 401},
		"the key expires":          {true, false, "UPDATE api_keys SET expires_at = 1 WHERE id = :key", 401},
		"the key is made READONLY": {true, false, "UPDATE api_keys SET role = 'READONLY' WHERE id = :key", 401},
		"the key is rotated":       {true, false, "UPDATE api_keys SET hint = 'ks_another…' WHERE id = :key", 401},
		"the person leaves":        {false, false, "DELETE FROM memberships WHERE user_id = :user", 403},
	} {
		t.Run(name, func(t *testing.T) {
			c := testkit.NewCast(testkit.New(t, nil))
			key, as := c.Key(c.Operator, c.X, api.Admin, "k")
			if !row.byKey {
				as = c.Session(c.Operator)
			}
			statement := strings.NewReplacer(":user", fmt.Sprint(c.Operator), ":key", fmt.Sprint(key)).Replace(row.revoke)
			taken, wait, answered := make(chan struct{}), make(chan struct{}), make(chan testkit.Answer)
			go func() {
				c.Must(c.DB.Write(t.Context(), func(tx *db.Tx) error {
					close(taken)
					<-wait
					_, err := tx.Exec(statement)
					return err
				}))
			}()
			<-taken
			go func() {
				door, body := api.PathOrgKeys(c.X), `{"name":"late","role":"READONLY"}`
				if row.reveal {
					door, body = api.PathKeyReveal(key), ""
				}
				answered <- c.Send(as, "POST "+door, body)
			}()
			for c.DB.Waiting() == 0 {
				runtime.Gosched()
			}
			close(wait)
			if got := <-answered; got.Status != row.status {
				t.Errorf("%d %s, want %d", got.Status, got.Body, row.status)
			}
		})
	}
}
