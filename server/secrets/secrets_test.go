package secrets_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

var ctx = context.Background()

// kit is an installation with one organization and acts on its secrets.
type kit struct {
	*testkit.Kit
	org api.OrgID
}

func newKit(t *testing.T) kit {
	t.Helper()
	k := testkit.New(t, nil)
	return kit{k, k.Org("Here")}
}

// with is a member who has exactly these permissions.
func (k kit) with(ps ...perm.Permission) caller.Caller {
	k.T.Helper()
	user := k.Person(fmt.Sprint("P", k.Number("SELECT count(*) FROM users")))
	k.Join(user, k.org, k.Role(perm.Organization, ps...))
	return k.As(user)
}

func (k kit) get(who caller.Caller, kind api.SecretKind) (*api.OrgSecret, error) {
	return k.Secrets.Get(ctx, who, k.org, kind)
}

func (k kit) reveal(who caller.Caller, kind api.SecretKind) (string, error) {
	revealed, err := k.Secrets.Reveal(ctx, who, k.org, kind, api.Reveal{Purpose: api.PurposeBundle})
	return revealed.Value.Reveal(), err
}

func (k kit) rotate(who caller.Caller, kind api.SecretKind, overlap time.Duration) (api.AddedOrgSecret, error) {
	return k.Secrets.Rotate(ctx, who, k.org, kind, api.Rotate{OverlapSeconds: int64(overlap / time.Second)})
}

// refused is one fact: this ends in that fault, "" for none.
func (k kit) refused(what string, err error, code fault.Code) {
	k.T.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		k.T.Errorf("%s: %v, want %q", what, err, code)
	}
}

// TestWhoMayDoWhat: each permission and each act, on both kinds.
func TestWhoMayDoWhat(t *testing.T) {
	const no, gone = fault.PermissionRequired, fault.NotFound
	const agent, shared = api.AgentKey, api.SharedSecret
	type outcome struct{ get, reveal, rotate fault.Code }
	for _, c := range []struct {
		perm          perm.Permission
		agent, shared outcome
	}{
		{perm.OrgsRead, outcome{no, no, no}, outcome{no, no, no}},
		{perm.AgentKeyRead, outcome{"", "", no}, outcome{no, no, no}},
		{perm.AgentKeyManage, outcome{"", no, ""}, outcome{no, no, no}},
		{perm.SharedSecretRead, outcome{no, no, no}, outcome{"", "", no}},
		{perm.SharedSecretManage, outcome{no, no, no}, outcome{"", no, ""}},
		{"", outcome{gone, gone, gone}, outcome{gone, gone, gone}}, // a stranger
	} {
		k := newKit(t)
		_, err := k.Secrets.Add(ctx, k.with(perm.SharedSecretManage), k.org)
		k.Must(err)
		who := k.As(k.Person("Stranger"))
		if c.perm != "" {
			who = k.with(c.perm)
		}
		for kind, want := range map[api.SecretKind]outcome{agent: c.agent, shared: c.shared} {
			_, err := k.get(who, kind)
			k.refused(fmt.Sprintf("%s gets the %s", c.perm, kind), err, want.get)
			_, err = k.reveal(who, kind)
			k.refused(fmt.Sprintf("%s shows the %s", c.perm, kind), err, want.reveal)
			_, err = k.rotate(who, kind, 0)
			k.refused(fmt.Sprintf("%s rotates the %s", c.perm, kind), err, want.rotate)
		}
	}
}

