package verify

import (
	"time"

	"keystead/server/db"
	"keystead/shared/api"
)

// login is the latest time that a key was found valid.
type login struct {
	at      time.Time
	address string // "": not known
}

func (l login) Time() time.Time { return l.at }

// Over keeps the address that is known.
func (l login) Over(older login) login {
	if l.address == "" {
		l.address = older.address
	}
	return l
}

// writeLogin moves a last login forward, never back.
func writeLogin(tx *db.Tx, key api.KeyID, login login) error {
	var address *string
	if login.address != "" {
		address = &login.address
	}
	_, err := tx.Exec(`
		UPDATE api_keys
		   SET last_login_at = ?,
		       last_login_ip = COALESCE(?, last_login_ip)
		 WHERE id = ?
		   AND (last_login_at IS NULL OR last_login_at < ?)`, db.At(login.at), address, key, db.At(login.at))
	return err
}
