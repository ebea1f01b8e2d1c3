package audit_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/house"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// stage is a cast with a few acts behind it.
type stage struct {
	*testkit.Cast
	admin testkit.Credential
	key   api.KeyID // the admin's, of X
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{Cast: testkit.NewCast(testkit.New(t, nil))}
	s.admin = s.Session(s.Admin)
	s.key, _ = s.Key(s.Admin, s.X, api.Admin, "first")
	return s
}

func (s *stage) list(as testkit.Credential, query string) api.Page[api.AuditRow] {
	s.T.Helper()
	return testkit.Read[api.Page[api.AuditRow]](s.Kit, s.Send(as, "GET "+api.PathAudit+"?"+query, ""), 200)
}

func (s *stage) reveal(as testkit.Credential, id api.KeyID, purpose string) testkit.Answer {
	s.T.Helper()
	return s.Send(as, "POST "+api.PathKeyReveal(id), `{"purpose":"`+purpose+`"}`)
}

// auditor is a member of one organization who may read its log.
func (s *stage) auditor(name string, orgs ...api.OrgID) testkit.Credential {
	s.T.Helper()
	user := s.Person(name)
	for _, org := range orgs {
		s.Join(user, org, s.Role(perm.Organization, perm.AuditRead))
	}
	return s.Session(user)
}

func TestP39ARevealHasOneRowThatSaysAllOfIt(t *testing.T) {
	s := newStage(t)
	if got := s.reveal(s.admin, s.key, "copy"); got.Status != 200 {
		t.Fatal(got)
	}
	page := s.list(s.admin, "act=api_key.reveal")
	if page.Total != 1 || len(page.Items) != 1 {
		t.Fatalf("%d rows of one reveal", page.Total)
	}
	row := page.Items[0]
	switch {
	case row.Result != api.AuditDone, row.Caller != string(api.CallerSession), *row.UserID != s.Admin, *row.UserEmail != "ada@northwind.example",
		row.SessionID == nil, row.KeyID != nil, *row.OrganizationID != s.X, row.Target != "api_key", *row.TargetID != int64(s.key),
		*row.TargetName != "first", row.Facts["purpose"] != "copy", row.IP == "", len(row.RequestID) != 16, !row.At.Equal(s.DB.Now()):
		t.Errorf("%+v", row)
	}
}

// The key that somebody came with is named as it was called then.
func TestP39ARowNamesTheKeyThatSomebodyCameWith(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Admin, s.X, api.Admin, "release bot")
	if got := s.reveal(key, id, "show"); got.Status != 200 {
		t.Fatal(got)
	}
	name := "another name"
	_, err := s.Keys.Edit(t.Context(), s.As(s.Admin), id, api.EditKey{Name: &name})
	s.Must(err)
	for _, query := range []string{"act=api_key.reveal&limit=1", "act=api_key.reveal&limit=1&q=RELEASE"} {
		page := s.list(s.admin, query)
		if len(page.Items) != 1 || page.Items[0].KeyID == nil || *page.Items[0].KeyID != id || page.Items[0].KeyName == nil || *page.Items[0].KeyName != "release bot" {
			t.Errorf("%s: %+v", query, page.Items)
		}
	}
	if row := s.list(s.admin, "act=api_key.edit&limit=1").Items[0]; row.KeyName != nil {
		t.Errorf("a session came with the key %q", *row.KeyName)
	}
}

func TestTheNewestRowComesFirstAndPagesFit(t *testing.T) {
	s := newStage(t)
	all := s.list(s.admin, "limit=100")
	if all.Total != len(all.Items) || all.Total < 5 {
		t.Fatalf("%d rows, %d sent", all.Total, len(all.Items))
	}
	var got []api.AuditID
	for page := 1; page <= all.Total; page++ {
		for _, row := range s.list(s.admin, fmt.Sprintf("limit=2&page=%d", page)).Items {
			got = append(got, row.ID)
		}
	}
	for i, row := range all.Items {
		if want := api.AuditID(all.Total - i); row.ID != want || got[i] != want {
			t.Fatalf("place %d: rows %d and %d, want %d", i, row.ID, got[i], want)
		}
	}
	if far := s.list(s.admin, "page=2147483648&limit=100"); len(far.Items) != 0 || far.Total != all.Total {
		t.Errorf("a page after the last: %+v", far)
	}
}

