package backups

import (
	"context"
	"time"

	"keystead/server/caller"
	"keystead/server/worker"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Status is how backups stand: the last proven one, and the last try where it failed.
// Fault: permission_required.
func (b *Backups) Status(ctx context.Context, who caller.Caller) (api.Backup, error) {
	if err := who.MayOnAccount(perm.AccountRead); err != nil {
		return api.Backup{}, err
	}
	return b.Now(ctx)
}

// Now is the status for whoever watches the server from within, such as its metrics.
func (b *Backups) Now(ctx context.Context) (api.Backup, error) {
	r := b.DB.Read(ctx)
	proven, err := newest(r, "fault IS NULL")
	if err != nil {
		return api.Backup{}, err
	}
	failed, err := newest(r, "fault IS NOT NULL")
	if err != nil {
		return api.Backup{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := api.Backup{Folder: b.Dir != "", Encrypted: len(b.Recipients) > 0, Running: b.running > 0, Last: proven.made()}
	if b.Dir != "" && b.Every > 0 {
		seconds := int64(b.Every / time.Second)
		s.EverySeconds = &seconds
	}
	switch {
	case b.failed != nil:
		s.Failed = &api.BackupFailed{At: b.failed.at, Why: b.failed.why}
	case failed != nil && (proven == nil || failed.ID > proven.ID):
		s.Failed = &api.BackupFailed{At: failed.At.Time, Why: *failed.Fault}
	}
	return s, nil
}

// Ask makes a backup in the folder now, for who manages the account. It is made after
// the answer, which says that it is on its way; where one is, it is that one.
// Faults: permission_required; backup_off.
func (b *Backups) Ask(ctx context.Context, who caller.Caller) (api.Backup, error) {
	if err := who.MayOnAccount(perm.OrgsManage); err != nil {
		return api.Backup{}, err
	}
	if b.Dir == "" {
		return api.Backup{}, fault.New(fault.BackupOff, "The server has no folder for backups: start it with --backup-dir.")
	}
	b.begin(who)
	return b.Now(ctx)
}

func (b *Backups) begin(who caller.Caller) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running > 0 || b.life.Err() != nil {
		return
	}
	b.running++
	b.stopped.Go(func() {
		defer b.leave()
		_ = worker.Safely(b.Log, "make a backup", func() error { return b.scheduled(b.life, byConsole, who) }) // logged and kept for the console
	})
}

func (b *Backups) enter() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running++
}

func (b *Backups) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
}

// fail keeps that a try failed: in the log, for the console, and in the database where
// that still takes it.
func (b *Backups) fail(ctx context.Context, by origin, err error) {
	f := failure{b.DB.Now(), sentence(err)}
	b.failing(&f)
	b.Log.Error("backup failed", "cause", err.Error())
	if err := b.noteFailure(ctx, by, f); err != nil {
		b.Log.Warn("could not note the failed backup", "cause", err.Error())
	}
}

func (b *Backups) failing(f *failure) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = f
}

func (b *Backups) lastFailure() *failure {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed
}
