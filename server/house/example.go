package house

import (
	"context"
	"fmt"
	"slices"
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

// exampleKey is a key of the example: added, perhaps used, perhaps disabled.
type exampleKey struct {
	owner             string // e-mail
	name, description string
	role              api.KeyRole
	added             time.Time
	used              time.Time     // zero: never
	lasts             time.Duration // 0: no expiry
	disabled, global  bool
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
	for _, key := range exampleKeys(now) {
		if err := h.exampleKey(ctx, story, key); err != nil {
			return api.Secret{}, fmt.Errorf("fill the example: %s: %w", key.name, err)
		}
	}
	return password, h.Verify.Flush(ctx)
}

// exampleAccount makes the account, two organizations and three people.
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
	} {
		in.Organization, in.Password = "northwind-ops", api.Hide(seal.Token())
		if _, err := h.Users.Create(ctx, audit.Console(), in); err != nil {
			return err
		}
	}
	_, err = h.Secrets.Add(ctx, rosa, 1)
	return err
}

func (h *House) exampleKey(ctx context.Context, story *Story, key exampleKey) error {
	owner, err := h.person(ctx, key.owner)
	if err != nil {
		return err
	}
	story.at = key.added
	req := api.AddKey{Name: key.name, Description: key.description, Role: key.role, ExpiresAt: api.Null[time.Time]()}
	if key.lasts > 0 {
		req.ExpiresAt = api.Just(key.added.Add(key.lasts))
	}
	org := api.OrgID(1)
	in := &org
	if key.global {
		in = nil
	}
	added, err := h.Keys.Add(ctx, owner, in, req)
	if err != nil {
		return err
	}
	if !key.used.IsZero() {
		h.Verify.Note(added.Key.ID, key.used, "10.2.0.7")
	}
	if key.disabled {
		off := false
		_, err = h.Keys.Edit(ctx, owner, added.Key.ID, api.EditKey{Enabled: &off})
	}
	return err
}

// person is someone of the example as the caller of their own acts.
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
	who := person.Caller()
	who.Kind, who.Address = api.CallerSession, "127.0.0.1"
	return who, nil
}

// exampleKeys are all of them, in the order in which they were added, so that the
// audit log reads as it would have grown.
func exampleKeys(now time.Time) []exampleKey {
	keys := []exampleKey{
		{owner: ExampleEmail, name: "tcross_ro", role: api.ReadOnly, added: day("2024-01-15 10:12:00"), used: day("2024-07-29 18:59:11")},
		{owner: ExampleEmail, name: "srdkn", role: api.Admin, added: day("2024-02-05 11:40:00"), used: day("2024-12-12 19:51:30")},
		{owner: ExampleEmail, name: "rharman_automation_rw", description: "Nightly patch pipeline", role: api.Admin, added: day("2024-02-19 08:30:00")},
		{owner: ExampleEmail, name: "rharman_automation_ro", description: "Read-only twin of the pipeline", role: api.ReadOnly, added: day("2024-02-19 08:31:00"), used: day("2024-12-16 13:00:02")},
		{owner: ExampleEmail, name: "productreport", description: "Monthly product report", role: api.ReadOnly, added: day("2024-03-04 15:02:00"), used: day("2024-12-09 16:21:36")},
		{owner: ExampleEmail, name: "djm_dash", description: "Operations dashboard", role: api.Admin, added: day("2024-03-11 09:45:00"), used: day("2024-09-27 20:02:11")},
		{owner: ExampleEmail, name: "chris_ro", role: api.ReadOnly, added: day("2023-12-01 13:20:00"), used: day("2024-01-08 23:07:29")},
		{owner: ExampleEmail, name: "accountd", description: "Billing daemon", role: api.Admin, added: day("2024-01-22 16:00:00"), used: day("2024-12-16 19:47:38")},
		{owner: ExampleEmail, name: "fleet-backup", description: "Backs up every organization", role: api.Admin, added: now.AddDate(0, 0, -40), used: now.Add(-2 * time.Minute), global: true},
		{owner: chrisEmail, name: "grafana-dash", description: "Weekly availability board", role: api.ReadOnly, added: now.AddDate(0, 0, -27), used: now.Add(-26 * time.Hour), lasts: 30 * 24 * time.Hour},
		{owner: chrisEmail, name: "legacy-import", description: "Used once for the migration", role: api.Admin, added: now.AddDate(0, 0, -120), used: now.AddDate(0, 0, -118), disabled: true},
		{owner: danaEmail, name: "inventory-export", description: "Spreadsheet for the audit", role: api.ReadOnly, added: now.AddDate(0, 0, -110), used: now.AddDate(0, 0, -21), lasts: 90 * 24 * time.Hour},
		{owner: danaEmail, name: "ci-runner", description: "Build farm", role: api.ReadOnly, added: now.AddDate(0, 0, -9), used: now.Add(-3 * time.Hour), lasts: 90 * 24 * time.Hour},
	}
	slices.SortFunc(keys, func(a, b exampleKey) int { return a.added.Compare(b.added) })
	return keys
}

// day reads a time in UTC.
func day(text string) time.Time {
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		panic(err) // a constant of this file
	}
	return t
}
