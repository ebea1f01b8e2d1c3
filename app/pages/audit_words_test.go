package pages

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"keystead/shared/api"
)

func row(act, target, name string, facts map[string]any) api.AuditRow {
	r := api.AuditRow{Act: act, Target: target, Result: api.AuditDone, Facts: facts}
	if name != "" {
		r.TargetName = &name
	}
	return r
}

func refusedRow(act, target, name string, facts map[string]any) api.AuditRow {
	r := row(act, target, name, facts)
	r.Result = api.AuditRefused
	return r
}

func TestActsInPlainWords(t *testing.T) {
	number := int64(12)
	nameless := refusedRow("api_key.delete", "api_key", "", nil)
	nameless.TargetID = &number
	for want, r := range map[string]api.AuditRow{
		`Showed key "ci-runner" (copy)`:                                        row("api_key.reveal", "api_key", "ci-runner", map[string]any{"purpose": "copy"}),
		`Showed key "ci-runner"`:                                               row("api_key.reveal", "api_key", "ci-runner", map[string]any{"purpose": "show"}),
		`Rotated the agent access key`:                                         row("agent_access_key.rotate", "agent_access_key", "ksa_…", nil),
		`Added role "Auditor"`:                                                 row("role.add", "role", "Auditor", nil),
		`Added "dana@x.example" to the organization: Auditor`:                  row("membership.add", "membership", "dana@x.example", map[string]any{"role": "Auditor"}),
		`Made a link for "dana@x.example" (invite)`:                            row("user.link", "user", "dana@x.example", map[string]any{"purpose": "invite"}),
		`Made a backup, "k.backup.age"`:                                        row("backup.make", "backup", "k.backup.age", nil),
		`Signed in`:                                                            row("session.add", "session", "", nil),
		`Signed out everywhere else`:                                           row("session.end", "user", "rosa@x.example", map[string]any{"sessions_ended": 2.0}),
		`Tried to sign in as "rosa@x.example" with a wrong password`:           refusedRow("session.refuse", "user", "rosa@x.example", nil),
		`Tried to delete key "ci", 3 times`:                                    refusedRow("api_key.delete", "api_key", "ci", map[string]any{"count": 3.0}),
		`Tried to delete key 12`:                                               nameless,
		`Tried to get in without a good credential, 1,200 times`:               refusedRow("anonymous.refuse", "anonymous", "", map[string]any{"count": 1200.0}),
		`Ended a token of "myapp"`:                                             row("token.end", "token", "myapp", nil),
		`A refresh token of "myapp" came a second time: its tokens were ended`: row("token.end", "token", "myapp", map[string]any{"reused": true}),
		`Did “water” to house plant "ficus"`:                                   row("house_plant.water", "house_plant", "ficus", nil),
	} {
		if got := auditWords(r); got != want {
			t.Errorf("%s: %s, want %s", r.Act, got, want)
		}
	}
	if got := auditSentence("Rosa Harman", row("api_key.reveal", "api_key", "ci-runner", map[string]any{"purpose": "copy"})); got != `Rosa Harman showed key "ci-runner" (copy)` {
		t.Error(got)
	}
}

func TestWhomARowIsAbout(t *testing.T) {
	chrisNow, number := api.UserID(2), int64(7)
	wrong := refusedRow("session.refuse", "user", "rosa@x.example", nil)
	wrong.TargetID = &number
	if id, ok := auditPerson(wrong); !ok || id != 7 {
		t.Errorf("a wrong password: %d %v", id, ok)
	}
	wrong.UserID = &chrisNow
	if id, ok := auditPerson(wrong); !ok || id != 2 {
		t.Errorf("who did it comes first: %d %v", id, ok)
	}
	stranger := refusedRow("anonymous.refuse", "anonymous", "", nil)
	stranger.TargetID = &number
	if id, ok := auditPerson(stranger); ok {
		t.Errorf("nobody is known: %d", id)
	}
}

