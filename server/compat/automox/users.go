package automox

import (
	"slices"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// User is a person. What Keystead has none of is empty.
type User struct {
	ID                  api.UserID  `json:"id"`
	UUID                string      `json:"uuid"`
	FirstName           string      `json:"firstname"`
	LastName            string      `json:"lastname"`
	Email               string      `json:"email"`
	Features            Features    `json:"features"`
	Prefs               []Absent    `json:"prefs"`
	Orgs                []UserOrg   `json:"orgs"`
	Tags                []string    `json:"tags"`
	Metadata            Absent      `json:"metadata"`
	SAMLEnabled         bool        `json:"saml_enabled"`
	SSOEnabled          bool        `json:"sso_enabled"`
	RBACRoles           []UserRole  `json:"rbac_roles"`
	ServerGroups        []api.OrgID `json:"server_groups"`
	AccountID           *string     `json:"account_id"`   // null without account:read
	AccountName         *string     `json:"account_name"` // likewise
	AccountRBACRole     string      `json:"account_rbac_role"`
	AccountRBACRoles    string      `json:"account_rbac_roles"` // the same: the sources spell it in two ways
	AccountCompletedQSG bool        `json:"account_completed_qsg"`
	AccountCreatedAt    *string     `json:"account_created_at"`
	TFAType             *string     `json:"tfa_type"`
	IntercomHMAC        string      `json:"intercom_hmac"`
}

// Absent is what Keystead has nothing to say of.
type Absent struct{}

// Features are what a user has switched on.
type Features struct {
	MO bool `json:"mo"`
}

// UserRole is a role that a user holds in an organization.
type UserRole struct {
	ID             api.RoleID `json:"id"`
	Name           string     `json:"name"`
	Description    string     `json:"description"`
	OrganizationID api.OrgID  `json:"organization_id"`
}

// UserOrg is an organization that a user belongs to and the caller may see.
type UserOrg struct {
	ID           api.OrgID  `json:"id"`
	ZoneID       string     `json:"zone_id"`
	Name         string     `json:"name"`
	CreateTime   string     `json:"create_time"`
	TrialEndTime *string    `json:"trial_end_time"`
	TrialExpired bool       `json:"trial_expired"`
	SubPlan      string     `json:"sub_plan"`
	Plan         string     `json:"plan"`
	ParentID     *api.OrgID `json:"parent_id"`
	AccessKey    api.Secret `json:"access_key"`
	Metadata     Absent     `json:"metadata"`
	SAML         SAML       `json:"saml"`
}

// SAML is how the people of an organization sign in: not by SAML.
type SAML struct {
	Enabled  bool    `json:"enabled"`
	Redirect *string `json:"redirect"`
}

// EditUser changes what is set of a user.
type EditUser struct {
	FirstName *string     `json:"firstname,omitempty"`
	LastName  *string     `json:"lastname,omitempty"`
	Email     *string     `json:"email,omitempty"`
	Password  *api.Secret `json:"password,omitempty"` // is refused: nobody shall believe that it was set
}

func (a *Automox) users(r *rest.Request, _ rest.None) ([]User, error) {
	org, err := a.orgOf(r)
	if err != nil {
		return nil, err
	}
	l := api.UserList{List: pageOf(r)}
	l.Sort = api.SortCreated
	if org != nil {
		if err := r.Caller.May(perm.UsersRead, *org); err != nil {
			return nil, err
		}
		l.Org = *org
	}
	page, err := a.Users.List(r.Context(), r.Caller, l)
	if err != nil {
		return nil, err
	}
	return a.usersOf(r, page.Items)
}

func (a *Automox) self(r *rest.Request, _ rest.None) (User, error) {
	person, err := a.Users.Self(r.Context(), r.Caller)
	if err != nil {
		return User{}, err
	}
	return a.userOf(r, person)
}

// user is one user, also oneself by one's id.
func (a *Automox) user(r *rest.Request, none rest.None) (user User, err error) {
	id, err := rest.ID[api.UserID](r, "user")
	if err != nil {
		return user, err
	}
	org, err := a.orgOf(r)
	if err != nil {
		return user, err
	}
	if id == r.Caller.User.ID {
		return a.self(r, none)
	}
	got, err := a.Users.Get(r.Context(), r.Caller, id)
	if err != nil {
		return user, err
	}
	if org != nil && got.AccountRole == nil && !slices.ContainsFunc(got.Memberships, func(m api.Membership) bool { return m.Organization.ID == *org }) {
		return user, fault.Missing()
	}
	return a.userOf(r, got.Person)
}

func (a *Automox) editUser(r *rest.Request, in EditUser) (user User, err error) {
	id, err := rest.ID[api.UserID](r, "user")
	if err != nil {
		return user, err
	}
	if _, err := a.orgOf(r); err != nil {
		return user, err
	}
	if in.Password != nil {
		return user, fault.At("password", fault.InvalidValue, "Passwords are not set here.")
	}
	edited, err := a.Users.Edit(r.Context(), r.Caller, id, api.EditUser{FirstName: in.FirstName, LastName: in.LastName, Email: in.Email})
	if err != nil {
		return user, err
	}
	return a.userOf(r, edited.Person)
}

func (a *Automox) userOf(r *rest.Request, p api.Person) (User, error) {
	list, err := a.usersOf(r, []api.Person{p})
	if err != nil {
		return User{}, err
	}
	return list[0], nil
}

func (a *Automox) usersOf(r *rest.Request, people []api.Person) ([]User, error) {
	v, err := a.view(r)
	if err != nil {
		return nil, err
	}
	list := make([]User, len(people))
	for i, p := range people {
		if list[i], err = v.user(p); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (v *view) user(p api.Person) (user User, err error) {
	user = User{
		ID: p.ID, UUID: p.UUID, FirstName: p.FirstName, LastName: p.LastName, Email: p.Email,
		AccountID: v.accountID(), AccountRBACRole: onAccount(p), AccountRBACRoles: onAccount(p), AccountCompletedQSG: true, AccountCreatedAt: v.made,
	}
	if v.account != nil {
		user.AccountName = &v.account.Name
	}
	belongs := map[api.OrgID]bool{}
	for _, m := range p.Memberships {
		belongs[m.Organization.ID] = true
		user.RBACRoles = append(user.RBACRoles, UserRole{m.Role.ID, m.Role.Name, means(m.Role.Name), m.Organization.ID})
	}
	orgs, err := v.visible()
	if err != nil {
		return user, err
	}
	for _, org := range orgs {
		if p.AccountRole == nil && !belongs[org.ID] {
			continue
		}
		key, err := v.accessKey(org.ID)
		if err != nil {
			return user, err
		}
		user.Orgs = append(user.Orgs, UserOrg{
			ID: org.ID, ZoneID: org.UUID, Name: org.Name, CreateTime: date(org.CreatedAt), SubPlan: tier, Plan: tier, AccessKey: key,
		})
	}
	return user, nil
}

// means is what a built-in role is for.
func means(name string) string {
	for _, role := range perm.BuiltIn {
		if role.Name == name {
			return role.Means
		}
	}
	return ""
}
