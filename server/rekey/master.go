package rekey

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/seal"
)

// RotateMaster replaces the master key, by next where one is given, else by one that is
// made and put into the file of the old one, which is kept beside it. One that was
// interrupted is brought to its end instead. The answer is what a person reads.
func (k *Rekey) RotateMaster(ctx context.Context, next *seal.Master) (string, error) {
	k.act.Lock()
	defer k.act.Unlock()
	if bridge := k.Seal.Bridge(); bridge != nil {
		return k.end(ctx, *bridge, next)
	}
	if next == nil && !k.Ours {
		return "", fmt.Errorf("the master key comes from %s, which is yours to change: give the new one with --new-master-key-file", k.MasterKey)
	}
	ours := next == nil
	if ours {
		if _, err := k.inFile(); err != nil { // it could not be kept
			return "", err
		}
		made := seal.NewMaster()
		next = &made
	}
	if k.Seal.SealedBy(*next) {
		return "", errors.New("that is the master key in use: make a new one")
	}
	err := k.DB.Note(ctx, func(tx *db.Tx) error {
		if err := k.Seal.Rotate(tx, *next, ours); err != nil {
			return err
		}
		return k.Audit.Write(tx, audit.Console(), audit.MasterKeyRotate, target(audit.MasterKeyRotate, 0), nil)
	})
	if err != nil {
		return "", fmt.Errorf("replace the master key: %w", err)
	}
	if !ours {
		return "Everything is sealed by the new master key. Now put it where Keystead reads its master key (" + k.MasterKey +
			", or --master-key-file) and start Keystead again: until then the old one still opens the database, from then on only the backups made until now, " +
			"so keep it, under another name, where you keep the master key.\n" +
			k.carried(ctx), nil
	}
	kept, err := k.write(ctx, *k.Seal.Bridge())
	if err != nil {
		return "", err
	}
	return k.MasterKey + " holds a new master key." + old(kept) + "\n" + k.carried(ctx), nil
}

// end brings a rotation to its end that was interrupted, or that waits for the file of
// the master key to be changed.
func (k *Rekey) end(ctx context.Context, bridge seal.Bridge, next *seal.Master) (string, error) {
	if next != nil && !next.Equal(bridge.Next) {
		return "", errors.New("the last rotation has not ended: start Keystead with that new master key first")
	}
	if bridge.Ours {
		kept, err := k.write(ctx, bridge)
		if err != nil {
			return "", err
		}
		return "The interrupted rotation is done: " + k.MasterKey + " holds the new master key." + old(kept) + "\n" + k.carried(ctx), nil
	}
	there, err := seal.ReadMaster(k.MasterKey)
	if err != nil || !there.Equal(bridge.Next) {
		return "", fmt.Errorf("the last rotation waits for its new master key: put it in the place of %s, or start Keystead with --master-key-file", k.MasterKey)
	}
	if err := k.burn(ctx); err != nil {
		return "", err
	}
	return "The rotation is done: the old master key opens nothing any more but the backups of its time.\n" + k.carried(ctx), nil
}

// write keeps the old master key, puts the new one into its file and takes the bridge
// away, in this order: at each moment the key in the file opens the database, and the old
// one is not lost to the backups that need it. kept is where it lies now, "" where its
// place has the new one already.
func (k *Rekey) write(ctx context.Context, bridge seal.Bridge) (kept string, err error) {
	before, err := k.inFile()
	if err != nil {
		return "", err
	}
	if before != nil && !before.Equal(bridge.Next) {
		// By the time of the bridge: begun again after a kill, it is the same name.
		if kept, err = before.Keep(k.MasterKey + ".until-" + bridge.At.Format("20060102T150405Z")); err != nil {
			return "", err
		}
	}
	if err := bridge.Next.Replace(k.MasterKey); err != nil {
		return "", err
	}
	return kept, k.burn(ctx)
}

// inFile is the master key in the file of ours, nil where somebody took the file away:
// then there is nothing to keep, and a new one mends it.
func (k *Rekey) inFile() (*seal.Master, error) {
	if _, err := os.Lstat(k.MasterKey); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	there, err := seal.ReadMaster(k.MasterKey)
	if err != nil {
		return nil, err
	}
	return &there, nil
}

// old says what is to be done with the master key of before.
func old(kept string) string {
	if kept == "" {
		return ""
	}
	if whole, err := filepath.Abs(kept); err == nil { // who asks may be in another folder than the server
		kept = whole
	}
	return " Backups made until now need the old one, which lies in " + kept +
		" and opens nothing else: move it off this machine, to where you keep the master keys of your backups."
}

func (k *Rekey) burn(ctx context.Context) error {
	err := k.DB.Note(ctx, func(tx *db.Tx) error {
		if err := k.Seal.Burn(tx); err != nil {
			return err
		}
		return k.Audit.Write(tx, audit.Itself(), audit.MasterKeyDelete, target(audit.MasterKeyDelete, 0), nil)
	})
	if err != nil {
		return fmt.Errorf("let the old master key go: %w", err)
	}
	return k.DB.Checkpoint(ctx)
}

// resume does at the start what is left of a rotation. What can't be done now is no
// reason not to serve: either key opens the database.
func (k *Rekey) resume() {
	bridge := k.Seal.Bridge()
	switch {
	case bridge == nil:
	case bridge.Ours:
		kept, err := k.write(k.ctx, *bridge)
		k.logged("end the rotation of the master key", err)
		if err == nil && kept != "" {
			k.Log.Warn("ended the rotation of the master key; backups made before it need the old one: move it to where you keep the master keys of your backups", "file", kept)
		}
	case bridge.Over:
		k.Log.Warn("this is the old master key: put the new one in its place, to end the rotation", "file", k.MasterKey)
	default:
		k.logged("end the rotation of the master key", k.burn(k.ctx))
	}
}

// target is what the acts are done to: the noun of the act.
func target(act audit.Act, id int64) audit.Target {
	noun, _, _ := strings.Cut(string(act), ".")
	return audit.Target{Kind: noun, ID: id}
}
