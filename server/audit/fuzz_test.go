package audit_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// FuzzP40Head: what is taken for a head file reads the same when it is written again.
func FuzzP40Head(f *testing.F) {
	for _, seed := range []string{"00000000000000000002 aa\n", "", "3", "3 zz", "-1 00", "99999999999999999999 00", "1  00", "1 AA", "+1 aa"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		head, err := audit.ParseHead(text)
		if err != nil {
			if head.Row != 0 || head.MAC != nil {
				t.Errorf("%q is damaged and says %v", text, head)
			}
			return
		}
		if again, err := audit.ParseHead(head.String()); err != nil || again.String() != head.String() {
			t.Errorf("%q is %s, and again %s, %v", text, head, again, err)
		}
	})
}

// FuzzP41Export: a name of whatever text comes back from the CSV as it is, but for the
// quote before what a spreadsheet would take for a formula.
func FuzzP41Export(f *testing.F) {
	for _, seed := range []string{"=1+1", "@x", "a,b\"c\r\nd", "\t=1", "＝cmd", "'quoted", "", "-", " =x", "\u200b=x"} {
		f.Add(seed)
	}
	k := testkit.New(f, nil)
	k.Account()
	admin := k.Person("Ada")
	k.Join(admin, 0, "Full Administrator")
	who, id := k.As(admin), int64(0)
	f.Fuzz(func(t *testing.T, name string) {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return // no name has these; SQLite ends texts at NUL
		}
		id++
		err := k.DB.Write(t.Context(), func(tx *db.Tx) error {
			return k.Audit.Write(tx, audit.Console(), audit.KeyEdit, audit.Target{Kind: "api_key", ID: id, Name: name}, audit.Facts{"name": name})
		})
		if err != nil {
			t.Fatal(err)
		}
		var sent strings.Builder
		stream, err := k.Trail.Export(t.Context(), who, api.AuditList{Key: api.KeyID(id)}, api.TypeCSV)
		if err == nil {
			err = stream.Write(t.Context(), &sent)
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(sent.String())).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %d rows, %v", name, len(rows), err)
		}
		row := map[string]string{}
		for i, column := range rows[0] {
			row[column] = rows[1][i]
			first, _ := utf8.DecodeRuneInString(rows[1][i])
			if rows[1][i] != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
				t.Errorf("%s is a formula: %q", column, rows[1][i])
			}
		}
		want := strings.ReplaceAll(name, "\r", "") // encoding/csv leaves them out; no name has any
		if got := row["target_name"]; got != want && got != "'"+want || row["target_id"] != fmt.Sprint(id) {
			t.Errorf("%q came back as %q", name, got)
		}
	})
}
