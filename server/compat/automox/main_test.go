package automox_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// update writes the golden files anew.
var update = flag.Bool("update", false, "write the golden files")

// desk is a cast with the program of somebody: what a client sends with its key.
type desk struct {
	*testkit.Cast
	account string
	global  testkit.Credential // of the administrator
	local   testkit.Credential // the same person's, of X
}

func newDesk(t *testing.T, change func(*config.Config)) *desk {
	t.Helper()
	d := &desk{Cast: testkit.NewCast(testkit.New(t, change))}
	_, d.global = d.Key(d.Admin, 0, api.Admin, "client")
	_, d.local = d.Key(d.Admin, d.X, api.Admin, "client of X")
	account, err := d.Orgs.Account(t.Context(), d.As(d.Admin))
	d.Must(err)
	d.account = account.ID
	return d
}

// send fills in who and where: ORG and OTHER are X and Y, ME is the administrator,
// ACCOUNT the account's UUID.
func (d *desk) send(as testkit.Credential, what, body string) testkit.Answer {
	d.T.Helper()
	fill := strings.NewReplacer("ORG", number(d.X), "OTHER", number(d.Y), "ME", number(d.Admin), "ACCOUNT", d.account)
	got := d.Send(as, fill.Replace(what), fill.Replace(body))
	d.common(what, got)
	return got
}

// common is what every answer has, good or bad.
func (d *desk) common(what string, got testkit.Answer) {
	d.T.Helper()
	for _, name := range []string{"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} {
		if value := got.Header.Get(name); value == "" {
			d.T.Errorf("%s: there is no header %s", what, name)
		}
	}
	if len(got.Header.Get("X-Request-Id")) != 16 {
		d.T.Errorf("%s: the request id is %q", what, got.Header.Get("X-Request-Id"))
	}
	if got.Status != 204 && got.Header.Get("Content-Type") != "application/json" {
		d.T.Errorf("%s: the type is %q", what, got.Header.Get("Content-Type"))
	}
	if got.Status == 204 && got.Body != "" {
		d.T.Errorf("%s: 204 with %q", what, got.Body)
	}
	if got.Status >= 400 {
		var refusal struct{ Errors []string }
		if json.Unmarshal([]byte(got.Body), &refusal) != nil || len(refusal.Errors) != 1 || refusal.Errors[0] == "" {
			d.T.Errorf("%s: %d is refused with %s", what, got.Status, got.Body)
		}
	}
}

// wants is one fact: what comes back.
func (d *desk) wants(as testkit.Credential, status int, what, body string) testkit.Answer {
	d.T.Helper()
	got := d.send(as, what, body)
	if got.Status != status {
		d.T.Errorf("%s %s: %d, want %d: %s", what, body, got.Status, status, got.Body)
	}
	return got
}

// golden compares an answer with the file of that name, but for what differs from run to
// run: UUIDs, and values of keys.
func (d *desk) golden(name string, got testkit.Answer) {
	d.T.Helper()
	path := filepath.Join("testdata", name+".json")
	var text bytes.Buffer
	d.Must(json.Indent(&text, []byte(d.known(got.Body)), "", "  "))
	text.WriteByte('\n')
	if *update {
		d.Must(os.WriteFile(path, text.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	d.Must(err)
	if !bytes.Equal(text.Bytes(), want) {
		d.T.Errorf("%s is not what it was:\n%s", name, text.Bytes())
	}
}

// known replaces the UUIDs of the cast by names.
func (d *desk) known(body string) string {
	d.T.Helper()
	var rows []struct {
		Name string `db:"name"`
		UUID string `db:"uuid"`
	}
	d.Must(d.DB.Read(d.T.Context()).Select(&rows, `
		SELECT 'the account' AS name, uuid FROM account UNION ALL SELECT name, uuid FROM organizations
		 UNION ALL SELECT email, uuid FROM users UNION ALL SELECT hostname, uuid FROM devices`))
	for _, row := range rows {
		body = strings.ReplaceAll(body, row.UUID, "UUID of "+row.Name)
	}
	return body
}

func number[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

// results are the ids and the size of a list of keys.
func results(k *testkit.Kit, got testkit.Answer) (ids []int64, size int) {
	k.T.Helper()
	list := testkit.Read[struct {
		Results []struct{ ID int64 }
		Size    int
	}](k, got, 200)
	for _, row := range list.Results {
		ids = append(ids, row.ID)
	}
	return ids, list.Size
}

// madeID is the id of a key in an answer.
func madeID(k *testkit.Kit, got testkit.Answer) string {
	k.T.Helper()
	return number(testkit.Read[struct{ ID int64 }](k, got, 200).ID)
}

// in is a date some days from now, as clients without an offset write it.
func (d *desk) in(days int) string {
	return d.DB.Now().AddDate(0, 0, days).Format("2006-01-02T15:04:05")
}
