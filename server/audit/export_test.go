package audit_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
)

func (s *stage) export(as testkit.Credential, accept, query string) testkit.Answer {
	s.T.Helper()
	got := s.Send(append(testkit.Credential{"Accept: " + accept}, as...), "GET "+api.PathAudit+"?"+query, "")
	if got.Status != 200 {
		s.T.Fatalf("%d %s", got.Status, got.Body)
	}
	return got
}

// note writes rows past the acts.
func (s *stage) note(n int, on audit.Target) {
	s.T.Helper()
	s.Must(s.DB.Write(s.T.Context(), func(tx *db.Tx) error {
		for range n {
			if err := s.Audit.Write(tx, audit.Console(), audit.KeyEdit, on, nil); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestExportsHoldEveryRowOfTheFilter(t *testing.T) {
	s := newStage(t)
	s.note(1203, audit.Target{Kind: "api_key", ID: 5, Name: "many", Org: s.X}) // three pages
	got := s.export(s.admin, api.TypeJSONL, "act=api_key.edit&page=7&limit=1")
	if got.Header.Get("Content-Type") != api.TypeJSONL || !strings.Contains(got.Header.Get("Content-Disposition"), "audit.jsonl") {
		t.Errorf("%v", got.Header)
	}
	lines := strings.Split(strings.TrimSuffix(got.Body, "\n"), "\n")
	if len(lines) != 1203 {
		t.Fatalf("%d lines, want 1203", len(lines))
	}
	newest := s.Number("SELECT max(id) FROM audit")
	for i, line := range lines {
		var row api.AuditRow
		s.Must(json.Unmarshal([]byte(line), &row))
		if row.ID != api.AuditID(newest)-api.AuditID(i) || row.Act != "api_key.edit" {
			t.Fatalf("line %d is row %d, %s", i, row.ID, row.Act)
		}
	}
	table, err := csv.NewReader(strings.NewReader(s.export(s.admin, api.TypeCSV, "act=api_key.edit").Body)).ReadAll()
	s.Must(err)
	if len(table) != 1204 || table[0][0] != "id" || table[0][9] != "organization_id" || table[1][0] != fmt.Sprint(newest) {
		t.Errorf("%d lines, the first %q", len(table), table[0])
	}
}

func TestAnExportShowsNoMoreThanThePages(t *testing.T) {
	s := newStage(t)
	s.Key(s.Stranger, s.Y, api.Admin, "of Y")
	as := s.auditor("Xenia", s.X)
	lines := strings.Count(s.export(as, api.TypeJSONL, "").Body, "\n")
	if want := s.list(as, "").Total; lines != want || strings.Contains(s.export(as, api.TypeCSV, "").Body, "of Y") {
		t.Errorf("%d lines, want %d", lines, want)
	}
	for query, want := range map[string]int{fmt.Sprintf("organization=%d", s.Y): 404, "result=maybe": 400} {
		if got := s.Send(append(testkit.Credential{"Accept: text/csv"}, as...), "GET "+api.PathAudit+"?"+query, ""); got.Status != want {
			t.Errorf("%s: %d, want %d", query, got.Status, want)
		}
	}
}

func TestOnlyWhoAsksForAnExportGetsOne(t *testing.T) {
	s := newStage(t)
	for accept, want := range map[string]string{
		"":                                 "application/json",
		"*/*":                              "application/json",
		"application/json":                 "application/json",
		"text/html,*/*;q=0.8":              "application/json",
		"text/plain":                       "application/json",
		"text/csv":                         "text/csv; charset=utf-8; header=present",
		"text/csv, application/json;q=0.5": "text/csv; charset=utf-8; header=present",
		"application/json, text/csv;q=0.5": "application/json",
		"application/jsonl, */*;q=0.1":     "application/jsonl",
		"TEXT/CSV":                         "text/csv; charset=utf-8; header=present",
		"Application/JSONL; Q=0.5":         "application/jsonl",
	} {
		if got := s.export(s.admin, accept, "").Header.Get("Content-Type"); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestP41NoCellOfAnExportIsAFormula(t *testing.T) {
	s := newStage(t)
	names := []string{"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\n=x", "＝1", `a"b,c`, "a\r\n=1", "plain", "<svg onload=alert(1)>"}
	for _, name := range names {
		s.note(1, audit.Target{Kind: "api_key", ID: 5, Name: name, Org: s.X})
	}
	table, err := csv.NewReader(strings.NewReader(s.export(s.admin, api.TypeCSV, "act=api_key.edit").Body)).ReadAll()
	s.Must(err)
	if len(table) != len(names)+1 {
		t.Fatalf("%d lines of %d rows", len(table), len(names))
	}
	for i, line := range table {
		for _, cell := range line {
			if strings.ContainsAny(cell[:min(len(cell), 1)], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") {
				t.Errorf("line %d begins a formula: %q", i, cell)
			}
		}
	}
	// What is no formula stays what it was; the newest is the last name.
	if got := table[1][12]; got != "<svg onload=alert(1)>" {
		t.Errorf("%q", got)
	}
	if got := table[len(names)][12]; got != "'=cmd|' /C calc'!A0" {
		t.Errorf("%q", got)
	}
	for line := range strings.Lines(s.export(s.admin, api.TypeJSONL, "act=api_key.edit").Body) {
		var row api.AuditRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}
