package audit_test

import (
	"fmt"
	"testing"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// refused flushes and is the refusals in the log.
func (s *stage) refused() []api.AuditRow {
	s.T.Helper()
	s.Must(s.Trail.Flush(s.T.Context()))
	return s.list(s.admin, "result=refused&limit=100").Items
}

func TestP39RefusalsOfAKnownCallerAreCounted(t *testing.T) {
	s := newStage(t)
	_, weak := s.Key(s.Admin, s.X, api.ReadOnly, "weak")
	for range 3 {
		if got := s.reveal(weak, s.key, "show"); got.Code() != "key_too_weak" {
			t.Fatal(got)
		}
	}
	rows := s.refused()
	if len(rows) != 1 {
		t.Fatalf("%d rows of one kind of refusal: %+v", len(rows), rows)
	}
	row := rows[0]
	if row.Act != "api_key.reveal" || row.Caller != "api_key" || row.KeyID == nil || *row.TargetID != int64(s.key) || *row.TargetName != "first" ||
		*row.OrganizationID != s.X || row.Facts["count"] != 3.0 || row.Facts["code"] != "key_too_weak" || row.IP == "" || row.RequestID == "" {
		t.Errorf("%+v", row)
	}
	history := testkit.Read[api.Page[api.AuditRow]](s.Kit, s.Send(s.admin, "GET "+api.PathKeyHistory(s.key), ""), 200)
	if history.Items[0].ID != row.ID {
		t.Error("the key’s history does not say who tried to show it")
	}
	if again := s.refused(); len(again) != 1 {
		t.Errorf("%d rows after nothing more happened", len(again))
	}
}

func TestP39EachKindOfRefusalIsNoted(t *testing.T) {
	s := newStage(t)
	lister := s.Person("Lisa")
	s.Join(lister, s.X, s.Role(perm.Organization, perm.KeysList))
	as := s.Session(lister)
	s.Send(as, "DELETE "+api.PathKey(s.key), "")                    // api_key.delete
	s.Send(as, "PATCH "+api.PathKey(s.key), `{"enabled":false}`)    // api_key.edit
	s.Send(as, "POST "+api.PathSecretRotate(s.X, api.AgentKey), "") // agent_access_key.rotate
	s.Send(as, "PATCH "+api.PathAccount, `{}`)                      // account.edit
	s.Exec("UPDATE sessions SET elevated_until = NULL WHERE user_id = ?", lister)
	s.Send(as, "POST "+api.PathKeyReveal(s.key), "")             // api_key.reveal
	s.Send(as, "GET "+api.PathSecret(s.X, api.SharedSecret), "") // changes nothing: not noted
	s.Send(as, "PATCH "+api.PathKey(s.key), `{"enabled":"no"}`)  // mistyped: not noted
	s.Send(as, "DELETE "+api.PathKey(999_999), "")               // not found: not noted
	s.Send(nil, "DELETE "+api.PathKey(s.key), "")                // a stranger: not noted
	want := map[string]string{
		"api_key.delete": "permission_required", "api_key.edit": "permission_required", "agent_access_key.rotate": "permission_required",
		"account.edit": "permission_required", "api_key.reveal": "elevation_required",
	}
	for _, row := range s.refused() {
		if want[row.Act] != row.Facts["code"] || *row.UserID != lister || row.Facts["count"] != 1.0 {
			t.Errorf("%+v", row)
		}
		delete(want, row.Act)
	}
	for act := range want {
		t.Errorf("%s is not in the log", act)
	}
}

func TestARefusalNamesNothingThatTheCallerMayNotKnowOf(t *testing.T) {
	s := newStage(t)
	stranger := s.Session(s.Stranger)
	s.Exec("UPDATE sessions SET elevated_until = NULL WHERE user_id = ?", s.Stranger)
	if got := s.reveal(stranger, s.key, "show"); got.Code() != "elevation_required" {
		t.Fatal(got)
	}
	rows := s.refused()
	if len(rows) != 1 || rows[0].TargetID != nil || rows[0].TargetName != nil || rows[0].OrganizationID != nil {
		t.Errorf("%+v", rows)
	}
}

func TestP51RefusalsDoNotFillTheLog(t *testing.T) {
	s := newStage(t)
	refuse := func(key api.KeyID, id int64) {
		who := caller.Caller{Kind: api.CallerKey, Key: &caller.Key{ID: key}, User: caller.User{ID: s.Member}}
		s.Trail.Refused(rest.Refusal{Caller: who, Method: "DELETE", Path: "/v1/users/:id", ID: id, Code: fault.PermissionRequired})
	}
	for id := range int64(5000) {
		refuse(1, id+1)
	}
	counted := func() (rows, times int) {
		s.Must(s.Trail.Flush(t.Context()))
		before := s.Number("SELECT count(*) FROM audit WHERE result = 'refused'")
		return int(before), int(s.Number("SELECT COALESCE(sum(facts ->> 'count'), 0) FROM audit WHERE result = 'refused'"))
	}
	if rows, times := counted(); rows > 21 || times != 5000 {
		t.Errorf("one caller: %d rows that count %d, want at most 21 that count 5000", rows, times)
	}
	for key := range api.KeyID(3000) {
		refuse(key+10, 1)
	}
	if rows, times := counted(); rows > 21+1001 || times != 8000 {
		t.Errorf("many callers: %d rows that count %d", rows, times)
	}
}

func TestABadCredentialIsCountedByItsAddress(t *testing.T) {
	s := newStage(t)
	for range 4 {
		s.Send(testkit.Credential{"Authorization: Bearer ks_nonsense"}, "GET "+api.PathMe, "")
	}
	s.Must(s.Sessions.Flush(t.Context()))
	rows := s.list(s.admin, "act=anonymous")
	if rows.Total != 1 || rows.Items[0].Caller != api.AuditAnonymous || fmt.Sprint(rows.Items[0].Facts["count"]) != "4" {
		t.Errorf("%+v", rows)
	}
}
