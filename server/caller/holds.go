package caller

import (
	"fmt"
	"maps"
	"time"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Holds refuses a caller from whom an act that came first has taken what they came with:
// who was disabled or deleted, signed out, or lost the key or something that they might
// do. Every write of a request asks inside its transaction, so that nothing done after a
// revocation comes of a look before it. Faults: not_signed_in, bad_credentials,
// permission_required.
func (c Caller) Holds(r db.Reader, now time.Time) error {
	switch good, err := c.good(r, now); {
	case err != nil:
		return err
	case !good && c.Session != nil:
		return fault.New(fault.NotSignedIn, "You are not signed in any more.")
	case !good:
		return fault.New(fault.BadCredentials, "This credential is not good here any more.")
	}
	if c.User.ID == 0 {
		return nil
	}
	still, err := c.Still(r)
	if err != nil {
		return err
	}
	if still.Account != c.Account || still.EveryOrg != c.EveryOrg || !maps.Equal(still.Orgs, c.Orgs) {
		return fault.New(fault.PermissionRequired, "What you may do has changed meanwhile. Try again.")
	}
	return nil
}

// good reports whether the person is there and active, and the credential as it was.
func (c Caller) good(r db.Reader, now time.Time) (good bool, err error) {
	if c.User.ID == 0 {
		return true, nil
	}
	query, args := "SELECT state = ? FROM users WHERE id = ? AND deleted_at IS NULL", []any{api.UserActive, c.User.ID}
	switch {
	case c.Session != nil:
		query += " AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?)"
		args = append(args, c.Session.ID)
	case c.Key != nil:
		query += ` AND EXISTS (
			SELECT 1
			  FROM api_keys k
			 WHERE k.id = ? AND k.enabled = 1 AND k.deleted_at IS NULL AND k.role = ?
			   AND (k.expires_at IS NULL OR k.expires_at > ?)
			   AND (k.hint = ? OR k.previous_hint = ? AND k.previous_until > ?))`
		args = append(args, c.Key.ID, c.Key.Role, db.At(now), c.Key.Hint, c.Key.Hint, db.At(now))
	}
	err = r.Get(&good, query, args...)
	if db.IsNone(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look again for who asks: %w", err)
	}
	return good, nil
}
