package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Account is the installation.
type Account struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Type      string `json:"type" enum:"msp,normal"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

// AccountUser is a user as accounts know them.
type AccountUser struct {
	ID              string     `json:"id"` // a UUID
	UserID          api.UserID `json:"user_id"`
	Email           string     `json:"email"`
	FirstName       string     `json:"first_name"`
	LastName        string     `json:"last_name"`
	Status          string     `json:"status" enum:"pending-invite,active,disabled"`
	AccountRBACRole string     `json:"account_rbac_role"`
	IsVerified      bool       `json:"is_verified"`
	TwoFactor       string     `json:"two_factor_authentication"`
	CreatedAt       string     `json:"created_at"`
}

// account refuses another account than this. Fault: not_found.
func (a *Automox) account(r *rest.Request) error {
	id, err := r.Path("account")
	if err != nil {
		return err
	}
	is, err := a.Orgs.IsAccount(r.Context(), id)
	if err == nil && !is {
		err = fault.Missing()
	}
	return err
}

func (a *Automox) getAccount(r *rest.Request, _ rest.None) (account Account, err error) {
	if err := a.account(r); err != nil {
		return account, err
	}
	got, err := a.Orgs.Account(r.Context(), r.Caller)
	if err != nil {
		return account, err
	}
	made, err := a.Orgs.AccountMade(r.Context(), r.Caller)
	return Account{ID: got.ID, Name: got.Name, Type: "normal", CreatedAt: date(made), UpdatedAt: date(made)}, err
}

func (a *Automox) accountUser(r *rest.Request, _ rest.None) (user AccountUser, err error) {
	if err := a.account(r); err != nil {
		return user, err
	}
	uuid, err := r.Path("uuid")
	if err != nil {
		return user, err
	}
	got, err := a.Users.GetByUUID(r.Context(), r.Caller, uuid)
	return accountUserOf(got.Person), err
}

func accountUserOf(p api.Person) AccountUser {
	status := p.State
	if status == api.UserInvited {
		status = "pending-invite"
	}
	return AccountUser{
		ID: p.UUID, UserID: p.ID, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Status: status,
		AccountRBACRole: onAccount(p), IsVerified: p.State != api.UserInvited, TwoFactor: "disabled", CreatedAt: date(p.CreatedAt),
	}
}

// Invite asks for a new user.
type Invite struct {
	Email           string           `json:"email" required:"true"`
	AccountRBACRole string           `json:"account_rbac_role" required:"true"`
	ZoneAssignments []ZoneAssignment `json:"zone_assignments,omitempty"`
}

// ZoneAssignment gives a role in an organization.
type ZoneAssignment struct {
	ZoneID   string `json:"zone_id" required:"true"`
	RBACRole string `json:"rbac_role" required:"true"`
}

// Invitation says who was invited, by whom. The link by which they come in is not told.
type Invitation struct {
	ID              string           `json:"id"` // the user's UUID
	AccountID       *string          `json:"account_id"`
	AccountRBACRole string           `json:"account_rbac_role"`
	Inviter         Inviter          `json:"inviter"`
	Email           string           `json:"email"`
	Zones           []InvitationZone `json:"zones"`
	CreatedAt       string           `json:"created_at"`
	UpdatedAt       string           `json:"updated_at"`
}

// Inviter is who invited, with the ids swapped against [AccountUser].
type Inviter struct {
	ID              api.UserID `json:"id"`
	UUID            string     `json:"uuid"`
	Email           string     `json:"email"`
	FirstName       string     `json:"first_name"`
	LastName        string     `json:"last_name"`
	Status          string     `json:"status" enum:"pending-invite,active,disabled"`
	AccountRBACRole string     `json:"account_rbac_role"`
	IsVerified      bool       `json:"is_verified"`
	TwoFactor       string     `json:"two_factor_authentication"`
	CreatedAt       string     `json:"created_at"`
}

func inviterOf(u AccountUser) Inviter {
	return Inviter{u.UserID, u.ID, u.Email, u.FirstName, u.LastName, u.Status, u.AccountRBACRole, u.IsVerified, u.TwoFactor, u.CreatedAt}
}

// InvitationZone is an organization that somebody was invited to.
type InvitationZone struct {
	ID       string `json:"id"`
	RBACRole string `json:"rbac_role"`
}

func (a *Automox) invite(r *rest.Request, in Invite) (out Invitation, err error) {
	if err := a.account(r); err != nil {
		return out, err
	}
	v, err := a.view(r)
	if err != nil {
		return out, err
	}
	ask := api.AddUser{Email: in.Email}
	if in.AccountRBACRole != noGlobalAccess && in.AccountRBACRole != nonGlobalAdmin {
		role, err := a.roleBy(r, "account_role_id", in.AccountRBACRole, perm.Account)
		if err != nil {
			return out, err
		}
		ask.AccountRoleID = &role
	}
	for _, zone := range in.ZoneAssignments {
		grant, err := v.grant(zone)
		if err != nil {
			return out, err
		}
		ask.Memberships = append(ask.Memberships, grant)
	}
	added, err := a.Users.Add(r.Context(), r.Caller, ask)
	if err != nil {
		return out, err
	}
	self, err := a.Users.Self(r.Context(), r.Caller)
	user := accountUserOf(added.User.Person)
	return Invitation{
		ID: user.ID, AccountID: v.accountID(), AccountRBACRole: user.AccountRBACRole, Inviter: inviterOf(accountUserOf(self)), Email: user.Email,
		Zones:     each(in.ZoneAssignments, func(z ZoneAssignment) InvitationZone { return InvitationZone{z.ZoneID, z.RBACRole} }),
		CreatedAt: user.CreatedAt, UpdatedAt: user.CreatedAt,
	}, err
}

// grant is a role in an organization by UUID and slug.
func (v *view) grant(z ZoneAssignment) (g api.Grant, err error) {
	org, err := v.zone(z.ZoneID)
	if fault.Is(err, fault.NotFound) {
		return g, fault.At("memberships", fault.InvalidValue, "There is no such zone.")
	}
	if err != nil {
		return g, err
	}
	role, err := v.a.roleBy(v.r, "memberships", z.RBACRole, perm.Organization)
	return api.Grant{OrganizationID: org.ID, RoleID: role}, err
}
