package perm

// Role is a built-in role. Custom roles have the same shape in the database.
type Role struct {
	Name        string
	Scope       Scope
	Means       string // one sentence for people
	Permissions Set
}

// The names of the built-in roles.
const (
	FullAdministrator    = "Full Administrator"
	OrganizationOperator = "Organization Operator"
	ReadOnly             = "Read Only"
	Verifier             = "Verifier"
)

// BuiltIn lists the built-in roles, the most powerful first.
var BuiltIn = []Role{
	{FullAdministrator, Account, "Does everything in every organization. Never sees another person’s key values.", All()},
	{OrganizationOperator, Organization, "Runs the devices of an organization.",
		Of(OrgsRead, AgentKeyRead, DevicesRead, DevicesManage, UsersRead)},
	{ReadOnly, Organization, "Looks around and manages their own keys.", Of(OrgsRead, DevicesRead)},
	{Verifier, Organization, "For services that ask whether a presented key is good.", Of(OrgsRead, KeysVerify)},
}
