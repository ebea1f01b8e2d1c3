package keys

import (
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// home is where one person's keys count together: an organization, 0 for global ones.
type home struct {
	owner api.UserID
	org   api.OrgID
}

func homeOf(owner api.UserID, org *api.OrgID) home {
	if org == nil {
		return home{owner, 0}
	}
	return home{owner, *org}
}

// room is how many keys somebody holds there, and refuses one too many. Acts run one at a
// time, so that two can't both find the last place free.
func (k *Keys) room(tx *db.Tx, at home) (held int, err error) {
	held, err = k.heldNow(tx, at)
	if err != nil || held < k.max {
		return held, err
	}
	// The limit may have been lowered since, so that one less is not enough.
	if at.org == 0 {
		return held, fault.New(fault.KeyLimitReached, "You hold %d global keys and one person may have %d: delete %d first.", held, k.max, held-k.max+1)
	}
	return held, fault.New(fault.KeyLimitReached, "You hold %d keys in this organization and one person may have %d: delete %d first.", held, k.max, held-k.max+1)
}

// heldNow is [count], from memory as long as nothing was decided since it was counted:
// nobody deleted a key.
func (k *Keys) heldNow(tx *db.Tx, at home) (int, error) {
	if epoch := k.db.Epoch(); tx.Undecided(epoch) {
		if held, ok := tx.Handed(at).(int); ok {
			return held, nil
		}
		if held, ok := k.held.Get(at, epoch); ok {
			return held, nil
		}
	}
	return count(tx, at)
}

// holds is how many keys somebody holds there with the one that was added.
func (k *Keys) holds(tx *db.Tx, at home, held int) {
	epoch := k.db.Epoch()
	tx.Hand(at, held)
	tx.OnCommit(func() { k.held.Put(at, epoch, held) })
}
