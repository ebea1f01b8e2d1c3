package sessions

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/server/worker"
	"keystead/shared/api"
)

const (
	// lifetime is how long a session lasts at most.
	lifetime = 12 * time.Hour
	// idle is how long it lasts without a sign of the person.
	idle = 30 * time.Minute
	// perUser is how many sessions a person has at most; the least active end.
	perUser = 100
)

// Needs are what sessions are made of.
type Needs struct {
	DB    *db.DB
	Seal  *seal.Sealer
	Audit *audit.Log
	Log   *slog.Logger

	Cookie          string // the session cookie's name
	HTTPS           bool   // cookies are Secure
	Origin          string // as in rest.Gate
	Elevation       time.Duration
	FailedPerMinute int // wrong passwords from one address

	// Hashed is told how many passwords are hashed at a time, whenever that changes; nil:
	// nobody asks.
	Hashed func(now int)

	// AddAdministrator adds the first Full Administrator.
	AddAdministrator func(tx *db.Tx, email, firstName, lastName, passwordHash string) (api.User, error)
	// SetPassword stores the hash of a person's password.
	SetPassword func(tx *db.Tx, user api.UserID, passwordHash string) error
	// NoteActive keeps when a person was last there.
	NoteActive func(tx *db.Tx, user api.UserID, at time.Time) error
	// Redeem is what a link does to its user.
	Redeem func(tx *db.Tx, l Redeemed) (caller.User, error)
	// AddOrg adds the first organization, with its agent access key.
	AddOrg func(tx *db.Tx, who caller.Caller, name, shortName string) (api.OrgID, error)
}

// Sessions signs people in and knows them again.
type Sessions struct {
	Needs

	browser  signer // of session cookies
	device   signer // of device cookies
	known    *cache
	renamed  *renamed
	activity *activity
	hashing  *hashing
	refusals *refusals
	isSetUp  atomic.Bool

	writer *worker.Worker
}

// New makes the sessions and starts their minute. Close ends it.
func New(n Needs) *Sessions {
	s := &Sessions{
		Needs:    n,
		browser:  newSigner("ks-session+jwt", n.Seal.SessionKey(), n.DB.Now),
		device:   newSigner("ks-device+jwt", deviceKey(n.Seal), n.DB.Now),
		known:    db.NewCache[[sha256.Size]byte, known](cacheSize),
		renamed:  newRenamed(),
		activity: newActivity(),
		hashing:  newHashing(n.Hashed),
		refusals: newRefusals(),
	}
	s.writer = worker.Every(time.Minute, "write the activity of sessions", n.Log, s.Flush)
	return s
}

// Format prints "[secret]", whatever the verb: it holds the keys of cookies.
func (*Sessions) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// Visit is what a browser brings besides what the person typed.
type Visit struct {
	Address   string
	RequestID string
	UserAgent string
	Device    string // its device cookie
}

// caller is nobody yet.
func (v Visit) caller() caller.Caller {
	return caller.Caller{Address: v.Address, RequestID: v.RequestID}
}

// Opened is a session with what the browser keeps of it.
type Opened struct {
	Session api.Session
	Token   api.Secret // of the session cookie
	Device  api.Secret // of the device cookie; empty: it has one
}

// Flush writes when people were last active and how many strangers were refused. It
// writes nothing where there is nothing to write.
func (s *Sessions) Flush(ctx context.Context) error {
	active, refused := s.activity.take(s.DB.Now()), s.refusals.take()
	if len(active)+len(refused) == 0 {
		return nil
	}
	err := s.DB.Note(ctx, func(tx *db.Tx) error {
		if err := s.noteActivity(tx, active); err != nil {
			return err
		}
		return s.noteRefusals(tx, refused)
	})
	if err != nil {
		s.activity.putBack(active)
		s.refusals.putBack(refused)
	}
	return err
}

// Close writes what is in memory and ends the minute.
func (s *Sessions) Close(ctx context.Context) error {
	s.writer.End()
	return s.Flush(ctx)
}
