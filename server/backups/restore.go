package backups

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keystead/server/audit"
	"keystead/server/db"
)

// Settle makes a proven backup one that may be served: forget end what must not come
// back to life, and the audit log says that there was a restore.
func (p *Proven) Settle(ctx context.Context, file string, forget ...func(*db.Tx) error) error {
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		for _, forget := range forget {
			if err := forget(tx); err != nil {
				return err
			}
		}
		return p.Audit.Write(tx, audit.Console(), audit.BackupRestore, audit.Target{Kind: "backup", Name: file}, audit.Facts{"made_at": p.MadeAt})
	})
	if err != nil {
		return fmt.Errorf("settle the restored database: %w", err)
	}
	return nil
}

// String is what the proof found, for people: a line for each thing.
func (p *Proven) String() string {
	var b strings.Builder
	name := "an installation that is not set up"
	if p.Name != "" {
		name = fmt.Sprintf("%q (%s)", p.Name, p.Account)
	}
	fmt.Fprintf(&b, "  holds      %s, as of %s, by keystead %s\n", name, utc(p.MadeAt), p.Version)
	how := "not encrypted: whoever has the file reads names and dates in it, no value without the master key"
	if p.Encrypted {
		how = "encrypted by age"
	}
	fmt.Fprintf(&b, "  file       whole and unchanged, %s\n", how)
	schema := fmt.Sprintf("schema %d", p.Schema)
	if p.Schema < db.Newest() {
		schema += fmt.Sprintf(", brought to %d", db.Newest())
	}
	fmt.Fprintf(&b, "  database   sound, %d bytes, %s\n", p.Size, schema)
	fmt.Fprintf(&b, "  values     %s: each opened by the master key\n", p.counts())
	fmt.Fprintf(&b, "  audit log  %s, none changed, none missing\n", many(p.Rows, "rows"))
	return b.String()
}

func (p *Proven) counts() string {
	words := make([]string, len(p.Opened))
	for i, c := range p.Opened {
		words[i] = many(c.Opened, c.Name)
	}
	return strings.Join(words, ", ")
}

// Brief is the same in a sentence.
func (m Made) Brief() string {
	s := fmt.Sprintf("Backed up to %s, %d bytes, read back and proven: %s opened, the audit log holds with %s.", m.Path, m.Bytes, m.counts(), many(m.Rows, "rows"))
	if !m.Encrypted {
		s += "\nIt is not encrypted: names and dates in it can be read, values can’t without the master key. --backup-recipient encrypts it."
	}
	return s + "\nIt does not hold the master key: keep that elsewhere."
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// many counts things, whose name is a plural: "1 row", "2 rows".
func many[N int | int64](n N, things string) string {
	if n == 1 {
		things = strings.TrimSuffix(things, "s")
	}
	return fmt.Sprintf("%d %s", n, things)
}