func TestFiltersKeepWhatTheySay(t *testing.T) {
	s := newStage(t)
	start := s.DB.Now()
	s.Pass(time.Hour)
	s.admin = s.Session(s.Admin)
	id, key := s.Key(s.Admin, s.X, api.Admin, "Grüße 100%")
	if got := s.reveal(key, id, "show"); got.Status != 200 {
		t.Fatal(got)
	}
	s.Key(s.Member, s.X, api.Admin, "theirs")
	s.Must(s.Users.Disable(t.Context(), s.As(s.Admin), "stella@northwind.example"))
	at := func(t time.Time) string { return url.QueryEscape(t.Format(time.RFC3339Nano)) }
	for query, want := range map[string]int{
		"act=api_key":                                   4, // three added, one shown
		"act=api_key.add":                               3,
		"act=api_key.reveal":                            1,
		"act=pepper":                                    0,
		fmt.Sprintf("key_id=%d", id):                    2,
		fmt.Sprintf("key_id=%d", s.key):                 1,
		fmt.Sprintf("user=%d", s.Member):                1,
		fmt.Sprintf("user=%d", s.Stranger):              1, // done to her
		fmt.Sprintf("act=api_key&user=%d", s.Admin):     3,
		fmt.Sprintf("user=%d&key_id=%d", s.Admin, id):   2,
		"act=api_key&since=" + at(start.Add(1)):         3,
		"act=api_key&until=" + at(start.Add(1)):         1,
		"act=api_key&since=" + at(s.DB.Now()):           3,
		"act=api_key&until=" + at(s.DB.Now()):           1,
		"result=refused":                                0,
		"q=" + url.QueryEscape("Grüße"):                 2,
		"q=" + url.QueryEscape("100% REVEAL"):           1,
		"q=show":                                        1,
		"q=mia%40northwind":                             1,
		"q=" + url.QueryEscape("' OR 1=1 --"):           0,
		fmt.Sprintf("act=api_key&organization=%d", s.Y): 0,
		fmt.Sprintf("act=api_key&organization=%d", s.X): 4,

		fmt.Sprintf("organization=%d&user=%d", s.X, s.Admin):                 3,
		fmt.Sprintf("organization=%d&user=%d", s.X, s.Stranger):              0, // she is disabled on the account
		fmt.Sprintf("organization=%d&key_id=%d", s.X, id):                    2,
		fmt.Sprintf("organization=%d&key_id=%d", s.Y, id):                    0,
		fmt.Sprintf("organization=%d&user=%d&key_id=%d", s.X, s.Member, id):  0,
		fmt.Sprintf("organization=%d&act=api_key.add&user=%d", s.X, s.Admin): 2,
	} {
		if got := s.list(s.admin, query); got.Total != want || len(got.Items) != min(want, 25) {
			t.Errorf("%s: %d rows, want %d", query, got.Total, want)
		}
	}
	for _, query := range []string{"since=yesterday", "since=2026-05-04T1:00:00Z", "act=nonsense", "act=api", "act=api_key.", "act=api_key.nonsense", "act=API_KEY", "act=", "result=maybe", "user=0", "key=1", "sort=act", "act=a&act=b", "until=2026-05-04"} {
		if got := s.Send(s.admin, "GET "+api.PathAudit+"?"+query, ""); got.Status != 400 {
			t.Errorf("%s: %d, want 400", query, got.Status)
		}
	}
}

// What somebody did with a key is found by it, whatever it was done to, through a token too,
// refused or done, and after the key is gone.
func TestP39WhatWasDoneWithAKeyIsFoundByIt(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Member, s.X, api.Admin, "bot")
	token, _ := s.Token(s.X, "bot", key)
	for _, as := range []testkit.Credential{key, token} {
		if got := s.Send(as, "POST "+api.PathSecretRotate(s.X, api.AgentKey), ""); got.Status != 403 {
			t.Fatal(got)
		}
	}
	other := testkit.Read[api.AddedKey](s.Kit, s.Send(key, "POST "+api.PathOrgKeys(s.X), `{"name":"other","role":"READONLY"}`), 201)
	s.Send(testkit.Credential{testkit.FormType}, "POST /v1/oauth/revoke", "token="+testkit.Value(key))
	s.Must(s.Keys.Delete(t.Context(), s.As(s.Member), id))
	s.Must(s.Trail.Flush(t.Context()))
	var with []string
	for _, row := range s.list(s.admin, fmt.Sprintf("key_id=%d", id)).Items {
		if row.KeyID != nil {
			with = append(with, row.Caller+" "+row.Act+" "+row.Result)
		}
	}
	slices.Sort(with)
	want := []string{"access_token agent_access_key.rotate refused", "api_key agent_access_key.rotate refused", "api_key api_key.add done",
		"api_key api_key.disable done", "api_key token.add done"}
	if !slices.Equal(with, want) {
		t.Errorf("found are %q, want %q", with, want)
	}
	if page := s.list(s.admin, fmt.Sprintf("key_id=%d", other.Key.ID)); page.Total != 1 {
		t.Errorf("%d rows of the other key: %+v", page.Total, page.Items)
	}
}

