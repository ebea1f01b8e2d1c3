package backups

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keystead/server/audit"
	"keystead/server/db"
)

// takes are the acts that took something away: restoring an older state undoes them.
var takes = []audit.Act{
	audit.KeyDisable, audit.KeyDelete, audit.KeyRotate, audit.KeyEdit, audit.AgentKeyRotate, audit.SecretRotate,
	audit.UserDisable, audit.UserDelete, audit.UserEdit, audit.UserPassword, audit.MemberEdit, audit.MemberDelete,
	audit.RoleEdit, audit.RoleDelete, audit.OrgEdit, audit.OrgDelete, audit.DeviceDelete, audit.MasterKeyRotate, audit.PepperRotate,
}

// shown bounds the acts that are listed.
const shown = 200

// Left refuses a folder in which an incident left neither a database nor a head file:
// there is nothing to compare with, and a slip in the path looks the same.
func Left(folder string) error {
	for _, name := range []string{"keystead.db", "audit.head"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode().IsRegular() {
			return nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("can't read the folder to compare with: %w", err)
		}
	}
	return fmt.Errorf("%s holds no database to compare with: --compare takes the data folder that was lost", folder)
}

// Since says what was done after the backup: by the database or the head file in a
// folder that an incident left, "" where there is none. It only reads there.
func (p *Proven) Since(ctx context.Context, folder string) string {
	warning := "What was done after " + utc(p.MadeAt) + " is not in it: a key that was disabled, rotated or deleted since works again, and so does a user.\n"
	if folder == "" {
		return warning
	}
	path := filepath.Join(folder, "keystead.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return warning + p.sinceHead(filepath.Join(folder, "audit.head"))
	}
	list, err := p.sinceDatabase(ctx, path)
	if err != nil {
		return warning + "What that was is not known: " + path + " could not be read (" + err.Error() + ").\n"
	}
	return warning + list
}

// sinceHead counts by the head file alone.
func (p *Proven) sinceHead(path string) string {
	head, err := audit.ReadHead(path)
	switch {
	case err != nil:
		return ""
	case head.Row <= p.Head.Row:
		return "By " + path + " nothing was.\n"
	}
	return fmt.Sprintf("By %s that is %s; without their database nobody knows which.\n", path, many(head.Row-p.Head.Row, "acts"))
}

func (p *Proven) sinceDatabase(ctx context.Context, path string) (string, error) {
	still, err := db.Look(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = still.Close() }()
	r := still.Read(ctx)
	if err := p.continues(r); err != nil {
		return "", err
	}
	end, err := audit.HeadOf(r)
	if err != nil {
		return "", err
	}
	taken, err := takenAway(r, p.Head.Row)
	if err != nil {
		return "", err
	}
	return told(path, end.Row-p.Head.Row, taken), nil
}

// told lists what was taken away among so many acts.
func told(path string, acts int64, taken []act) string {
	var b strings.Builder
	fmt.Fprintf(&b, "By %s that is %s; ", path, many(acts, "acts"))
	if len(taken) == 0 {
		b.WriteString("nothing was taken away that the backup gives back.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%d of them took something away, which the backup gives back:\n", len(taken))
	for i, act := range taken {
		if i == shown {
			fmt.Fprintf(&b, "  and %d more\n", len(taken)-shown)
			break
		}
		b.WriteString(act.String())
	}
	return b.String()
}

// continues reports whether another database goes on where the backup ends: it has
// the row that the backup ends with.
func (p *Proven) continues(r db.Reader) error {
	if p.Head.Row == 0 {
		return nil
	}
	var mac []byte
	err := r.Get(&mac, "SELECT mac FROM audit WHERE id = ?", p.Head.Row)
	if db.IsNone(err) || err == nil && !bytes.Equal(mac, p.Head.MAC) {
		return errors.New("it does not go on from this backup")
	}
	return err
}

// act is one that took something away.
type act struct {
	At    db.Stamp `db:"at"`
	Act   string   `db:"act"`
	Name  *string  `db:"target_name"`
	ID    *int64   `db:"target_id"`
	Email *string  `db:"user_email"`
	By    string   `db:"caller"`
}

func takenAway(r db.Reader, after int64) (list []act, err error) {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(takes)), ", ")
	args := []any{after}
	for _, a := range takes {
		args = append(args, a)
	}
	err = r.Select(&list, `
		SELECT at, act, target_name, target_id, user_email, caller
		  FROM audit
		 WHERE id > ?
		   AND result = 'done'
		   AND act IN (`+marks+`)
		 ORDER BY id`, args...)
	return list, err
}

func (a act) String() string {
	line := "  " + utc(a.At.Time) + "  " + a.Act
	if a.Name != nil {
		line += fmt.Sprintf(" %q", *a.Name)
	}
	if a.ID != nil {
		line += fmt.Sprintf(" (id %d)", *a.ID)
	}
	by := strings.ReplaceAll(a.By, "_", " ")
	if a.Email != nil {
		by = *a.Email
	}
	return line + " by " + by + "\n"
}
