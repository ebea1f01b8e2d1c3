package devices_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func newCast(t *testing.T) *testkit.Cast { t.Helper(); return testkit.NewCast(testkit.New(t, nil)) }

func list(c *testkit.Cast, query string) api.Page[api.Device] {
	c.T.Helper()
	return testkit.Read[api.Page[api.Device]](c.Kit, c.Send(c.Session(c.Member), "GET "+api.PathDevices(c.X)+"?"+query, ""), 200)
}

func names(page api.Page[api.Device]) string {
	var all []string
	for _, d := range page.Items {
		all = append(all, d.Hostname)
	}
	return strings.Join(all, " ")
}

func checkIn(c *testkit.Cast, as testkit.Credential, body string) testkit.Answer {
	c.T.Helper()
	return c.Send(as, "POST "+api.PathAgentCheckIn, body)
}

func TestAMachineEnrollsAndChecksIn(t *testing.T) {
	c := newCast(t)
	got := c.Send(c.AgentKey(c.X), "POST "+api.PathAgentEnroll, `{"hostname":" Web-1 ","os":"GNU/Linux 6.1","agent_version":"1.0"}`)
	enrolled := testkit.Read[api.Enrolled](c.Kit, got, 201)
	d := enrolled.Device
	if d.Hostname != "Web-1" || d.OS != "GNU/Linux 6.1" || d.OrganizationID != c.X || d.AgentKeyVersion != 1 || d.OldKey || d.LastCheckInAt != nil || !d.EnrolledAt.Equal(c.DB.Now()) || d.LastIP == "" {
		t.Errorf("%+v", d)
	}
	if parts, ok := keyfmt.Parse(enrolled.Token.Reveal()); !ok || parts.Kind != keyfmt.DeviceToken {
		t.Error("the token is none of ours")
	}
	c.Pass(time.Hour)
	token := testkit.Bearer(enrolled.Token)
	seen := testkit.Read[api.Device](c.Kit, checkIn(c, token, `{"agent_version":"2.0"}`), 200)
	if seen.AgentVersion != "2.0" || seen.LastCheckInAt == nil || !seen.LastCheckInAt.Equal(c.DB.Now()) {
		t.Errorf("%+v", seen)
	}
	if again := testkit.Read[api.Device](c.Kit, checkIn(c, token, ""), 200); again.AgentVersion != "2.0" {
		t.Errorf("%+v", again)
	}
	for _, when := range []string{"in memory", "written"} {
		page := list(c, "q=WEB-1+linux")
		if page.Total != 1 || page.Items[0].AgentVersion != "2.0" || !page.Items[0].LastCheckInAt.Equal(c.DB.Now()) {
			t.Errorf("%s: %+v", when, page)
		}
		c.Must(c.Devices.Flush(t.Context()))
	}
	if page := list(c, "q=2.0"); page.Total != 1 {
		t.Error("a search does not know the version that the agent said last")
	}
}

func TestP01ATokenIsNowhereButInItsAnswer(t *testing.T) {
	c := newCast(t)
	got := c.Send(c.AgentKey(c.X), "POST "+api.PathAgentEnroll, `{"hostname":"web-1","os":"Linux","agent_version":"1"}`)
	token := testkit.Read[api.Enrolled](c.Kit, got, 201).Token.Reveal()
	parts, _ := keyfmt.Parse(token)
	answers := checkIn(c, testkit.Bearer(api.Hide(token)), "").Body + c.Send(c.Session(c.Admin), "GET "+api.PathDevices(c.X), "").Body +
		c.Send(c.Session(c.Admin), "GET "+api.PathAudit, "").Body
	var stored []string
	c.Must(c.DB.Read(t.Context()).Select(&stored, "SELECT hostname || search || os || uuid || hex(digest) FROM devices UNION ALL SELECT facts || target_name FROM audit WHERE target = 'device'"))
	if strings.Contains(answers+strings.Join(stored, ""), parts.Secret) {
		t.Error("the token was seen again")
	}
}

