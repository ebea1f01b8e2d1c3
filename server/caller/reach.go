package caller

import (
	"keystead/shared/api"
	"keystead/shared/perm"
)

// OnKeys is what the caller may do with other people's API keys of an organization,
// or with global ones where org is nil: those ask for the account, since they act
// everywhere.
func (c Caller) OnKeys(org *api.OrgID) perm.Set {
	switch {
	case !c.ReachesKeys(org):
		return 0
	case org == nil:
		return c.Account
	}
	return c.In(*org)
}

// ReachesKeys reports whether the credential extends to API keys of an organization,
// or to global ones where org is nil: an organization's key never does.
func (c Caller) ReachesKeys(org *api.OrgID) bool {
	if org == nil {
		return !c.ByPassword() && (c.Key == nil || c.Key.Org == nil)
	}
	return c.Member(*org)
}

// SeesKey reports whether the caller may know that somebody's API key exists: the
// caller's own within reach, another's with the permission to list or to read it.
func (c Caller) SeesKey(owner api.UserID, org *api.OrgID) bool {
	if owner == c.User.ID {
		return c.ReachesKeys(org)
	}
	may := c.OnKeys(org)
	return may.Has(perm.KeysList) || may.Has(perm.KeysRead)
}
