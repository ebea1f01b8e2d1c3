package tokens

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/fault"
)

// End ends the family of a token, in the name of who holds it: whoever holds one, the
// finder of a leaked one too, may end it.
func (t *Tokens) End(ctx context.Context, who caller.Caller, token Token) error {
	if err := t.end(ctx, who, token.Family, nil); err != nil {
		return fmt.Errorf("end tokens: %w", err)
	}
	return nil
}

// end deletes a family. One that is gone already is left at that.
func (t *Tokens) end(ctx context.Context, who caller.Caller, uuid string, facts audit.Facts) error {
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		f, err := familyOf(tx, uuid)
		if isRefused(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM token_families WHERE id = ?", f.ID); err != nil {
			return err
		}
		return t.note(tx, who, audit.TokenEnd, f, facts)
	})
}

func isRefused(err error) bool { return fault.Is(err, fault.BadCredentials) }
