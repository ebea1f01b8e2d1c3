package faults_test

import (
	"fmt"
	"strconv"
)

// reader reads a database: that of a server, or a part of a house.
type reader interface {
	Get(dest any, query string, args ...any) error
	Select(dest any, query string, args ...any) error
}

// noted is a row of the audit log.
type noted struct {
	Act     string `db:"act"`
	Target  *int64 `db:"target_id"`
	Request string `db:"request_id"`
}

// whole looks whether a database is sound, has every change that was answered as done,
// and nothing done by halves: that what the audit log says is what the tables hold. It
// answers what is wrong.
func whole(r reader, acked map[string]bool) (wrong []string) {
	report := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	var sound []string
	if err := r.Select(&sound, "PRAGMA integrity_check"); err != nil || len(sound) != 1 || sound[0] != "ok" {
		report("malformed: %v %v", sound, err)
		return wrong
	}
	var orphans int
	if err := r.Get(&orphans, "SELECT count(*) FROM pragma_foreign_key_check"); err != nil || orphans != 0 {
		report("%d rows point to nothing: %v", orphans, err)
	}
	var rows []noted
	if err := r.Select(&rows, "SELECT act, target_id, request_id FROM audit WHERE result = 'done' ORDER BY id"); err != nil {
		report("%v", err)
	}
	requests := map[string]int{}
	for _, row := range rows {
		requests[row.Request]++
	}
	for id, done := range acked {
		switch n := requests[id]; {
		case done && n != 1:
			report("lost: request %s was answered and has %d rows in the audit log", id, n)
		case !done && n != 0:
			report("request %s was refused and has %d rows in the audit log", id, n)
		}
	}
	return append(wrong, halves(r, rows)...)
}

// halves compares keys and roles with what the audit log says of them.
func halves(r reader, rows []noted) (wrong []string) {
	report := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	type told struct {
		adds, deletes int
		disabled      bool
	}
	keys, edits := map[int64]*told{}, map[int64]int{}
	for _, row := range rows {
		if row.Target == nil {
			continue
		}
		if keys[*row.Target] == nil {
			keys[*row.Target] = &told{}
		}
		k := keys[*row.Target]
		switch row.Act {
		case "api_key.add":
			k.adds++
		case "api_key.delete":
			k.deletes++
		case "api_key.disable", "api_key.enable":
			k.disabled = row.Act == "api_key.disable"
		case "role.edit":
			edits[*row.Target]++
		}
	}
	var stored []struct {
		ID      int64
		Enabled bool
		Gone    bool
	}
	if err := r.Select(&stored, "SELECT id, enabled, deleted_at IS NOT NULL AS gone FROM api_keys"); err != nil {
		report("%v", err)
	}
	for _, k := range stored {
		said := keys[k.ID]
		if said == nil || said.adds != 1 || said.deletes > 1 || k.Gone != (said.deletes == 1) || !k.Gone && k.Enabled == said.disabled {
			report("key %d is %+v, but the audit log says %+v", k.ID, k, said)
		}
		if said != nil {
			said.adds = 0
		}
	}
	for id, k := range keys {
		if k.adds != 0 {
			report("key %d is in the audit log only", id)
		}
	}
	var roles []struct {
		ID          int64
		Description string
	}
	if err := r.Select(&roles, "SELECT id, description FROM roles WHERE built_in = 0"); err != nil {
		report("%v", err)
	}
	for _, role := range roles {
		if role.Description != strconv.Itoa(edits[role.ID]) {
			report("role %d was edited %s times, %d times by the audit log", role.ID, role.Description, edits[role.ID])
		}
	}
	return wrong
}
