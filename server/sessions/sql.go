package sessions

import (
	"fmt"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// row is a session as it is stored.
type row struct {
	ID            api.SessionID `db:"id"`
	SID           string        `db:"sid"`
	User          api.UserID    `db:"user_id"`
	CreatedAt     db.Stamp      `db:"created_at"`
	ElevatedUntil *db.Stamp     `db:"elevated_until"`
	LastActiveAt  db.Stamp      `db:"last_active_at"`
	ExpiresAt     db.Stamp      `db:"expires_at"`
	IP            string        `db:"ip"`
	UserAgent     string        `db:"user_agent"`
}

// columns are those of a [row].
const columns = `id, sid, user_id, created_at, elevated_until, last_active_at, expires_at, ip, user_agent`

func (r row) caller() *caller.Session {
	c := &caller.Session{ID: r.ID, ExpiresAt: r.ExpiresAt.Time}
	if r.ElevatedUntil != nil {
		c.ElevatedUntil = r.ElevatedUntil.Time
	}
	return c
}

func sessionBySID(r db.Reader, sid string) (found row, err error) {
	err = r.Get(&found, `SELECT `+columns+`
		  FROM sessions
		 WHERE sid = ?`, sid)
	if err != nil {
		return row{}, fmt.Errorf("find the session: %w", err)
	}
	return found, nil
}

// ofUser lists a person's sessions that have not expired, the latest active first.
func ofUser(r db.Reader, user api.UserID, now time.Time) (rows []row, err error) {
	err = r.Select(&rows, `SELECT `+columns+`
		  FROM sessions
		 WHERE user_id = ?
		   AND expires_at > ?
		 ORDER BY last_active_at DESC, id DESC`, user, db.At(now))
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return rows, nil
}

// insert adds a session and makes room: what expired goes, and what a person has
// beyond the bound.
func insert(tx *db.Tx, s *row) error {
	if _, err := tx.Exec("DELETE FROM sessions WHERE expires_at <= ?", s.CreatedAt); err != nil {
		return fmt.Errorf("end expired sessions: %w", err)
	}
	err := tx.Get(&s.ID, `
		INSERT INTO sessions (sid, user_id, created_at, elevated_until, last_active_at, expires_at, ip, user_agent)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`,
		s.SID, s.User, s.CreatedAt, s.ElevatedUntil, s.LastActiveAt, s.ExpiresAt, s.IP, s.UserAgent)
	if err != nil {
		return fmt.Errorf("add the session: %w", err)
	}
	_, err = tx.Exec(`
		DELETE FROM sessions
		 WHERE user_id = ?
		   AND id NOT IN (SELECT id
		                    FROM sessions
		                   WHERE user_id = ?
		                   ORDER BY last_active_at DESC, id DESC
		                   LIMIT ?)`, s.User, s.User, perUser)
	if err != nil {
		return fmt.Errorf("end the least active sessions: %w", err)
	}
	return nil
}

// renew gives a session a new name and a fresh proof of identity.
func renew(tx *db.Tx, id api.SessionID, sid string, elevatedUntil time.Time) (renewed row, err error) {
	err = tx.Get(&renewed, `
		UPDATE sessions
		   SET sid = ?, elevated_until = ?
		 WHERE id = ?
		RETURNING `+columns,
		sid, db.At(elevatedUntil), id)
	if err != nil {
		return row{}, fmt.Errorf("renew the session: %w", err)
	}
	return renewed, nil
}

// rename gives a session a new name and leaves all else, if it has the old one still.
func rename(tx *db.Tx, old, sid string) (renamed row, err error) {
	err = tx.Get(&renamed, `
		UPDATE sessions
		   SET sid = ?
		 WHERE sid = ?
		RETURNING `+columns, sid, old)
	if err != nil {
		return row{}, fmt.Errorf("rename the session: %w", err)
	}
	return renamed, nil
}

// end ends one session of a user and reports whether there was one.
func end(tx *db.Tx, user api.UserID, id api.SessionID) (bool, error) {
	n, err := tx.Exec("DELETE FROM sessions WHERE user_id = ? AND id = ?", user, id)
	if err != nil {
		return false, fmt.Errorf("end the session: %w", err)
	}
	return n > 0, nil
}

// endBut ends all sessions of a user but one (0: all) and counts them.
func endBut(tx *db.Tx, user api.UserID, keep api.SessionID) (int64, error) {
	n, err := tx.Exec("DELETE FROM sessions WHERE user_id = ? AND id <> ?", user, keep)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return n, nil
}

func (s *Sessions) noteActivity(tx *db.Tx, signs map[api.SessionID]time.Time) error {
	for id, at := range signs {
		var user api.UserID
		err := tx.Get(&user, "UPDATE sessions SET last_active_at = max(last_active_at, ?) WHERE id = ? RETURNING user_id", db.At(at), id)
		if db.IsNone(err) {
			continue // it ended
		}
		if err != nil {
			return fmt.Errorf("note activity: %w", err)
		}
		if err := s.NoteActive(tx, user, at); err != nil {
			return err
		}
	}
	return nil
}

// account is what sign-in reads of a user.
type account struct {
	caller.User
	State    string  `db:"state"`
	Password *string `db:"password_hash"`
}

// byEmail finds a user by their folded e-mail address.
func byEmail(r db.Reader, folded string) (found account, err error) {
	err = r.Get(&found, `
		SELECT id, uuid, email, first_name, last_name, state, password_hash
		  FROM users
		 WHERE email_folded = ?
		   AND deleted_at IS NULL`, folded)
	if err != nil {
		return account{}, fmt.Errorf("find the user: %w", err)
	}
	return found, nil
}

func byID(r db.Reader, id api.UserID) (found account, err error) {
	err = r.Get(&found, `
		SELECT id, uuid, email, first_name, last_name, state, password_hash
		  FROM users
		 WHERE id = ?
		   AND deleted_at IS NULL`, id)
	if err != nil {
		return account{}, fmt.Errorf("find the user: %w", err)
	}
	return found, nil
}
