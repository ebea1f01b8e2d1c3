package sessions

import (
	"context"
	"fmt"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// lifetimes of links.
var lifetimes = map[api.LinkPurpose]time.Duration{api.LinkInvite: api.InviteLifetime, api.LinkReset: api.ResetLifetime}

// NewLink makes a single-use link for a user, by whom (nil: the command line), and
// ends the one before. It is part of the acts on users, which judge and audit it.
// Its host is that of the settings and of no request.
func (s *Sessions) NewLink(tx *db.Tx, user api.UserID, purpose api.LinkPurpose, by *api.UserID) (api.Link, error) {
	if err := s.EndLinks(tx, user); err != nil {
		return api.Link{}, err
	}
	token, now := seal.Token(), tx.Now()
	digest, expires := s.Seal.Digest(token), now.Add(lifetimes[purpose])
	_, err := tx.Exec(`
		INSERT INTO one_time_tokens (digest, pepper_id, purpose, user_id, made_by, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, digest.Sum, digest.Pepper, purpose, user, by, db.At(now), db.At(expires))
	if err != nil {
		return api.Link{}, fmt.Errorf("keep the link: %w", err)
	}
	page := pathInvite
	if purpose == api.LinkReset {
		page += "?for=" + forReset
	}
	return api.Link{URL: api.Hide(s.Origin + page + "#token=" + token), Purpose: purpose, ExpiresAt: db.At(expires).Time}, nil
}

// EndLinks ends the links of a user, and those of anyone that are too old.
func (s *Sessions) EndLinks(tx *db.Tx, user api.UserID) error {
	_, err := tx.Exec("DELETE FROM one_time_tokens WHERE user_id = ? OR user_id IS NOT NULL AND expires_at <= ?", user, db.At(tx.Now()))
	if err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return nil
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

// UseLink lets in who has a link: it sets the password, and the name where one is
// given, and opens a session. Of any number at once, one comes through.
// Faults: link_used; invalid_value at a field; too_many_tries.
func (s *Sessions) UseLink(ctx context.Context, in api.Redeem, from Visit) (Opened, error) {
	read := s.DB.Read(ctx)
	link, err := s.findLink(read, in.Token)
	if err != nil {
		if fault.Is(err, fault.LinkUsed) {
			s.CountRefusal(from.Address)
		}
		return Opened{}, err
	}
	acc, err := byID(read, link.User)
	if db.IsNone(err) {
		return Opened{}, linkUsed()
	}
	if err != nil {
		return Opened{}, err
	}
	hash, err := s.NewPassword(ctx, in.Password, acc.Email, acc.FirstName, acc.LastName, in.FirstName, in.LastName)
	if err != nil {
		return Opened{}, err
	}
	var opened row
	var user caller.User
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		// It may have been used, and its user changed, while the password was hashed.
		link, err := s.findLink(tx, in.Token)
		if err != nil {
			return err
		}
		link.Hash, link.FirstName, link.LastName, link.Address, link.RequestID = hash, in.FirstName, in.LastName, from.Address, from.RequestID
		if user, err = s.Redeem(tx, link); err != nil {
			return err
		}
		if err := s.EndLinks(tx, link.User); err != nil {
			return err
		}
		opened, err = s.open(tx, user, from)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	return s.opened(ctx, opened, user, device{}), nil
}

// findLink is whose link a token is. Fault: link_used, for those that never were, too.
func (s *Sessions) findLink(r db.Reader, token api.Secret) (Redeemed, error) {
	var link struct {
		User    api.UserID      `db:"user_id"`
		Purpose api.LinkPurpose `db:"purpose"`
		By      *api.UserID     `db:"made_by"`
		Expires db.Stamp        `db:"expires_at"`
	}
	found, err := s.findToken(token, func(digest []byte) error {
		return r.Get(&link, "SELECT user_id, purpose, made_by, expires_at FROM one_time_tokens WHERE digest = ? AND user_id IS NOT NULL", digest)
	})
	switch {
	case err != nil:
		return Redeemed{}, fmt.Errorf("look for the link: %w", err)
	case !found || !s.DB.Now().Before(link.Expires.Time):
		return Redeemed{}, linkUsed()
	}
	return Redeemed{User: link.User, Purpose: link.Purpose, By: link.By}, nil
}

// findToken reads the one-time token that was presented, if there is such a one.
func (s *Sessions) findToken(token api.Secret, read func(digest []byte) error) (found bool, err error) {
	err = s.Seal.Find(token.Reveal(), func(digest seal.Digest) (bool, error) {
		err := read(digest.Sum)
		if db.IsNone(err) {
			return false, nil
		}
		found = err == nil
		return found, err
	})
	return found, err
}

func linkUsed() error {
	return fault.At("token", fault.LinkUsed, "This link is used up, too old or not whole. Ask for a new one.")
}
