package automox

import (
	"net/http"

	"keystead/server/rest"
	"keystead/shared/perm"
)

// Routes are the doors of their API. None takes a cookie: no page of theirs is here.
func (a *Automox) Routes() []rest.Route {
	of := []rest.Param{o}
	list := paged(o)
	return []rest.Route{
		{Method: rest.Get, Path: "/api/users/:user/api_keys", Guard: rest.Programs, Do: rest.Lenient(a.userKeys),
			Summary: "Automox: list the API keys of a user in an organization", Query: list},
		{Method: rest.Post, Path: "/api/users/:user/api_keys", Guard: rest.APIKeys, Do: rest.Lenient(a.addKey),
			Summary: "Automox: add an API key of the caller's own in an organization", Query: of},
		{Method: rest.Get, Path: "/api/users/:user/api_keys/:id", Guard: rest.Programs, Do: rest.Lenient(on(a.keyAt, a.getKey)),
			Summary: "Automox: get an API key of an organization", Query: of},
		{Method: rest.Put, Path: "/api/users/:user/api_keys/:id", Guard: rest.Programs, Do: rest.Lenient(on(a.keyAt, a.editKey)),
			Summary: "Automox: enable or disable an API key of an organization", Query: of},
		{Method: rest.Delete, Path: "/api/users/:user/api_keys/:id", Guard: rest.Programs, Do: rest.Lenient(on(a.keyAt, a.deleteKey)),
			Summary: "Automox: delete an API key of an organization", Query: of},
		{Method: rest.Post, Path: "/api/users/:user/api_keys/:id/decrypt", Guard: rest.APIKeys, Do: rest.Lenient(on(a.keyAt, a.decryptKey)),
			Summary: "Automox: show the value of one's own API key of an organization", Query: of},
		{Method: rest.Get, Path: "/api/global/api_keys", Guard: rest.Programs, Do: rest.Lenient(a.globalKeys),
			Summary: "Automox: list global API keys", Query: paged()},
		{Method: rest.Post, Path: "/api/global/api_keys", Guard: rest.APIKeys, Do: rest.Lenient(a.addGlobalKey),
			Summary: "Automox: add a global API key"},
		{Method: rest.Put, Path: "/api/global/api_keys/:id", Guard: rest.Programs, Do: rest.Lenient(on(a.globalAt, a.editGlobalKey)),
			Summary: "Automox: enable or disable a global API key"},
		{Method: rest.Delete, Path: "/api/global/api_keys/:id", Guard: rest.Programs, Do: rest.Lenient(on(a.globalAt, a.deleteKey)),
			Summary: "Automox: delete a global API key"},
		{Method: rest.Post, Path: "/api/global/api_keys/:id/decrypt", Guard: rest.APIKeys, Do: rest.Lenient(on(a.globalAt, a.decryptKey)),
			Summary: "Automox: show the value of one's own global API key"},

		{Method: rest.Get, Path: "/api/orgs", Guard: rest.Programs, Do: rest.Lenient(a.orgs),
			Summary: "Automox: list the organizations that the caller may see", Query: paged()},
		{Method: rest.Get, Path: "/api/orgs/:org", Guard: rest.Programs.With(perm.OrgsRead), Do: rest.Lenient(a.org),
			Summary: "Automox: get an organization"},
		{Method: rest.Get, Path: "/api/orgs/:org/api_keys", Guard: rest.Programs, Do: rest.Lenient(a.orgKeys),
			Summary: "Automox: list the API keys of an organization", Query: paged()},

		// Before the ids: self is none.
		{Method: rest.Get, Path: "/api/users/self", Guard: rest.Programs, Do: rest.Lenient(a.self),
			Summary: "Automox: say who the caller is"},
		{Method: rest.Get, Path: "/api/users", Guard: rest.Programs.With(perm.UsersRead), Do: rest.Lenient(a.users),
			Summary: "Automox: list the users that the caller may see", Query: list},
		{Method: rest.Get, Path: "/api/users/:user", Guard: rest.Programs.With(perm.UsersRead), Do: rest.Lenient(a.user),
			Summary: "Automox: get a user", Query: of},
		{Method: rest.Patch, Path: "/api/users/:user", Guard: rest.APIKeys.With(perm.UsersManage), Do: rest.Lenient(a.editUser),
			Summary: "Automox: edit a user's name and e-mail address", Query: of},
		{Method: rest.Put, Path: "/api/users/:user", Guard: rest.APIKeys.With(perm.UsersManage), Do: rest.Lenient(a.editUser),
			Summary: "Automox: edit a user's name and e-mail address, another spelling", Query: of},

		{Method: rest.Get, Path: "/api/accounts/:account", Guard: rest.Programs.With(perm.AccountRead), Do: rest.Lenient(a.getAccount),
			Summary: "Automox: get the account"},
		{Method: rest.Get, Path: "/api/accounts/:account/rbac-roles", Guard: rest.Programs.With(perm.RolesRead), Do: rest.Lenient(a.roles),
			Summary: "Automox: list the roles that can be given", Query: paged()},
		{Method: rest.Get, Path: "/api/accounts/:account/users/:uuid", Guard: rest.Programs.With(perm.UsersRead), Do: rest.Lenient(a.accountUser),
			Summary: "Automox: get a user by UUID"},
		{Method: rest.Post, Path: "/api/accounts/:account/invitations", Guard: rest.APIKeys.With(perm.UsersManage), Do: rest.Lenient(a.invite).Answering(http.StatusCreated),
			Summary: "Automox: invite a user; the link is made in the console"},
		{Method: rest.Get, Path: "/api/accounts/:account/zones", Guard: rest.Programs, Do: rest.Lenient(a.zones),
			Summary: "Automox: list organizations as zones", Query: paged()},
		{Method: rest.Post, Path: "/api/accounts/:account/zones", Guard: rest.APIKeys.With(perm.OrgsManage), Do: rest.Lenient(a.addZone).Answering(http.StatusCreated),
			Summary: "Automox: add an organization"},
		{Method: rest.Get, Path: "/api/accounts/:account/zones/:uuid", Guard: rest.Programs, Do: rest.Lenient(a.getZone),
			Summary: "Automox: get an organization by UUID"},

		{Method: rest.Get, Path: "/api/servers", Guard: rest.Programs.With(perm.DevicesRead), Do: rest.Lenient(a.servers),
			Summary: "Automox: list devices", Query: list},
		{Method: rest.Get, Path: "/api/servers/:id", Guard: rest.Programs.With(perm.DevicesRead), Do: rest.Lenient(a.server),
			Summary: "Automox: get a device", Query: of},
		{Method: rest.Get, Path: "/api/servers/:id/packages", Guard: rest.Programs.With(perm.DevicesRead), Do: rest.Lenient(a.ofServer),
			Summary: "Automox: list the packages of a device: none are known", Query: of},
		{Method: rest.Get, Path: "/api/servers/:id/queues", Guard: rest.Programs.With(perm.DevicesRead), Do: rest.Lenient(a.ofServer),
			Summary: "Automox: list the commands that wait for a device: there are none", Query: of},
		{Method: rest.Get, Path: "/api/servergroups", Guard: rest.Programs, Do: rest.Lenient(a.groups),
			Summary: "Automox: list groups of devices: there are none", Query: list},
	}
}
