package shell

import (
	"strconv"
	"strings"

	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/perm"
)

// Addresses of the pages.
const (
	PathSecretsKeys = "/settings/secrets-keys"
	PathOrgs        = "/settings/organizations"
	PathUsers       = "/settings/user-management/users"
	PathAPIKeys     = "/settings/user-management/api-keys"
	PathRoles       = "/settings/user-management/roles"
	PathDevices     = "/settings/devices"
	PathAudit       = "/settings/audit-log"
	pathKeys        = "/settings/api-keys/" // and a number: the page of one key
	PathProfile     = "/profile"
)

// KeyPath is the page of the API key of that number.
func KeyPath(id int64) string { return pathKeys + strconv.FormatInt(id, 10) }

// KeyPaths is a pattern of all of them.
const KeyPaths = "^" + pathKeys + "[0-9]+$"

// KeyAt is the number in an address made by [KeyPath], 0 in any other.
func KeyAt(path string) int64 {
	id, _ := strconv.ParseInt(strings.TrimPrefix(path, pathKeys), 10, 64)
	return id
}

// PathHome is where the console opens.
const PathHome = PathSecretsKeys

// site is a page in the navigation.
type site struct {
	Path string
	Name string
	Icon ui.Icon
	May  func(session.View) bool // nil: everyone
	Each string                  // what the addresses of its single things begin with; "" where they have none
}

// at reports whether a path is of this page, or of one of its things.
func (s site) at(path string) bool {
	return path == s.Path || s.Each != "" && strings.HasPrefix(path, s.Each)
}

// group is a part of the navigation under one heading.
type group struct {
	Name  string
	Sites []site
}

type groups []group

// sites is the navigation: only what exists, in the order in which it is used.
var sites = groups{
	{"Settings", []site{
		{Path: PathSecretsKeys, Name: "Secrets & Keys", Icon: ui.IconVault},
		{Path: PathOrgs, Name: "Organizations", Icon: ui.IconOrg, May: holds(perm.OrgsRead)},
		{Path: PathDevices, Name: "Devices", Icon: ui.IconDevice, May: holds(perm.DevicesRead)},
		{Path: PathAudit, Name: "Audit log", Icon: ui.IconLog, May: holds(perm.AuditRead)},
	}},
	{"User Management", []site{
		{Path: PathUsers, Name: "Users", Icon: ui.IconUsers, May: holds(perm.UsersRead)},
		{Path: PathAPIKeys, Name: "API Keys", Icon: ui.IconKey, Each: pathKeys},
		{Path: PathRoles, Name: "Roles", Icon: ui.IconRole, May: holds(perm.RolesRead)},
	}},
}

// holds opens a page to whom has one of those permissions, here or on the account.
func holds(any ...perm.Permission) func(session.View) bool {
	return func(v session.View) bool {
		for _, p := range any {
			if v.May(p) || v.MayOnAccount(p) {
				return true
			}
		}
		return false
	}
}

// open leaves out what the person may not open, and groups that are empty then.
func (all groups) open(v session.View) groups {
	var open groups
	for _, g := range all {
		var may []site
		for _, s := range g.Sites {
			if s.May == nil || s.May(v) {
				may = append(may, s)
			}
		}
		if len(may) > 0 {
			open = append(open, group{g.Name, may})
		}
	}
	return open
}

// find is the site at that path, nil if the navigation has none.
func (all groups) find(path string) *site {
	for _, g := range all {
		for i := range g.Sites {
			if g.Sites[i].at(path) {
				return &g.Sites[i]
			}
		}
	}
	return nil
}
