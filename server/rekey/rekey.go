package rekey

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/server/worker"
)

// Needs is what the rounds work with.
type Needs struct {
	DB    *db.DB
	Seal  *seal.Sealer
	Audit *audit.Log
	Log   *slog.Logger

	MasterKey string // the path of its file
	Ours      bool   // Keystead made that file, and may replace it
	Visit     bool   // for one command: only one that says so ends a rotation of the master key
	Parts     []Part
}

// Part is a table with values or digests. The package that writes the table does it;
// what it has no use for is nil.
type Part struct {
	Name     string // as people read it: "API keys"
	Stale    func(r db.Reader, after int64, limit int) ([]int64, error)
	Renew    func(tx *db.Tx, id int64) error
	Redigest func(tx *db.Tx, m seal.Move) error
	Left     func(r db.Reader) (seal.Left, error)
}

// Rekey does the acts and the rounds.
type Rekey struct {
	Needs

	act  sync.Mutex    // one act at a time
	turn chan struct{} // one round at a time, and no move beside it

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	wake chan struct{}
	done sync.WaitGroup
}

const (
	// every is how often moves are written.
	every = time.Second
	// rest is how long after a round the next one comes, while something is left.
	rest = 10 * time.Minute
)

// New ends what an earlier process left undone of the master key, where the server starts,
// and carries rows over until [Rekey.Close].
func New(n Needs) *Rekey {
	k := &Rekey{Needs: n, turn: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	k.ctx, k.stop = context.WithCancel(context.Background())
	if !k.Visit {
		k.resume()
	}
	k.done.Add(1)
	go k.loop()
	return k
}

// Close ends the round under way after its batch.
func (k *Rekey) Close(context.Context) error {
	k.stop()
	k.done.Wait()
	return nil
}

func (k *Rekey) loop() {
	defer k.done.Done()
	tick := time.NewTicker(every)
	defer tick.Stop()
	next := time.Now()
	for {
		select {
		case <-tick.C:
			k.safely("move digests to the newest pepper", k.Move)
		case <-k.wake:
			next = time.Now()
		case <-k.ctx.Done():
			return
		}
		if !time.Now().Before(next) {
			k.safely("carry values over to the newest keys", k.Round)
			next = time.Now().Add(rest)
		}
	}
}

// begin has the loop do a round soon.
func (k *Rekey) begin() {
	select {
	case k.wake <- struct{}{}:
	default: // it will
	}
}

// logged tells of an error that nobody waits for. What is stopped goes on at the next
// start.
func (k *Rekey) logged(what string, err error) {
	if err != nil && k.ctx.Err() == nil {
		k.Log.Error("could not "+what, "cause", err.Error())
	}
}

// safely does one round; a panic in it is one more error.
func (k *Rekey) safely(what string, round func(context.Context) error) {
	k.logged(what, worker.Safely(k.Log, what, func() error { return round(k.ctx) }))
}

// take waits for the turn; give it back.
func (k *Rekey) take(ctx context.Context) error {
	select {
	case k.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Rekey) give() { <-k.turn }
