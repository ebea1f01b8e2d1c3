package testkit

import (
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Cast is two organizations with people of every role, for the authorization
// matrix. Everyone of Y is to X a stranger.
type Cast struct {
	*Kit
	X, Y api.OrgID

	Admin    api.UserID // Full Administrator
	Operator api.UserID // Organization Operator of X
	Member   api.UserID // Read Only in X
	Verifier api.UserID // Verifier in X
	Stranger api.UserID // Organization Operator of Y
}

// NewCast puts the people on the stage.
func NewCast(k *Kit) *Cast {
	k.T.Helper()
	k.Account()
	c := &Cast{Kit: k, X: k.Org("Ops X"), Y: k.Org("Labs Y")}
	c.Admin, c.Operator, c.Member, c.Verifier, c.Stranger = k.Person("Ada"), k.Person("Olga"), k.Person("Mia"), k.Person("Vera"), k.Person("Stella")
	k.Join(c.Admin, 0, perm.FullAdministrator)
	k.Join(c.Operator, c.X, perm.OrganizationOperator)
	k.Join(c.Member, c.X, perm.ReadOnly)
	k.Join(c.Verifier, c.X, perm.Verifier)
	k.Join(c.Stranger, c.Y, perm.OrganizationOperator)
	return c
}