func TestP16ADeletedDeviceIsRefusedAtItsNextRequest(t *testing.T) {
	c := newCast(t)
	id, token := c.Device(c.X, "web-1")
	if got := checkIn(c, token, ""); got.Status != 200 {
		t.Fatal(got)
	}
	if got := c.Send(c.Session(c.Operator), "DELETE "+api.PathDevice(id), ""); got.Status != 204 {
		t.Fatal(got)
	}
	if got := checkIn(c, token, ""); got.Status != 401 || got.Code() != "bad_credentials" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	c.Must(c.Devices.Flush(t.Context())) // what it said before is of no use
	if got := c.Send(c.Session(c.Operator), "DELETE "+api.PathDevice(id), ""); got.Status != 404 {
		t.Errorf("a second time: %d", got.Status)
	}
	if page := list(c, ""); page.Total != 0 || page.Items == nil {
		t.Errorf("%+v", page)
	}
	if n := c.Number("SELECT count(*) FROM devices WHERE digest IS NOT NULL"); n != 0 {
		t.Error("its digest is still there")
	}
}

func TestP39EnrollingAndDeletingAreAudited(t *testing.T) {
	c := newCast(t)
	id, token := c.Device(c.X, "web-1")
	checkIn(c, token, "")
	c.Must(c.Devices.Flush(t.Context()))
	c.Must(c.Devices.Delete(t.Context(), c.As(c.Operator), id))
	page := testkit.Read[api.Page[api.AuditRow]](c.Kit, c.Send(c.Session(c.Admin), "GET "+api.PathAudit+"?act=device", ""), 200)
	if page.Total != 2 {
		t.Fatalf("%d rows, want 2", page.Total)
	}
	removed, added := page.Items[0], page.Items[1]
	if removed.Act != string(audit.DeviceDelete) || *removed.UserID != c.Operator || *removed.TargetName != "web-1" || *removed.OrganizationID != c.X {
		t.Errorf("%+v", removed)
	}
	if added.Act != string(audit.DeviceEnroll) || added.Caller != "agent" || added.UserID != nil || *added.TargetID != int64(id) || *added.OrganizationID != c.X || added.Facts["agent_key_version"] != 1.0 {
		t.Errorf("%+v", added)
	}
}

