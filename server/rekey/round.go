package rekey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/seal"
)

// batch is how many rows are carried over in one commit: a few milliseconds' work.
const batch = 64

// Round carries over every row that can be, and drops what no row needs then. Without
// older keys it does nothing.
func (k *Rekey) Round(ctx context.Context) error {
	if err := k.take(ctx); err != nil {
		return err
	}
	defer k.give()
	peppers, dataKeys := k.Seal.Old()
	if len(peppers) == 0 && dataKeys == 0 {
		return nil
	}
	for _, part := range k.Parts {
		if part.Stale == nil {
			continue
		}
		if err := k.carry(ctx, part); err != nil {
			return fmt.Errorf("renew %s: %w", part.Name, err)
		}
	}
	return k.drop(ctx)
}

// carry renews the rows of one table, by rising id.
func (k *Rekey) carry(ctx context.Context, part Part) error {
	for after := int64(0); ; {
		ids, err := part.Stale(k.DB.Read(ctx), after, batch)
		if err != nil || len(ids) == 0 {
			return err
		}
		var took time.Duration // of the writer's time, without the wait for it
		// Note: a renewed row says what it said before.
		err = k.DB.Note(ctx, func(tx *db.Tx) error {
			began := time.Now()
			defer func() { took = time.Since(began) }()
			return k.renew(tx, part, ids)
		})
		if err != nil {
			return err
		}
		after = ids[len(ids)-1]
		select {
		case <-time.After(took):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (k *Rekey) renew(tx *db.Tx, part Part, ids []int64) error {
	for _, id := range ids {
		err := part.Renew(tx, id)
		if errors.Is(err, seal.ErrDamaged) {
			k.Log.Error("a stored value does not open and keeps its old data key: delete or rotate it", "in", part.Name, "id", id, "cause", err.Error())
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Move writes the digests of values that were presented under their older pepper.
func (k *Rekey) Move(ctx context.Context) error {
	if err := k.take(ctx); err != nil {
		return err
	}
	defer k.give()
	newest := k.Seal.Pepper()
	moves := k.Seal.Moves()
	for len(moves) > 0 {
		some := moves[:min(batch, len(moves))]
		moves = moves[len(some):]
		err := k.DB.Note(ctx, func(tx *db.Tx) error {
			for _, m := range some {
				if m.To.Pepper != newest {
					continue // there is a newer one by now: it comes up again
				}
				if err := k.redigest(tx, m); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// redigest has each table look for the digest: it is in one at most.
func (k *Rekey) redigest(tx *db.Tx, m seal.Move) error {
	for _, part := range k.Parts {
		if part.Redigest == nil {
			continue
		}
		if err := part.Redigest(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// drop forgets the keys that no row needs. A count that is zero stays zero: whatever
// is stored after the newest keys came is stored under them.
func (k *Rekey) drop(ctx context.Context) error {
	peppers, dataKeys := k.Seal.Old() // before the count
	newest := k.Seal.Prefix()
	left, err := k.left(ctx)
	if err != nil {
		return err
	}
	dropped := false
	for _, id := range peppers {
		if left.digests[id] > 0 {
			k.Log.Info("an old pepper is still needed", "pepper", id, "digests", left.digests[id])
			continue
		}
		if err := k.forget(ctx, audit.PepperDelete, id, func(tx *db.Tx) error { return k.Seal.DropPepper(tx, id) }); err != nil {
			return err
		}
		dropped = true
	}
	switch {
	case dataKeys > 0 && left.values > 0:
		k.Log.Warn("an old data key is still needed", "values", left.values)
	case dataKeys > 0:
		if err := k.forget(ctx, audit.DataKeyDelete, 0, func(tx *db.Tx) error { return k.Seal.DropDataKeys(tx, newest) }); err != nil {
			return err
		}
		dropped = true
	}
	if !dropped {
		return nil
	}
	return k.DB.Checkpoint(ctx) // what was sealed by them leaves the WAL, too
}

func (k *Rekey) forget(ctx context.Context, act audit.Act, id int64, drop func(*db.Tx) error) error {
	return k.DB.Note(ctx, func(tx *db.Tx) error {
		if err := drop(tx); err != nil {
			return err
		}
		return k.Audit.Write(tx, audit.Itself(), act, target(act, id), nil)
	})
}
