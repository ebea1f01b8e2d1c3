package roles

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors of roles.
func Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathPerms, Guard: rest.Callers, Do: rest.Do(getPermissions), Summary: "List the permissions and what they mean"},
	}
}

// getPermissions is the table, which is the same for everyone.
func getPermissions(*rest.Request, rest.None) (api.Page[perm.Entry], error) {
	return api.Page[perm.Entry]{Items: perm.Table, Total: len(perm.Table), Page: 1, Limit: api.DefaultLimit}, nil
}
