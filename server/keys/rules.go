package keys

import (
	"fmt"
	"slices"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// day is how lifetimes are counted.
const day = 24 * time.Hour

// mayAdd answers the rule for a new key, or why the caller makes none there.
func (k *Keys) mayAdd(tx *db.Tx, who caller.Caller, org *api.OrgID) (rule, error) {
	if err := who.Changes(); err != nil {
		return rule{}, err
	}
	if err := mayReach(who, org); err != nil {
		return rule{}, err
	}
	rule, err := k.ruleNow(tx, who.User.ID, org)
	if err != nil {
		return rule, err
	}
	return rule, mayManage(who, rule)
}

// ruleNow is [ruleOf], of an organization from memory as long as nothing was decided since
// it was read: nobody edited the policy.
func (k *Keys) ruleNow(tx *db.Tx, owner api.UserID, org *api.OrgID) (rule, error) {
	epoch := k.db.Epoch()
	if org == nil || !tx.Undecided(epoch) {
		return ruleOf(tx, owner, org)
	}
	if rule, ok := k.rules.Get(*org, epoch); ok {
		return rule, nil
	}
	rule, err := ruleOf(tx, owner, org)
	if err == nil {
		k.rules.Put(*org, epoch, rule)
	}
	return rule, err
}

// mayReach refuses an organization's key at global ones, and everyone where they
// don't belong.
func mayReach(who caller.Caller, org *api.OrgID) error {
	switch {
	case who.ReachesKeys(org):
		return nil
	case org == nil:
		return fault.New(fault.KeyTooWeak, "The key of an organization reaches no global keys.")
	}
	return fault.Missing()
}

// mayManage refuses keys as callers where the policy leaves key management to people.
func mayManage(who caller.Caller, r rule) error {
	if who.Key != nil && !r.KeysManageKeys {
		return fault.New(fault.KeyTooWeak, "By policy API keys manage no API keys here. Sign in to do this.")
	}
	return nil
}

// mayChange finds a key that the caller changes: their own, or another's with the
// permission p.
func mayChange(tx *db.Tx, who caller.Caller, id api.KeyID, p perm.Permission) (row, error) {
	if err := who.Changes(); err != nil {
		return row{}, err
	}
	key, err := visible(tx, who, id)
	if err != nil {
		return row{}, err
	}
	if key.OwnerID != who.User.ID {
		if err := mayWithOthers(who, key, p); err != nil {
			return row{}, err
		}
	}
	if who.Key == nil {
		return key, nil
	}
	rule, err := ruleOf(tx, key.OwnerID, key.OrgID)
	if err != nil {
		return row{}, err
	}
	return key, mayManage(who, rule)
}

// mayWithOthers refuses who lacks a permission on somebody else's key.
func mayWithOthers(who caller.Caller, key row, p perm.Permission) error {
	if !who.OnKeys(key.OrgID).Has(p) {
		return caller.Lacks(p)
	}
	return nil
}

// mayOwn finds a key of the caller's own for what only its owner does.
func mayOwn(tx *db.Tx, who caller.Caller, id api.KeyID, does string) (row, rule, error) {
	if err := who.Changes(); err != nil {
		return row{}, rule{}, err
	}
	key, err := visible(tx, who, id)
	if err != nil {
		return row{}, rule{}, err
	}
	if key.OwnerID != who.User.ID {
		return row{}, rule{}, fault.New(fault.PermissionRequired, "Only its owner %s an API key.", does)
	}
	if err := who.Elevated(tx.Now()); err != nil {
		return row{}, rule{}, err
	}
	r, err := ruleOf(tx, key.OwnerID, key.OrgID)
	if err != nil {
		return row{}, rule{}, err
	}
	if err := mayManage(who, r); err != nil {
		return row{}, rule{}, err
	}
	return key, r, outlives(who, key.ExpiresAt.Or())
}

// outlives refuses a key as the caller for keys that live longer than itself: else
// a stolen one would make itself last.
func outlives(who caller.Caller, expires *time.Time) error {
	if who.Key == nil || who.Key.ExpiresAt == nil {
		return nil
	}
	if expires == nil || expires.After(*who.Key.ExpiresAt) {
		return fault.At("expires_at", fault.LifetimeTooLong, "The API key that asks expires on %s, and no key makes, changes, shows or rotates one that outlives it.",
			who.Key.ExpiresAt.UTC().Format("2006-01-02 at 15:04:05 UTC"))
	}
	return nil
}

// draft is the row of a new key as far as no policy says: it has no times yet.
func draft(who caller.Caller, org *api.OrgID, req api.AddKey) (row, error) {
	name, err := cleanName(req.Name)
	if err != nil {
		return row{}, err
	}
	description, err := cleanDescription(req.Description)
	if err != nil {
		return row{}, err
	}
	if err := knownRole(req.Role); err != nil {
		return row{}, err
	}
	return row{
		OrgID: org, OwnerID: who.User.ID, OwnerUUID: who.User.UUID,
		FirstName: who.User.FirstName, LastName: who.User.LastName, Email: who.User.Email,
		Name: name, Description: description, Role: req.Role, Enabled: true,
	}, nil
}

// lives gives a new key its times: from now until what was asked for, by the rules.
func (r *row) lives(who caller.Caller, asked api.Maybe[time.Time], policy api.Policy, now time.Time) error {
	expires := expiry(who, asked, policy, now)
	if err := lasts(expires, policy, now, now); err != nil {
		return err
	}
	if err := outlives(who, expires); err != nil {
		return err
	}
	r.ExpiresAt, r.CreatedAt, r.UpdatedAt = db.AtOrNull(expires), db.At(now), db.At(now)
	return nil
}

func cleanName(text string) (string, error) {
	name := fold.Clean(text)
	if why := keyfmt.NameFault(name); why != "" {
		return "", fault.At("name", fault.InvalidValue, "%s", why)
	}
	return name, nil
}

func cleanDescription(text string) (string, error) {
	description := fold.Clean(text)
	if why := keyfmt.DescriptionFault(description); why != "" {
		return "", fault.At("description", fault.InvalidValue, "%s", why)
	}
	return description, nil
}

func knownRole(role api.KeyRole) error {
	if !slices.Contains(api.KeyRoles, role) {
		return fault.At("role", fault.InvalidValue, "A key role is ADMIN or READONLY.")
	}
	return nil
}

// expiry is when a new key ends: as asked, else after the default lifetime, and with
// the key that makes it at the latest, since nobody asked for a longer one.
func expiry(who caller.Caller, asked api.Maybe[time.Time], policy api.Policy, now time.Time) *time.Time {
	if asked.Set {
		return stored(asked.Value)
	}
	var end *time.Time
	if policy.DefaultLifetimeDays != nil {
		after := now.Add(time.Duration(*policy.DefaultLifetimeDays) * day)
		end = &after
	}
	if outlives(who, end) != nil {
		return stored(who.Key.ExpiresAt)
	}
	return end
}

// stored is a time as the database keeps it, in whole milliseconds of UTC.
func stored(t *time.Time) *time.Time { return db.AtOrNull(t).Or() }

// lastExpiry is the last time that RFC 3339 can write. A zone offset carries what is
// sent beyond it; stored, it could be answered to nobody, and no list that holds it.
var lastExpiry = time.Date(9999, time.December, 31, 23, 59, 59, 999_999_999, time.UTC)

// lasts refuses an expiry that is over, that nobody could be told, or beyond the
// policy, counted from when the key was made.
func lasts(expires *time.Time, policy api.Policy, made, now time.Time) error {
	limit := policy.MaxLifetimeDays
	switch {
	case expires == nil && !policy.AllowNoExpiry:
		return fault.At("expires_at", fault.LifetimeTooLong, "By policy every key here expires. Give it a date.")
	case expires == nil && limit != nil, expires != nil && limit != nil && expires.After(made.Add(time.Duration(*limit)*day)):
		return fault.At("expires_at", fault.LifetimeTooLong, "By policy a key lives for at most %s here.", days(*limit))
	case expires != nil && !expires.After(now):
		return fault.At("expires_at", fault.ExpiresInPast, "This time is over. A key expires in the future.")
	case expires != nil && expires.After(lastExpiry):
		return fault.At("expires_at", fault.InvalidValue, "A key expires in the year 9999 at the latest.")
	}
	return nil
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
