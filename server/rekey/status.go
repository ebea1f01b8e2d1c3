package rekey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keystead/server/db"
)

// patience is how long a command waits for the round that it began. What is left then
// is carried over by the running server, or at the next start.
const patience = 20 * time.Second

// left is what all tables still need besides the newest keys.
type left struct {
	values  int64
	digests map[int64]int64 // by pepper
	where   map[int64][]string
}

func (k *Rekey) left(ctx context.Context) (left, error) {
	all := left{digests: map[int64]int64{}, where: map[int64][]string{}}
	for _, part := range k.Parts {
		some, err := part.Left(k.DB.Read(ctx))
		if err != nil {
			return left{}, err
		}
		all.values += some.Values
		for _, under := range some.Digests {
			all.digests[under.Pepper] += under.Digests
			all.where[under.Pepper] = append(all.where[under.Pepper], fmt.Sprintf("%d of %s", under.Digests, part.Name))
		}
	}
	return all, nil
}

// carryOn does a round, and leaves to the loop what takes too long.
func (k *Rekey) carryOn(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := k.Round(ctx); err != nil {
		k.begin()
	}
}

// carried does a round and says what came of it.
func (k *Rekey) carried(ctx context.Context) string {
	k.carryOn(ctx)
	text, err := k.values(ctx)
	if err != nil {
		k.logged("count what is left", err)
	}
	return text
}

// MasterStatus says how far the rotation of the master key is.
func (k *Rekey) MasterStatus(ctx context.Context) (string, error) {
	text, err := k.values(ctx)
	if err != nil {
		return "", err
	}
	bridge := k.Seal.Bridge()
	switch {
	case bridge == nil:
		return "One master key opens this database.\n" + text, nil
	case bridge.Over:
		return "The old master key is in use and a new one opens the database too: put it in the place of " + k.MasterKey + " and start Keystead again.\n" + text, nil
	}
	return "The new master key is in use; the old one opens the database until Keystead is started with the new one.\n" + text, nil
}

func (k *Rekey) values(ctx context.Context) (string, error) {
	if _, dataKeys := k.Seal.Old(); dataKeys == 0 {
		return "All stored values are sealed by the newest data key.", nil
	}
	left, err := k.left(ctx)
	if err != nil {
		return "", err
	}
	if left.values == 1 {
		return "1 stored value waits to be sealed anew; the running server does it.", nil
	}
	return fmt.Sprintf("%d stored values wait to be sealed anew; the running server does it.", left.values), nil
}

// PepperStatus says which peppers there are, by the time that each was made, and what
// still needs the older ones. Their ids would say nothing: other keys are counted along.
func (k *Rekey) PepperStatus(ctx context.Context) (string, error) {
	var peppers []struct {
		ID        int64    `db:"id"`
		CreatedAt db.Stamp `db:"created_at"`
	}
	err := k.DB.Read(ctx).Select(&peppers, "SELECT id, created_at FROM keyset WHERE purpose = 'pepper' ORDER BY id DESC")
	if err != nil {
		return "", fmt.Errorf("list the peppers: %w", err)
	}
	left, err := k.left(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, p := range peppers {
		made := p.CreatedAt.Format(time.DateTime) + " UTC"
		switch {
		case i == 0:
			fmt.Fprintf(&b, "The pepper made %s is the one in use.", made)
		case left.digests[p.ID] == 0:
			fmt.Fprintf(&b, "\nThe pepper made %s is needed by nothing and goes within minutes.", made)
		default:
			what := "digests"
			if left.digests[p.ID] == 1 {
				what = "digest"
			}
			fmt.Fprintf(&b, "\nThe pepper made %s is still needed by %d %s (%s): each moves when its value is used next.",
				made, left.digests[p.ID], what, strings.Join(left.where[p.ID], ", "))
		}
	}
	return b.String(), nil
}
