package sessions

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// setupTokenLifetime is how long a set-up token is good.
const setupTokenLifetime = 24 * time.Hour

// NeedsSetUp reports whether there is no account yet.
func (s *Sessions) NeedsSetUp(ctx context.Context) (bool, error) {
	if s.isSetUp.Load() {
		return false, nil // for good
	}
	done, err := hasAccount(s.DB.Read(ctx))
	if done {
		s.isSetUp.Store(true)
	}
	return !done, err
}

func hasAccount(r db.Reader) (bool, error) {
	var n int
	if err := r.Get(&n, "SELECT COUNT(*) FROM account"); err != nil {
		return false, fmt.Errorf("look for the account: %w", err)
	}
	return n > 0, nil
}

func setUpDone() error {
	return fault.New(fault.SetUpDone, "Keystead is set up already. Sign in.")
}

// NewSetupToken makes the token that set-up asks for and voids the one before.
// Faults: set_up_done.
func (s *Sessions) NewSetupToken(ctx context.Context) (api.Secret, error) {
	token := seal.Token()
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if done, err := hasAccount(tx); err != nil || done {
			return cmp.Or(err, setUpDone())
		}
		if _, err := tx.Exec("DELETE FROM one_time_tokens WHERE purpose = 'setup'"); err != nil {
			return fmt.Errorf("void the set-up token: %w", err)
		}
		now, digest := tx.Now(), s.Seal.Digest(token)
		_, err := tx.Exec(`
			INSERT INTO one_time_tokens (digest, pepper_id, purpose, created_at, expires_at)
			VALUES (?, ?, 'setup', ?, ?)`, digest.Sum, digest.Pepper, db.At(now), db.At(now.Add(setupTokenLifetime)))
		if err != nil {
			return fmt.Errorf("keep the set-up token: %w", err)
		}
		return s.Audit.Write(tx, audit.Console(), audit.SetupTokenAdd, audit.Target{Kind: "setup_token"}, nil)
	})
	if err != nil {
		return api.Secret{}, err
	}
	return api.Hide(token), nil
}

// SetUp makes the account, its first organization and its first Full Administrator,
// and signs them in: once. Faults: set_up_done; bad_credentials at token;
// invalid_value at a field; too_many_tries.
func (s *Sessions) SetUp(ctx context.Context, in api.Setup, from Visit) (Opened, error) {
	needed, err := s.NeedsSetUp(ctx)
	if err != nil || !needed {
		return Opened{}, cmp.Or(err, setUpDone())
	}
	if err := s.checkSetupToken(s.DB.Read(ctx), in.Token); err != nil {
		if fault.Is(err, fault.BadCredentials) {
			s.CountRefusal(from.Address)
		}
		return Opened{}, err
	}
	if err := cleanSetup(&in); err != nil {
		return Opened{}, err
	}
	hash, err := s.NewPassword(ctx, in.Password, in.Email, in.FirstName, in.LastName, in.Organization, in.ShortName, in.Account)
	if err != nil {
		return Opened{}, err
	}
	var opened row
	var user caller.User
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		opened, user, err = s.setUp(tx, in, hash, from)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	return s.opened(ctx, opened, user, device{}), nil
}

// setUp is the one transaction. All that could have changed since it was asked for
// is asked again: of any number at once, one comes through.
func (s *Sessions) setUp(tx *db.Tx, in api.Setup, hash string, from Visit) (opened row, user caller.User, err error) {
	if done, err := hasAccount(tx); err != nil || done {
		return row{}, user, cmp.Or(err, setUpDone())
	}
	if err := s.checkSetupToken(tx, in.Token); err != nil {
		return row{}, user, err
	}
	if _, err := tx.Exec("DELETE FROM one_time_tokens WHERE purpose = 'setup'"); err != nil {
		return row{}, user, fmt.Errorf("use up the set-up token: %w", err)
	}
	_, err = tx.Exec("INSERT INTO account (id, uuid, name, created_at) VALUES (1, ?, ?, ?)", uuid.NewString(), in.Account, db.At(tx.Now()))
	if err != nil {
		return row{}, user, fmt.Errorf("add the account: %w", err)
	}
	added, err := s.AddAdministrator(tx, in.Email, in.FirstName, in.LastName, hash)
	if err != nil {
		return row{}, user, err
	}
	person, err := caller.Load(tx, added.ID)
	if err != nil {
		return row{}, user, err
	}
	who := person.Caller()
	who.Kind, who.Address, who.RequestID = api.CallerSession, from.Address, from.RequestID
	if err := s.Audit.Write(tx, who, audit.AccountSetUp, audit.Target{Kind: "account", ID: 1, Name: in.Account}, nil); err != nil {
		return row{}, user, err
	}
	if err := s.Audit.Write(tx, who, audit.UserAdd, userTarget(person.User), nil); err != nil {
		return row{}, user, err
	}
	if _, err := s.AddOrg(tx, who, in.Organization, in.ShortName); err != nil {
		return row{}, user, err
	}
	opened, err = s.open(tx, person.User, from)
	return opened, person.User, err
}

func (s *Sessions) checkSetupToken(r db.Reader, token api.Secret) error {
	var expires db.Stamp
	found, err := s.findToken(token, func(digest []byte) error {
		return r.Get(&expires, "SELECT expires_at FROM one_time_tokens WHERE digest = ? AND purpose = 'setup'", digest)
	})
	switch {
	case err != nil:
		return fmt.Errorf("look for the set-up token: %w", err)
	case found && s.DB.Now().Before(expires.Time):
		return nil
	}
	return fault.At("token", fault.BadCredentials, "This set-up token is wrong or too old. “keystead setup-token” prints a new one.")
}

// cleanSetup brings what was typed into the form in which it is stored. Its faults
// come in the order of the form.
func cleanSetup(in *api.Setup) error {
	for _, text := range []*string{&in.Organization, &in.ShortName, &in.Account, &in.FirstName, &in.LastName, &in.Email} {
		*text = fold.Clean(*text)
	}
	if in.Account == "" {
		in.Account = in.Organization
	}
	if in.ShortName == "" {
		in.ShortName = keyfmt.ShortName(in.Organization)
	}
	for _, check := range []struct{ field, fault string }{
		{"organization", keyfmt.NameFault(in.Organization)},
		{"short_name", keyfmt.ShortNameFault(in.ShortName)},
		{"account", keyfmt.NameFault(in.Account)},
		{"first_name", keyfmt.NameFault(in.FirstName)},
		{"last_name", keyfmt.NameFault(in.LastName)},
		{"email", fold.EmailFault(in.Email)},
	} {
		if check.fault != "" {
			return fault.At(check.field, fault.InvalidValue, "%s", check.fault)
		}
	}
	return nil
}
