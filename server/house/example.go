package house

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/server/sessions"
	"keystead/server/users"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// The people of the example installation.
const (
	ExampleEmail = "rosa@northwind.example"
	chrisEmail   = "chris@northwind.example"
	danaEmail    = "dana@northwind.example"
	mikaEmail    = "mika@northwind.example" // who left
)

// Story is the time of the example, which can be set, so that its keys are as old as
// they look: every act is the real one, done at its time.
type Story struct{ at time.Time }

// NewStory stands where the example's story begins: an installation's time never goes
// back, so it has to be opened then.
func NewStory() *Story { return &Story{at: day("2023-11-06 09:00:00")} }

// Now is the time it was set to, or the real one.
func (s *Story) Now() time.Time {
	if s.at.IsZero() {
		return time.Now()
	}
	return s.at
}

// Example fills an empty house, at start, before it is served, and answers the
// password of [ExampleEmail].
func (h *House) Example(ctx context.Context, story *Story) (api.Secret, error) {
	now := time.Now().UTC()
	defer func() { story.at = time.Time{} }()
	password := api.Hide(seal.Token()[:20])
	if err := h.exampleAccount(ctx, password); err != nil {
		return api.Secret{}, fmt.Errorf("fill the example: %w", err)
	}
	for _, event := range h.exampleEvents(now) {
		story.at = event.at
		if err := event.act(ctx); err != nil {
			return api.Secret{}, fmt.Errorf("fill the example: %s: %w", event.what, err)
		}
	}
	return password, errors.Join(h.Verify.Flush(ctx), h.Devices.Flush(ctx))
}

// exampleAccount makes the account, two organizations and four people.
func (h *House) exampleAccount(ctx context.Context, password api.Secret) error {
	token, err := h.NewSetupToken(ctx)
	if err != nil {
		return err
	}
	_, err = h.Sessions.SetUp(ctx, api.Setup{
		Token: token, Email: ExampleEmail, Password: password, FirstName: "Rosa", LastName: "Harman",
		Organization: "Northwind Ops", Account: "Northwind",
	}, sessions.Visit{Address: "127.0.0.1", UserAgent: "keystead demo"})
	if err != nil {
		return err
	}
	rosa, err := h.person(ctx, ExampleEmail)
	if err != nil {
		return err
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := h.Orgs.AddIn(tx, rosa, "Northwind Research", "")
		return err
	})
	if err != nil {
		return err
	}
	for _, in := range []users.NewUser{
		{Email: chrisEmail, FirstName: "Chris", LastName: "Okafor", Role: perm.OrganizationOperator},
		{Email: danaEmail, FirstName: "Dana", LastName: "Jensen", Role: perm.ReadOnly},
		{Email: mikaEmail, FirstName: "Mika", LastName: "Larsen", Role: perm.ReadOnly},
	} {
		in.Organization, in.Password = "northwind-ops", api.Hide(seal.Token())
		if _, err := h.Users.Create(ctx, audit.Console(), in); err != nil {
			return err
		}
	}
	_, err = h.Secrets.Add(ctx, rosa, 1)
	return err
}

// person is someone of the example as the caller of their own acts, and so last there now.
func (h *House) person(ctx context.Context, email string) (caller.Caller, error) {
	var id api.UserID
	r := h.DB.Read(ctx)
	if err := r.Get(&id, "SELECT id FROM users WHERE email = ? AND deleted_at IS NULL", email); err != nil {
		return caller.Caller{}, err
	}
	person, err := caller.Load(r, id)
	if err != nil {
		return caller.Caller{}, err
	}
	err = h.DB.Note(ctx, func(tx *db.Tx) error { return h.Users.NoteActive(tx, id, tx.Now()) })
	if err != nil {
		return caller.Caller{}, err
	}
	who := person.Caller()
	who.Kind, who.Address = api.CallerSession, "127.0.0.1"
	return who, nil
}

// day reads a time in UTC.
func day(text string) time.Time {
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		panic(err) // a constant of this file
	}
	return t
}