func TestRotatingTheAgentKeyShowsWhoStillUsesTheOldOne(t *testing.T) {
	c := newCast(t)
	old := c.AgentKey(c.X)
	_, before := c.Enroll(old, "before")
	c.RotateAgentKey(c.X, 3600)
	c.Enroll(old, "late")
	c.Enroll(c.AgentKey(c.X), "after")
	for query, want := range map[string]string{
		"old_key=true": "late", "old_key=false": "after before late", "agent_key_version=1": "before late", "agent_key_version=2": "after",
		"agent_key_version=2&old_key=true": "",
	} {
		if got := names(list(c, query)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	c.Pass(time.Hour)
	if got := c.Send(old, "POST "+api.PathAgentEnroll, `{"hostname":"x","os":"x","agent_version":"x"}`); got.Status != 401 {
		t.Errorf("after the overlap: %d", got.Status)
	}
	if got := checkIn(c, before, ""); got.Status != 200 {
		t.Errorf("a device that the old key enrolled: %d", got.Status)
	}
	c.RotateAgentKey(c.X, 0)
	if got := c.Send(old, "POST "+api.PathAgentEnroll, ""); got.Status != 401 {
		t.Errorf("after a rotation without overlap: %d", got.Status)
	}
}

func TestDevicesAreSortedSearchedAndPaged(t *testing.T) {
	c := newCast(t)
	var tokens []testkit.Credential
	for i, name := range []string{"beta", "Alpha", "gamma"} {
		_, token := c.Device(c.X, name)
		tokens = append(tokens, token)
		c.Pass(time.Minute)
		if i == 1 {
			checkIn(c, tokens[1], `{"agent_version":"0.9"}`)
			c.Pass(time.Minute)
			checkIn(c, tokens[0], `{"agent_version":"9"}`)
		}
	}
	c.Device(c.Y, "of Y")
	c.Must(c.Devices.Flush(t.Context()))
	for query, want := range map[string]string{
		"":                                    "Alpha beta gamma",
		"sort=hostname&order=desc":            "gamma beta Alpha",
		"sort=enrolled_at":                    "beta Alpha gamma",
		"sort=last_check_in_at":               "Alpha beta gamma", // never comes last
		"sort=last_check_in_at&order=desc":    "beta Alpha gamma",
		"sort=agent_version":                  "Alpha gamma beta",
		"sort=os":                             "beta Alpha gamma",
		"q=AL":                                "Alpha",
		"q=a+LINUX+9":                         "Alpha beta",
		"q=nothing":                           "",
		"limit=2&page=2":                      "gamma",
		"limit=2&page=99":                     "",
		"q=" + strings.Repeat("a+", 20) + "a": "",
	} {
		if got := names(list(c, query)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"sort=uuid", "old_key=yes", "agent_key_version=0", "limit=101", "state=x"} {
		if got := c.Send(c.Session(c.Member), "GET "+api.PathDevices(c.X)+"?"+query, ""); got.Status != 400 {
			t.Errorf("%s: %d, want 400", query, got.Status)
		}
	}
}

func TestWhatAMachineSaysOfItselfIsChecked(t *testing.T) {
	c := newCast(t)
	key := c.AgentKey(c.X)
	good := map[string]string{"hostname": "web-1", "os": "Linux", "agent_version": "1"}
	for _, field := range []string{"hostname", "os", "agent_version"} {
		for _, bad := range []string{"", "  ", "a\nb", "a\u202eb", "\x00", strings.Repeat("x", 256)} {
			said := map[string]string{}
			for k, v := range good {
				said[k] = v
			}
			said[field] = bad
			body, err := json.Marshal(said)
			c.Must(err)
			if got := c.Send(key, "POST "+api.PathAgentEnroll, string(body)); got.Status != 422 || !strings.Contains(got.Body, `"field":"`+field+`"`) {
				t.Errorf("%s %q: %d %s", field, bad, got.Status, got.Body)
			}
		}
	}
	_, token := c.Device(c.X, "web-1")
	for body, want := range map[string]int{`{"agent_version":""}`: 422, `{"agent_version":7}`: 400, `{"hostname":"x"}`: 400, `[]`: 400, `{}`: 200, `{"agent_version":null}`: 200} {
		if got := checkIn(c, token, body); got.Status != want {
			t.Errorf("%s: %d, want %d", body, got.Status, want)
		}
	}
}

func TestBadAgentCredentialsAreAllAlikeAndThrottled(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, func(cfg *config.Config) { cfg.FailedPerMinute = 3 }))
	id, deleted := c.Device(c.X, "web-1")
	c.Must(c.Devices.Delete(t.Context(), c.As(c.Operator), id))
	_, orphan := c.Device(c.Y, "of Y")
	c.Exec("UPDATE organizations SET deleted_at = 1 WHERE id = ?", c.Y)
	var bodies []string
	for _, as := range []testkit.Credential{deleted, orphan, {"Authorization: Bearer ksd_x"}} {
		got := checkIn(c, as, "")
		before, _, _ := strings.Cut(got.Body, `"request_id"`)
		bodies = append(bodies, fmt.Sprint(got.Status, before))
	}
	if bodies = slices.Compact(bodies); len(bodies) != 1 || !strings.HasPrefix(bodies[0], "401") {
		t.Errorf("%q", bodies)
	}
	if got := checkIn(c, deleted, ""); got.Status != 429 || got.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth bad one in a minute: %d", got.Status)
	}
}

func TestTheDevicesOfADeletedOrganizationGo(t *testing.T) {
	c := newCast(t)
	_, gone := c.Device(c.X, "web-1")
	_, stays := c.Device(c.Y, "web-1")
	c.Must(c.DB.Write(t.Context(), func(tx *db.Tx) error {
		n, err := c.Devices.DeleteOfOrg(tx, c.X)
		if n != 1 {
			t.Errorf("%d devices went, want 1", n)
		}
		return err
	}))
	if got := checkIn(c, gone, ""); got.Status != 401 {
		t.Errorf("%d, want 401", got.Status)
	}
	if got := checkIn(c, stays, ""); got.Status != 200 {
		t.Errorf("of another organization: %d", got.Status)
	}
}

func TestACheckInNeverGoesBackAndChangesNoDecision(t *testing.T) {
	c := newCast(t)
	_, token := c.Device(c.X, "web-1")
	checkIn(c, token, "")
	c.Must(c.Devices.Flush(t.Context()))
	written := func() int64 { return c.Number("SELECT last_check_in_at FROM devices") }
	first := written()
	epoch := c.DB.Epoch()
	c.Pass(-time.Hour)
	checkIn(c, token, "")
	c.Must(c.Devices.Flush(t.Context()))
	if written() != first {
		t.Error("a clock that went back took the last check-in with it")
	}
	if c.DB.Epoch() != epoch {
		t.Error("a check-in made every cached decision stale")
	}
}