func TestAdd(t *testing.T) {
	k := newKit(t)
	manager, reader := k.with(perm.SharedSecretManage, perm.SharedSecretRead), k.with(perm.SharedSecretRead)
	if none, err := k.get(manager, api.SharedSecret); err != nil || none != nil {
		t.Errorf("a new organization has a shared secret: %v, %v", none, err)
	}
	_, err := k.reveal(manager, api.SharedSecret)
	k.refused("show none", err, fault.NotFound)
	_, err = k.rotate(manager, api.SharedSecret, 0)
	k.refused("rotate none", err, fault.NotFound)
	_, err = k.Secrets.Add(ctx, reader, k.org)
	k.refused("add without permission", err, fault.PermissionRequired)

	var added, exists atomic.Int64
	var value atomic.Value
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			a, err := k.Secrets.Add(ctx, manager, k.org)
			switch {
			case err == nil:
				added.Add(1)
				value.Store(a.Value.Reveal())
			case fault.Is(err, fault.SecretExists):
				exists.Add(1)
			}
		})
	}
	all.Wait()
	if added.Load() != 1 || exists.Load() != 19 {
		t.Fatalf("%d added, %d exist already, want 1 and 19", added.Load(), exists.Load())
	}
	got, err := k.reveal(reader, api.SharedSecret)
	if parts, ok := keyfmt.Parse(got); err != nil || !ok || parts.Kind != keyfmt.SharedSecret || got != value.Load() {
		t.Errorf("not the whole kss_ string that was made is shown: %v", err)
	}
	k.audited("shared_secret.add", `{"version":1}`, 1)
	k.audited("shared_secret.reveal", `{"purpose":"bundle","version":1}`, 1)
}

// audited counts audit rows of an act with these facts.
func (k kit) audited(act, facts string, want int64) {
	k.T.Helper()
	if n := k.Number("SELECT count(*) FROM audit WHERE act = ? AND facts = ? AND org_id = ?", act, facts, k.org); n != want {
		k.T.Errorf("%d audit rows of %s %s, want %d", n, act, facts, want)
	}
}

// TestAgentKeyComesAlong: an organization has its agent access key from the start.
func TestAgentKeyComesAlong(t *testing.T) {
	k := newKit(t)
	k.audited("agent_access_key.add", `{"version":1}`, 1)
	value, err := k.reveal(k.with(perm.AgentKeyRead), api.AgentKey)
	if parts, ok := keyfmt.Parse(value); err != nil || !ok || parts.Kind != keyfmt.AgentKey {
		t.Errorf("it is no agent access key: %v", err)
	}
}

// TestRotate: never more than two versions are good, and of the older one no more is
// kept than its overlap needs.
func TestRotate(t *testing.T) {
	for kind, overlapKeeps := range map[api.SecretKind]string{api.AgentKey: "digest", api.SharedSecret: "digest ciphertext"} {
		k := newKit(t)
		who := k.with(perm.AgentKeyRead, perm.AgentKeyManage, perm.SharedSecretRead, perm.SharedSecretManage)
		if kind == api.SharedSecret {
			_, err := k.Secrets.Add(ctx, who, k.org)
			k.Must(err)
		}
		kept := func(version int) (text string) {
			k.Must(k.DB.Read(ctx).Get(&text, `
				SELECT trim(iif(digest IS NULL, '', 'digest ') || iif(ciphertext IS NULL, '', 'ciphertext'))
				  FROM secrets WHERE org_id = ? AND kind = ? AND version = ?`, k.org, kind, version))
			return text
		}
		expect := func(version int, want string) {
			t.Helper()
			if got := kept(version); got != want {
				t.Errorf("%s: of version %d is kept %q, want %q", kind, version, got, want)
			}
		}
		first, err := k.get(who, kind)
		k.Must(err)
		k.Pass(time.Minute)
		second, err := k.rotate(who, kind, time.Hour)
		k.Must(err)
		if p := second.Secret.Previous; p == nil || p.Hint != first.Hint || !p.ValidUntil.Equal(k.DB.Now().Add(time.Hour)) {
			t.Errorf("%s: previous is %+v", kind, p)
		}
		expect(1, overlapKeeps)
		expect(2, "digest ciphertext")
		third, err := k.rotate(who, kind, 30*24*time.Hour)
		k.Must(err)
		expect(1, "")
		expect(2, overlapKeeps)
		if until := k.Number("SELECT valid_until FROM secrets WHERE org_id = ? AND kind = ? AND version = 1", k.org, kind); until != k.DB.Now().UnixMilli() {
			t.Errorf("%s: a second rotation did not end the older value at once", kind)
		}
		k.Pass(30 * 24 * time.Hour)
		if got, err := k.get(who, kind); err != nil || got.Previous != nil || got.Hint != third.Secret.Hint {
			t.Errorf("%s: after the overlap %+v, %v", kind, got, err)
		}
		fourth, err := k.rotate(who, kind, 0)
		k.Must(err)
		expect(2, "")
		expect(3, "")
		if value, err := k.reveal(who, kind); err != nil || value != fourth.Value.Reveal() || fourth.Secret.Previous != nil {
			t.Errorf("%s: not the current value is shown: %v", kind, err)
		}
		for _, overlap := range []time.Duration{-time.Second, 30*24*time.Hour + time.Second} {
			_, err := k.rotate(who, kind, overlap)
			k.refused("overlap out of bounds", err, fault.InvalidValue)
		}
	}
}

