package api

// OrgDetail is one organization, with what deleting it takes along.
type OrgDetail struct {
	Org
	Contents *OrgContents `json:"contents"` // null unless the caller may delete it
}

// OrgContents counts what an organization owns.
type OrgContents struct {
	Keys           int  `json:"api_keys"`
	KeysUsedLately int  `json:"api_keys_used_lately"` // within [RecentUse]
	Members        int  `json:"members"`              // with a role in it; holders of an account role are not counted
	Roles          int  `json:"roles"`                // custom ones
	Devices        int  `json:"devices"`
	SharedSecret   bool `json:"shared_secret"`
}

// AddOrg asks for an organization. An empty short name is made of the name.
type AddOrg struct {
	Name      string `json:"name" required:"true"`
	ShortName string `json:"short_name,omitempty"`
}

// EditOrg changes what is set and leaves the rest. Integrations use the short name.
type EditOrg struct {
	Name      *string     `json:"name,omitempty"`
	ShortName *string     `json:"short_name,omitempty"`
	Policy    *EditPolicy `json:"policy,omitempty"`
}

// EditPolicy changes what is set and leaves the rest. Setting reveal to never erases
// for good what the organization's keys, and its members' global ones, could be
// shown from.
type EditPolicy struct {
	Reveal              *string    `json:"reveal,omitempty" enum:"owner,never"`
	DefaultLifetimeDays Maybe[int] `json:"default_lifetime_days,omitzero"`
	MaxLifetimeDays     Maybe[int] `json:"max_lifetime_days,omitzero"`
	AllowNoExpiry       *bool      `json:"allow_no_expiry,omitempty"`
	KeysManageKeys      *bool      `json:"keys_manage_keys,omitempty"`
}

// MaxLifetimeDays is the longest lifetime that a policy can set: a hundred years.
const MaxLifetimeDays = 36500

// DeleteOrg deletes an organization with everything in it. Name is its name, typed.
type DeleteOrg struct {
	Name string `json:"name" required:"true"`
}
