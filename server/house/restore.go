package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"keystead/server/backups"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/disk"
	"keystead/server/keys"
	"keystead/server/seal"
	"keystead/server/secrets"
	"keystead/server/sessions"
	"keystead/server/tokens"
	"keystead/shared/api"
)

// Restore is a backup that is to be restored, or only proven.
type Restore struct {
	File     string
	Identity string // a file of age identities, "" for none
	Compare  string // a folder that an incident left, to say what was done since
	Check    bool   // prove it and leave the data folder alone
}

// parts are the kinds of stored secrets, which a proof opens.
func parts() []backups.Part {
	of := func(kind api.SecretKind) func(db.Reader, *seal.Sealer) (int, error) {
		return func(r db.Reader, s *seal.Sealer) (int, error) { return secrets.Prove(r, s, kind) }
	}
	return []backups.Part{
		{Name: "API keys", Open: keys.Prove},
		{Name: "agent access keys", Open: of(api.AgentKey)},
		{Name: "API shared secrets", Open: of(api.SharedSecret)},
	}
}

// Do proves a backup and puts it into the data folder, which must hold no
// database. It answers what it found. An error is one sentence for people; then
// nothing was changed.
func (in Restore) Do(ctx context.Context, cfg config.Config, o Options) (string, error) {
	identities, err := in.identities()
	if err != nil {
		return "", err
	}
	if in.Compare != "" {
		if err := backups.Left(in.Compare); err != nil {
			return "", err
		}
	}
	file, err := os.Open(in.File)
	if err != nil {
		return "", fmt.Errorf("can't read the backup: %w", err)
	}
	defer func() { _ = file.Close() }()
	proof := backups.Proof{Parts: parts(), Now: o.Now, Master: func() (seal.Master, error) { return seal.ReadMaster(cfg.MasterKey()) }}
	if _, err := proof.Master(); err != nil {
		return "", err // before anything is unpacked
	}
	if in.Check {
		return in.check(ctx, proof, file, identities)
	}
	leave, err := take(cfg)
	if err != nil {
		return "", err
	}
	found, err := in.into(ctx, cfg, proof, file, identities)
	leave(err != nil)
	return found, err
}

func (in Restore) identities() ([]age.Identity, error) {
	if in.Identity == "" {
		return nil, nil
	}
	f, err := os.Open(in.Identity)
	if err != nil {
		return nil, fmt.Errorf("can't read the identity: %w", err)
	}
	defer func() { _ = f.Close() }()
	list, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no age identity: expected a line AGE-SECRET-KEY-1…", in.Identity)
	}
	return list, nil
}

// check is the drill: everything but the restoring, in a scratch folder.
func (in Restore) check(ctx context.Context, proof backups.Proof, file *os.File, identities []age.Identity) (string, error) {
	work, err := os.MkdirTemp("", "keystead-check-")
	if err != nil {
		return "", fmt.Errorf("make a scratch folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	proven, err := proof.Prove(ctx, file, identities, work)
	if err != nil {
		return "", err
	}
	text := in.File + " can be restored.\n\n" + proven.String()
	if in.Compare != "" {
		text += "\n" + proven.Since(ctx, in.Compare)
	}
	return strings.TrimRight(text, "\n"), proven.Close()
}

// take locks the data folder and makes it, where there is none. leave gives it back; to
// undo is to remove what was made.
func take(cfg config.Config) (leave func(undo bool), err error) {
	var made []string
	for _, path := range []string{cfg.Lock(), cfg.Data} {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			made = append(made, path)
		}
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("can't use the data folder: %w", err)
	}
	held, err := lock(cfg.Lock())
	if err != nil {
		return nil, err
	}
	return func(undo bool) {
		for _, path := range made {
			if undo {
				_ = os.Remove(path) // a folder only if it is empty
			}
		}
		_ = held.Close()
	}, nil
}

// into restores into the locked folder.
func (in Restore) into(ctx context.Context, cfg config.Config, proof backups.Proof, file *os.File, identities []age.Identity) (string, error) {
	for _, path := range []string{cfg.Database(), cfg.Database() + "-wal"} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s holds a database already: restore into an empty folder, with the master key in it or --master-key-file", cfg.Data)
		}
	}
	work, err := os.MkdirTemp(cfg.Data, "backup-")
	if err != nil {
		return "", fmt.Errorf("can't use the data folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	proven, err := proof.Prove(ctx, file, identities, work)
	if err != nil {
		return "", err
	}
	compare := in.Compare
	if compare == "" {
		compare = cfg.Data // perhaps its head file survived
	}
	text := "Restored " + in.File + " into " + cfg.Data + ".\n\n" + proven.String() + "\n" + proven.Since(ctx, compare) +
		"Every session, one-time link and token was ended. Start the server with the same master key."
	err = proven.Settle(ctx, filepath.Base(in.File), sessions.Forget, tokens.Forget)
	if err = errors.Join(err, proven.Close()); err != nil {
		return "", err
	}
	return text, place(work, cfg)
}

// place moves what was restored to where the server looks for it, the database last:
// with it the restore is done.
func place(work string, cfg config.Config) error {
	for _, file := range []struct{ from, to string }{
		{filepath.Join(work, "audit.head"), cfg.AuditHead()},
		{filepath.Join(work, "keystead.db"), cfg.Database()},
	} {
		err := disk.Sync(file.from)
		if err == nil {
			err = disk.Rename(file.from, file.to)
		}
		if err != nil {
			return fmt.Errorf("put the restored data in place: %w", err)
		}
	}
	return nil
}