func TestTheCredentialIsNamedAsItWasCalled(t *testing.T) {
	name, id := "release bot", api.KeyID(8)
	for want, r := range map[string]api.AuditRow{
		`with the API key "release bot"`:        {Caller: "api_key", KeyID: &id, KeyName: &name},
		`with an access token of "release bot"`: {Caller: "access_token", KeyID: &id, KeyName: &name},
		"with an API key":                       {Caller: "api_key", KeyID: &id},
		"with an access token":                  {Caller: "access_token"},
		"":                                      {Caller: "session"},
	} {
		if got := auditWith(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := auditKey(api.AuditRow{KeyID: &id}) + auditKey(api.AuditRow{KeyID: &id, KeyName: &name}); got != `API key 8API key "release bot"` {
		t.Error(got)
	}
}

// Who sent a refresh token again is not known: the sentence accuses nobody.
func TestAReplayedTokenIsAnAlarm(t *testing.T) {
	r := row("token.end", "token", "myapp", map[string]any{"reused": true})
	if got := auditSentence("Rosa Harman", r); !auditAlarm(r) || strings.Contains(got, "Rosa") {
		t.Error(got)
	}
	if auditAlarm(row("token.end", "token", "myapp", nil)) {
		t.Error("a token that was given up is an alarm")
	}
}

func TestEveryActHasWords(t *testing.T) {
	for _, act := range strings.Fields(`account.set_up account.edit organization.add organization.edit organization.delete user.add user.edit
		user.enable user.disable user.delete user.password user.link membership.add membership.edit membership.delete role.add role.edit
		role.delete api_key.add api_key.edit api_key.enable api_key.disable api_key.reveal api_key.rotate api_key.delete api_key.bulk
		token.add token.refresh token.end signing_key.rotate
		agent_access_key.add agent_access_key.reveal agent_access_key.rotate shared_secret.add shared_secret.reveal shared_secret.rotate
		device.enroll device.delete device.check_in session.add session.refuse session.elevate session.end setup_token.add
		master_key.rotate master_key.delete data_key.delete pepper.rotate pepper.delete
		backup.make backup.restore request.refuse anonymous.refuse`) {
		for _, result := range []string{api.AuditDone, api.AuditRefused} {
			r := row(act, "x", "", nil)
			r.Result = result
			if words := auditWords(r); strings.Contains(words, "“") || strings.Contains(words, "%") || words == "Tried to" {
				t.Errorf("%s %s: %s", act, result, words)
			}
		}
	}
	for _, noun := range api.AuditNouns {
		found := false
		for _, o := range auditActs {
			found = found || o.Value == noun
		}
		if !found {
			t.Errorf("the filter has no %s", noun)
		}
	}
}

func TestWhoDidIt(t *testing.T) {
	rosa, email := api.UserID(1), "rosa@x.example"
	var people ownerList
	people.add(1, "Rosa Harman")
	for want, r := range map[string]api.AuditRow{
		"Rosa Harman":    {UserID: &rosa, UserEmail: &email},
		byCommandLine:    {Caller: api.AuditCommandLine},
		byItself:         {Caller: api.AuditItself},
		byAgent:          {Caller: string(api.CallerAgent)},
		byNobody:         {Caller: api.AuditAnonymous},
		"rosa@x.example": {UserEmail: &email},
	} {
		if got := auditWho(r, &people); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestFactsForTheEyes(t *testing.T) {
	got := auditFacts(api.AuditRow{Facts: map[string]any{
		"purpose": "copy", "overlap_seconds": 86400.0, "changed": []any{"name", "expires_at"}, "old_key": true, "sessions_ended": 1200.0, "role": nil,
	}})
	want := []fact{{"Changed", "name, expires at"}, {"Old key", "yes"}, {"Overlap", "1 day"}, {"Purpose", "copy"}, {"Role", "none"}, {"Sessions ended", "1,200"}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
	for seconds, want := range map[float64]string{0: "none", 3600: "1 hour", 2592000: "30 days", 90: "90 seconds"} {
		if got := factValue(overlapFact, seconds); got != want {
			t.Errorf("%v: %s, want %s", seconds, got, want)
		}
	}
}

func TestAnAuditListIsReadFromItsAddress(t *testing.T) {
	v, err := url.ParseQuery("act=api_key.reveal&user=3&key_id=7&organization=2&result=refused&since=2026-11-01&until=2026-11-02&q=ci&sort=at&page=2")
	if err != nil {
		t.Fatal(err)
	}
	got := auditList(auditRules.read(v), utcEnd)
	want := api.AuditList{
		List: api.List{Page: 2, Limit: 25, Q: "ci"}, Act: "api_key.reveal", User: 3, Key: 7, Organization: 2, Result: api.AuditRefused,
		Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if q := auditRules.read(url.Values{"act": {"secret"}, "since": {"0202-11-01"}, "until": {"soon"}, "result": {"maybe"}, "user": {"me"}}); len(q) != 0 {
		t.Errorf("%v", q)
	}
}

func TestAChosenActIsOnOffer(t *testing.T) {
	options := actOptions("api_key.delete")
	if last := options[len(options)-1]; last.Value != "api_key.delete" || last.Label != "Deleted key" {
		t.Errorf("%+v", last)
	}
	if got := len(actOptions("role")); got != len(auditActs) {
		t.Errorf("%d options", got)
	}
}
