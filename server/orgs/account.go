package orgs

import (
	"context"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Account is the installation's id and name. Fault: permission_required.
func (o *Orgs) Account(ctx context.Context, who caller.Caller) (api.Account, error) {
	if err := who.MayOnAccount(perm.AccountRead); err != nil {
		return api.Account{}, err
	}
	return account(o.DB.Read(ctx))
}

// IsAccount reports whether that is the account's UUID. Whoever knows it was told.
func (o *Orgs) IsAccount(ctx context.Context, uuid string) (bool, error) {
	a, err := account(o.DB.Read(ctx))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && a.ID == uuid, err
}

// AccountMade is when the account was set up. Fault: permission_required.
func (o *Orgs) AccountMade(ctx context.Context, who caller.Caller) (time.Time, error) {
	if err := who.MayOnAccount(perm.AccountRead); err != nil {
		return time.Time{}, err
	}
	var at db.Stamp
	if err := o.DB.Read(ctx).Get(&at, "SELECT created_at FROM account WHERE id = 1"); err != nil {
		return time.Time{}, fmt.Errorf("read the account: %w", err)
	}
	return at.Time, nil
}

// EditAccount renames the installation, for who manages organizations on the account.
// Faults: permission_required; key_too_weak; invalid_value at name.
func (o *Orgs) EditAccount(ctx context.Context, who caller.Caller, req api.EditAccount) (api.Account, error) {
	var edited api.Account
	err := o.DB.Write(ctx, func(tx *db.Tx) error {
		if err := who.Changes(); err != nil {
			return err
		}
		if err := who.MayOnAccount(perm.OrgsManage); err != nil {
			return err
		}
		before, err := account(tx)
		edited = before
		if err != nil || req.Name == nil {
			return err
		}
		if edited.Name, err = cleanName(*req.Name); err != nil || edited.Name == before.Name {
			return err
		}
		if _, err := tx.Exec("UPDATE account SET name = ? WHERE id = 1", edited.Name); err != nil {
			return fmt.Errorf("rename the account: %w", err)
		}
		return o.Audit.Write(tx, who, audit.AccountEdit, audit.Target{Kind: "account", ID: 1, Name: edited.Name}, audit.Facts{"changed": []string{"name"}})
	})
	if err != nil {
		return api.Account{}, fmt.Errorf("edit the account: %w", err)
	}
	return edited, nil
}

func account(r db.Reader) (api.Account, error) {
	var row struct {
		UUID string `db:"uuid"`
		Name string `db:"name"`
	}
	err := r.Get(&row, "SELECT uuid, name FROM account WHERE id = 1")
	switch {
	case db.IsNone(err):
		return api.Account{}, fault.Missing()
	case err != nil:
		return api.Account{}, fmt.Errorf("read the account: %w", err)
	}
	return api.Account{ID: row.UUID, Name: row.Name}, nil
}
