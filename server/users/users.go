package users

import (
	"context"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// Needs are what users are made of.
type Needs struct {
	DB      *db.DB
	Audit   *audit.Log
	Limits  api.Limits
	MaxKeys int // of one user in an organization, and global ones

	// NewPassword checks and hashes a password; about is easy to guess for the person.
	NewPassword func(ctx context.Context, password api.Secret, about ...string) (hash string, err error)
	// EndSessions ends all sessions of a user and counts them.
	EndSessions func(tx *db.Tx, user api.UserID) (int64, error)
	// NewLink makes a link for a user, by whom (nil: the command line), and ends the
	// one before.
	NewLink func(tx *db.Tx, user api.UserID, purpose api.LinkPurpose, by *api.UserID) (api.Link, error)
	// EndLinks ends the links of a user.
	EndLinks func(tx *db.Tx, user api.UserID) error
	// EraseValues makes the keys of a user unshowable and counts them. They keep working.
	EraseValues func(tx *db.Tx, user api.UserID) (int64, error)
	// EraseForbidden does so with their global keys where a policy of one of their
	// organizations says it.
	EraseForbidden func(tx *db.Tx, user api.UserID) (int64, error)
	// DeleteKeys ends all keys of a user and counts them.
	DeleteKeys func(tx *db.Tx, user api.UserID) (int64, error)
	// OwnerRenamed keeps the lists of keys that are sorted by owner right.
	OwnerRenamed func(tx *db.Tx, user api.UserID) error
	// Key is the record of the API key that a caller came with.
	Key func(ctx context.Context, who caller.Caller, id api.KeyID) (api.Key, error)
}

// Users does every act on people.
type Users struct{ Needs }

// New makes the users.
func New(n Needs) *Users { return &Users{n} }

func target(user api.User) audit.Target {
	return audit.Target{Kind: "user", ID: int64(user.ID), Name: user.Email}
}
