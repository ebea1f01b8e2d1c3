package automox_test

import (
	"strings"
	"testing"
	"time"

	"keystead/server/compat/automox"
	"keystead/server/testkit"
)

// TestDates: the spellings that clients send, and what is none.
func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2027-01-01T00:00:00+0000":   "2027-01-01T00:00:00Z",
		"2027-01-01T00:00:00+00:00":  "2027-01-01T00:00:00Z",
		"2027-01-01T12:00:00.123456": "2027-01-01T12:00:00.123456Z",
		"2027-01-01T12:00:00":        "2027-01-01T12:00:00Z",
		"2020-08-04T18:21:47-05:00":  "2020-08-04T23:21:47Z",
		"2020-08-04T18:21:47.5-0530": "2020-08-04T23:51:47.5Z",
		"2026-11-26T22:33:30.281Z":   "2026-11-26T22:33:30.281Z",
		"":                           "",
		"2027-01-01":                 "",
		"2027-01-01 00:00:00":        "",
		"2027-13-01T00:00:00Z":       "",
		"2027-02-30T00:00:00+0000":   "",
		"1795312652":                 "",
		"2027-01-01T00:00:00+00:00 ": "",
		"2027-01-01T00:00:00 +0000":  "",
		"2027-01-01T00:00:00Z; DROP": "",
	} {
		at, err := automox.ParseDate(text)
		got := at.Format(time.RFC3339Nano)
		if err != nil {
			got = ""
		}
		if got != want || want != "" && at.Location() != time.UTC {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// FuzzDate: whatever is sent is a time in UTC that means the same when read again, or a
// fault.
func FuzzDate(f *testing.F) {
	for _, text := range []string{"2027-01-01T00:00:00+0000", "2027-01-01T12:00:00.123456", "2020-08-04T18:21:47-05:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-2359"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := automox.ParseDate(text)
		if err != nil {
			return
		}
		if at.Location() != time.UTC {
			t.Fatalf("%q is in %s", text, at.Location())
		}
		again, err := automox.ParseDate(at.Format("2006-01-02T15:04:05.999999999"))
		if at.Year() >= 0 && at.Year() <= 9999 && (err != nil || !again.Equal(at)) {
			t.Fatalf("%q is %v, and again %v, %v", text, at, again, err)
		}
	})
}

// TestFlags: what switches a key on or off, and what is refused.
func TestFlags(t *testing.T) {
	d := newDesk(t, nil)
	for body, want := range map[string]string{
		`{"is_enabled":false}`:   "false",
		`{"is_enabled":true}`:    "true",
		`{"is_enabled":"False"}`: "false",
		`{"is_enabled":"True"}`:  "true",
		`{"is_enabled":"FALSE"}`: "false",
		`{"is_enabled":"true"}`:  "true",
		`{"is_enabled":0}`:       "", `{"is_enabled":1}`: "", `{"is_enabled":"0"}`: "", `{"is_enabled":""}`: "",
		`{"is_enabled":null}`: "", `{"is_enabled":[true]}`: "", `{"is_enabled":{}}`: "", `{}`: "", `[]`: "", `true`: "", `{"is_enabled":fals`: "",
		`{"is_enabled":true,"is_enabled":false}`: "", `{"Is_Enabled":true}`: "",
	} {
		status := 200
		if want == "" {
			status = 400
		}
		got := d.wants(d.global, status, "PUT /api/users/ME/api_keys/2?o=ORG", body)
		if want != "" && !strings.Contains(got.Body, `"is_enabled":`+want) {
			t.Errorf("%s: %s", body, got.Body)
		}
	}
}

// TestExpiries: dates arrive as they were meant, at both kinds of key.
func TestExpiries(t *testing.T) {
	d := newDesk(t, nil)
	for body, want := range map[string]string{
		`"expires_at":"2027-01-01T00:00:00+0000"`:   "2027-01-01T00:00:00",
		`"expires_at":"2027-01-01T12:00:00.123456"`: "2027-01-01T12:00:00",
		`"expires_at":"2027-01-01T12:00:00-05:00"`:  "2027-01-01T17:00:00",
		`"expires_at":null`:                         "null",
		`"description":"is ignored"`:                "null",
		`"expires_at":""`:                           "", `"expires_at":1795312652`: "", `"expires_at":"tomorrow"`: "", `"expires_at":{}`: "",
		`"expires_at":"2020-01-01T00:00:00+0000"`: "", `"expires_at":"9999-12-31T23:59:59-12:00"`: "",
	} {
		for path, offset := range map[string]string{"/api/users/ME/api_keys?o=ORG": "+0000", "/api/global/api_keys": "+00:00"} {
			sent := `{"name":"x",` + body + `}`
			if want == "" {
				d.wants(d.global, 400, "POST "+path, sent)
				continue
			}
			got := d.wants(d.global, 200, "POST "+path, sent)
			text := `"` + want + offset + `"`
			if want == "null" {
				text = want
			}
			if !strings.Contains(got.Body, `"expires_at":`+text) {
				t.Errorf("%s: %s, want %s", sent, got.Body, text)
			}
			one, query, _ := strings.Cut(path, "?")
			d.wants(d.global, 204, "DELETE "+one+"/"+madeID(d.Kit, got)+"?"+query, "")
		}
	}
}

// TestTwoSpellingsOfADate: organizations' keys have no colon in the offset, global ones do.
func TestTwoSpellingsOfADate(t *testing.T) {
	d := newDesk(t, nil)
	type list struct {
		Results []struct {
			CreatedAt string `json:"created_at"`
			User      struct{ ID any }
		}
	}
	local := testkit.Read[list](d.Kit, d.wants(d.global, 200, "GET /api/users/ME/api_keys?o=ORG", ""), 200).Results[0]
	global := testkit.Read[list](d.Kit, d.wants(d.global, 200, "GET /api/global/api_keys", ""), 200).Results[0]
	if local.CreatedAt != "2026-05-04T12:00:00+0000" || local.User.ID != float64(d.Admin) {
		t.Errorf("of an organization: %+v", local)
	}
	if global.CreatedAt != "2026-05-04T12:00:00+00:00" || global.User.ID != d.As(d.Admin).User.UUID {
		t.Errorf("global: %+v", global)
	}
}
