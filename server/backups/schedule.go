package backups

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/worker"
	"keystead/shared/fault"
)

// tryAgain is how long after a failure the next try is made, or sooner where the
// schedule is shorter.
const tryAgain = 10 * time.Minute

func (b *Backups) everyMinute(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		_ = worker.Safely(b.Log, "look after backups", func() error { b.Tick(ctx); return nil })
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Tick makes the scheduled backup, if one is due.
func (b *Backups) Tick(ctx context.Context) {
	due, err := b.due(ctx)
	if err != nil && ctx.Err() == nil {
		b.Log.Error("could not find out whether a backup is due", "cause", err.Error())
	}
	if err != nil || !due {
		return
	}
	b.enter()
	defer b.leave()
	_ = b.scheduled(ctx, bySchedule, audit.Itself()) // logged and kept for the console
}

// due reports whether the schedule asks for a backup now. A clock that was set back
// makes none wait.
func (b *Backups) due(ctx context.Context) (bool, error) {
	account, err := b.account(ctx)
	if err != nil || account == "" {
		return false, err
	}
	last, err := lastScheduled(b.DB.Read(ctx))
	if err != nil {
		return false, err
	}
	now := b.DB.Now()
	if failed := b.lastFailure(); failed != nil && (last == nil || failed.at.After(last.At.Time)) {
		return !within(failed.at, now, min(tryAgain, b.Every)), nil
	}
	return last == nil || !within(last.At.Time, now, b.Every), nil
}

func within(at, now time.Time, d time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < d
}

// scheduled makes a backup in the folder, drops the oldest, and keeps what went wrong.
func (b *Backups) scheduled(ctx context.Context, by origin, who caller.Caller) error {
	made, err := b.inDir(ctx, by, who)
	if err != nil {
		if ctx.Err() != nil {
			return err // the server stops
		}
		b.fail(ctx, by, err)
		return err
	}
	b.failing(nil)
	b.Log.Info("backup made and proven", "file", made.Path, "bytes", made.Bytes, "audit_rows", made.Rows)
	if err := b.thin(made.Path); err != nil {
		b.Log.Warn("could not remove old backups", "cause", err.Error())
	}
	return nil
}

func (b *Backups) inDir(ctx context.Context, by origin, who caller.Caller) (Made, error) {
	account, err := b.account(ctx)
	if err != nil {
		return Made{}, err
	}
	if err := makeDir(b.Dir); err != nil {
		return Made{}, err
	}
	name := "keystead-" + account + "-" + b.DB.Now().Format("20060102T150405Z")
	if by == byConsole {
		name += "-asked" // thinned out by themselves: nobody pushes a scheduled one out
	}
	name += ".backup"
	if len(b.Recipients) > 0 {
		name += ".age"
	}
	b.dropHalf(account)
	return b.make(ctx, order{path: filepath.Join(b.Dir, name), recipients: b.Recipients, origin: by, who: who})
}

// makeDir makes the folder, and not its parent: that may be where a disk is to be mounted.
func makeDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder of the backups: %w", err)
	}
	return nil
}

// Usable says in one sentence why backups can't be written into a folder; nil where they
// can, or where dir is "" and there is none. It is asked at the start, since a mistyped
// folder would else show when the first backup is due. A disk that is full then is no
// reason not to serve.
func Usable(dir string) error {
	if dir == "" {
		return nil
	}
	if err := makeDir(dir); err != nil {
		return fmt.Errorf("--backup-dir can't be used: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".keystead-*"+tempSuffix)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return nil
	case err != nil:
		return fmt.Errorf("--backup-dir can't be used: write into the folder of the backups: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// dropHalf removes what a crash left of our own backups.
func (b *Backups) dropHalf(account string) {
	left, _ := filepath.Glob(filepath.Join(b.Dir, ".keystead-"+account+"-*"+tempSuffix))
	for _, path := range left {
		_ = os.Remove(path)
	}
}

// ourName is the name of a backup in the folder, with the account's part of it and
// whether somebody asked for it.
var ourName = regexp.MustCompile(`^keystead-([0-9a-f]{8})-\d{8}T\d{6}Z(-asked)?\.backup(?:\.age)?$`)

// thin removes the oldest backups of this account and of the newest one's kind, all but
// as many as stay. It comes after a proven one only.
func (b *Backups) thin(newest string) error {
	own := ourName.FindStringSubmatch(filepath.Base(newest))
	if own == nil {
		return nil
	}
	entries, err := os.ReadDir(b.Dir)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if m := ourName.FindStringSubmatch(e.Name()); m != nil && slices.Equal(m[1:], own[1:]) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names) // by their time
	var failed []error
	for _, name := range names[:max(0, len(names)-b.Keep)] {
		failed = append(failed, os.Remove(filepath.Join(b.Dir, name)))
	}
	return errors.Join(failed...)
}

// sentence says for the console why a backup failed. The log has the cause.
func sentence(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), fault.Is(err, fault.ReadOnlyStorage):
		return "There is no room for it."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "The server may not write into the folder of the backups."
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return "The folder of the backups is not there."
	}
	return "It could not be made or did not hold; the server’s log says why."
}
