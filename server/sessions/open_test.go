package sessions_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/rest"
	"keystead/server/roles"
	"keystead/server/seal"
	"keystead/server/sessions"
	"keystead/server/users"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

const (
	password = "walnut parade lantern 57"
	other    = "gravel mitten observatory"
)

var here = sessions.Visit{Address: "192.0.2.1", RequestID: "r1", UserAgent: "Browser"}

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// place is a data folder with sessions and users, behind the real gate.
type place struct {
	*sessions.Sessions
	t     *testing.T
	dir   string
	clock *clock
	db    *db.DB
	users *users.Users
	audit *audit.Log
	app   *fiber.App
	https bool

	failedPerMinute int // 0: as in the settings' default
}

func open(t *testing.T) *place {
	p := &place{t: t, dir: t.TempDir(), clock: &clock{at: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}}
	p.start()
	t.Cleanup(p.stop)
	return p
}

// with adds an installation that is set up, whose Full Administrator is ada.
func withAda(t *testing.T) *place {
	p := open(t)
	p.add("ada@example.com", perm.FullAdministrator)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO account (id, uuid, name, created_at) VALUES (1, ?, 'Northwind', 0)", uuid.NewString())
		return err
	}))
	return p
}

func (p *place) start() {
	ctx := context.Background()
	var err error
	p.db, err = db.Open(ctx, filepath.Join(p.dir, "keystead.db"), p.clock.now)
	p.must(err)
	masterFile := filepath.Join(p.dir, "master.key")
	master, err := seal.ReadMaster(masterFile)
	if err != nil {
		master, err = seal.MakeMaster(masterFile)
	}
	p.must(err)
	sealer, err := seal.Open(ctx, p.db, master)
	p.must(err)
	p.audit = audit.New(sealer.AuditKey(), "")
	p.must(roles.Sync(ctx, p.db))
	cookie := "keystead_8080"
	if p.https {
		cookie = "__Host-keystead"
	}
	p.users = users.New(users.Needs{
		DB: p.db, Audit: p.audit, MaxKeys: 10,
		NewPassword: func(ctx context.Context, password api.Secret, about ...string) (string, error) {
			return p.NewPassword(ctx, password, about...)
		},
		EndSessions:  func(tx *db.Tx, user api.UserID) (int64, error) { return p.EndAll(tx, user) },
		EraseValues:  func(*db.Tx, api.UserID) (int64, error) { return 0, nil },
		OwnerRenamed: func(*db.Tx, api.UserID) error { return nil },
		EndLinks:     func(tx *db.Tx, user api.UserID) error { return p.EndLinks(tx, user) },
	})
	p.Sessions = sessions.New(sessions.Needs{
		DB: p.db, Seal: sealer, Audit: p.audit, Log: slog.New(slog.DiscardHandler),
		Cookie: cookie, HTTPS: p.https, Elevation: 2 * time.Hour, FailedPerMinute: cmp.Or(p.failedPerMinute, 30),
		AddAdministrator: p.users.AddAdministrator, SetPassword: p.users.SetPassword,
		AddOrg: addOrg, NoteActive: p.users.NoteActive,
	})
	p.app = fiber.New(fiber.Config{Immutable: true, ErrorHandler: rest.Problem(slog.New(slog.DiscardHandler)), DisableStartupMessage: true})
	gate := &rest.Gate{
		Cookie: cookie, Session: p.Session, HandName: p.HandName, Limits: rest.NewLimits(p.clock.now, 30, 10_000),
		Address: address, Now: p.db.Now, Log: slog.New(slog.DiscardHandler),
	}
	for _, route := range append(p.Routes(), p.users.Routes()...) {
		p.app.Add(route.Method, route.Path, gate.Handler(&route))
	}
	for _, light := range p.Light(render, address) {
		p.app.Add(light.Method, light.Path, light.Serve)
	}
}

// addOrg is a bare organization: its room is not built here.
func addOrg(tx *db.Tx, _ caller.Caller, name, short string) (id api.OrgID, err error) {
	err = tx.Get(&id, "INSERT INTO organizations (uuid, name, name_folded, short_name, created_at) VALUES (?, ?, ?, ?, 0) RETURNING id",
		uuid.NewString(), name, fold.Text(name), short)
	return id, err
}

// address is the test's word for it: no test has a socket.
func address(c *fiber.Ctx) string { return c.Get("Test-Address", "192.0.2.1") }

// render writes what a page is told, a line each.
func render(w io.Writer, path string, page sessions.Page) error {
	_, err := fmt.Fprintf(w, "%s\nerror=%s\nfield=%s\nnext=%s\nreset=%v\nsetup=%v\nvalues=%v\n", path, page.Error, page.Field, page.Next, page.Reset, page.SetUp, page.Values)
	return err
}

func (p *place) stop() {
	p.must(p.Close(context.Background()))
	p.must(p.db.Close())
}

// restart closes everything and opens it again.
func (p *place) restart() {
	p.stop()
	p.start()
}

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) add(email, role string) api.User {
	p.t.Helper()
	user, err := p.users.Create(p.t.Context(), audit.Console(), users.NewUser{
		Email: email, FirstName: "Test", LastName: "Person", Role: role, Password: api.Hide(password),
	})
	p.must(err)
	return user
}

func (p *place) signIn(email, password string, from sessions.Visit) (sessions.Opened, error) {
	return p.SignIn(p.t.Context(), api.SignIn{Email: email, Password: api.Hide(password)}, from)
}

func (p *place) ada() sessions.Opened {
	p.t.Helper()
	o, err := p.signIn("ada@example.com", password, here)
	p.must(err)
	return o
}

// who asks the gate's question.
func (p *place) who(token api.Secret) (caller.Caller, error) {
	return p.Session(p.t.Context(), token.Reveal(), rest.Arrival{Address: "192.0.2.1", RequestID: "r2"})
}

func (p *place) count(query string, args ...any) int {
	p.t.Helper()
	var n int
	p.must(p.db.Read(p.t.Context()).Get(&n, query, args...))
	return n
}

func (p *place) wantFault(err error, code fault.Code) {
	p.t.Helper()
	if !fault.Is(err, code) {
		p.t.Fatalf("got %v, want %s", err, code)
	}
}

// request is one request to the app; headers come in pairs.
func (p *place) request(method, path, body string, headers ...string) *http.Response {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.app.Test(r, -1)
	p.must(err)
	p.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func (p *place) wantStatus(res *http.Response, status int) []byte {
	p.t.Helper()
	body, err := io.ReadAll(res.Body)
	p.must(err)
	if res.StatusCode != status {
		p.t.Fatalf("status %d, want %d: %s", res.StatusCode, status, body)
	}
	return body
}

func read[T any](p *place, body []byte) (v T) {
	p.t.Helper()
	p.must(json.Unmarshal(body, &v))
	return v
}

func cookie(res *http.Response, name string) *http.Cookie {
	for _, c := range res.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}
