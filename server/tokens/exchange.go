package tokens

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Grant is what an exchange gives.
type Grant struct {
	Access  api.Secret
	Refresh api.Secret
	ID      api.Secret
	Family  string
	Scope   perm.Set      // effective in the organization, at this moment
	Lasts   time.Duration // the tokens, as far as is known
}

// Exchange takes a signed token request for tokens: once, whoever else sends it at the
// same time, and whatever happens to the answer. Fault: bad_credentials.
func (t *Tokens) Exchange(ctx context.Context, request, address, requestID string) (Grant, error) {
	r, ok := ReadRequest(request)
	publicID, wellFormed := r.wellFormed()
	if !ok || !wellFormed || !r.Timely(t.DB.Now()) {
		return Grant{}, refused()
	}
	issuer, err := t.issuer(ctx)
	if err != nil {
		return Grant{}, err
	}
	org, version, err := t.signedBy(ctx, r)
	if err != nil {
		return Grant{}, err
	}
	holder, good, err := t.KeyOf(ctx, r.AppKey, org)
	if err != nil {
		return Grant{}, err
	}
	if !good || !r.For(issuer) || fold.Text(r.AppName) != fold.Text(holder.Caller.Key.Name) {
		return Grant{}, refused()
	}
	key := holder.Caller.Key.ID
	holder.Caller.Address, holder.Caller.RequestID = address, requestID
	grant, err := t.grant(ctx, holder, family{Org: org, Key: &key, PublicID: &publicID, Secret: &version}, issuer, r.once(org))
	if err != nil {
		return Grant{}, fmt.Errorf("exchange a token request: %w", err)
	}
	t.NoteLogin(key, t.DB.Now(), address)
	return grant, nil
}

// signedBy finds the organization that the request names, and which version of its
// secret signed it.
func (t *Tokens) signedBy(ctx context.Context, r Request) (org api.OrgID, version int, err error) {
	org, values, err := t.Secrets(ctx, fold.Text(r.ShortName))
	if fault.Is(err, fault.NotFound) {
		return 0, 0, refused()
	}
	if err != nil {
		return 0, 0, err
	}
	for version, secret := range values {
		if r.SignedWith(secret) {
			return org, version, nil
		}
	}
	return 0, 0, refused()
}

// OfPassword gives tokens to somebody who proved that they know their password: reading
// ones, in the organization of that short name, or in their only one where it is empty.
// Faults: organization_required; bad_credentials.
func (t *Tokens) OfPassword(ctx context.Context, user api.UserID, hash, shortName, address, requestID string) (Grant, error) {
	issuer, err := t.issuer(ctx)
	if err != nil {
		return Grant{}, err
	}
	org, err := t.orgOf(ctx, user, shortName)
	if err != nil {
		return Grant{}, err
	}
	holder, good, err := t.HolderOf(ctx, Token{User: user, Org: org})
	if err == nil && !good {
		err = refused()
	}
	if err != nil {
		return Grant{}, err
	}
	holder.Caller.Address, holder.Caller.RequestID = address, requestID
	grant, err := t.grant(ctx, holder, family{Org: org, Password: passwordDigest(hash)}, issuer, nil)
	if err != nil {
		return Grant{}, fmt.Errorf("exchange a password: %w", err)
	}
	return grant, nil
}

// orgOf is the user's organization of that short name, or their only one.
func (t *Tokens) orgOf(ctx context.Context, user api.UserID, shortName string) (api.OrgID, error) {
	var orgs []api.OrgID
	err := t.DB.Read(ctx).Select(&orgs, `
		SELECT o.id
		  FROM organizations o
		  JOIN users u ON u.id = ?1
		 WHERE o.deleted_at IS NULL
		   AND (?2 = '' OR o.short_name = ?2)
		   AND (u.account_role_id IS NOT NULL
		        OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = o.id AND m.user_id = u.id))
		 LIMIT 2`, user, fold.Text(shortName))
	if err != nil {
		return 0, fmt.Errorf("find the organization of a token: %w", err)
	}
	switch {
	case len(orgs) == 1:
		return orgs[0], nil
	case shortName != "":
		return 0, refused()
	}
	return 0, fault.At("shortname", fault.OrgRequired, "You belong to %s: say which one by its short name.", howMany(len(orgs)))
}

func howMany(orgs int) string {
	if orgs == 0 {
		return "no organization"
	}
	return "several organizations"
}

// grant makes a family with its first tokens, in one transaction with the note that its
// request is spent. Note: what nobody held before changes no remembered verdict.
func (t *Tokens) grant(ctx context.Context, holder Holder, f family, issuer string, once []byte) (g Grant, err error) {
	f.UUID, f.User, f.Subject = uuid.NewString(), holder.Caller.User.ID, holder.Caller.User.UUID
	err = t.DB.Note(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if once != nil {
			if err := spendRequest(tx, once); err != nil {
				return err
			}
		}
		f.ExpiresAt = db.At(now.Add(Lifetime))
		if err := insert(tx, &f); err != nil {
			return err
		}
		end := f.end(holder, now)
		g = Grant{
			Access: t.access(f, issuer, now, end), Refresh: t.refresh.sign(seal.Token(), now), ID: t.id(f, issuer, now, end),
			Family: f.UUID, Scope: holder.Scope, Lasts: end.Sub(now),
		}
		if err := t.addRefresh(tx, f, g.Refresh, now); err != nil {
			return err
		}
		return t.note(tx, holder.Caller, audit.TokenAdd, f, nil)
	})
	return g, err
}

// note writes the audit row of an act on a family. Its target is the key behind it, or
// the person.
func (t *Tokens) note(tx *db.Tx, who caller.Caller, act audit.Act, f family, facts audit.Facts) error {
	on := audit.Target{Kind: "token", ID: f.ID, Org: f.Org, Name: who.User.Email}
	if who.Key != nil {
		on.Name = who.Key.Name
	}
	return t.Audit.Write(tx, who, act, on, facts)
}

// kept is how long a spent request is remembered beyond its time, so that a clock that
// is set back by an hour revives none.
const kept = time.Hour + 2*skew

// once names a request among those of an organization.
func (r Request) once(org api.OrgID) []byte {
	h := sha256.New()
	for _, part := range []string{strconv.FormatInt(int64(org), 10), fold.Text(r.AppName), strconv.FormatInt(r.IssuedAt, 10), r.ID} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return h.Sum(nil)
}

// spendRequest notes that a request was exchanged. Fault: bad_credentials, where it was
// before.
func spendRequest(tx *db.Tx, once []byte) error {
	now := tx.Now()
	if _, err := tx.Exec("DELETE FROM token_requests WHERE expires_at <= ?", db.At(now)); err != nil {
		return fmt.Errorf("forget spent requests: %w", err)
	}
	n, err := tx.Exec(`
		INSERT INTO token_requests (digest, expires_at)
		VALUES (?, ?)
		ON CONFLICT (digest) DO NOTHING`, once, db.At(now.Add(kept)))
	if err == nil && n == 0 {
		return refused()
	}
	if err != nil {
		return fmt.Errorf("note a spent request: %w", err)
	}
	return nil
}
