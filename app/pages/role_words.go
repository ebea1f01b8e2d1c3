package pages

import (
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// permGroup is a part of the permission table under one heading.
type permGroup struct {
	Name string
	Of   []perm.Permission
}

// permGroups are all permissions as people think of them.
var permGroups = []permGroup{
	{"Account and organizations", []perm.Permission{perm.AccountRead, perm.OrgsRead, perm.OrgsManage}},
	{"API keys of other people", []perm.Permission{perm.KeysList, perm.KeysRead, perm.KeysModify, perm.KeysDelete}},
	{"Shared secret and agent access key", []perm.Permission{perm.SharedSecretRead, perm.SharedSecretManage, perm.AgentKeyRead, perm.AgentKeyManage}},
	{"Devices", []perm.Permission{perm.DevicesRead, perm.DevicesManage}},
	{"Users and roles", []perm.Permission{perm.UsersRead, perm.UsersManage, perm.RolesRead, perm.RolesManage}},
	{"Audit and verification", []perm.Permission{perm.AuditRead, perm.KeysVerify}},
}

// means is a permission in plain words, as a line of its own.
func means(p perm.Permission) string {
	for _, e := range perm.Table {
		if e.Permission == p {
			return strings.ToUpper(e.Means[:1]) + e.Means[1:]
		}
	}
	return string(p)
}

// ownWords are what everyone may do, whatever their role.
const ownWords = "Whatever their role, people add, show, edit, rotate and delete their own API keys."

// roleWhere says where a role is given.
func roleWhere(r api.Role, orgs []api.MyOrg) string {
	if r.Scope == perm.Account {
		return "The account"
	}
	if r.OrganizationID == nil {
		return "Every organization"
	}
	for _, org := range orgs {
		if org.ID == *r.OrganizationID {
			return org.Name
		}
	}
	return "One organization"
}

// holdersWord counts who has a role.
func holdersWord(n int) string {
	if n == 0 {
		return "Nobody"
	}
	return counted(n, "user", "users")
}

// permsWord counts what a role allows.
func permsWord(r api.Role) string {
	if perm.OfKnown(r.Permissions...) == perm.All() {
		return "All permissions"
	}
	return counted(len(r.Permissions), "permission", "permissions")
}

// inUse is why a role can't be deleted.
func inUse(r api.Role) string {
	if r.Holders == 0 {
		return ""
	}
	if r.Holders == 1 {
		return "1 user holds it. Give them another role first."
	}
	return ui.Count(r.Holders) + " users hold it. Give them other roles first."
}
