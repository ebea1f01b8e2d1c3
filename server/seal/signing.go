package seal

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"time"

	"keystead/server/db"
)

// forToken keys sign access tokens. Unlike the others they are public in one half, and
// replaced now and then.
const forToken purpose = "token"

// SigningKey signs access tokens (Ed25519).
type SigningKey struct {
	Private ed25519.PrivateKey
	Made    time.Time
}

// Format prints "[secret]", whatever the verb.
func (SigningKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// SigningKeys are those made since, and the one that was the newest then, the newest
// first.
func (s *Sealer) SigningKeys(r db.Reader, since time.Time) ([]SigningKey, error) {
	var rows []struct {
		Sealed []byte   `db:"sealed"`
		Made   db.Stamp `db:"created_at"`
	}
	err := r.Select(&rows, `
		SELECT sealed, created_at
		  FROM keyset
		 WHERE purpose = ?
		 ORDER BY id DESC`, forToken)
	if err != nil {
		return nil, fmt.Errorf("read the signing keys: %w", err)
	}
	var keys []SigningKey
	for _, row := range rows {
		seed, err := s.keys.Load().master.Decrypt(row.Sealed, forToken.context())
		if err != nil {
			return nil, fmt.Errorf("open a signing key: %w", err)
		}
		keys = append(keys, SigningKey{ed25519.NewKeyFromSeed(seed), row.Made.Time})
		if !row.Made.After(since) {
			break
		}
	}
	return keys, nil
}

// AddSigningKey makes a signing key, the newest from now on.
func (s *Sealer) AddSigningKey(tx *db.Tx) (SigningKey, error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return SigningKey{}, fmt.Errorf("make a signing key: %w", err)
	}
	master := s.keys.Load().master
	if err := stands(tx, master); err != nil {
		return SigningKey{}, err
	}
	sealed, err := master.Encrypt(private.Seed(), forToken.context())
	if err != nil {
		return SigningKey{}, fmt.Errorf("seal a signing key: %w", err)
	}
	return SigningKey{private, db.At(tx.Now()).Time}, insertKeyset(tx, forToken, sealed)
}
