package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/metrics"
	"keystead/server/seal"
	"keystead/server/worker"
)

// House is an open data folder with everything that works on it.
type House struct {
	Config  config.Config
	Version string
	Log     *slog.Logger
	DB      *db.DB
	Seal    *seal.Sealer
	Audit   *audit.Log
	Metrics *metrics.Metrics
	Rooms

	MadeMaster bool // the master key was made at this start

	visit      bool
	hashed     func(now int) // see [Options]
	lock       *os.File
	timekeeper *worker.Worker
	ahead      bool // the clock was, when last looked at
}

// Options are what a house takes besides its settings.
type Options struct {
	Now     func() time.Time
	Log     *slog.Logger
	Version string
	Visit   bool          // for one command, not to serve
	Hashed  func(now int) // see [sessions.Needs]; nil: nobody asks
}

// Open takes the data folder and opens everything in it. An error is one sentence
// for people; then nothing was changed.
func Open(ctx context.Context, cfg config.Config, o Options) (*House, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("can't use the data folder: %w", err)
	}
	held, err := lock(cfg.Lock())
	if err != nil {
		return nil, err
	}
	if name := network(cfg.Data); name != "" {
		o.Log.Warn("the data folder may lie on a network filesystem, where a power loss or a second server can destroy it: keep it on a local disk", "filesystem", name)
	}
	h := &House{Config: cfg, Version: o.Version, Log: o.Log, visit: o.Visit, hashed: o.Hashed, lock: held}
	if err := h.open(ctx, o); err != nil {
		if h.DB != nil {
			_ = h.DB.Abandon()
		}
		_ = held.Close()
		return nil, err
	}
	return h, nil
}

func (h *House) open(ctx context.Context, o Options) (err error) {
	if err := h.notLost(); err != nil {
		return err
	}
	master, err := h.master()
	if err != nil {
		return err
	}
	if err := h.fits(ctx, master); err != nil {
		return err
	}
	if h.DB, err = db.Open(ctx, h.Config.Database(), o.Now); err != nil {
		return err
	}
	if h.Seal, err = seal.Open(ctx, h.DB, master); err != nil {
		return err
	}
	h.Audit = audit.New(h.Seal.AuditKey(), h.Config.AuditHead())
	if err := h.beginAudit(ctx); err != nil {
		return err
	}
	if err := h.furnish(ctx); err != nil {
		return err
	}
	h.Metrics = h.measure()
	h.lookAtClock()
	h.timekeeper = worker.Every(time.Minute, "keep the time", h.Log, h.keepTime)
	return nil
}

// fits refuses a wrong master key before an older schema is brought up to date. What
// else is wrong with the file is said where it is opened.
func (h *House) fits(ctx context.Context, master seal.Master) error {
	if info, err := os.Stat(h.Config.Database()); err != nil || info.Size() == 0 {
		return nil
	}
	still, err := db.Look(h.Config.Database())
	if err != nil {
		return nil
	}
	defer func() { _ = still.Close() }()
	if seal.Misfits(still.Read(ctx), master) {
		return seal.ErrWrongMaster
	}
	return nil
}

// beginAudit says where the database has lost its end, to damage or to an older copy. It
// is served nevertheless: to verify nothing would hurt more than a key that is back.
func (h *House) beginAudit(ctx context.Context) error {
	doubts, err := h.Audit.Begin(h.DB.Read(ctx))
	for _, doubt := range doubts {
		h.Log.Error("the audit log does not end where it should: the database may be damaged or an older copy, and deleted keys may be back", "cause", doubt)
	}
	return err
}

// notLost refuses to begin anew where there was a database: that would write over the one
// proof of it, and hand out a link to set up.
func (h *House) notLost() error {
	if _, err := os.Lstat(h.Config.AuditHead()); errors.Is(err, fs.ErrNotExist) || !h.fresh() {
		return nil
	}
	return fmt.Errorf("the database in %s is gone or empty, and audit.head says that there was one: restore a backup, after removing an empty keystead.db, or remove audit.head if this is meant to begin anew", h.Config.Data)
}

// fresh reports a data folder that has no database yet.
func (h *House) fresh() bool {
	info, err := os.Stat(h.Config.Database())
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
}

// master reads the master key, or makes one for a data folder that has no database
// yet. A database without its key is a loss that must not be papered over.
func (h *House) master() (seal.Master, error) {
	path := h.Config.MasterKey()
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) && h.fresh() && h.Config.MasterKeyFile == "" {
		h.MadeMaster = true
		return seal.MakeMaster(path)
	}
	return seal.ReadMaster(path)
}

// Close writes what is still in memory and closes the database.
func (h *House) Close(ctx context.Context) error {
	err := h.leave(ctx)
	return errors.Join(err, h.DB.Close(), h.lock.Close())
}
