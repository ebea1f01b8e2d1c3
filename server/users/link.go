package users

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Link makes a single-use link: an invited user comes in by it, an active one sets a
// new password. Faults: not_found; permission_required; key_too_weak, also where a key
// asks for its own owner, and for keys that expire: nobody comes in by what outlives
// them; invalid_value at purpose.
func (u *Users) Link(ctx context.Context, who caller.Caller, id api.UserID, in api.AddLink) (api.Link, error) {
	var made api.Link
	err := u.DB.Write(ctx, func(tx *db.Tx) error {
		return u.manage(tx, who, id, func(m managed) (err error) {
			// The password is the person's. A key that could set it would outlive itself.
			if who.Key != nil && id == who.User.ID {
				return fault.New(fault.KeyTooWeak, "An API key makes no link for its own owner. Sign in to do this.")
			}
			made, err = u.link(tx, m, in.Purpose)
			return err
		})
	})
	if err != nil {
		return api.Link{}, fmt.Errorf("make a link: %w", err)
	}
	return made, nil
}

// stateFor is the state of users for whom there are links.
var stateFor = map[api.LinkPurpose]string{api.LinkInvite: api.UserInvited, api.LinkReset: api.UserActive}

func (u *Users) link(tx *db.Tx, m managed, purpose api.LinkPurpose) (api.Link, error) {
	state, known := stateFor[purpose]
	switch {
	case !known:
		return api.Link{}, fault.At("purpose", fault.InvalidValue, "A link is for an invitation or a reset.")
	case state != m.user.State:
		return api.Link{}, fault.At("purpose", fault.InvalidValue, "This user is %s: invited users are invited, active ones reset their password.", m.user.State)
	}
	if m.who.Key != nil && m.who.Key.ExpiresAt != nil {
		return api.Link{}, fault.New(fault.KeyTooWeak, "An API key that expires makes no links: who comes in by one would outlive it. Sign in to do this.")
	}
	var by *api.UserID
	if m.who.User.ID != 0 {
		by = &m.who.User.ID
	}
	made, err := u.NewLink(tx, m.user.ID, purpose, by)
	if err != nil {
		return api.Link{}, err
	}
	return made, u.Audit.Write(tx, m.who, audit.UserLink, target(m.user), audit.Facts{"purpose": purpose})
}

// Redeemed is a link that was presented, with what came along.
type Redeemed struct {
	User      api.UserID
	Purpose   api.LinkPurpose
	By        *api.UserID // who made it; nil: the command line
	Hash      string      // of the new password
	FirstName string      // empty: as it is
	LastName  string
	Address   string
	RequestID string
}

// Redeem lets the person of a link in: it is part of the act that uses it up. A link
// is worth what who made it may still do: they are active and could manage this
// user at this moment. Faults: link_used; invalid_value at a field.
func (u *Users) Redeem(tx *db.Tx, l Redeemed) (caller.User, error) {
	person, err := caller.Load(tx, l.User)
	if db.IsNone(err) || err == nil && person.State != stateFor[l.Purpose] {
		return caller.User{}, used()
	}
	if err != nil {
		return caller.User{}, err
	}
	if err := stillGood(tx, l.By, person); err != nil {
		return caller.User{}, err
	}
	who := person.Caller()
	who.Kind, who.Address, who.RequestID = api.CallerSession, l.Address, l.RequestID
	user, err := byID(tx, l.User)
	if err != nil {
		return caller.User{}, err
	}
	in, facts := api.EditUser{}, audit.Facts{"purpose": l.Purpose}
	if fold.Clean(l.FirstName) != "" {
		in.FirstName = &l.FirstName
	}
	if fold.Clean(l.LastName) != "" {
		in.LastName = &l.LastName
	}
	if err := u.setName(tx, managed{who, user}, in, facts); err != nil {
		return caller.User{}, err
	}
	if err := u.SetPassword(tx, l.User, l.Hash); err != nil {
		return caller.User{}, err
	}
	if err := activate(tx, l.User); err != nil {
		return caller.User{}, err
	}
	// Whoever made the link may be the one who used it.
	if err := u.shutOut(tx, l.User, facts); err != nil {
		return caller.User{}, err
	}
	if err := u.Audit.Write(tx, who, audit.UserPassword, target(user), facts); err != nil {
		return caller.User{}, err
	}
	person, err = caller.Load(tx, l.User)
	return person.User, err
}

func used() error {
	return fault.At("token", fault.LinkUsed, "This link is used up, too old or not whole. Ask for a new one.")
}

// stillGood refuses a link whose maker could not make it now.
func stillGood(r db.Reader, by *api.UserID, person caller.Person) error {
	if by == nil {
		return nil
	}
	maker, err := caller.Load(r, *by)
	if db.IsNone(err) {
		return used()
	}
	if err != nil {
		return err
	}
	who := maker.Caller()
	if maker.State != api.UserActive || mayManage(who) != nil || holdsAll(who, person) != nil {
		return used()
	}
	return nil
}
