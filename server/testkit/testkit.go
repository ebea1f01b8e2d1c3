package testkit

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/house"
	"keystead/server/router"
	"keystead/server/sessions"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Kit is an installation under test.
type Kit struct {
	*house.House
	Router *router.Router
	T      testing.TB

	log printed
	mu  sync.Mutex
	now time.Time

	requests int // for tokens
}

// Password is everyone's.
const Password = "walnut parade lantern 57"

// New opens an empty installation; change, if not nil, edits its settings first. It
// closes with the test.
func New(t testing.TB, change func(*config.Config)) *Kit {
	t.Helper()
	k := &Kit{T: t, now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	cfg := config.Default()
	cfg.Data = filepath.Join(t.TempDir(), "data")
	cfg.RateLimit, cfg.FailedPerMinute = 1_000_000, 1_000_000
	if change != nil {
		change(&cfg)
	}
	k.open(cfg)
	t.Cleanup(func() { k.Must(k.House.Close(context.Background())) })
	return k
}

func (k *Kit) open(cfg config.Config) {
	k.T.Helper()
	h, err := house.Open(context.Background(), cfg, house.Options{Now: k.clock, Log: slog.New(slog.NewTextHandler(&k.log, nil)), Version: "test"})
	k.Must(err)
	k.House = h
	k.Router, err = h.Router()
	k.Must(err)
}

// Reopen ends the installation and starts it again on the same folder, with settings
// that change, if not nil, edits.
func (k *Kit) Reopen(change func(*config.Config)) {
	k.T.Helper()
	k.Must(k.House.Close(context.Background()))
	if change != nil {
		change(&k.Config)
	}
	k.Start()
}

// Start opens the installation again, after Close.
func (k *Kit) Start() {
	k.T.Helper()
	k.open(k.Config)
}

// Logged is what the server logged so far.
func (k *Kit) Logged() string { return k.log.String() }

// printed keeps what was logged.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func (k *Kit) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

// Pass moves the clock.
func (k *Kit) Pass(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

// Must ends the test at an error.
func (k *Kit) Must(err error) {
	k.T.Helper()
	if err != nil {
		k.T.Fatal(err)
	}
}

// Exec writes past the acts.
func (k *Kit) Exec(query string, args ...any) {
	k.T.Helper()
	k.Must(k.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

// id inserts a row and is its id.
func (k *Kit) id(query string, args ...any) (id int64) {
	k.T.Helper()
	k.Must(k.DB.Write(context.Background(), func(tx *db.Tx) error { return tx.Get(&id, query+" RETURNING id", args...) }))
	return id
}

// Number reads one number.
func (k *Kit) Number(query string, args ...any) (n int64) {
	k.T.Helper()
	k.Must(k.DB.Read(context.Background()).Get(&n, query, args...))
	return n
}

// Plan is how SQLite runs a statement, a line for each step.
func (k *Kit) Plan(statement string) (steps []string) {
	k.T.Helper()
	var rows []struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}
	k.Must(k.DB.Write(context.Background(), func(tx *db.Tx) error {
		// The plan does not depend on the arguments, and those that are too many are ignored.
		return tx.Select(&rows, "EXPLAIN QUERY PLAN "+statement, make([]any, 99)...)
	}))
	for _, row := range rows {
		steps = append(steps, row.Detail)
	}
	return steps
}

// Account makes the account, as set-up does.
func (k *Kit) Account() {
	k.T.Helper()
	k.Exec("INSERT INTO account (id, uuid, name, created_at) VALUES (1, ?, 'Northwind', 0)", uuid.NewString())
}

// Org adds an organization with its agent access key.
func (k *Kit) Org(name string) (id api.OrgID) {
	k.T.Helper()
	k.Must(k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		id, err = k.Orgs.AddIn(tx, audit.Console(), name, "")
		return err
	}))
	return id
}

// Role makes a custom role of exactly these permissions.
func (k *Kit) Role(scope perm.Scope, ps ...perm.Permission) string {
	k.T.Helper()
	name := "role " + uuid.NewString()
	id := k.id("INSERT INTO roles (name, name_folded, scope, created_at, updated_at) VALUES (?, ?, ?, 0, 0)", name, name, scope)
	for _, p := range ps {
		k.Exec("INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)", id, p)
	}
	return name
}

// Person adds an active user with [Password]; roles come by [Kit.Join].
func (k *Kit) Person(first string) api.UserID {
	k.T.Helper()
	mail := strings.ToLower(first) + "@northwind.example"
	return api.UserID(k.id(`
		INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, password_hash, created_at, updated_at)
		VALUES (?, ?, ?, ?, 'Test', ?, 'active', ?, 0, 0)`, uuid.NewString(), mail, mail, first, strings.ToLower(first)+" test", hash()))
}

// Join gives a user a role in an organization, or on the account where org is 0.
func (k *Kit) Join(user api.UserID, org api.OrgID, role string) {
	k.T.Helper()
	if org == 0 {
		k.Exec("UPDATE users SET account_role_id = (SELECT id FROM roles WHERE name = ?) WHERE id = ?", role, user)
		return
	}
	k.Exec("INSERT INTO memberships (user_id, org_id, role_id) SELECT ?, ?, id FROM roles WHERE name = ?", user, org, role)
}

// As is the user as a caller with a fresh proof of identity.
func (k *Kit) As(user api.UserID) caller.Caller {
	k.T.Helper()
	person, err := caller.Load(k.DB.Read(context.Background()), user)
	k.Must(err)
	who := person.Caller()
	who.Kind, who.Address = api.CallerSession, "192.0.2.7"
	return who
}

// Key adds a key of the user's, global where org is 0, and is its id and header.
func (k *Kit) Key(user api.UserID, org api.OrgID, role api.KeyRole, name string) (api.KeyID, Credential) {
	k.T.Helper()
	in := &org
	if org == 0 {
		in = nil
	}
	added, err := k.Keys.Add(context.Background(), k.As(user), in, api.AddKey{Name: name, Role: role, ExpiresAt: api.Null[time.Time]()})
	k.Must(err)
	return added.Key.ID, Bearer(added.Value)
}

// Credential is what a request is sent with: header lines.
type Credential []string

// Bearer is an API key as a credential.
func Bearer(value api.Secret) Credential {
	return Credential{"Authorization: Bearer " + value.Reveal()}
}

// hash is the hash of Password, made once: hashing is slow by design.
var hash = sync.OnceValue(func() string { return sessions.Hash(Password) })

// Session signs the user in with [Password] and is the browser's cookie.
func (k *Kit) Session(user api.UserID) Credential {
	k.T.Helper()
	var mail string
	k.Must(k.DB.Read(context.Background()).Get(&mail, "SELECT email FROM users WHERE id = ?", user))
	opened, err := k.Sessions.SignIn(context.Background(), api.SignIn{Email: mail, Password: api.Hide(Password)}, sessions.Visit{Address: "192.0.2.7"})
	k.Must(err)
	return Credential{"Cookie: " + k.Config.Cookie() + "=" + opened.Token.Reveal(), "Sec-Fetch-Site: same-origin"}
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   string
	Header http.Header
}

// Code is the fault code of a problem document.
func (a Answer) Code() string {
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal([]byte(a.Body), &problem)
	return problem.Code
}

// FormType is a credential's line by which the body is sent as a form.
const FormType = "Content-Type: application/x-www-form-urlencoded"

// Send sends "METHOD path" with a JSON body, or none. A Content-Type among the lines of
// the credential counts in the place of JSON's.
func (k *Kit) Send(as Credential, what, body string) Answer {
	k.T.Helper()
	method, path, _ := strings.Cut(what, " ")
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, line := range as {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Content-Type" {
			req.Header.Del(name)
		}
		req.Header.Add(name, value)
	}
	res, err := k.Router.App.Test(req, -1)
	k.Must(err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	k.Must(err)
	return Answer{res.StatusCode, string(text), res.Header}
}

// Read decodes an answer of the expected status.
func Read[T any](k *Kit, a Answer, status int) (out T) {
	k.T.Helper()
	if a.Status != status {
		k.T.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	k.Must(json.Unmarshal([]byte(a.Body), &out))
	return out
}
