package secrets

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// version is one value of a secret as it is stored.
type version struct {
	ID         int64          `db:"id"`
	UUID       string         `db:"uuid"`
	OrgID      api.OrgID      `db:"org_id"`
	Kind       api.SecretKind `db:"kind"`
	Version    int            `db:"version"`
	Hint       string         `db:"hint"`
	CreatedAt  db.Stamp       `db:"created_at"`
	ValidUntil *db.Stamp      `db:"valid_until"`

	Digest     seal.Digest `db:"-"`
	Ciphertext []byte      `db:"-"`
}

const columns = `id, uuid, org_id, kind, version, hint, created_at, valid_until`

func (v version) shown(before *api.Previous) *api.OrgSecret {
	return &api.OrgSecret{Hint: v.Hint, CreatedAt: v.CreatedAt.Time, Previous: before}
}

// sealedAt is where the ciphertext of a version lies.
func (v version) sealedAt(org string) seal.Place {
	return seal.Place{Table: "secrets", Column: "ciphertext", Row: v.UUID, Org: org}
}

// mint makes a version with its value, not stored yet.
func (s *Secrets) mint(tx *db.Tx, at place, number int) (version, api.Secret, error) {
	parts := seal.New(kinds[at.kind].prefix)
	value := parts.Value()
	v := version{
		UUID: uuid.NewString(), OrgID: at.org, Kind: at.kind, Version: number, Hint: parts.Hint(),
		CreatedAt: db.At(tx.Now()), Digest: s.seal.Digest(value),
	}
	sealed, err := s.seal.Seal(value, v.sealedAt(at.uuid))
	if err != nil {
		return version{}, api.Secret{}, err
	}
	v.Ciphertext = sealed
	return v, api.Hide(value), nil
}

// open reads and opens the value of a version.
func (s *Secrets) open(r db.Reader, v version, org string) (api.Secret, error) {
	var sealed []byte
	err := r.Get(&sealed, `
		SELECT ciphertext
		  FROM secrets
		 WHERE id = ?
		   AND org_id = ?`, v.ID, v.OrgID)
	if err != nil {
		return api.Secret{}, fmt.Errorf("read a secret: %w", err)
	}
	return s.seal.Open(sealed, v.sealedAt(org))
}

// orgUUID is the UUID of an organization. Fault: not_found.
func orgUUID(r db.Reader, org api.OrgID) (id string, err error) {
	err = r.Get(&id, "SELECT uuid FROM organizations WHERE id = ? AND deleted_at IS NULL", org)
	switch {
	case db.IsNone(err):
		return "", fault.Missing()
	case err != nil:
		return "", fmt.Errorf("read an organization: %w", err)
	}
	return id, nil
}

// current is the newest version, nil where there is none.
func current(r db.Reader, org api.OrgID, kind api.SecretKind) (*version, error) {
	var v version
	err := r.Get(&v, `
		SELECT `+columns+`
		  FROM secrets
		 WHERE org_id = ?
		   AND kind = ?
		   AND valid_until IS NULL`, org, kind)
	switch {
	case db.IsNone(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read a secret: %w", err)
	}
	return &v, nil
}

// previous is the version before, nil unless it is still good at now.
func previous(r db.Reader, v version, now time.Time) (*api.Previous, error) {
	var before version
	err := r.Get(&before, `
		SELECT `+columns+`
		  FROM secrets
		 WHERE org_id = ?
		   AND kind = ?
		   AND version = ?
		   AND digest IS NOT NULL
		   AND valid_until > ?`, v.OrgID, v.Kind, v.Version-1, db.At(now))
	switch {
	case db.IsNone(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the older secret: %w", err)
	}
	return &api.Previous{Hint: before.Hint, ValidUntil: before.ValidUntil.Time}, nil
}

// insert stores a version and learns its id.
func insert(tx *db.Tx, v *version) error {
	err := tx.Get(&v.ID, `
		INSERT INTO secrets (uuid, org_id, kind, version, hint, digest, pepper_id, ciphertext, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`,
		v.UUID, v.OrgID, v.Kind, v.Version, v.Hint, v.Digest.Sum, v.Digest.Pepper, v.Ciphertext, v.CreatedAt)
	if err != nil {
		return fmt.Errorf("store a secret: %w", err)
	}
	return nil
}

// setEnd ends the current version at until. What the overlap does not need is erased.
func setEnd(tx *db.Tx, v version, until time.Time) error {
	_, err := tx.Exec(`
		UPDATE secrets
		   SET valid_until = ?,
		       ciphertext = CASE WHEN ? THEN ciphertext END
		 WHERE id = ?
		   AND org_id = ?`, db.At(until), kinds[v.Kind].overlapOpens, v.ID, v.OrgID)
	if err != nil {
		return fmt.Errorf("end a secret: %w", err)
	}
	return nil
}

// eraseEnded ends all versions at now that have an end, and erases what they could
// be found or opened by.
func eraseEnded(tx *db.Tx, v version, now time.Time) error {
	_, err := tx.Exec(`
		UPDATE secrets
		   SET digest = NULL, pepper_id = NULL, ciphertext = NULL,
		       valid_until = min(valid_until, ?)
		 WHERE org_id = ?
		   AND kind = ?
		   AND valid_until IS NOT NULL
		   AND digest IS NOT NULL`, db.At(now), v.OrgID, v.Kind)
	if err != nil {
		return fmt.Errorf("erase what a secret was: %w", err)
	}
	return nil
}
