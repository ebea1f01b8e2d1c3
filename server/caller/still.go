package caller

import (
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Still is the caller with what they may do at this moment, and never more than at
// the request's start. Acts on people and roles ask inside their transaction: of two
// who take each other's rights at once, the second has none left to do it with.
// Callers without a person, such as the command line, stay as they are.
func (c Caller) Still(r db.Reader) (Caller, error) {
	if c.User.ID == 0 {
		return c, nil
	}
	p, err := Load(r, c.User.ID)
	if db.IsNone(err) || err == nil && p.State != api.UserActive {
		c.Account, c.EveryOrg, c.Orgs = 0, false, nil
		return c, nil
	}
	if err != nil {
		return Caller{}, err
	}
	before := c
	c.Account, c.EveryOrg = before.Account.And(p.Account), before.EveryOrg && p.EveryOrg
	c.Orgs = make(map[api.OrgID]perm.Set, len(before.Orgs))
	for org, set := range before.Orgs {
		if !p.Member(org) {
			continue
		}
		c.Orgs[org] = set.And(p.Orgs[org].Or(p.Account))
	}
	return c, nil
}
