package tokens

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"time"

	"keystead/server/db"
	"keystead/shared/api"
)

// family is all tokens of one exchange, with what they rest on as it is now.
type family struct {
	ID        int64      `db:"id"`
	UUID      string     `db:"uuid"`
	Org       api.OrgID  `db:"org_id"`
	User      api.UserID `db:"user_id"`
	Subject   string     `db:"subject"`
	Key       *api.KeyID `db:"key_id"`
	PublicID  *string    `db:"key_public_id"`
	Secret    *int       `db:"secret_version"`
	Password  []byte     `db:"password"`
	ExpiresAt db.Stamp   `db:"expires_at"`

	HasSecret   bool      `db:"has_secret"` // the version of the shared secret still opens
	SecretUntil *db.Stamp `db:"secret_until"`
	Hash        *string   `db:"password_hash"`
}

// good reports whether the secret or the password is still the one that was exchanged.
// The key behind the family is for the evaluator.
func (f family) good(now time.Time) bool {
	if f.Key == nil {
		return f.Hash != nil && subtle.ConstantTimeCompare(f.Password, passwordDigest(*f.Hash)) == 1
	}
	return f.HasSecret && (f.SecretUntil == nil || now.Before(f.SecretUntil.Time))
}

// end is when tokens end that are made now: at the latest with what was exchanged for
// them, as far as that is known.
func (f family) end(holder Holder, now time.Time) time.Time {
	end := now.Add(Lifetime)
	if holder.Until != nil && holder.Until.Before(end) {
		end = *holder.Until
	}
	if f.SecretUntil != nil && f.SecretUntil.Before(end) {
		end = f.SecretUntil.Time
	}
	return end
}

// passwordDigest tells the password that was exchanged from a later one.
func passwordDigest(hash string) []byte {
	sum := sha256.Sum256([]byte(hash))
	return sum[:]
}

// made reports whether an access token says what its family does.
func (f family) made(c accessClaims) bool {
	return c.Org == f.Org && c.Subject == f.Subject && c.Client == f.client() && c.Secret == f.secretVersion()
}

func (f family) secretVersion() int {
	if f.Secret == nil {
		return 0
	}
	return *f.Secret
}

// token is what the family's tokens have in common.
func (f family) token(issuer string) Token {
	t := Token{Family: f.UUID, Org: f.Org, User: f.User, Subject: f.Subject, Client: f.client(), Issuer: issuer}
	if f.Key != nil {
		t.Key, t.PublicID = *f.Key, *f.PublicID
	}
	return t
}

const familyColumns = `
	SELECT f.id, f.uuid, f.org_id, f.user_id, u.uuid AS subject, f.key_id, f.key_public_id, f.secret_version, f.password, f.expires_at,
	       s.ciphertext IS NOT NULL AS has_secret, s.valid_until AS secret_until, u.password_hash
	  FROM token_families f
	  JOIN organizations o ON o.id = f.org_id AND o.deleted_at IS NULL
	  JOIN users u ON u.id = f.user_id AND u.deleted_at IS NULL
	  LEFT JOIN secrets s ON s.org_id = f.org_id AND s.kind = 'shared-secret' AND s.version = f.secret_version`

// familyOf finds a family by its name. Fault: bad_credentials.
func familyOf(r db.Reader, uuid string) (family, error) {
	return one(r, familyColumns+`
		 WHERE f.uuid = ?`, uuid)
}

func one(r db.Reader, query string, args ...any) (f family, err error) {
	err = r.Get(&f, query, args...)
	if db.IsNone(err) {
		return family{}, refused()
	}
	if err != nil {
		return family{}, fmt.Errorf("find a token's family: %w", err)
	}
	return f, nil
}

// insert stores a family and learns its id, and when its secret ends. What has ended
// makes room.
func insert(tx *db.Tx, f *family) error {
	now := db.At(tx.Now())
	for _, statement := range []string{
		"DELETE FROM token_families WHERE expires_at <= ?",
		"DELETE FROM refresh_tokens WHERE expires_at <= ?",
	} {
		if _, err := tx.Exec(statement, now); err != nil {
			return fmt.Errorf("end tokens: %w", err)
		}
	}
	err := tx.Get(f, `
		INSERT INTO token_families (uuid, org_id, user_id, key_id, key_public_id, secret_version, password, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id, (SELECT s.valid_until
		                 FROM secrets s
		                WHERE s.org_id = token_families.org_id
		                  AND s.kind = 'shared-secret'
		                  AND s.version = token_families.secret_version) AS secret_until`, f.UUID, f.Org, f.User, f.Key, f.PublicID, f.Secret, f.Password, now, f.ExpiresAt)
	if err != nil {
		return fmt.Errorf("store a token's family: %w", err)
	}
	return nil
}

// extend lets a family live as long as its newest tokens.
func extend(tx *db.Tx, f family, until time.Time) error {
	_, err := tx.Exec("UPDATE token_families SET expires_at = max(expires_at, ?) WHERE id = ?", db.At(until), f.ID)
	if err != nil {
		return fmt.Errorf("extend a token's family: %w", err)
	}
	return nil
}
