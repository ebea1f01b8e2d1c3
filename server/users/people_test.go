package users_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

var (
	ctx     = context.Background()
	arrival = rest.Arrival{Address: "192.0.2.7"}
)

func ptr[T any](v T) *T { return &v }

// roleID is the id of a role by its name.
func roleID(k *testkit.Kit, name string) api.RoleID {
	k.T.Helper()
	return api.RoleID(k.Number("SELECT id FROM roles WHERE name = ?", name))
}

// holder is somebody with exactly these permissions, on the account where org is 0.
func holder(k *testkit.Kit, first string, org api.OrgID, ps ...perm.Permission) api.UserID {
	k.T.Helper()
	scope := perm.Organization
	if org == 0 {
		scope = perm.Account
	}
	user := k.Person(first)
	k.Join(user, org, k.Role(scope, ps...))
	return user
}

func refused(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func TestInviteOverHTTP(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	body := fmt.Sprintf(`{"email":"new@northwind.example","last_name":"Person","memberships":[{"organization_id":%d,"role_id":%d}]}`, c.X, roleID(c.Kit, perm.ReadOnly))
	added := testkit.Read[struct {
		User api.PersonDetail `json:"user"`
		Link struct {
			URL     string    `json:"url"`
			Expires time.Time `json:"expires_at"`
		} `json:"link"`
	}](c.Kit, c.Send(c.Session(c.Admin), "POST /v1/users", body), 201)
	u := added.User
	if u.State != api.UserInvited || u.FirstName != "new" || u.LastName != "Person" || u.AccountRole != nil || !u.Manageable {
		t.Errorf("added %+v", u)
	}
	if len(u.Memberships) != 1 || u.Memberships[0].Organization.ShortName != "ops-x" || u.Memberships[0].Role.Name != perm.ReadOnly {
		t.Errorf("member of %+v", u.Memberships)
	}
	if u.Link == nil || u.Link.Purpose != api.LinkInvite || !u.Link.ExpiresAt.Equal(added.Link.Expires) {
		t.Errorf("the open link is %+v", u.Link)
	}
	token, ok := strings.CutPrefix(added.Link.URL, "/invite#token=")
	if !ok || !added.Link.Expires.Equal(c.DB.Now().Add(24*time.Hour)) {
		t.Fatalf("the link is %s until %s", added.Link.URL, added.Link.Expires)
	}
	in := c.Send(nil, "POST /v1/invitation", `{"token":"`+token+`","password":"`+other+`","first_name":"Nora"}`)
	if session := testkit.Read[api.Session](c.Kit, in, 200); session.User.FirstName != "Nora" || session.User.State != api.UserActive {
		t.Errorf("signed in %+v", session)
	}
	cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	me := testkit.Read[api.Me](c.Kit, c.Send(testkit.Credential{"Cookie: " + cookie}, "GET /v1/me", ""), 200)
	if me.User.LastName != "Person" || len(me.Organizations) != 1 || me.Organizations[0].Role != perm.ReadOnly {
		t.Errorf("me %+v", me)
	}
	for _, act := range []string{"user.add", "membership.add", "user.link", "user.password"} {
		if n := c.Number("SELECT COUNT(*) FROM audit WHERE act = ? AND target_name = 'new@northwind.example'", act); n != 1 {
			t.Errorf("%d rows of %s", n, act)
		}
	}
	if n := c.Number("SELECT COUNT(*) FROM audit WHERE instr(facts, ?) > 0", token); n != 0 {
		t.Error("the token is in the audit log")
	}
	for body, want := range map[string]string{
		`{"email":"NEW@northwind.example"}`:                                         "409 name_taken email",
		`{"email":"nobody"}`:                                                        "422 invalid_value email",
		`{"email":"a@b.example","first_name":"a/b"}`:                                "422 invalid_value first_name",
		`{"email":"a/b@x.example"}`:                                                 "422 invalid_value email",
		`{"email":"a@b.example","memberships":[{}]}`:                                "400 bad_request memberships[0].organization_id",
		`{"email":"a@b.example","memberships":[{"organization_id":1}]}`:             "400 bad_request memberships[0].role_id",
		`{"email":"a@b.example","account_role_id":999}`:                             "422 invalid_value account_role_id",
		`{"email":"a@b.example","memberships":[{"organization_id":1,"role_id":1}]}`: "422 invalid_value memberships",
		`{"email":"a@b.example","state":"active"}`:                                  "400 bad_request ",
		`{}`: "400 bad_request email",
	} {
		a := c.Send(c.Session(c.Admin), "POST /v1/users", body)
		_, field, _ := strings.Cut(a.Body, `"field":"`)
		field, _, _ = strings.Cut(field, `"`)
		if !strings.Contains(a.Body, `"field"`) {
			field = ""
		}
		if got := fmt.Sprint(a.Status, " ", a.Code(), " ", field); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestAMembershipIsWhole(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	whole := fmt.Sprintf(`{"organization_id":%d,"role_id":1}`, c.X)
	for list, want := range map[string]string{
		`[{}]`:                                   `"field":"memberships[0].organization_id"`,
		`[null]`:                                 `"field":"memberships[0].organization_id"`,
		`[` + whole + `,{"role_id":1}]`:          `"field":"memberships[1].organization_id"`,
		`[{"organization_id":1,"role_id":null}]`: `"field":"memberships[0].role_id"`,
	} {
		a := c.Send(c.Session(c.Admin), fmt.Sprintf("PATCH /v1/users/%d", c.Member), `{"memberships":`+list+`}`)
		if a.Status != 400 || a.Code() != "bad_request" || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s", list, a.Status, a.Body)
		}
	}
}

func TestListOfUsers(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	c.Session(c.Member)
	c.Pass(time.Minute)
	c.Session(c.Operator)
	c.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", c.Verifier)
	names := func(who api.UserID, l api.UserList) string {
		t.Helper()
		if l.Limit == 0 {
			l.Limit = 25
		}
		l.Page = max(l.Page, 1)
		page, err := c.Users.List(ctx, c.As(who), l)
		c.Must(err)
		got := make([]string, len(page.Items))
		for i, p := range page.Items {
			got[i] = p.FirstName
		}
		return fmt.Sprint(page.Total, " ", strings.Join(got, " "))
	}
	sorted := func(by, order string) api.UserList { return api.UserList{List: api.List{Sort: by, Order: order}} }
	for _, row := range []struct {
		who  api.UserID
		list api.UserList
		want string
	}{
		{c.Admin, api.UserList{}, "5 Ada Mia Olga Stella Vera"},
		{c.Admin, sorted(api.SortName, api.Descending), "5 Vera Stella Olga Mia Ada"},
		{c.Admin, sorted(api.SortEmail, ""), "5 Ada Mia Olga Stella Vera"},
		{c.Admin, sorted(api.SortState, ""), "5 Ada Olga Mia Stella Vera"},
		{c.Admin, sorted(api.SortRole, ""), "5 Ada Olga Stella Mia Vera"},
		{c.Admin, sorted(api.SortLastActive, ""), "5 Mia Olga Ada Vera Stella"},
		{c.Admin, sorted(api.SortLastActive, api.Descending), "5 Olga Mia Ada Vera Stella"},
		{c.Admin, api.UserList{List: api.List{Limit: 2, Page: 2}}, "5 Olga Stella"},
		{c.Admin, api.UserList{List: api.List{Limit: 2, Page: 9}}, "5 "},
		{c.Admin, api.UserList{List: api.List{Q: "NORTHWIND mi"}}, "1 Mia"},
		{c.Admin, api.UserList{List: api.List{Q: "%"}}, "0 "},
		{c.Admin, api.UserList{State: api.UserDisabled}, "1 Vera"},
		{c.Admin, api.UserList{Org: c.Y}, "2 Ada Stella"},
		{c.Admin, api.UserList{Org: 999}, "0 "},
		{c.Admin, api.UserList{Role: roleID(c.Kit, perm.OrganizationOperator)}, "2 Olga Stella"},
		{c.Admin, api.UserList{Role: roleID(c.Kit, perm.FullAdministrator)}, "1 Ada"},
		{c.Operator, api.UserList{}, "4 Ada Mia Olga Vera"},
		{c.Operator, api.UserList{Org: c.Y}, "0 "},
		{c.Operator, api.UserList{Role: roleID(c.Kit, perm.OrganizationOperator)}, "1 Olga"},
		{c.Stranger, api.UserList{}, "2 Ada Stella"},
	} {
		if got := names(row.who, row.list); got != row.want {
			t.Errorf("%+v as %d: %q, want %q", row.list, row.who, got, row.want)
		}
	}
	_, err := c.Users.List(ctx, c.As(c.Member), api.UserList{})
	refused(t, "without users:read", err, fault.PermissionRequired)
	for query, status := range map[string]int{"sort=password_hash": 400, "state=gone": 400, "org=x": 400, "role=0": 400, "organization=1": 400, "sort=last_active_at&order=desc&limit=100": 200} {
		if a := c.Send(c.Session(c.Admin), "GET /v1/users?"+query, ""); a.Status != status {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
	page, err := c.Users.List(ctx, c.As(c.Operator), api.UserList{List: api.List{Page: 1, Limit: 25}})
	c.Must(err)
	if slices.ContainsFunc(page.Items, func(p api.Person) bool { return p.Manageable }) {
		t.Error("an operator manages users")
	}
}

// What happens to keys is said before it is done.
func TestDetailSaysWhatHappensToKeys(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	used, key := c.Key(c.Member, c.X, api.Admin, "used")
	c.Key(c.Member, c.X, api.Admin, "idle")
	c.Key(c.Member, 0, api.Admin, "global")
	c.Pass(8 * 24 * time.Hour)
	c.Send(key, "GET /v1/me", "")
	c.Must(c.Verify.Flush(ctx))
	get := func(who api.UserID) api.PersonDetail {
		t.Helper()
		d, err := c.Users.Get(ctx, c.As(who), c.Member)
		c.Must(err)
		return d
	}
	d := get(c.Admin)
	if d.Keys == nil || d.Keys.Held != 3 || d.Keys.Global != 1 || d.Keys.Showable != 3 || d.Keys.UsedLately != 1 || len(d.Keys.Lately) != 1 || d.Keys.Lately[0].ID != used || d.Keys.Lately[0].Name != "used" {
		t.Errorf("keys %+v", d.Keys)
	}
	if d := get(c.Operator); d.Manageable || d.Keys != nil || d.Link != nil {
		t.Errorf("an operator is told %+v", d)
	}
	// Who manages but may not list keys is told the number, not the names.
	manager := holder(c.Kit, "Max", 0, perm.UsersManage, perm.UsersRead, perm.OrgsRead, perm.DevicesRead)
	if d := get(manager); !d.Manageable || d.Keys == nil || d.Keys.UsedLately != 1 || len(d.Keys.Lately) != 0 {
		t.Errorf("a manager is told %+v", d.Keys)
	}
}

func TestDelete(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	_, inX := c.Key(c.Member, c.X, api.Admin, "in X")
	_, global := c.Key(c.Member, 0, api.Admin, "global")
	cookie := c.Session(c.Member)
	c.Must(c.Users.Delete(ctx, c.As(c.Admin), c.Member))
	for name, as := range map[string]testkit.Credential{"session": cookie, "key": inX, "global key": global} {
		if a := c.Send(as, "GET /v1/me", ""); a.Status != 401 {
			t.Errorf("the %s is good: %d", name, a.Status)
		}
	}
	if n := c.Number("SELECT COUNT(*) FROM api_keys WHERE owner_id = ? AND (deleted_at IS NULL OR digest IS NOT NULL OR ciphertext IS NOT NULL)", c.Member); n != 0 {
		t.Errorf("%d keys are left", n)
	}
	if n := c.Number("SELECT COUNT(*) FROM memberships WHERE user_id = ?", c.Member); n != 0 {
		t.Error("still a member")
	}
	if n := c.Number("SELECT COUNT(*) FROM audit WHERE act = 'user.delete' AND json_extract(facts, '$.keys_deleted') = 2 AND json_extract(facts, '$.sessions_ended') = 1"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	refused(t, "again", c.Users.Delete(ctx, c.As(c.Admin), c.Member), fault.NotFound)
	_, err := c.Users.Add(ctx, c.As(c.Admin), api.AddUser{Email: "mia@northwind.example"})
	refused(t, "the address is free again", err, "")
}

// An address changed by another ends sessions and erases what could be shown; one's
// own change does neither.
func TestP16AddressChanged(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	edit := func(who caller.Caller, id api.UserID, email string) error {
		_, err := c.Users.Edit(ctx, who, id, api.EditUser{Email: &email})
		return err
	}
	id, key := c.Key(c.Member, c.X, api.Admin, "mine")
	cookie := c.Session(c.Member)
	c.Must(edit(c.As(c.Admin), c.Member, "maria@northwind.example"))
	if a := c.Send(cookie, "GET /v1/me", ""); a.Status != 401 {
		t.Errorf("the session goes on: %d", a.Status)
	}
	if a := c.Send(key, "GET /v1/me", ""); a.Status != 200 {
		t.Errorf("the key stopped: %d", a.Status)
	}
	_, err := c.Keys.Reveal(ctx, c.As(c.Member), id, api.Reveal{})
	refused(t, "reveal", err, fault.ValueErased)
	own, _ := c.Key(c.Admin, c.X, api.Admin, "own")
	c.Session(c.Admin)
	c.Must(edit(c.As(c.Admin), c.Admin, "ada.new@northwind.example"))
	if n := c.Number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", c.Admin); n != 1 {
		t.Error("one's own change ended one's session")
	}
	_, err = c.Keys.Reveal(ctx, c.As(c.Admin), own, api.Reveal{})
	refused(t, "reveal one's own", err, "")
	// A key is not the person: somebody else may hold it.
	byKey := c.As(c.Admin)
	byKey.Kind, byKey.Key = api.CallerKey, &caller.Key{Role: api.Admin}
	c.Must(edit(byKey, c.Admin, "ada.key@northwind.example"))
	_, err = c.Keys.Reveal(ctx, c.As(c.Admin), own, api.Reveal{})
	refused(t, "reveal after a key changed the address", err, fault.ValueErased)
}

// Roles and addresses take a fresh proof of identity; names and state do not.
func TestElevation(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	weary := c.As(c.Admin)
	weary.Session = &caller.Session{ElevatedUntil: c.DB.Now()}
	for what, in := range map[string]api.EditUser{
		"email": {Email: ptr("x@northwind.example")}, "account role": {AccountRoleID: api.Null[api.RoleID]()}, "memberships": {Memberships: &[]api.Grant{}},
	} {
		_, err := c.Users.Edit(ctx, weary, c.Member, in)
		refused(t, what, err, fault.ElevationRequired)
	}
	_, err := c.Users.Edit(ctx, weary, c.Member, api.EditUser{FirstName: ptr("Maria"), State: ptr(api.UserDisabled)})
	refused(t, "name and state", err, "")
}

// Whoever is invited, then disabled and enabled, is invited as before.
func TestStates(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	admin := c.As(c.Admin)
	added, err := c.Users.Add(ctx, admin, api.AddUser{Email: "new@northwind.example"})
	c.Must(err)
	set := func(id api.UserID, state, want string, code fault.Code) {
		t.Helper()
		d, err := c.Users.Edit(ctx, admin, id, api.EditUser{State: &state})
		refused(t, state, err, code)
		if err == nil && d.State != want {
			t.Errorf("set %s: %s, want %s", state, d.State, want)
		}
	}
	id := added.User.ID
	set(id, api.UserActive, "", fault.InvalidValue)
	set(id, "gone", "", fault.InvalidValue)
	set(id, api.UserDisabled, api.UserDisabled, "")
	set(id, api.UserActive, api.UserInvited, "")
	set(c.Member, api.UserDisabled, api.UserDisabled, "")
	set(c.Member, api.UserActive, api.UserActive, "")
	set(c.Admin, api.UserDisabled, "", fault.LastAdministrator)
	_, err = c.Users.Edit(ctx, admin, c.Admin, api.EditUser{AccountRoleID: api.Null[api.RoleID]()})
	refused(t, "the last one resigns", err, fault.LastAdministrator)
	refused(t, "the last one goes", c.Users.Delete(ctx, admin, c.Admin), fault.LastAdministrator)
	if n := c.Number("SELECT COUNT(*) FROM users WHERE account_role_id IS NOT NULL AND state = 'active' AND deleted_at IS NULL"); n != 1 {
		t.Errorf("%d administrators", n)
	}
}

// Who joins an organization where nothing is shown again loses what their global
// keys could be shown from.
func TestPolicyReachesWhoJoins(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	c.Exec("UPDATE organizations SET reveal = 'never' WHERE id = ?", c.Y)
	mine, _ := c.Key(c.Member, c.X, api.Admin, "in X")
	global, _ := c.Key(c.Member, 0, api.Admin, "global")
	grants := []api.Grant{{OrganizationID: c.X, RoleID: roleID(c.Kit, perm.ReadOnly)}, {OrganizationID: c.Y, RoleID: roleID(c.Kit, perm.ReadOnly)}}
	_, err := c.Users.Edit(ctx, c.As(c.Admin), c.Member, api.EditUser{Memberships: &grants})
	c.Must(err)
	_, err = c.Keys.Reveal(ctx, c.As(c.Member), mine, api.Reveal{})
	refused(t, "in X", err, "")
	if n := c.Number("SELECT COUNT(*) FROM api_keys WHERE id = ? AND ciphertext IS NOT NULL", global); n != 0 {
		t.Error("the global key can be shown")
	}
	if n := c.Number("SELECT COUNT(*) FROM audit WHERE act = 'membership.add' AND org_id = ?", c.Y); n != 1 {
		t.Errorf("%d audit rows in the organization", n)
	}
}
