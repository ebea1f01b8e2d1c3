package backups

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/age"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/seal"
)

// Needs is what backups stand on.
type Needs struct {
	DB      *db.DB
	Seal    *seal.Sealer
	Audit   *audit.Log
	Log     *slog.Logger
	Version string

	Data   string                      // where working copies lie, with the rights of the database
	Master func() (seal.Master, error) // read anew for each proof, so that it proves the key's file too
	Parts  []Part

	Dir        string          // of scheduled backups; "" makes none
	Every      time.Duration   // 0: none by itself
	Keep       int             // how many scheduled ones stay
	Recipients []age.Recipient // none: not encrypted
}

// Backups makes backups, by itself where it has a folder for them.
type Backups struct {
	Needs
	one chan struct{} // holds one while a backup is made

	mu      sync.Mutex
	running int      // in the folder, made or waiting
	failed  *failure // the last try of this process, where it failed

	life    context.Context // of what is made in the background
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// New is backups on demand, until [Backups.Close]; see [Backups.Follow].
func New(n Needs) *Backups {
	life, stop := context.WithCancel(context.Background())
	b := &Backups{Needs: n, one: make(chan struct{}, 1), life: life, stop: stop}
	b.sweep()
	return b
}

// Follow follows the schedule from now on. It is for the process that serves: a command
// that has the folder for a moment makes no backups by itself.
func (b *Backups) Follow() {
	if b.Dir != "" && b.Every > 0 {
		b.stopped.Go(func() { b.everyMinute(b.life) })
	}
}

// workPrefix begins the names of working folders in the data folder, tempSuffix ends
// those of backups that are not proven yet.
const (
	workPrefix = "backup-"
	tempSuffix = ".part"
)

// sweep removes working copies that a crash left behind.
func (b *Backups) sweep() {
	left, _ := filepath.Glob(filepath.Join(b.Data, workPrefix+"*"))
	for _, dir := range left {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() {
			_ = os.RemoveAll(dir)
		}
	}
}

// Close gives up the backup that is being made; it leaves no file.
func (b *Backups) Close() error {
	b.stop()
	b.stopped.Wait()
	return nil
}

// account is the first part of the Account ID, by which installations that share a
// folder tell their backups apart. "" before set-up: then there is nothing to lose.
func (b *Backups) account(ctx context.Context) (string, error) {
	var uuid string
	err := b.DB.Read(ctx).Get(&uuid, "SELECT uuid FROM account")
	if db.IsNone(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the account: %w", err)
	}
	if len(uuid) < 8 {
		return "", errors.New("the account has no ID")
	}
	return uuid[:8], nil
}