// TestCallers: who shows and rotates besides people.
func TestCallers(t *testing.T) {
	k := newKit(t)
	who := k.with(perm.AgentKeyRead, perm.AgentKeyManage)
	plain := who
	plain.Session = &caller.Session{}
	admin, reading, token := who, who, who
	admin.Kind, admin.Key = api.CallerKey, &caller.Key{Role: api.Admin, Org: &k.org}
	reading.Kind, reading.Key = api.CallerKey, &caller.Key{Role: api.ReadOnly, Org: &k.org}
	token.Kind, token.Key = api.CallerToken, admin.Key
	for _, c := range []struct {
		what string
		who  caller.Caller
		want fault.Code
	}{
		{"not elevated", plain, fault.ElevationRequired}, {"ADMIN key", admin, ""},
		{"READONLY key", reading, fault.KeyTooWeak}, {"access token", token, fault.PermissionRequired},
	} {
		value, err := k.reveal(c.who, api.AgentKey)
		k.refused(c.what+" shows", err, c.want)
		if (value == "") != (c.want != "") {
			t.Errorf("%s: a value, or none", c.what)
		}
		_, err = k.rotate(c.who, api.AgentKey, 0)
		k.refused(c.what+" rotates", err, c.want)
	}
	_, err := k.Secrets.Reveal(ctx, who, k.org, api.AgentKey, api.Reveal{Purpose: "fun"})
	k.refused("no such purpose", err, fault.InvalidValue)
	_, err = k.get(who, "no-such-kind")
	k.refused("no such kind", err, fault.NotFound)
}

// TestP02 moves ciphertexts between kinds and organizations: none opens elsewhere.
func TestP02(t *testing.T) {
	k := newKit(t)
	who := k.with(perm.AgentKeyRead, perm.SharedSecretRead, perm.SharedSecretManage)
	_, err := k.Secrets.Add(ctx, who, k.org)
	k.Must(err)
	k.Org("There")
	var sealed [][]byte
	k.Must(k.DB.Read(ctx).Select(&sealed, "SELECT ciphertext FROM secrets ORDER BY id"))
	for i := range sealed {
		for from := range sealed {
			k.Exec("UPDATE secrets SET ciphertext = ? WHERE id = ?", sealed[from], i+1)
			if i == 2 {
				continue // the other organization's, which nobody here opens
			}
			value, err := k.reveal(who, []api.SecretKind{api.AgentKey, api.SharedSecret}[i])
			if opened := err == nil && value != ""; opened != (i == from) {
				t.Errorf("the ciphertext of row %d in row %d opens: %v", from+1, i+1, opened)
			}
		}
		k.Exec("UPDATE secrets SET ciphertext = ? WHERE id = ?", sealed[i], i+1)
	}
}

// TestP38: what can't be audited does not happen, and answers no value.
func TestP38(t *testing.T) {
	k := newKit(t)
	who := k.with(perm.AgentKeyRead, perm.AgentKeyManage, perm.SharedSecretManage)
	k.Exec("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
	value, err := k.reveal(who, api.AgentKey)
	if err == nil || value != "" {
		t.Error("shown unaudited")
	}
	rotated, err := k.rotate(who, api.AgentKey, 0)
	if err == nil || !rotated.Value.Empty() {
		t.Error("rotated unaudited")
	}
	added, err := k.Secrets.Add(ctx, who, k.org)
	if err == nil || !added.Value.Empty() {
		t.Error("added unaudited")
	}
	if n := k.Number("SELECT count(*) FROM secrets"); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
}