func TestP18AnOrganizationsAuditorReadsItsRowsOnly(t *testing.T) {
	s := newStage(t)
	s.Key(s.Stranger, s.Y, api.Admin, "of Y")
	ofX, ofBoth, ofNone := s.auditor("Xenia", s.X), s.auditor("Bob", s.X, s.Y), s.Session(s.Member)
	for _, row := range s.list(ofX, "limit=100").Items {
		if row.OrganizationID == nil || *row.OrganizationID != s.X {
			t.Errorf("row %d is of another organization: %+v", row.ID, row)
		}
	}
	if got := s.list(ofX, fmt.Sprintf("organization=%d&act=api_key", s.X)); got.Total != 1 {
		t.Errorf("%d rows of keys of X, want 1", got.Total)
	}
	answer := func(as testkit.Credential, query string) string {
		got := s.Send(as, "GET "+api.PathAudit+"?"+query, "")
		return fmt.Sprint(got.Status, " ", got.Code())
	}
	for _, fact := range []struct {
		as          testkit.Credential
		query, want string
	}{
		{ofX, fmt.Sprintf("organization=%d", s.Y), "404 not_found"},
		{ofX, "organization=999999", "404 not_found"},
		{s.admin, "organization=999999", "404 not_found"},
		{ofBoth, "", "400 organization_required"},
		{ofBoth, fmt.Sprintf("organization=%d", s.Y), "200 "},
		{ofNone, "", "403 permission_required"},
		{ofNone, fmt.Sprintf("organization=%d", s.X), "403 permission_required"},
		{ofNone, fmt.Sprintf("organization=%d", s.Y), "404 not_found"},
	} {
		if got := answer(fact.as, fact.query); got != fact.want {
			t.Errorf("%q: %s, want %s", fact.query, got, fact.want)
		}
	}
}

func TestHistoryIsForTheOwnerAndForWhoReadsKeys(t *testing.T) {
	s := newStage(t)
	theirs, _ := s.Key(s.Member, s.X, api.Admin, "theirs")
	if got := s.reveal(s.Session(s.Member), theirs, "bundle"); got.Status != 200 {
		t.Fatal(got)
	}
	reader, lister := s.Person("Rita"), s.Person("Lisa")
	s.Join(reader, s.X, s.Role(perm.Organization, perm.KeysRead))
	s.Join(lister, s.X, s.Role(perm.Organization, perm.KeysList))
	ask := func(user api.UserID, id api.KeyID) testkit.Answer {
		return s.Send(s.Session(user), "GET "+api.PathKeyHistory(id), "")
	}
	for _, user := range []api.UserID{s.Member, s.Admin, reader} {
		page := testkit.Read[api.Page[api.AuditRow]](s.Kit, ask(user, theirs), 200)
		if page.Total != 2 || page.Items[0].Act != "api_key.reveal" || page.Items[0].Facts["purpose"] != "bundle" || page.Items[1].Act != "api_key.add" {
			t.Errorf("user %d reads %+v", user, page)
		}
	}
	if got := ask(lister, theirs); got.Status != 403 || !strings.Contains(got.Body, "api_keys:read") {
		t.Errorf("who may list and not read: %d %s", got.Status, got.Body)
	}
	for _, user := range []api.UserID{s.Operator, s.Stranger} {
		got, none := ask(user, theirs), ask(user, 999_999)
		if got.Status != 404 || withoutID(got.Body) != withoutID(none.Body) {
			t.Errorf("user %d: %d %s", user, got.Status, got.Body)
		}
	}
	s.Must(s.Keys.Delete(t.Context(), s.As(s.Member), theirs))
	if got := ask(s.Member, theirs); got.Status != 404 {
		t.Errorf("of a deleted key: %d", got.Status)
	}
	if got := s.list(s.admin, fmt.Sprintf("key_id=%d", theirs)); got.Total != 3 {
		t.Errorf("the log has %d rows of the deleted key, want 3", got.Total)
	}
}

func withoutID(body string) string {
	before, _, _ := strings.Cut(body, `"request_id"`)
	return before
}

func TestTheCommandVerifiesTheLog(t *testing.T) {
	s := newStage(t)
	verify := house.Command{Name: "audit verify"}
	rows := s.Number("SELECT max(id) FROM audit")
	if said, err := s.Do(t.Context(), verify); err != nil || !strings.Contains(said, fmt.Sprint(rows, " rows")) {
		t.Fatalf("%q, %v", said, err)
	}
	s.Exec("DROP TRIGGER audit_stays")
	s.Exec("UPDATE audit SET user_email = 'eve@northwind.example' WHERE id = 3")
	if _, err := s.Do(t.Context(), verify); err == nil || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("of an edited row 3: %v", err)
	}
}
