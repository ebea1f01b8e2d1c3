package caller

import (
	"encoding/json"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// Reach says which API keys a caller may see, in the form of arguments for the
// WHERE of every statement on keys: own ones within the reach of the caller's
// own key, others' where a permission on them is held.
type Reach struct {
	User   api.UserID
	Org    *api.OrgID // only this organization, where an organization key asks
	Others bool       // others' keys in every organization, and global ones
	Orgs   string     // JSON list of the organizations in which others' keys are seen
}

// Reach is what the caller sees of keys with any of the permissions on others' keys.
func (c Caller) Reach(any ...perm.Permission) Reach {
	r := Reach{User: c.User.ID}
	orgs := []api.OrgID{}
	if c.Key != nil && c.Key.Org != nil {
		r.Org = c.Key.Org
	} else {
		r.Others = c.EveryOrg && hasAny(c.Account, any)
	}
	for org := range c.Orgs {
		if c.Member(org) && hasAny(c.In(org), any) {
			orgs = append(orgs, org)
		}
	}
	list, _ := json.Marshal(orgs) // a list of numbers
	r.Orgs = string(list)
	return r
}

func hasAny(s perm.Set, any []perm.Permission) bool {
	for _, p := range any {
		if s.Has(p) {
			return true
		}
	}
	return false
}
