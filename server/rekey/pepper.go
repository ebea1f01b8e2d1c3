package rekey

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/db"
)

// RotatePepper makes a new pepper and carries over what it can. The answer is what a
// person reads.
func (k *Rekey) RotatePepper(ctx context.Context) (string, error) {
	k.act.Lock()
	defer k.act.Unlock()
	err := k.DB.Note(ctx, func(tx *db.Tx) error {
		if err := k.Seal.AddPepper(tx); err != nil {
			return err
		}
		return k.Audit.Write(tx, audit.Console(), audit.PepperRotate, target(audit.PepperRotate, 0), nil)
	})
	if err != nil {
		return "", fmt.Errorf("replace the pepper: %w", err)
	}
	k.carryOn(ctx)
	return k.PepperStatus(ctx)
}
