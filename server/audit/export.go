package audit

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
)

// exportPage is how many rows of an export are in memory at once, exportIDs how many ids.
const (
	exportPage = 500
	exportIDs  = 100 * exportPage
)

// Export is all rows of a list, as text/csv or application/jsonl. The permission is
// judged and the newest row fixed before it begins, so that an export ends.
// Faults: those of [Trail.List].
func (t *Trail) Export(ctx context.Context, who caller.Caller, l api.AuditList, as string) (rest.Stream, error) {
	read := t.DB.Read(ctx)
	where, err := mayRead(read, who, l)
	if err != nil {
		return rest.Stream{}, fmt.Errorf("export the audit log: %w", err)
	}
	where.narrow(l)
	last, err := newest(read)
	if err != nil {
		return rest.Stream{}, err
	}
	begin, kind, file := asJSONL, api.TypeJSONL, "audit.jsonl"
	if as == api.TypeCSV {
		begin, kind, file = asCSV, api.TypeCSV+"; charset=utf-8; header=present", "audit.csv"
	}
	return rest.Stream{Type: kind, File: file, Write: func(ctx context.Context, w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 32<<10)
		put, err := begin(buffered)
		if err != nil {
			return err
		}
		if err := t.each(ctx, where, last.ID, put); err != nil {
			return fmt.Errorf("export the audit log: %w", err)
		}
		return buffered.Flush()
	}}, nil
}

// each hands over the rows up to newest, the newest first, page by page. The first ids are
// there soon, then many at once: to find the next of somebody's rows SQLite looks at all of them.
func (t *Trail) each(ctx context.Context, where clauses, newest int64, put func(row) error) error {
	where.and("id < ?")
	before := newest + 1
	for n := exportPage; ; n = min(10*n, exportIDs) {
		var ids []int64
		err := t.DB.Read(ctx).Select(&ids, "SELECT id FROM audit"+where.text+" ORDER BY id DESC LIMIT ?",
			append(where.args[:len(where.args):len(where.args)], before, n)...)
		if err != nil {
			return err
		}
		for page := range slices.Chunk(ids, exportPage) {
			if err := t.these(ctx, page, put); err != nil {
				return err
			}
		}
		if len(ids) < n {
			return nil
		}
		before = ids[n-1]
	}
}

// these hands over the rows with the ids, the newest first.
func (t *Trail) these(ctx context.Context, ids []int64, put func(row) error) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var rows []row
	err = t.DB.Read(ctx).Select(&rows, "SELECT"+columns+" FROM audit WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC", string(list))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := put(r); err != nil {
			return err
		}
	}
	return nil
}

// asJSONL writes one JSON object a line (https://jsonlines.org).
func asJSONL(w io.Writer) (func(row) error, error) {
	encoder := json.NewEncoder(w)
	return func(r row) error {
		shown, err := r.shown()
		if err != nil {
			return err
		}
		return encoder.Encode(shown)
	}, nil
}

// head are the columns of the CSV, named as the members of a row.
var head = []string{"id", "at", "act", "result", "caller", "user_id", "user_email", "key_id", "session_id", "organization_id",
	"target", "target_id", "target_name", "facts", "ip", "request_id", "key_name"}

// asCSV writes comma-separated values (RFC 4180) with a line of names.
func asCSV(w io.Writer) (func(row) error, error) {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	put := func(cells []string) error {
		if err := table.Write(cells); err != nil {
			return err
		}
		table.Flush()
		return table.Error()
	}
	return func(r row) error {
		cells := []string{number(&r.ID), r.At.Format(time.RFC3339Nano), string(r.Act), r.Result, r.Caller, number(r.UserID), text(r.UserEmail),
			number(r.KeyID), number(r.SessionID), number(r.OrgID), r.Target, number(r.TargetID), text(r.Name), r.Facts, r.IP, r.RequestID, text(r.KeyName)}
		for i, cell := range cells {
			cells[i] = inert(cell)
		}
		return put(cells)
	}, put(head)
}

// inert keeps a spreadsheet from taking a cell for a formula: a quote before what one
// starts with, the full-width forms too
// (https://owasp.org/www-community/attacks/CSV_Injection).
func inert(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
